"""The table by unit: searched, sorted, and taken as a file."""

from contest.portal.rules import UnitShare, found_units

UNITS = [
    UnitShare("Xã Đạ Tẻh", 5, 9, 10),
    UnitShare("Phường An Bình", 7, 7, None),
    UnitShare("Xã Đắk Mai", 2, 30, 2),
]


def names(query="", order="", *, descending=False):
    return [unit.name for unit in found_units(UNITS, query, order, descending=descending)]


def test_search_needs_no_marks():
    assert names("da") == ["Xã Đạ Tẻh", "Xã Đắk Mai"]
    assert names("mai xa") == ["Xã Đắk Mai"]


def test_columns_sort_both_ways_and_the_unknown_stands_last():
    assert names(order="attempts", descending=True)[0] == "Xã Đắk Mai"
    assert names(order="persons") == ["Xã Đắk Mai", "Xã Đạ Tẻh", "Phường An Bình"]
    assert names(order="rate", descending=True)[-1] == "Phường An Bình"
    assert names(order="headcount") == ["Xã Đắk Mai", "Xã Đạ Tẻh", "Phường An Bình"]


def test_units_sort_in_the_order_of_the_alphabet():
    assert names(order="unit") == ["Phường An Bình", "Xã Đạ Tẻh", "Xã Đắk Mai"]
    assert names(order="nonsense") == [unit.name for unit in UNITS]
