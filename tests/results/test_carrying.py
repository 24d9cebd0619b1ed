"""Prizes that nobody gets: carried to the next round, recorded, told; weeks of a series."""

from datetime import timedelta

import pytest

from contest.contests.actions import annul_round, copy_contest, copy_round
from contest.contests.models import ContestKind, Unawarded
from contest.contests.rules.wording import rules_draft
from contest.results import queries
from contest.results.actions import LevelValues, decide_prizes, make_rank_run
from contest.results.models import PrizeCode, TiePolicy
from contest.results.queries.carrying import carried_into, carries_onto
from contest.results.rules.allocation import Given, Outcome, Stop
from contest.results.rules.carrying import Carried, carried_on, level_for, with_carried
from contest.results.rules.dossiers import decided_of
from contest.results.rules.prize_terms import LevelTerms, Withheld
from contest.results.rules.trace import TraceCode, TraceLine, trace_line
from contest.results.rules.words import KeyWords, trace_sentence
from tests.results.stories import TAKERS, Taker, add_attempt, closed_round, hold, take_part

WEEK = timedelta(days=7)
LEVELS = (
    LevelValues(PrizeCode.FIRST, 1, 4_000_000, TiePolicy.STOP),
    LevelValues(PrizeCode.THIRD, 2, 1_000_000, TiePolicy.STOP),
)


# ── rules ───────────────────────────────────────────────────────────────────────────────────────
FIRST, SECOND, THIRD = PrizeCode.FIRST, PrizeCode.SECOND, PrizeCode.THIRD


@pytest.mark.parametrize(
    ("code", "level"), [(FIRST, 1), (SECOND, 2), (THIRD, 2), (PrizeCode.CONSOLATION, 2)]
)
def test_a_prize_goes_to_its_level_or_the_next_lower_one(code, level):
    assert level_for(code, [(1, FIRST), (2, THIRD)]) == level
    assert level_for(code, []) is None


def term(level, quota):
    return LevelTerms(level, quota, 1_000, TiePolicy.STOP)


def test_carried_prizes_enlarge_a_level_of_their_division():
    carried = [Carried(7, 1, 2, "Tuần 1"), Carried(8, 1, 5, "Tuần 1"), Carried(7, 1, 1, "Tuần 2")]
    assert with_carried([term(1, 1), term(2, 4)], carried, 7) == [term(1, 4), term(2, 4)]
    assert with_carried([term(1, 1)], carried, None) == [term(1, 1)]


def test_what_nobody_got_goes_on_unless_a_tie_waits():
    given = [Given(5, 1, None, 1, 0, TraceCode.GIVEN)]
    lines = carried_on([term(1, 1), term(2, 3)], Outcome(given), None, (9, "Tuần 2"))
    assert [(line.level_id, line.count, line.values, line.reason) for line in lines] == [
        (2, 3, (9,), "Tuần 2")
    ]
    stopped = Outcome(given, stops=[Stop(None, 2, 2, (1, 2), 1)])
    assert carried_on([term(2, 3)], stopped, None, (9, "Tuần 2")) == []


# ── a series of weeks ───────────────────────────────────────────────────────────────────────────
@pytest.fixture
def weeks(context, now):
    """Three weeks; three people in the first, and others who begin later."""
    story = closed_round(now, TAKERS[:2], levels=LEVELS)
    story.contest.unawarded = Unawarded.NEXT_ROUND
    story.contest.one_prize_per_person = True
    later = [
        copy_round(
            source=story.round,
            contest=story.contest,
            shift=WEEK * (number - 1),
            title=f"Tuần {number}",
            actor=None,
            now=now,
        )
        for number in (2, 3)
    ]
    return story, [story.round, *later]


def take(story, round, now, *takers):
    """People of a week whose round then closes."""
    hold(round, now)
    for taker in takers:
        person = story.persons.get(taker.name)
        if person is None:
            first = story.round
            story.round = round
            take_part(story, taker, now)
            story.round = first
        else:
            add_attempt(round, story.entries[taker.name], person, taker)


def decide(story, round, now, **more):
    run = queries.latest_run(round.id) or make_rank_run(round=round, actor=story.organiser, now=now)
    return decide_prizes(over=round, run=run, actor=story.organiser, now=now, **more)


def awards(allocation):
    return [
        (one.level.code, one.entry.registration.full_name, one.money)
        for one in queries.awards_of(allocation.id)
    ]


def told(allocation):
    found = map(trace_line, allocation.trace)
    codes = {TraceCode.CARRIED_IN, TraceCode.CARRIED_ON}
    return [(line.code, line.count, line.reason) for line in found if line.code in codes]


NEW = (
    Taker("Đinh Công Tráng", 20, 3, 400_000),
    Taker("Ksor H'Bia", 19, 3, 410_000),
    Taker("Vàng A Páo", 18, 3, 420_000),
    Taker("Lò Thị Mai", 17, 3, 430_000),
)


