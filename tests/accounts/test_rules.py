"""Rules without a database: codes, delays, passwords, roles, units."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.accounts.models import BirthPrecision
from contest.accounts.rules import (
    Failures,
    PasswordFault,
    UnitNode,
    account_delay,
    address_delay,
    code_digest,
    exists_on,
    format_birth,
    givable_roles,
    may_issue_code,
    new_code,
    new_token,
    password_fault,
    print_code,
    read_code,
    read_identifier,
    remaining_delay,
    tree_choices,
    unit_path_of,
)
from contest.accounts.rules.codes import CODE_SIGNS
from contest.accounts.rules.devices import device_name
from contest.core.access import Actor, GrantLine, Role

NOW = datetime(2026, 9, 2, 2, tzinfo=UTC)


def actor(*grants: GrantLine) -> Actor:
    return Actor(1, "p", "Lan", "vi", 1, second_factor=False, grants=grants)


def test_a_printed_code_is_read_back_however_it_is_typed() -> None:
    code = new_code()
    printed = print_code(code)
    assert set(code) <= set(CODE_SIGNS)
    assert len(printed) == 14
    for typed in (printed, printed.lower(), printed.replace("-", " "), f" {code} "):
        assert read_code(typed) == code
        assert code_digest(typed) == code_digest(code)


def test_signs_of_a_code_are_not_taken_for_each_other() -> None:
    assert not set(CODE_SIGNS) & set("0O1ILS5B8UZ")


def test_tokens_are_32_random_bytes() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}


@given(st.integers(0, 10_000))
def test_the_delay_grows_and_never_locks(failures: int) -> None:
    assert account_delay(failures) <= account_delay(failures + 1) <= timedelta(minutes=5)
    assert address_delay(failures) <= address_delay(failures + 1) <= timedelta(minutes=1)
    assert address_delay(failures) <= account_delay(failures)


def test_the_delay_in_figures() -> None:
    seconds = [account_delay(n).total_seconds() for n in range(14)]
    assert seconds == [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert [address_delay(n).total_seconds() for n in (29, 30, 35, 60, 500)] == [0, 1, 2, 60, 60]


def test_what_remains_of_the_delay_is_the_longer_of_the_two() -> None:
    found = {
        "a": Failures(5, NOW - timedelta(seconds=1)),  # 4 seconds, 1 has passed
        "b": Failures(40, NOW),  # 4 seconds, none has passed
    }
    wait = remaining_delay(found, account_key="a", address_key="b", now=NOW)
    assert wait == timedelta(seconds=4)
    assert remaining_delay(found, account_key="a", address_key="x", now=NOW) == timedelta(seconds=3)
    assert remaining_delay({}, account_key="a", address_key="b", now=NOW) == timedelta()


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("ngan", PasswordFault.TOO_SHORT),
        ("x" * 129, PasswordFault.TOO_LONG),
        ("12345678", PasswordFault.COMMON),
        ("MatKhau123", PasswordFault.COMMON),
        ("abababab", PasswordFault.COMMON),
        ("0912345678", PasswordFault.OWN_DATA),
        ("nguyen van minh", PasswordFault.OWN_DATA),
        ("nguoiminh", PasswordFault.OWN_DATA),
        ("một con vịt", None),
    ],
)
def test_weak_passwords_are_refused(password: str, fault: PasswordFault | None) -> None:
    own = ("Nguyễn Văn Minh", "+84912345678", "nguoiminh@vi-du.example")
    assert password_fault(password, own=own) == fault


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("0912 345 678", "phone", "+84912345678"),
        ("912345678", "phone", "+84912345678"),
        (" Lan@Vi-Du.Example ", "email", "lan@vi-du.example"),
        ("Lan", "unknown", "lan"),
        ("", "unknown", ""),
    ],
)
def test_an_identifier_is_read_as_typed(typed: str, kind: str, value: str) -> None:
    found = read_identifier(typed)
    assert (found.kind.value, found.value) == (kind, value)


def test_a_birth_date_is_shown_as_far_as_it_is_known() -> None:
    day = date(1990, 5, 1)
    assert format_birth(day, BirthPrecision.DAY) == "01/05/1990"
    assert format_birth(day, BirthPrecision.MONTH) == "05/1990"
    assert format_birth(day, BirthPrecision.YEAR) == "1990"
    assert format_birth(None, None) == ""


def test_an_organiser_gives_every_role_but_administrator_and_only_below() -> None:
    lan = actor(GrantLine(Role.ORGANISER, "/1/5/"))
    assert givable_roles(lan, "/1/5/9/") == frozenset(Role) - {Role.ADMINISTRATOR}
    assert givable_roles(lan, "/1/6/") == frozenset()
    assert givable_roles(lan, "/1/") == frozenset()
    for role in set(Role) - {Role.ADMINISTRATOR, Role.ORGANISER}:
        assert givable_roles(actor(GrantLine(role, "/1/")), "/1/5/") == frozenset()


def test_codes_are_issued_in_the_own_branch_and_never_to_take_over_staff() -> None:
    cuc = actor(GrantLine(Role.UNIT_COORDINATOR, "/1/5/"))
    secretary = actor(GrantLine(Role.SECRETARY, "/1/5/"))
    admin = actor(GrantLine(Role.ADMINISTRATOR, "/1/"))
    judge = [GrantLine(Role.JUDGE, "/1/5/")]

    def may(asker: Actor, path: str, grants: list[GrantLine], *, has_password: bool) -> bool:
        return may_issue_code(
            asker, person_scope_path=path, grants=grants, has_password=has_password
        )

    assert may(cuc, "/1/5/7/", [], has_password=True)
    assert not may(cuc, "/1/6/", [], has_password=True)
    assert not may(cuc, "/1/", [], has_password=False)
    assert not may(secretary, "/1/5/7/", [], has_password=True)
    assert not may(cuc, "/1/5/7/", judge, has_password=True)
    assert not may(cuc, "/1/5/7/", judge, has_password=False)
    assert not may(admin, "/1/5/7/", judge, has_password=True)
    assert may(admin, "/1/5/7/", judge, has_password=False)


def node(number: int, name: str, parent: int | None, to: date | None = None) -> UnitNode:
    return UnitNode(number, f"u{number}", f"C{number}", name, name.encode(), parent, None, to)


def test_the_tree_leaves_ended_units_out_and_keeps_what_is_below() -> None:
    nodes = [
        node(1, "a", None),
        node(2, "old", 1, date(2025, 6, 30)),
        node(3, "below old", 2),
        node(4, "b", None),
    ]
    shown = [
        (unit.label, unit.depth) for unit in tree_choices(nodes, root_ids=None, on=date(2025, 7, 1))
    ]
    assert shown == [("a", 0), ("below old", 1), ("b", 0)]
    before = [
        (unit.label, unit.depth) for unit in tree_choices(nodes, root_ids=[1], on=date(2025, 6, 30))
    ]
    assert before == [("a", 0), ("old", 1), ("below old", 2)]


def test_a_unit_exists_from_its_first_to_its_last_day() -> None:
    first, last = date(2025, 7, 1), date(2026, 6, 30)
    days = [date(2025, 6, 30), first, last, date(2026, 7, 1)]
    assert [exists_on(first, last, day) for day in days] == [False, True, True, False]
    assert [exists_on(None, None, day) for day in days] == [True] * 4


def test_a_path_reads_from_near_to_far() -> None:
    path = unit_path_of([(12, "Trường A"), (5, "Phường B"), (1, "Tỉnh C")])
    assert path.names == "Trường A › Phường B › Tỉnh C"
    assert path.ids == "/12/5/1/"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("curl/8", ""),
    ],
)
def test_a_device_is_named_as_people_know_it(agent: str, name: str) -> None:
    assert device_name(agent) == name
