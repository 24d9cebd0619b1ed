"""Prize levels and decisions: who gets what, ties, one prize for each person, deciding again."""

from datetime import timedelta

import pytest

from contest.contests.actions import add_round, copy_round, disqualify
from contest.contests.copying import register_copier
from contest.contests.models import Stage
from contest.contests.rules import ReasonMissing
from contest.core.db import db
from contest.results import queries
from contest.results.actions import (
    LevelValues,
    copy_prize_levels,
    decide_prizes,
    make_rank_run,
    outcome_digest,
    preview_prizes,
    set_prize_levels,
    set_prizes_of_contest,
)
from contest.results.forms import USUAL_WEEK
from contest.results.models import PrizeCode, TiePolicy
from contest.results.rules.prize_terms import TieDecision
from contest.results.rules.refusals import (
    DecisionMoved,
    NotRankedYet,
    PrizeLevelsWrong,
    PrizesFixed,
    PrizesMissing,
    RankingMoved,
    TieReasonMissing,
    TieUndecided,
)
from contest.results.rules.trace import TraceCode
from tests.results.stories import TAKERS, Taker, add_attempt, closed_round, hold

pytestmark = pytest.mark.usefixtures("context")

ONE = [LevelValues(PrizeCode.FIRST, 1, 4_000_000, TiePolicy.STOP)]
EQUALS = [Taker(f"Người {letter}", 20, 3, 100_000) for letter in "ABC"]


def ranked(now, takers=TAKERS, **kwargs):
    story = closed_round(now, takers, **kwargs)
    run = make_rank_run(round=story.round, actor=story.organiser, now=now)
    return story, run


def decide(story, now, **kwargs):
    return decide_prizes(over=story.round, actor=story.organiser, now=now, **kwargs)


def winners(allocation):
    return [
        (award.level.code.value, award.entry.registration.full_name, award.money)
        for award in queries.awards_of(allocation.id)
    ]


def test_prizes_go_down_the_places(now):
    story, run = ranked(now)
    allocation = decide(story, now, run=run)
    assert winners(allocation) == [
        ("first", "Phan Nguyễn Hoàng Tường Vi", 4_000_000),
        ("second", "K'Brỏih", 2_000_000),
        ("second", "Trần Ngọc Bảo Trân", 2_000_000),
        ("third", "Tôn Nữ Quỳnh Như", 1_500_000),
    ]
    assert story.round.stage is Stage.DECIDED
    last = allocation.trace[-1]
    assert (last["code"], last["key"], last["values"]) == ("next", 1, [0, 4])


def test_a_usual_week_costs_twenty_three_and_a_half_million():
    assert sum(quota for _code, quota, _money in USUAL_WEEK) == 16
    assert sum(quota * money for _code, quota, money in USUAL_WEEK) == 23_500_000


def test_nothing_is_decided_without_ranking_or_levels(now):
    story = closed_round(now, levels=[])
    with pytest.raises(NotRankedYet):
        decide(story, now)
    make_rank_run(round=story.round, actor=story.organiser, now=now)
    with pytest.raises(PrizesMissing):
        decide(story, now)


def test_a_tie_at_the_line_waits_for_a_person_who_says_how(now):
    story, run = ranked(now, EQUALS, levels=ONE, key_codes=("correct",))
    with pytest.raises(TieUndecided):
        decide(story, now)
    (stop,) = preview_prizes(story.round, run).stops
    chosen = story.entries["Người B"].id
    key = (stop.division_id, stop.level_id)
    with pytest.raises(TieReasonMissing):
        decide(story, now, decisions={key: TieDecision(frozenset({chosen}), " ")})
    allocation = decide(
        story, now, decisions={key: TieDecision(frozenset({chosen}), "Bốc thăm, biên bản số 3")}
    )
    assert winners(allocation) == [("first", "Người B", 4_000_000)]
    (award,) = queries.awards_of(allocation.id)
    assert award.reason == "Bốc thăm, biên bản số 3"


def test_what_was_looked_at_is_what_is_decided(now):
    story, run = ranked(now)
    seen = outcome_digest(run, preview_prizes(story.round, run))
    set_prize_levels(over=story.round, levels=ONE, actor=story.organiser, now=now)
    with pytest.raises(DecisionMoved):
        decide(story, now, run=run, expected=seen)
    with pytest.raises(RankingMoved):
        make_rank_run(round=story.round, reason="Xếp lại", actor=story.organiser, now=now)
        decide(story, now, run=run)


