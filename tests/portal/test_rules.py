"""The way in, the life line, and how the rules of a contest are laid out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contest.contests.models import ContestKind, Round, Stage
from contest.contests.rules import Phase
from contest.portal.rules import (
    RulesSection,
    UnitShare,
    WayIn,
    by_share,
    keep_together,
    life_line,
    list_place,
    rules_sections,
    way_in,
)

OPENS = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)


def a_round(**times: datetime) -> Round:
    return Round(
        number=3,
        title="Tuần 3",
        kind=ContestKind.QUIZ,
        opens_at=OPENS,
        closes_at=CLOSES,
        marked_by=CLOSES + timedelta(hours=1),
        decided_by=CLOSES + timedelta(days=3),
        published_by=CLOSES + timedelta(days=4),
        **times,
    )


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        ({}, WayIn.REGISTER),
        ({"can_register": False}, WayIn.NONE),
        ({"is_registered": True}, WayIn.ENTER),
        ({"is_registered": True, "is_refused": True}, WayIn.REFUSED),
        ({"is_registered": True, "is_running": True, "is_refused": True}, WayIn.RESUME),
        ({"phase": Phase.BEFORE}, WayIn.REGISTER),
        ({"phase": Phase.BEFORE, "is_registered": True}, WayIn.WAIT),
        ({"phase": Phase.WAITING, "is_registered": True}, WayIn.WAIT),
        ({"phase": Phase.OVER}, WayIn.OVER),
        ({"phase": Phase.OVER, "is_registered": True, "is_running": True}, WayIn.RESUME),
        ({"phase": Phase.OVER, "is_published": True}, WayIn.RESULTS),
        ({"phase": Phase.OVER, "is_published": True, "is_registered": True}, WayIn.RESULTS),
    ],
)
def test_the_one_button_says_what_this_reader_can_do_now(reader, expected):
    usual = {
        "phase": Phase.OPEN,
        "is_published": False,
        "can_register": True,
        "is_registered": False,
        "is_running": False,
        "is_refused": False,
    }
    assert way_in(**{**usual, **reader}) == expected


def states(stage: Stage, now: datetime, **times: datetime) -> list[str]:
    line = life_line(a_round(**times), stage, announced_at=OPENS, published_at=None, now=now)
    return [step.state for step in line]


def test_an_open_round_has_its_plan_behind_it_and_the_rest_before_it():
    assert states(Stage.OPEN, OPENS) == ["done", "now", "todo", "todo", "todo", "todo"]


def test_a_published_round_has_everything_behind_it():
    assert states(Stage.PUBLISHED, CLOSES) == ["done"] * 6


def test_steps_tell_when_they_happened_else_when_they_are_planned():
    opened = OPENS + timedelta(minutes=2)
    line = life_line(
        a_round(opened_at=opened),
        Stage.OPEN,
        announced_at=OPENS - timedelta(days=5),
        published_at=None,
        now=opened,
    )
    assert [(step.at, step.is_actual) for step in line[:3]] == [
        (OPENS - timedelta(days=5), True),
        (opened, True),
        (CLOSES, False),
    ]


@pytest.mark.parametrize(
    ("stage", "late_for", "expected"),
    [
        (Stage.PLANNED, timedelta(0), [0, 0, 0, 0, 0, 0]),
        (Stage.PLANNED, timedelta(seconds=1), [0, 1, 0, 0, 0, 0]),
        (Stage.OPEN, timedelta(days=2), [0, 0, 0, 0, 0, 0]),
    ],
)
def test_a_step_is_late_from_the_second_after_its_hour(stage, late_for, expected):
    line = life_line(a_round(), stage, announced_at=OPENS, published_at=None, now=OPENS + late_for)
    assert [step.late_seconds for step in line] == expected


def test_marking_at_hand_may_be_late():
    now = CLOSES + timedelta(hours=3)
    line = life_line(a_round(), Stage.MARKING, announced_at=OPENS, published_at=None, now=now)
    assert [step.late_seconds for step in line] == [0, 0, 0, 7200, 0, 0]


def test_rules_fall_apart_at_their_headings():
    text = """Thể lệ này áp dụng cho cuộc thi.

# Ai dự thi
Mọi người từ đủ 14 tuổi.

Điều 3. Giải thưởng
- Một giải Nhất
- Hai giải Nhì
Rớt mạng khi đang thi thì sao?
Làm tiếp được.
"""
    assert rules_sections(text) == [
        RulesSection("", "Thể lệ này áp dụng cho cuộc thi."),
        RulesSection("Ai dự thi", "Mọi người từ đủ 14 tuổi."),
        RulesSection("Điều 3. Giải thưởng", "- Một giải Nhất\n- Hai giải Nhì"),
        RulesSection("Rớt mạng khi đang thi thì sao?", "Làm tiếp được."),
    ]


def test_rules_without_headings_are_one_part_and_empty_rules_none():
    assert rules_sections("Một đoạn.\nHai đoạn.") == [RulesSection("", "Một đoạn.\nHai đoạn.")]
    assert rules_sections("  \n ") == []


def test_well_known_names_do_not_break():
    assert keep_together("phong cách Hồ Chí Minh") == "phong\u00a0cách Hồ\u00a0Chí\u00a0Minh"


def test_units_stand_by_rate_then_persons_then_name():
    full = UnitShare("Xã B", 45, 50, 50)
    half = UnitShare("Xã A", 50, 60, 100)
    uncounted = UnitShare("Xã C", 80, 90, None)
    silent = replace(uncounted, name="Xã D", persons=0, attempts=0)
    assert by_share([silent, uncounted, half, full]) == [full, half, uncounted, silent]


def test_what_closes_soonest_stands_first_in_a_list():
    cards = {
        "published": (Stage.PUBLISHED, None),
        "opens in a month": (Stage.PLANNED, OPENS + timedelta(days=30)),
        "no day yet": (Stage.PLANNED, None),
        "opens next week": (Stage.PLANNED, CLOSES),
        "closes in a month": (Stage.OPEN, OPENS + timedelta(days=30)),
        "closes next week": (Stage.OPEN, CLOSES),
        "being marked": (Stage.MARKING, None),
    }
    assert sorted(cards, key=lambda name: list_place(*cards[name])) == [
        "closes next week",
        "closes in a month",
        "opens next week",
        "opens in a month",
        "no day yet",
        "published",
        "being marked",
    ]
