"""Periods, qualifiers, and units that merged."""

from datetime import date

import pytest

from contest.accounts.rules.units import UnitNode
from contest.awards.rules.unit_book import UnitBook
from contest.reports.actions.counting import packed
from contest.reports.models import Qualifier
from contest.reports.queries.participation import distinct_persons
from contest.reports.rules.branches import Branches, TreeView
from contest.reports.rules.figures import Figure, Reported, change, summed, within
from contest.reports.rules.periods import Period

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
MORE, ALMOST, ABOUT = Qualifier.MORE_THAN, Qualifier.ALMOST, Qualifier.ABOUT


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ((2026, 1, 1), (2026, 12, 31), ((2025, 1, 1), (2025, 12, 31))),
        ((2026, 1, 1), (2026, 2, 28), ((2025, 11, 1), (2025, 12, 31))),
        ((2024, 3, 1), (2024, 3, 31), ((2024, 2, 1), (2024, 2, 29))),
        ((2026, 5, 10), (2026, 5, 19), ((2026, 4, 30), (2026, 5, 9))),
        ((2021, 1, 1), (2025, 12, 31), ((2016, 1, 1), (2020, 12, 31))),
    ],
)
def test_the_period_before_has_the_same_length(first, last, before):
    assert Period(date(*first), date(*last)).before() == Period(date(*before[0]), date(*before[1]))


def reported(value, qualifier=None, period=YEAR):
    return Reported(value, qualifier, "Báo cáo sơ kết", period)


def test_a_typed_figure_stands_alone_with_its_word_and_is_never_added():
    assert Figure(0, (reported(1_800, MORE),)).as_json() == {
        "value": 1_800,
        "qualifier": "more_than",
    }
    both = Figure(1_812, (reported(1_800, MORE),)).as_json()
    assert (both["value"], both["qualifier"]) == (1_812, None)
    assert [each["value"] for each in both["reported"]] == [1_800]
    assert Figure(12).as_json() == {"value": 12, "qualifier": None}


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ([], None),
        ([(3, None), (4, None)], (7, None)),
        ([(100, MORE), (4, None)], (104, MORE)),
        ([(100, ALMOST), (50, ALMOST)], (150, ALMOST)),
        ([(100, MORE), (50, ALMOST)], (150, ABOUT)),
    ],
)
def test_sums_of_typed_figures_keep_the_weakest_word(parts, total):
    assert summed(parts) == total


def test_only_figures_of_the_period_are_shown():
    half = Period(date(2026, 1, 1), date(2026, 6, 30))
    longer = Period(date(2025, 1, 1), date(2026, 12, 31))
    found = within([reported(1, period=half), reported(2, period=longer), reported(3)], YEAR)
    assert [each.value for each in found] == [3, 1]


def test_a_change_without_a_before_is_none():
    assert [change(12, 10), change(8, 10), change(3, 0)] == [20, -20, None]


def test_persons_of_many_lists_are_counted_once():
    lists = [packed([3, 1, 1]), packed([3, 2**31]), packed([])]
    assert distinct_persons(lists) == 3
    assert distinct_persons([]) == distinct_persons([packed([])]) == 0


def node(unit_id, parent_id):
    return UnitNode(
        unit_id, f"u{unit_id}", f"U{unit_id}", f"Xã {unit_id}", b"", parent_id, None, None
    )


def branches(view, root_id=1, moves=((4, 5), (6, 4), (7, 2), (7, 3))):
    # 1 ─ 2, 3 ─ 5, 7;  9 ─ 4, 6: the communes 6 and then 4 went over into 5, 7 was divided.
    nodes = [(1, None), (2, 1), (3, 1), (5, 3), (7, 1), (9, None), (4, 9), (6, 9)]
    book = UnitBook(node(*each) for each in nodes)
    return Branches(book, moves, root_id=root_id, view=view)


def test_as_then_a_row_stays_where_it_was():
    then = branches(TreeView.THEN)
    assert then.part(then.path(6, "/6/9/")) is None
    assert then.part(then.path(5, "/5/2/1/")) == 2


def test_as_now_a_row_follows_its_unit_through_mergers():
    now = branches(TreeView.NOW)
    assert now.part(now.path(6, "/6/9/")) == 3
    assert now.part(now.path(5, "/5/2/1/")) == 3
    assert now.part(now.path(7, "/7/1/")) == 7


def test_successions_in_a_circle_end():
    round_ = branches(TreeView.NOW, moves=((4, 6), (6, 4)))
    assert round_.heir(4) == 6