def test_a_disqualification_moves_the_prizes_and_the_decision_is_taken_again(now):
    story, _run = ranked(now)
    first = decide(story, now)
    disqualify(
        entry=story.entries["K'Brỏih"],
        round=story.round,
        reason="Thi hộ",
        actor=story.organiser,
        now=now,
    )
    make_rank_run(round=story.round, reason="Hủy một kết quả", actor=story.organiser, now=now)
    assert str(story.round.stage) == "marking"
    with pytest.raises(ReasonMissing):
        decide(story, now)
    second = decide(story, now, reason="Hủy một kết quả")
    assert (first.number, second.number) == (1, 2)
    assert ("second", "K'Brỏih", 2_000_000) in winners(first)
    assert [name for _code, name, _money in winners(second)] == [
        "Phan Nguyễn Hoàng Tường Vi",
        "Trần Ngọc Bảo Trân",
        "Tôn Nữ Quỳnh Như",
        "Lê Văn Đức",
    ]
    assert story.round.stage is Stage.DECIDED


def second_week(story, now):
    """The same people again, a week later."""
    round = add_round(
        contest=story.contest,
        title="Tuần 2",
        actor=None,
        now=now,
        opens_at=story.round.closes_at,
        closes_at=now + timedelta(days=6),
        rank_keys=["correct", "working_time"],
    )
    hold(round, now)
    for taker in TAKERS:
        add_attempt(round, story.entries[taker.name], story.persons[taker.name], taker)
    set_prize_levels(over=round, levels=ONE, actor=None, now=now)
    return round


def test_one_prize_for_each_person_in_a_contest(now):
    story, _run = ranked(now)
    decide(story, now)
    round = second_week(story, now)
    run = make_rank_run(round=round, actor=story.organiser, now=now)
    outcome = preview_prizes(round, run)
    assert [one.entry_id for one in outcome.given] == [story.entries["Lê Văn Đức"].id]
    passed = [line.code for line in outcome.trace].count(TraceCode.WON_BEFORE)
    assert passed == 4
    story.contest.one_prize_per_person = False
    outcome = preview_prizes(round, run)
    assert [one.entry_id for one in outcome.given] == [story.entries["Trần Ngọc Bảo Trân"].id]


def test_levels_are_fixed_once_decided(now):
    story, _run = ranked(now)
    decide(story, now)
    with pytest.raises(PrizesFixed):
        set_prize_levels(over=story.round, levels=ONE, actor=story.organiser, now=now)


@pytest.mark.parametrize(("quota", "money"), [(0, 1), (1, -1)])
def test_levels_that_cannot_be(now, quota, money):
    story = closed_round(now)
    wrong = [LevelValues(PrizeCode.FIRST, quota, money, TiePolicy.STOP)]
    with pytest.raises(PrizeLevelsWrong):
        set_prize_levels(over=story.round, levels=wrong, actor=None, now=now)


def test_the_same_prizes_in_every_round_that_is_not_decided(now):
    story, _run = ranked(now)
    decide(story, now)
    second = second_week(story, now)
    levels = [LevelValues(PrizeCode.SPECIAL, 2, 9_000_000, TiePolicy.EXPAND)]
    assert set_prizes_of_contest(contest=story.contest, levels=levels, actor=None, now=now) == 1
    assert [level.code for level in queries.prize_levels(second)] == [PrizeCode.SPECIAL]
    assert len(queries.prize_levels(story.round)) == 3


def test_more_prizes_than_people_stay_empty(now):
    many = [LevelValues(PrizeCode.FIRST, 50, 1, TiePolicy.STOP)]
    story, run = ranked(now, levels=many)
    outcome = preview_prizes(story.round, run)
    assert len(outcome.given) == 6
    assert outcome.trace[-1].code is TraceCode.LEFT_OVER
    assert outcome.trace[-1].count == 44


def test_a_copied_round_has_the_same_prizes(now):
    register_copier("results", copy_prize_levels)
    story = closed_round(now)
    copy = copy_round(
        source=story.round,
        contest=story.contest,
        shift=timedelta(days=7),
        actor=story.organiser,
        now=now,
    )
    db.session.flush()
    told = [
        (level.code, level.quota, level.money, level.tie_policy)
        for level in queries.prize_levels(copy)
    ]
    assert told == [
        (PrizeCode.FIRST, 1, 4_000_000, TiePolicy.STOP),
        (PrizeCode.SECOND, 2, 2_000_000, TiePolicy.STOP),
        (PrizeCode.THIRD, 1, 1_500_000, TiePolicy.STOP),
    ]


def test_the_budget_counts_each_division():
    levels = [type("L", (), {"quota": 2, "money": 10})(), type("L", (), {"quota": 1, "money": 5})()]
    assert queries.budget(levels, 3) == queries.Budget(9, 75)
    assert queries.budget(levels, 0) == queries.Budget(3, 25)
