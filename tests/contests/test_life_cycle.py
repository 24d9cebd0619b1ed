"""Opening, closing and moving rounds, by hand and by time."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from contest.contests import actions, queries, rules, tasks
from contest.contests.models import Stage
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work

OPENS_AFTER = timedelta(days=5, hours=1)


def events(kind):
    return db.session.scalar(select(func.count()).where(AuditEvent.kind == f"contests.{kind}"))


def missing(round, now):
    return [item.code for item in queries.readiness(round, now) if not item.ok]


def test_a_clean_list_lets_the_round_open(world, now):
    world.announced()
    assert missing(world.round(), now) == []
    with unit_of_work():
        assert actions.open_round(round=world.round(), actor=None, now=now)
    opened = world.round()
    assert (opened.stage, opened.opened_at, opened.opens_at) == (Stage.OPEN, now, now)
    assert world.story.frozen == [opened.id]
    assert events("round_opened") == 1


def test_opened_after_its_hour_the_announced_opening_stays(world, now):
    world.announced()
    late = world.round().opens_at + timedelta(hours=2)
    with unit_of_work():
        actions.open_round(round=world.round(), actor=None, now=late)
    assert world.round().opens_at == late - timedelta(hours=2)
    assert world.round().opened_at == late


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda world: world.tell(rules_text="  "), "rules_text"),
        (lambda world: world.tell(announced_at=None), "announced"),
        (lambda world: world.tell_round(opens_at=None), "window"),
        (
            lambda world: world.tell_round(closes_at=world.now, opens_at=world.now - OPENS_AFTER),
            "window",
        ),
        (
            lambda world: world.tell(starts_on=world.round().contest.starts_on + timedelta(days=1)),
            "window",
        ),
        (lambda world: world.tell(ends_on=world.round().contest.starts_on), "window"),
        (lambda world: world.tell_round(rank_keys=[]), "rank_keys"),
        (lambda world: world.tell(open_to_all_units=False), "units"),
        (lambda world: world.tell(min_age=40, max_age=20), "ages"),
        (lambda world: setattr(world.story, "missing", True), "stories"),
    ],
)
def test_each_thing_that_is_missing_keeps_the_round_from_opening(world, now, spoil, code):
    world.announced()
    spoil(world)
    assert missing(world.round(), now) == [code]
    end_read()
    with pytest.raises(rules.NotReady), unit_of_work():
        actions.open_round(round=world.round(), actor=None, now=now)
    assert (world.round().stage, world.story.frozen) == (Stage.PLANNED, [])
    item = next(item for item in queries.readiness(world.round(), now) if not item.ok)
    assert item.endpoint
    assert str(item.label)


def test_keys_without_merit_or_of_another_kind_are_no_ranking(world, now):
    world.announced()
    with unit_of_work():
        actions.set_rank_keys(round=world.round(), codes=["told_soon"], actor=None, now=now)
    assert missing(world.round(), now) == ["rank_keys"]
    for codes in (["told_soon", "told_soon"], ["correct"], ["told_well"] * 7):
        with pytest.raises(rules.WrongRankKeys), unit_of_work():
            actions.set_rank_keys(round=world.round(), codes=codes, actor=None, now=now)


def test_two_windows_that_meet_are_said_and_two_that_touch_are_not(world, now):
    world.announced()
    with unit_of_work():
        contest = world.contest
        first = contest.rounds[0]
        actions.add_round(
            contest=contest,
            title="Tuần 2",
            opens_at=first.closes_at,
            closes_at=first.closes_at + timedelta(days=3),
            actor=None,
            now=now,
        )
    assert missing(world.round(2), now) == []
    world.tell_round(2, opens_at=world.round(1).closes_at - timedelta(microseconds=1))
    assert missing(world.round(2), now) == ["window"]
    assert missing(world.round(1), now) == ["window"]


def test_a_unit_that_has_ended_by_the_first_day_takes_nobody(world, now):
    world.announced()
    with unit_of_work():
        contest = world.contest
        ward = db.session.merge(world.cast.ward)
        actions.edit_audience(
            contest=contest,
            min_age=None,
            max_age=None,
            units=[ward],
            self_registration=True,
            exclude_staff=True,
            one_prize_per_person=True,
            audience="",
            actor=None,
            now=now,
        )
    assert missing(world.round(), now) == []
    with unit_of_work():
        world.contest.eligible_units[0].unit.valid_to = world.contest.starts_on - timedelta(days=1)
    assert missing(world.round(), now) == ["units"]


def test_a_practice_round_needs_no_ranking_keys(world, now):
    world.announced()
    with unit_of_work():
        actions.add_round(
            contest=world.contest,
            title="Thi thử",
            is_practice=True,
            opens_at=now,
            closes_at=now + timedelta(days=1),
            actor=None,
            now=now,
        )
        world.contest.starts_on = None
    assert missing(world.round(2), now) == []


def test_the_clock_opens_what_is_due_and_clean_and_closes_what_is_over(world):
    world.announced()
    opens_at, closes_at = world.round().opens_at, world.round().closes_at
    tick = timedelta(microseconds=1)
    end_read()
    assert tasks.turn_rounds_now(opens_at - tick) == tasks.TurnedRounds(0, 0, 0)
    assert tasks.turn_rounds_now(opens_at) == tasks.TurnedRounds(1, 0, 0)
    assert tasks.turn_rounds_now(opens_at) == tasks.TurnedRounds(0, 0, 0)
    assert tasks.turn_rounds_now(closes_at - tick) == tasks.TurnedRounds(0, 0, 0)
    assert tasks.turn_rounds_now(closes_at) == tasks.TurnedRounds(0, 1, 0)
    closed = world.round()
    assert (closed.stage, closed.closed_at, closed.closes_at) == (
        Stage.CLOSED,
        closes_at,
        closes_at,
    )


def test_the_clock_leaves_drafts_and_rounds_that_are_not_ready(world):
    opens_at = world.round().opens_at
    end_read()
    assert tasks.turn_rounds_now(opens_at) == tasks.TurnedRounds(0, 0, 0)
    world.announced()
    world.story.missing = True
    assert tasks.turn_rounds_now(opens_at) == tasks.TurnedRounds(0, 0, 1)
    world.story.missing = False
    assert tasks.turn_rounds_now(opens_at).opened == 1


def test_two_organisers_opening_at_once_open_it_once(world, now):
    world.announced()
    end_read()
    barrier = threading.Barrier(2)
    outcomes = []

    def press():
        with world.app.app_context():
            barrier.wait(timeout=10)
            with unit_of_work():
                outcomes.append(actions.open_round(round=world.round(), actor=None, now=now))

    presses = [threading.Thread(target=press) for _person in range(2)]
    for each in presses:
        each.start()
    for each in presses:
        each.join(timeout=30)
    assert sorted(outcomes) == [False, True]
    assert len(world.story.frozen) == 1
    assert events("round_opened") == 1


def test_closing_before_its_time_asks_for_a_reason_and_moves_the_close(world, now):
    world.announced()
    with unit_of_work():
        actions.open_round(round=world.round(), actor=None, now=now)
    later = now + timedelta(hours=1)
    with pytest.raises(rules.ReasonMissing), unit_of_work():
        actions.close_round(round=world.round(), actor=None, now=later, reason="  ")
    with unit_of_work():
        assert actions.close_round(
            round=world.round(), actor=None, now=later, reason="Mất điện toàn tỉnh"
        )
    assert (world.round().stage, world.round().closes_at) == (Stage.CLOSED, later)
    with unit_of_work():
        assert not actions.close_round(round=world.round(), actor=None, now=later)


def test_the_whole_way_and_no_other(world, now):
    world.announced()
    with unit_of_work():
        actions.open_round(round=world.round(), actor=None, now=now)
        with pytest.raises(rules.MoveNotAllowed):
            actions.set_stage(round=world.round(), to=Stage.MARKING, actor=None, now=now)
        actions.close_round(round=world.round(), actor=None, now=world.round().closes_at)
    world.story.running = 1
    with pytest.raises(rules.StillRunning), unit_of_work():
        actions.set_stage(round=world.round(), to=Stage.MARKING, actor=None, now=now)
    world.story.running = 0
    for to in (Stage.MARKING, Stage.DECIDED, Stage.MARKING, Stage.DECIDED, Stage.PUBLISHED):
        with unit_of_work():
            actions.set_stage(round=world.round(), to=to, actor=None, now=now)
        assert world.round().stage is to
    with pytest.raises(rules.MoveNotAllowed), unit_of_work():
        actions.set_stage(round=world.round(), to=Stage.DECIDED, actor=None, now=now)
    with unit_of_work():
        actions.set_stage(round=world.round(), to=Stage.PUBLISHED, actor=None, now=now)
    assert events("round_moved") == 5


def test_what_people_relied_on_stays_once_a_round_has_opened(world, now):
    world.announced()
    with unit_of_work():
        actions.open_round(round=world.round(), actor=None, now=now)
    opens_at, closes_at = world.round().opens_at, world.round().closes_at
    hour = timedelta(hours=1)
    end_read()

    def edit(reason="Đường truyền hỏng", **changes):
        values = {"opens_at": opens_at, "closes_at": closes_at, "is_practice": False} | changes
        with unit_of_work():
            actions.edit_round(
                round=world.round(), title="Tuần 1", actor=None, now=now, reason=reason, **values
            )

    with pytest.raises(rules.RoundFrozen):
        edit(opens_at=opens_at - hour)
    with pytest.raises(rules.RoundFrozen):
        edit(is_practice=True)
    with pytest.raises(rules.CannotShorten):
        edit(closes_at=closes_at - hour)
    with pytest.raises(rules.ReasonMissing):
        edit(reason="", closes_at=closes_at + hour)
    edit(closes_at=closes_at + hour)
    assert world.round().closes_at == closes_at + hour
    end_read()
    with pytest.raises(rules.RoundFrozen), unit_of_work():
        actions.set_rank_keys(round=world.round(), codes=["told_well"], actor=None, now=now)
    with pytest.raises(rules.RoundInUse), unit_of_work():
        actions.delete_round(round=world.round(), actor=None, now=now)
    with pytest.raises(rules.RoundFrozen), unit_of_work():
        actions.edit_divisions(contest=world.contest, divisions=[], actor=None, now=now)


def test_a_planned_round_can_be_deleted_and_numbers_are_not_given_again(world, now):
    with unit_of_work():
        actions.add_round(contest=world.contest, title="Tuần 2", actor=None, now=now)
        actions.add_round(contest=world.contest, title="Tuần 3", actor=None, now=now)
    with unit_of_work():
        actions.delete_round(round=world.round(2), actor=None, now=now)
    assert [each.number for each in world.contest.rounds] == [1, 3]
