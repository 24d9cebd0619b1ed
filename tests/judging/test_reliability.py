"""Severity and agreement: the worked numbers, and None where nothing is defined."""

import random

import pytest

from contest.judging.rules.reliability import (
    Mark,
    icc,
    krippendorff_alpha,
    reliability,
    severity,
    weighted_kappa,
)

WORKED = [
    Mark("P", "J1", 8),
    Mark("P", "J2", 6),
    Mark("Q", "J2", 5),
    Mark("Q", "J3", 8),
    Mark("R", "J1", 7),
    Mark("R", "J3", 8),
]


def test_worked_severity_of_three_judges():
    found = severity(WORKED)
    assert found.bias == pytest.approx({"J1": 1 / 3, "J2": -5 / 3, "J3": 4 / 3})
    assert found.corrected == pytest.approx({"P": 23 / 3, "Q": 20 / 3, "R": 20 / 3})
    assert max(found.corrected, key=found.corrected.get) == "P"
    # Fewer than ten marks each: the order stays as it was, with R first.
    assert found.order_corrected == pytest.approx({"P": 7, "Q": 6.5, "R": 7.5})


def test_severity_is_refused_for_judges_who_share_nothing():
    apart = reliability([*WORKED, Mark("S", "J8", 7), Mark("S", "J9", 9)])
    assert apart.severity is None
    assert apart.components == (("J1", "J2", "J3"), ("J8", "J9"))


def test_mean_corrected_is_mean_raw_with_uneven_loads():
    marks = [
        Mark(f"W{at}", judge, 5 + at % 3 + bias)
        for at in range(30)
        for judge, bias in (("A", 0.5), ("B", -0.5), ("C", 0.0))
        if judge != "C" or at < 11
    ]
    found = severity(marks)
    loads = found.marks
    assert sum(found.bias[judge] * loads[judge] for judge in loads) == pytest.approx(0, abs=1e-8)
    assert found.bias["A"] - found.bias["B"] == pytest.approx(1)
    assert found.counts("A")
    assert found.order_corrected["W0"] == pytest.approx(found.corrected["W0"], abs=0.2)


@pytest.mark.parametrize(
    ("units", "alpha"),
    [
        ([[8, 6], [7, 7, 8], [4, 3, 4], [9, 8], [5, 6]], 0.8178053830),
        ([[1, 1], [2, 3], [3, 3], [4, 5]], 0.8703703704),
        ([[1, 1], [2, 3], [3, 3], [4, 5], [9]], 0.8703703704),
        ([[7, 7], [7, 7]], None),
        ([[7], [8]], None),
        ([], None),
    ],
)
def test_krippendorff(units, alpha):
    found = krippendorff_alpha(units)
    assert found is None if alpha is None else found == pytest.approx(alpha)


def test_icc_of_a_complete_table():
    assert icc([[8, 6], [7, 7], [4, 2]]) == pytest.approx((15 / 19, 15 / 17))
    assert icc([[8, 6]]) == (None, None)
    assert icc([[7, 7], [7, 7]]) == (None, None)


def test_icc_of_the_published_example():
    """Shrout and Fleiss (1979), table 2: six targets, four judges; ICC(2,1) .29, ICC(2,4) .62."""
    table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    single, average = icc(table)
    assert (round(single, 2), round(average, 2)) == (0.29, 0.62)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # Two judges who mark the opposite: the formula goes below -1 where works are few …
        ([[1, 9], [9, 1], [5, 5]], (-3, None)),
        ([[1, 9], [9, 1], [9, 1], [1, 9]], (-2, None)),
        # … and the divisor of the mean of all judges falls below 0: a share of nothing.
        ([[1, 9], [9, 1]], (None, None)),
        ([[1, 5, 9], [5, 9, 1], [9, 1, 5]], (-1, None)),
        ([[2, 4], [4, 2], [3, 9]], (-3 / 19, -3 / 8)),
    ],
)
def test_icc_of_opposite_marks_is_the_formula_or_nothing(table, expected):
    for found, known in zip(icc(table), expected, strict=True):
        assert found is None if known is None else found == pytest.approx(known)


@pytest.mark.parametrize("judges", [2, 3, 5])
@pytest.mark.parametrize("works", [2, 3, 8])
def test_icc_never_says_more_than_full_agreement(works, judges):
    chance = random.Random(f"{works}.{judges}")
    for _turn in range(300):
        table = [[chance.randint(0, 10) for _ in range(judges)] for _ in range(works)]
        assert [each for each in icc(table) if each is not None and each > 1] == []


def test_icc_is_left_out_of_a_sparse_design():
    sparse = reliability(WORKED)
    assert (sparse.icc_2_1, sparse.icc_2_k) == (None, None)
    whole = reliability(
        [
            Mark(work, judge, points)
            for work, row in (("P", (8, 6)), ("Q", (7, 7)), ("R", (4, 2)))
            for judge, points in zip(("J1", "J2"), row, strict=True)
        ]
    )
    assert whole.icc_2_1 == pytest.approx(15 / 19)


def test_quadratic_weighted_kappa():
    labels = (1, 2, 3, 4)
    assert weighted_kappa([1, 2, 3, 4, 3, 2], [1, 3, 3, 4, 2, 2], labels) == pytest.approx(9 / 11)
    assert weighted_kappa([2, 2], [2, 2], labels) is None
    assert weighted_kappa([], [], labels) is None


def test_kappa_over_a_long_scale_in_fine_steps_needs_no_table_of_its_square():
    """A scale of 1,000 points in steps of 0.01 has 100,001 labels."""
    first, second = [99_000, 80_000, 100_000], [98_000, 81_000, 100_000]
    expected = 1 - 2_000_000 / (sum((x - y) ** 2 for x in first for y in second) / 3)
    assert weighted_kappa(first, second, range(100_001)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("unit", [1e-9, 1e-6, 1.0, 1e8])
def test_icc_is_the_same_on_every_scale(unit):
    table = [[8 * unit, 6 * unit], [7 * unit, 7 * unit], [4 * unit, 2 * unit]]
    assert icc(table) == pytest.approx((15 / 19, 15 / 17))
    assert icc([[123456789.1 * unit] * 3] * 21) == (None, None)


def test_one_mark_for_each_work_says_nothing():
    alone = reliability([Mark(f"W{at}", "J1", at % 4) for at in range(12)])
    assert (alone.krippendorff_alpha, alone.icc_2_1, alone.icc_2_k) == (None, None, None)
    assert alone.components == (("J1",),)
    assert alone.severity.bias == {"J1": 0}
    assert alone.severity.errors == {"J1": None}
    each = reliability([Mark(f"W{at}", f"J{at}", at) for at in range(12)])
    assert (each.krippendorff_alpha, each.severity, len(each.components)) == (None, None, 12)


def test_nothing_at_all_is_none_everywhere():
    empty = reliability([])
    assert (empty.krippendorff_alpha, empty.icc_2_1, empty.severity) == (None, None, None)
    assert empty.components == ()


@pytest.mark.parametrize("mark", ["0.1", "7.3", "6.7", "8.05"])
@pytest.mark.parametrize("works", [3, 7, 21])
@pytest.mark.parametrize("judges", [2, 3])
def test_equal_marks_say_nothing_about_agreement_whatever_the_decimal(mark, works, judges):
    found = reliability(
        Mark(f"W{work}", f"J{judge}", float(mark))
        for work in range(works)
        for judge in range(judges)
    )
    assert (found.krippendorff_alpha, found.icc_2_1, found.icc_2_k) == (None, None, None)
