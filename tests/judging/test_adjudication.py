"""The worked numbers of the protocol, on a scale of 10."""

from decimal import Decimal
from fractions import Fraction

import pytest

from contest.judging.models import ResolutionMethod, ResolutionRule
from contest.judging.rules.adjudication import (
    Limits,
    Step,
    closest_pair,
    mean,
    re_marked,
    resolve,
    trimmed,
    without_far,
)
from contest.judging.rules.placing import competition_ranks, kendall_w, mid_ranks, place_sums

TEN = Limits(Decimal(10))


def marks(*values):
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("given", "step", "points", "method"),
    [
        (("7.00", "7.75"), Step.SETTLED, "7.38", ResolutionMethod.MEAN),
        (("7.00", "8.00"), Step.DISCUSS, None, None),
        (("7.00", "8.50"), Step.DISCUSS, None, None),
        (("6.00", "7.75"), Step.THIRD, None, None),
        (("6.00", "7.75", "7.75"), Step.SETTLED, "7.75", ResolutionMethod.EQUAL_PAIR),
        (("6.00", "7.75", "7.00"), Step.SETTLED, "6.92", ResolutionMethod.MEAN_OF_THREE),
        (("5.00", "7.50", "7.00"), Step.SETTLED, "6.50", ResolutionMethod.MEAN_OF_THREE),
        (("5.00", "8.00", "7.00"), Step.PANEL, None, None),
        (("7.00",), Step.WAIT, None, None),
        ((), Step.WAIT, None, None),
    ],
)
def test_two_markings_and_what_follows(given, step, points, method):
    verdict = resolve(marks(*given), 2, TEN)
    assert verdict.step is step
    assert verdict.points == (None if points is None else Decimal(points))
    assert verdict.method is method


@pytest.mark.parametrize(
    ("apart", "step"),
    [
        ("0.0999", Step.SETTLED),
        ("0.10", Step.DISCUSS),
        ("0.15", Step.DISCUSS),
        ("0.1501", Step.THIRD),
    ],
)
def test_two_totals_that_agree_may_lie_apart_on_a_criterion(apart, step):
    """The same limits, as fractions of the criterion's points."""
    verdict = resolve(marks("7", "7"), 2, TEN, apart=Decimal(apart))
    assert verdict.step is step
    assert verdict.difference == 0
    third = resolve(marks("7", "7"), 2, TEN, ResolutionRule.CLOSEST, Decimal(apart)).step
    assert third is (Step.THIRD if step is Step.THIRD else Step.SETTLED)
    assert resolve(marks("6", "7", "7"), 2, TEN, apart=Decimal(apart)).points == 7


def test_an_equal_pair_is_made_from_two_sheets_only():
    assert resolve(marks("6.00", "7.75", "7.75"), 2, TEN).used == (1, 2)


def test_one_marking_stands_and_five_need_to_be_near_each_other():
    assert resolve(marks("7.125"), 1, TEN).points == Decimal("7.13")
    assert resolve(marks("7", "7", "8", "8", "9"), 5, TEN).points == Decimal("7.80")
    assert resolve(marks("5", "7", "8", "8", "9"), 5, TEN).step is Step.PANEL
    assert resolve([], 1, TEN).step is Step.WAIT


def test_limits_are_fractions_of_the_scale():
    hundred = Limits(Decimal(100))
    assert resolve(marks("70", "77.5"), 2, hundred).points == Decimal("73.75")
    assert resolve(marks("70", "80"), 2, hundred).step is Step.DISCUSS


def by(rule, *values, quorum=2):
    """(step, points, places of the marks that count) under a rule."""
    verdict = resolve(marks(*values), quorum, TEN, rule)
    return verdict.step, verdict.points, verdict.used


def test_the_mean_of_all_stands_whatever_the_difference():
    assert by(ResolutionRule.MEAN, "5", "9") == (Step.SETTLED, 7, (0, 1))
    assert by(ResolutionRule.MEAN, "5", "9", "8", quorum=3) == (
        Step.SETTLED,
        Decimal("7.33"),
        (0, 1, 2),
    )


@pytest.mark.parametrize(
    ("rule", "points", "used"),
    [
        (ResolutionRule.THIRD, "7.00", (2,)),
        (ResolutionRule.CLOSEST, "7.38", (1, 2)),
        (ResolutionRule.MEDIAN, "7.00", (2,)),
        (ResolutionRule.MEAN_OF_THREE, "6.92", (0, 1, 2)),
    ],
)
def test_other_resolutions_that_a_contest_may_choose(rule, points, used):
    assert by(rule, "7.00", "7.75") == (Step.SETTLED, Decimal("7.38"), (0, 1))
    assert by(rule, "6.25", "7.75") == (Step.SETTLED, Decimal("7.00"), (0, 1))  # at the limit
    assert by(rule, "6.00", "7.75")[0] is Step.THIRD
    assert by(rule, "6.00", "7.75", "7.00") == (Step.SETTLED, Decimal(points), used)


