"""Pure rules: names, units, words, snapshots."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.accounts.models import BirthPrecision
from contest.accounts.rules.ages import is_minor, latest_birth
from contest.contests.kinds import UnitCount
from contest.results.rules.participation import gather, path_parts, reporting_path
from contest.results.rules.privacy import may_show_name
from contest.results.rules.snapshots import body_digest, digest_of

TODAY = date(2026, 9, 2)
OWNER = ("Tỉnh Lâm Sơn",)


@pytest.mark.parametrize(
    ("birth", "precision", "minor"),
    [
        (date(2008, 9, 2), BirthPrecision.DAY, False),
        (date(2008, 9, 3), BirthPrecision.DAY, True),
        (date(2008, 9, 1), BirthPrecision.MONTH, True),
        (date(2008, 8, 1), BirthPrecision.MONTH, False),
        (date(2008, 1, 1), BirthPrecision.YEAR, True),
        (date(2007, 1, 1), BirthPrecision.YEAR, False),
        (None, None, False),
    ],
)
def test_who_may_be_a_child(birth, precision, minor):
    assert is_minor(birth, precision, TODAY) is minor


def test_latest_birth_of_december():
    assert latest_birth(date(2008, 12, 1), BirthPrecision.MONTH) == date(2008, 12, 31)


@given(
    st.booleans(),
    st.none() | st.dates(date(1920, 1, 1), TODAY),
    st.sampled_from(BirthPrecision),
)
def test_nobody_is_named_without_consent_and_no_child_with_it(consent, birth, precision):
    shown = may_show_name(has_consent=consent, birth=birth, precision=precision, on=TODAY)
    assert not shown or (consent and not is_minor(birth, precision, TODAY))


@pytest.mark.parametrize(
    ("path", "reported"),
    [
        (("Trường A", "Phường B", "Tỉnh Lâm Sơn"), ("Phường B", "Tỉnh Lâm Sơn")),
        (("Phường B", "Tỉnh Lâm Sơn"), ("Phường B", "Tỉnh Lâm Sơn")),
        (("Tỉnh Lâm Sơn",), ("Tỉnh Lâm Sơn",)),
        (("Trường C", "Xã D", "Tỉnh Sông Trà"), ("Xã D", "Tỉnh Sông Trà")),
        ((), ()),
    ],
)
def test_the_level_of_a_report(path, reported):
    assert reporting_path(path, OWNER) == reported


def test_units_are_gathered_and_nobody_counts_twice():
    counts = [
        UnitCount(3, "Trường A › Phường B › Tỉnh Lâm Sơn", 4, 9),
        UnitCount(4, "Trạm Y tế › Phường B › Tỉnh Lâm Sơn", 1, 1),
        UnitCount(5, "Xã E › Tỉnh Lâm Sơn", 5, 5),
        UnitCount(None, "", 2, 2),
    ]
    ids = {(3, counts[0].unit_path): (3, 2, 1), (5, counts[2].unit_path): (5, 1)}
    branches = gather(counts, OWNER, ids)
    assert [
        (branch.path[:1], branch.unit_id, branch.persons, branch.attempts) for branch in branches
    ] == [
        (("Phường B",), 2, 5, 10),
        (("Xã E",), 5, 5, 5),
        ((), None, 2, 2),
    ]
    assert sum(branch.persons for branch in branches) == sum(count.persons for count in counts)


def test_parts_of_a_path():
    assert path_parts("") == ()
    assert path_parts("Trường A › Tỉnh B") == ("Trường A", "Tỉnh B")


def test_the_digest_does_not_depend_on_the_order_of_names():
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})


def test_the_body_leaves_the_publication_out():
    first = {"winners": [], "publication": {"number": 1}}
    second = {"winners": [], "publication": {"number": 2}}
    assert body_digest(first) == body_digest(second)
    assert digest_of(first) != digest_of(second)
