"""Unit prizes and side prizes: orders, ties by policy, choices of the council. Pure."""

from dataclasses import replace

import pytest

from contest.contests.models import ContestKind
from contest.results.models import Measure, TiePolicy
from contest.results.rules.extra_prizes import (
    ExtraAnswers,
    ExtraTerms,
    Pick,
    check_measure,
    extras_json,
    give_extras,
    kept_extras,
    measures_for,
    orders,
    unit_contenders,
    with_places,
)
from contest.results.rules.prize_terms import TieDecision
from contest.results.rules.refusals import MeasureNotHere, PickedTooMany, PickReasonMissing
from contest.results.rules.trace import TraceCode
from contest.results.rules.unit_standings import (
    Headcount,
    StandingTerms,
    UnitKey,
    UnitStanding,
    rank_units,
)


def prize(number, measure, *, quota=1, policy=TiePolicy.STOP, **others):
    return ExtraTerms(
        number, f"p{number}", measure, f"Giải {number}", quota, 1_000_000, policy, **others
    )


def unit(number, persons, **others):
    line = UnitStanding(number, (f"Đơn vị {number}",), persons, persons, persons, 0, 0)
    return replace(line, **others)


def people(*values):
    """Entries 1, 2, 3 … with these values."""
    return list(with_places((n, n, value, True) for n, value in enumerate(values, 1)))


def given(outcome):
    return [(one.prize.id, one.to, one.place) for one in outcome.given]


def test_first_and_second_of_one_measure_are_levels_of_one_order():
    prizes = [
        prize(1, Measure.PERSONS),
        prize(2, Measure.RATIO),
        prize(3, Measure.PERSONS, quota=2),
        prize(4, Measure.PERSONS, fewest=50),
        prize(5, Measure.BY_HAND),
        prize(6, Measure.BY_HAND),
    ]
    assert [[one.id for one in order] for order in orders(prizes)] == [[1, 3], [2], [4], [5], [6]]


def test_a_unit_gets_one_prize_of_an_order_and_may_get_one_of_another():
    tables = {
        Measure.PERSONS: [unit(7, 40, place=1), unit(8, 30, place=2), unit(9, 20, place=3)],
        Measure.RATIO: [unit(7, 40, headcount=50, place=1), unit(8, 30, headcount=60, place=2)],
    }
    outcome = give_extras(
        [prize(1, Measure.PERSONS), prize(2, Measure.PERSONS), prize(3, Measure.RATIO)],
        lambda one: unit_contenders(tables[one.measure], (UnitKey(one.measure.value),)),
        answers=ExtraAnswers(),
    )
    assert given(outcome) == [(1, 7, 1), (2, 8, 2), (3, 7, 1)]
    assert outcome.money == 3_000_000
    assert [line.extra for line in outcome.trace] == ["p1", "p2", "p2", "p3", "p3"]
    assert outcome.trace[2].code is TraceCode.NEXT
    assert outcome.trace[2].values == (-30, -20)
    assert outcome.trace[4].values == (-8_000, -5_000)


def test_small_units_and_units_with_nothing_to_show_get_no_prize():
    terms = StandingTerms((UnitKey.RATIO,), fewest=50)
    heads = {1: Headcount(10, None), 2: Headcount(100, None), 3: Headcount(200, None)}
    lines = rank_units([unit(1, 10), unit(2, 40), unit(3, 0)], terms, heads)
    assert [one.entry_id for one in unit_contenders(lines, terms.keys)] == [2]


@pytest.mark.parametrize(
    ("policy", "expected", "code"),
    [
        (TiePolicy.EXPAND, [(1, 1, 1), (1, 2, 1)], TraceCode.EXPANDED),
        (TiePolicy.SHRINK, [], TraceCode.SHRUNK),
        (TiePolicy.STOP, [], TraceCode.STOPPED),
    ],
)
def test_two_who_are_the_youngest(policy, expected, code):
    outcome = give_extras(
        [prize(1, Measure.YOUNGEST, policy=policy)],
        lambda _one: people(-733_773, -733_773, -700_000)[:2],
        answers=ExtraAnswers(),
    )
    assert given(outcome) == expected
    assert code in [line.code for line in outcome.trace]
    assert bool(outcome.stops) is (policy is TiePolicy.STOP)


