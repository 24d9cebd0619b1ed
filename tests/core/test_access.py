"""Roles, scopes and the marks of routes."""

import pytest
from flask import Flask

from contest.core import access
from contest.core.access import Actor, GrantLine, Permission, Role
from contest.core.views import own_path


def actor(*grants: GrantLine) -> Actor:
    return Actor(1, "p", "Trần Thị Ngọc Lan", "vi", 1, second_factor=False, grants=grants)


def test_a_grant_holds_on_its_scope_and_below():
    lan = actor(GrantLine(Role.ORGANISER, "/1/5/"))
    held = {
        path: lan.may(Permission.MANAGE_CONTEST, path)
        for path in ("/1/", "/1/5/", "/1/5/9/", "/1/50/", "/2/")
    }
    assert held == {"/1/": False, "/1/5/": True, "/1/5/9/": True, "/1/50/": False, "/2/": False}


def test_a_role_allows_what_it_says_and_nothing_else():
    hoa = actor(GrantLine(Role.JUDGE, "/1/"))
    assert [p for p in Permission if hoa.may(p, "/1/")] == [Permission.MARK]


def test_an_administrator_neither_marks_nor_audits():
    admin = actor(GrantLine(Role.ADMINISTRATOR, "/1/"))
    lacking = {p for p in Permission if not admin.may(p, "/1/")}
    assert lacking == {Permission.MARK, Permission.AUDIT}


def test_a_contestant_holds_no_role():
    minh = actor()
    assert (minh.is_staff, any(minh.may_somewhere(p) for p in Permission)) == (False, False)


def test_scopes_below_others_are_left_out():
    lan = actor(
        GrantLine(Role.ORGANISER, "/1/5/"),
        GrantLine(Role.SECRETARY, "/1/5/9/"),
        GrantLine(Role.ORGANISER, "/1/7/"),
        GrantLine(Role.JUDGE, "/1/8/"),
    )
    assert lan.scopes_where(Permission.SEE_CONTEST) == ("/1/5/", "/1/7/")


def test_an_application_with_an_unmarked_route_does_not_start():
    app = Flask("bare")
    app.add_url_rule("/bare", "bare", lambda: "")
    with pytest.raises(RuntimeError, match="routes without an access mark: bare"):
        access.check_access_marks(app)


def test_two_marks_on_one_view_are_refused():
    with pytest.raises(TypeError, match="carries two access marks"):
        access.public(access.signed_in(lambda: ""))


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/contests?page=2", "/contests?page=2"),
        ("", "/"),
        (None, "/"),
        ("https://elsewhere.example/x", "/"),
        ("//elsewhere.example/x", "/"),
        ("///elsewhere.example/x", "/elsewhere.example/x"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("contests", "/"),
    ],
)
def test_next_never_leads_off_the_site(wanted, path):
    assert own_path(wanted) == path
