"""Who reaches which route: the written list, and every role and a stranger at every door.

`routes.txt` is the written list. A change of who may reach a route changes it, and is read in the
review; `WRITE_ROUTES=1 pytest tests/security/test_routes_by_role.py` writes it anew.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from contest.accounts.models import Person
from contest.core.access import (
    ROLE_PERMISSIONS,
    AccessMark,
    MarkKind,
    Permission,
    Role,
    access_mark,
)
from tests.support.cast import Cast
from tests.support.crawling import address
from tests.support.pages import CheckingClient

WRITTEN: Final = Path(__file__).with_name("routes.txt")
NOBODY: Final = "nobody-has-this"
ROLES: Final[dict[str, Role | None]] = {
    "admin": Role.ADMINISTRATOR,
    "lan": Role.ORGANISER,
    "bao": Role.ORGANISER,
    "hoa": Role.JUDGE,
    "cuc": Role.UNIT_COORDINATOR,
    "minh": None,
    "an": None,
}
ENDS_THE_SIGN_IN: Final = {"accounts.sign_out", "accounts.end_other_devices"}

pytestmark = pytest.mark.sqlite_only


def doors(app: Flask) -> list[tuple[Rule, AccessMark]]:
    found = []
    for rule in app.url_map.iter_rules():
        mark = access_mark(app.view_functions[rule.endpoint])
        assert mark is not None
        found.append((rule, mark))
    return sorted(found, key=lambda door: (door[0].rule, sorted(methods(door[0]))))


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def as_line(rule: Rule, mark: AccessMark) -> str:
    who = mark.permission.value if mark.permission else ""
    return f"{','.join(sorted(methods(rule))):<9} {rule.rule:<88} {mark.kind.value} {who}".rstrip()


def test_who_may_reach_what_is_written_down(app: Flask) -> None:
    lines = [as_line(rule, mark) for rule, mark in doors(app)]
    if os.environ.get("WRITE_ROUTES") == "1":
        WRITTEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert WRITTEN.read_text(encoding="utf-8").splitlines() == lines


def knock(client: CheckingClient, rule: Rule, method: str) -> int:
    """The status of a request with nothing in it; asking to sign in counts as 401."""
    response = client.open(address(rule, {}), method=method)
    if response.status_code in {302, 303} and "/sign-in" in response.headers["Location"]:
        return 401
    return response.status_code


def knocks(app: Flask) -> list[tuple[Rule, AccessMark, str]]:
    return [
        (rule, mark, method)
        for rule, mark in doors(app)
        for method in sorted(methods(rule))
        if rule.endpoint not in ENDS_THE_SIGN_IN
    ]


def test_a_stranger_reaches_public_routes_alone(app: Flask, client: CheckingClient) -> None:
    opened = [
        f"{method} {rule.rule}: {status}"
        for rule, mark, method in knocks(app)
        if mark.kind in {MarkKind.SIGNED_IN, MarkKind.REQUIRES, MarkKind.STATEMENT}
        for status in [knock(client, rule, method)]
        if status not in {401, 403, 415}
    ]
    assert opened == []


@pytest.mark.parametrize("name", sorted(ROLES))
def test_a_role_reaches_what_it_may_and_no_more(
    name: str, app: Flask, cast: Cast, signed_in: Callable[[Person], CheckingClient]
) -> None:
    role = ROLES[name]
    held: frozenset[Permission] = ROLE_PERMISSIONS[role] if role else frozenset()
    client = signed_in(getattr(cast, name))
    wrong = [
        f"{method} {rule.rule}: {status}"
        for rule, mark, method in knocks(app)
        if mark.kind is MarkKind.REQUIRES
        for status in [knock(client, rule, method)]
        if (status == 403) is (mark.permission in held)
    ]
    assert wrong == []


def _names_an_object(rule: Rule) -> bool:
    """A word of a fixed list (a kind of file, a register) names none."""
    return any(not isinstance(rule._converters[name], AnyConverter) for name in rule.arguments)


@pytest.mark.parametrize("name", ["an", "bao", "lan"])
def test_what_does_not_exist_is_not_found(
    name: str, app: Flask, cast: Cast, signed_in: Callable[[Person], CheckingClient]
) -> None:
    """And so the answer for what is not yours can be the same."""
    client = signed_in(getattr(cast, name))
    wrong = [
        f"GET {rule.rule}: {status}"
        for rule, _mark, method in knocks(app)
        if method == "GET" and _names_an_object(rule)
        for status in [knock(client, rule, method)]
        if status not in {403, 404, 302}
    ]
    assert wrong == []


def test_the_demos_doors_do_not_exist_elsewhere(app: Flask, client: CheckingClient) -> None:
    statuses = {
        rule.rule: knock(client, rule, method)
        for rule, mark, method in knocks(app)
        if mark.kind is MarkKind.DEMO
    }
    assert set(statuses.values()) <= {404}
