"""Limits for authors and units, lots among equals, and prizes left empty: pure rules."""

from contest.results.models import TiePolicy
from contest.results.rules.allocation import allocate
from contest.results.rules.participation import reporting_unit
from contest.results.rules.prize_terms import Caps, Contender, LevelTerms, Withheld
from contest.results.rules.trace import TraceCode

LEVELS = [
    LevelTerms(1, 1, 100, TiePolicy.STOP),
    LevelTerms(2, 1, 50, TiePolicy.STOP),
    LevelTerms(3, 2, 20, TiePolicy.EXPAND),
]


def one(entry, place, unit=None, person=None, authors=()):
    return Contender(
        entry, person or entry, place, unit=unit, authors=frozenset(str(each) for each in authors)
    )


def give(contenders, caps, levels=LEVELS, **kwargs):
    return allocate(levels, contenders, one_per_person=False, caps=caps, **kwargs)


def winners(outcome):
    return [(each.entry_id, each.level_id) for each in outcome.given]


def codes(outcome, entry):
    return [line.code for line in outcome.trace if entry in line.entries]


def test_a_unit_gets_no_more_than_its_limit():
    places = [one(1, 1, "A"), one(2, 2, "A"), one(3, 3, "A"), one(4, 4, "B"), one(5, 5, None)]
    outcome = give(places, Caps(per_unit=2))
    assert winners(outcome) == [(1, 1), (2, 2), (4, 3), (5, 3)]
    assert codes(outcome, 3) == [TraceCode.UNIT_FULL]


def test_entries_without_a_unit_count_for_none():
    places = [one(1, 1), one(2, 2), one(3, 3)]
    assert len(give(places, Caps(per_unit=1)).given) == 3


def test_a_co_author_has_a_share_in_the_limit():
    places = [one(1, 1, authors=(1, 9)), one(2, 2, authors=(2, 9)), one(3, 3)]
    outcome = give(places, Caps(per_author=1))
    assert winners(outcome) == [(1, 1), (3, 2)]
    assert codes(outcome, 2) == [TraceCode.HAS_ONE]


def test_two_prizes_for_an_author_and_not_three():
    places = [one(1, 1, person=7), one(2, 2, person=7), one(3, 3, person=7), one(4, 4)]
    outcome = give(places, Caps(per_author=2))
    assert winners(outcome) == [(1, 1), (2, 2), (4, 3)]
    assert codes(outcome, 3) == [TraceCode.AUTHOR_FULL]


def test_somebody_who_won_elsewhere_takes_their_co_authors_out():
    outcome = give([one(1, 1, authors=(1, 9)), one(2, 2)], Caps(), won_before=frozenset({9}))
    assert winners(outcome) == [(2, 1)]
    assert codes(outcome, 1) == [TraceCode.WON_BEFORE]


def test_lots_choose_among_equals_of_one_unit_and_the_seed_replays_them():
    places = [one(1, 1, "A"), one(2, 1, "A"), one(3, 1, "A"), one(4, 2, "B")]
    outcome = give(places, Caps(per_unit=1, seed="ab"))
    again = give(places, Caps(per_unit=1, seed="ab"))
    caps = Caps(seed="ab")
    lucky = min((1, 2, 3), key=caps.lot)
    assert winners(outcome) == winners(again) == [(lucky, 1), (4, 2)]
    drawn = [line for line in outcome.trace if line.code is TraceCode.DRAWN_OUT]
    assert sorted(line.entries[0] for line in drawn) == sorted({1, 2, 3} - {lucky})
    seeds = {winners(give(places, Caps(per_unit=1, seed=str(n))))[0][0] for n in range(30)}
    assert seeds == {1, 2, 3}


def test_withheld_prizes_move_everybody_to_the_level_below():
    outcome = give(
        [one(1, 1), one(2, 2)], Caps(), withheld={1: Withheld(1, "Không bài nào xứng đáng")}
    )
    assert winners(outcome) == [(1, 2), (2, 3)]
    assert (outcome.trace[0].code, outcome.trace[0].count) == (TraceCode.WITHHELD, 1)


def test_no_more_can_be_withheld_than_there_are():
    outcome = give([one(1, 1)], Caps(), withheld={3: Withheld(9, "vì")})
    line = next(each for each in outcome.trace if each.code is TraceCode.WITHHELD)
    assert line.count == 2


def test_the_unit_of_a_report_stands_just_below_the_organiser():
    assert reporting_unit("/9/5/1/", (1,)) == 5
    assert reporting_unit("/5/1/", (5, 1)) == 5
    assert reporting_unit("/9/7/3/", (1,)) == 7
    assert reporting_unit("", (1,)) is None