def test_a_person_decides_between_two_who_are_the_youngest():
    answers = ExtraAnswers({1: TieDecision(frozenset({2}), "Bốc thăm, biên bản số 4")})
    outcome = give_extras(
        [prize(1, Measure.YOUNGEST)], lambda _one: people(5, 5, 9), answers=answers
    )
    assert given(outcome) == [(1, 2, 1)]
    assert outcome.given[0].reason == "Bốc thăm, biên bản số 4"
    assert not outcome.stops


def test_more_prizes_than_people_stay_empty_and_the_trace_says_so():
    outcome = give_extras(
        [prize(1, Measure.OLDEST, quota=5)],
        lambda _one: people(5, 6),
        answers=ExtraAnswers(),
    )
    assert len(outcome.given) == 2
    assert [(line.code, line.count) for line in outcome.trace][-1] == (TraceCode.LEFT_OVER, 3)


def by_hand(*picks, quota=2):
    one = prize(1, Measure.BY_HAND, quota=quota)
    return give_extras([one], lambda _one: (), answers=ExtraAnswers({}, {1: picks}))


def test_the_council_chooses_by_hand_with_its_reason():
    outcome = by_hand(Pick(12, "Được yêu thích nhất: 412 lượt bình chọn"))
    assert given(outcome) == [(1, 12, None)]
    assert [(line.code, line.count) for line in outcome.trace] == [
        (TraceCode.PICKED, 0),
        (TraceCode.UNPICKED, 1),
    ]
    for picks, refusal in (
        ((Pick(1, "a"), Pick(2, "b"), Pick(3, "c")), PickedTooMany),
        ((Pick(1, "a"), Pick(1, "a")), PickedTooMany),
        ((Pick(1, "  "),), PickReasonMissing),
    ):
        with pytest.raises(refusal):
            by_hand(*picks)


def test_places_of_people_are_competition_places_and_staff_takes_nothing():
    rows = [(1, 1, 5, False), (2, 2, 5, True), (3, 3, 7, True)]
    assert [one.place for one in with_places(rows)] == [1, 1, 3]
    outcome = give_extras(
        [prize(1, Measure.EARLIEST_PERFECT)],
        lambda _one: with_places(rows),
        answers=ExtraAnswers(),
    )
    assert given(outcome) == [(1, 2, 1)]
    assert outcome.trace[0].code is TraceCode.TAKES_NO_PRIZE


def test_what_is_measured_where():
    assert Measure.EARLIEST_PERFECT in measures_for(ContestKind.QUIZ)
    assert Measure.EARLIEST_PERFECT not in measures_for(None)
    check_measure(Measure.RATIO, ContestKind.ESSAY)
    for measure in (Measure.YOUNGEST, Measure.MEAN, Measure.WINNERS, Measure.STANDING):
        with pytest.raises(MeasureNotHere):
            check_measure(measure, ContestKind.ESSAY)


def test_what_is_kept_is_read_again_and_names_units_as_they_were():
    prizes = [prize(1, Measure.PERSONS, fewest=3)]
    outcome = give_extras(
        prizes,
        lambda _one: unit_contenders([unit(7, 40, place=1)], (UnitKey.PERSONS,)),
        answers=ExtraAnswers(),
    )
    outcome.units[7] = ("Trường Lê Lợi", "Quận 1")
    (kept,) = kept_extras(extras_json(prizes, outcome))
    assert kept.units == {7: ("Trường Lê Lợi", "Quận 1")}
    assert [(award["to"], award["keys"]) for award in kept.awards] == [(7, [-40])]
    assert list(kept.trace) == outcome.trace