def test_week_by_week(weeks, now):
    story, (first, second, third) = weeks
    vi, kbroih = TAKERS[:2]
    allocation = decide(story, first, now)
    assert [line[:2] for line in awards(allocation)] == [(FIRST, vi.name), (THIRD, kbroih.name)]
    assert told(allocation) == [(TraceCode.CARRIED_ON, 1, "Tuần 2")]

    # The winners of the first week take part again and win nothing; one third prize comes along.
    take(story, second, now, vi, kbroih, *NEW[:2])
    assert [(one.count, one.title) for one in carried_into(second)] == [(1, "Tuần 1")]
    allocation = decide(story, second, now)
    assert [line[1] for line in awards(allocation)] == [NEW[0].name, NEW[1].name]
    assert told(allocation) == [
        (TraceCode.CARRIED_IN, 1, "Tuần 1"),
        (TraceCode.CARRIED_ON, 2, "Tuần 3"),  # two of three third prizes
    ]
    take(story, third, now, *NEW, vi)
    allocation = decide(story, third, now)
    assert awards(allocation) == [
        (FIRST, NEW[2].name, 4_000_000),
        (THIRD, NEW[3].name, 1_000_000),
    ]
    # It is the last week: three of four lapse, and the trace says so.
    assert told(allocation) == [(TraceCode.CARRIED_IN, 2, "Tuần 2")]
    left = [line for line in map(trace_line, allocation.trace) if line.code is TraceCode.LEFT_OVER]
    assert [line.count for line in left] == [3]
    # The file for checking counts what came against what was left empty.
    (key,) = decided_of(allocation.trace).withheld.items()
    assert key[1] == -2


def test_left_empty_by_decision_goes_on_as_well(weeks, now):
    story, (first, second, _third) = weeks
    top = queries.prize_levels(first)[0]
    empty = {(None, top.id): Withheld(1, "Bài chưa đạt mức giải nhất")}
    allocation = decide(story, first, now, empty=empty)
    assert told(allocation) == [(TraceCode.CARRIED_ON, 1, "Tuần 2")]
    assert [(one.count, one.level_id) for one in carried_into(second)] == [
        (1, queries.prize_levels(second)[0].id)
    ]
    again = decide(story, first, now, reason="Ban Tổ chức xét lại")
    assert told(again) == [(TraceCode.CARRIED_ON, 1, "Tuần 2")]
    assert [one.level_id for one in carried_into(second)] == [queries.prize_levels(second)[1].id]


def test_a_decision_taken_again_leaves_nothing_twice(weeks, now):
    story, (first, second, third) = weeks
    decide(story, first, now)
    take(story, second, now, *NEW)
    decide(story, second, now)
    assert carries_onto(first) is second  # it was named before, although it is decided by now
    decide(story, first, now, reason="Xét lại")
    assert [one.title for one in carried_into(third)] == []
    assert [one.count for one in carried_into(second)] == [1]


def test_what_was_meant_for_an_annulled_week_goes_on_to_the_one_after(weeks, now):
    story, (first, second, third) = weeks
    decide(story, first, now)
    hold(second, now)
    annul_round(round=second, reason="Lộ đề", actor=story.organiser, now=now)
    assert [(one.count, one.title) for one in carried_into(third)] == [(1, "Tuần 1")]
    assert carries_onto(first) is third


def test_a_prize_of_an_annulled_week_keeps_nobody_from_another(weeks, now):
    story, (first, second, _third) = weeks
    decide(story, first, now)
    winners = {story.persons[taker.name].id for taker in TAKERS[:2]}
    assert queries.winners_elsewhere(second) == winners
    annul_round(round=first, reason="Lộ đề", actor=story.organiser, now=now)
    assert queries.winners_elsewhere(second) == frozenset()


def test_without_the_rule_nothing_goes_on_and_the_last_week_keeps_it(weeks, now):
    story, (first, second, third) = weeks
    assert carries_onto(first) is second
    assert carries_onto(third) is None
    story.contest.unawarded = Unawarded.LAPSE
    assert carries_onto(first) is None
    allocation = decide(story, first, now)
    assert told(allocation) == []
    story.contest.unawarded = Unawarded.NEXT_ROUND
    assert carried_into(second) == []


def test_the_rule_stands_in_the_rules_and_in_a_copy(weeks, now):
    story, _rounds = weeks
    sentence = "Giải không có người đạt trong một vòng được chuyển sang trao ở vòng kế tiếp."
    assert sentence in rules_draft(story.contest)
    copy = copy_contest(
        source=story.contest, title="Năm sau", starts_on=None, actor=story.organiser, now=now
    )
    assert copy.unawarded is Unawarded.NEXT_ROUND


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (TraceCode.CARRIED_IN, "Giải ba: thêm 2 giải chưa trao được ở Tuần 1."),
        (TraceCode.CARRIED_ON, "Giải ba: 2 giải chuyển sang Tuần 1."),
    ],
)
def test_the_trace_says_it_in_words(context, code, words):
    line = TraceLine(code, None, 1, count=2, reason="Tuần 1")
    keys = KeyWords(ContestKind.QUIZ, ())
    assert trace_sentence(line, level="Giải ba", names=lambda _ids: "", keys=keys) == words
