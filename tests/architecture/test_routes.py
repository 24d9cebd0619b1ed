"""Every route: one access mark, a readable address, no number of ours in it, CSRF on each change."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from flask import Flask
from werkzeug.routing import Rule

from contest.core.access import access_mark
from contest.core.web import csrf
from tests.support.crawling import address
from tests.support.pages import UNSAFE, CheckingClient

SEGMENT: Final = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?$")
PLACEHOLDER: Final = re.compile(r"<[^>]*>")
CHECKS_ITS_OWN_TOKEN: Final = {
    # The save of an answer: a digest of the sign-in token in a header, because opening the session
    # for Flask-WTF's token costs more than the save.
    "contest.quizzes.views.saves.save",
}
REFUSED: Final = {400, 403, 415}
PUBLIC_NUMBERS: Final = {
    # Numbers that a person reads on the page itself; none is a key of the database.
    "number",
    "ordinal",
    "place",
    "position",
    "slot",
    "version",
    "year",
}


def rules(app: Flask) -> Iterator[Rule]:
    yield from (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


@pytest.mark.sqlite_only
def test_every_route_carries_one_access_mark(app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in rules(app)
        if access_mark(app.view_functions[rule.endpoint]) is None
    ]
    assert bare == []


@pytest.mark.sqlite_only
def test_addresses_are_english_words_with_hyphens(app: Flask) -> None:
    faults = [
        rule.rule
        for rule in rules(app)
        for segment in PLACEHOLDER.sub("x", rule.rule).strip("/").split("/")
        if segment and not SEGMENT.match(segment)
    ]
    assert faults == []


@pytest.mark.sqlite_only
def test_addresses_hold_no_keys_of_the_database(app: Flask) -> None:
    faults = [
        f"{rule.rule}: {name}"
        for rule in rules(app)
        for name, converter in rule._converters.items()
        if "Integer" in type(converter).__name__ and name not in PUBLIC_NUMBERS
    ]
    assert faults == []


@pytest.mark.sqlite_only
def test_changes_are_made_by_post_alone(app: Flask) -> None:
    faults = {
        rule.rule: rule.methods
        for rule in rules(app)
        if (rule.methods or set()) & (UNSAFE - {"POST"})
    }
    assert faults == {}


@pytest.mark.sqlite_only
def test_nothing_is_exempt_from_csrf(app: Flask) -> None:
    # Tests of core bring views of their own.
    exempt = {name for name in csrf._exempt_views if not name.startswith("tests.")}
    assert exempt <= CHECKS_ITS_OWN_TOKEN
    assert csrf._exempt_blueprints == set()


@pytest.mark.sqlite_only
def test_a_change_without_token_is_refused(app: Flask, client: CheckingClient) -> None:
    answers = {
        place: client.post(place, csrf=False).status_code
        for place in sorted(
            address(rule, {}) for rule in rules(app) if "POST" in (rule.methods or set())
        )
    }
    assert {address: code for address, code in answers.items() if code not in REFUSED} == {}