@pytest.mark.parametrize(
    ("values", "points", "exact"),
    [
        # A panel of nine and one of five: one highest and one lowest mark are left out.
        (
            ("9.50", "10.00", "9.75", "9.75", "9.50", "9.75", "10.00", "9.50", "9.75"),
            "9.71",
            "9.7142857",
        ),
        (("8.5", "9", "9.25", "9", "7"), "8.83", "8.8333333"),
    ],
)
def test_the_highest_and_the_lowest_of_a_panel_are_left_out(values, points, exact):
    left = [Decimal(values[place]) for place in trimmed(marks(*values))]
    assert round(mean(left), 7) == Decimal(exact)
    assert by(ResolutionRule.TRIMMED, *values, quorum=5)[:2] == (Step.SETTLED, Decimal(points))


def test_four_marks_are_too_few_to_leave_any_out():
    verdict = resolve(marks("5", "8", "7", "8"), 4, TEN, ResolutionRule.TRIMMED)
    assert (verdict.points, verdict.method) == (Decimal(7), ResolutionMethod.MEAN)
    assert trimmed(marks("8", "8", "8", "8", "8")) == (1, 2, 3)


def test_a_mark_far_from_the_mean_of_the_panel_is_void_in_one_pass():
    """Two points of ten: 6 lies 2.125 from the mean of 9, 9, 8.5 and 6."""
    values = marks("9", "9", "8.5", "6")
    near = without_far(values, Decimal(2))
    assert near == (0, 1, 2)
    assert round(mean([values[place] for place in near]), 7) == Decimal("8.8333333")
    limits = Limits(Decimal(10), spread=Decimal("0.20"))
    verdict = resolve(values, 4, limits, ResolutionRule.WITHOUT_FAR)
    assert (verdict.points, verdict.used) == (Decimal("8.83"), near)
    assert verdict.method is ResolutionMethod.WITHOUT_FAR
    near_each_other = resolve(marks("9", "9", "8"), 3, limits, ResolutionRule.WITHOUT_FAR)
    assert (near_each_other.points, near_each_other.method) == (
        Decimal("8.67"),
        ResolutionMethod.MEAN,
    )
    # One pass: 6 lies 3 from the mean of what is left after 0 is void, and stays.
    assert without_far(marks("10", "10", "10", "6", "0"), Decimal("2.8")) == (0, 1, 2, 3)
    # At the limit a mark counts, though the mean is no finite decimal.
    assert without_far(marks("9", "9", "6"), Decimal(2)) == (0, 1, 2)


def test_where_every_mark_is_far_people_decide():
    limits = Limits(Decimal(10), spread=Decimal("0.20"))
    verdict = resolve(marks("10", "10", "1", "1"), 4, limits, ResolutionRule.WITHOUT_FAR)
    assert (verdict.step, verdict.points) == (Step.PANEL, None)


def test_of_equal_distances_the_higher_pair_counts():
    assert closest_pair(marks("6", "7", "8")) == (1, 2)
    assert closest_pair(marks("5", "8", "7")) == (1, 2)


def test_three_marks_from_the_start_need_no_third_marking():
    assert by(ResolutionRule.CLOSEST, "5", "8", "7", quorum=3) == (
        Step.SETTLED,
        Decimal("7.5"),
        (1, 2),
    )
    assert by(ResolutionRule.MEDIAN, "5", "9", "8", "6", quorum=4) == (Step.SETTLED, 7, (3, 2))


def test_a_lowered_quorum_makes_one_mark_enough():
    for rule in ResolutionRule:
        assert by(rule, "6.5", quorum=1) == (Step.SETTLED, Decimal("6.5"), (0,))


def test_an_appeal_moves_the_mark_only_past_the_threshold():
    official, threshold = Decimal("6.50"), Decimal("0.50")
    assert re_marked(official, marks("7", "7"), threshold) == Decimal("7.00")
    assert re_marked(official, marks("6.75", "6.75"), threshold) == official
    assert re_marked(official, marks("6", "7"), threshold) is None
    assert re_marked(official, marks("6", "7", "7.25"), threshold) == Decimal("7.13")


def test_competition_ranks():
    given = marks("9.25", "9.00", "9.00", "8.75", "8.75", "8.75", "8.50")
    assert competition_ranks(given) == [1, 2, 2, 4, 4, 4, 7]


def test_place_sums_of_mid_ranks_and_kendalls_w():
    table = {
        "J1": {"P": 9, "Q": 8, "R": 8, "S": 7},
        "J2": {"P": 7, "Q": 9, "R": 8, "S": 6},
        "J3": {"P": 8, "Q": 7, "R": 9, "S": 7},
    }
    assert mid_ranks([9, 8, 8, 7]) == [1, Fraction(5, 2), Fraction(5, 2), 4]
    assert place_sums(table) == {"P": 6, "Q": 7, "R": Fraction(11, 2), "S": Fraction(23, 2)}
    assert kendall_w(table) == pytest.approx(0.5357142857)


def test_place_sums_need_the_same_works():
    assert place_sums({"J1": {"P": 9}, "J2": {"Q": 9}}) is None
    assert place_sums({}) is None
    assert kendall_w({"J1": {"P": 9}, "J2": {"P": 9}}) is None
