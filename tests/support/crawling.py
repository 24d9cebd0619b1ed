"""Asking for every page as every person, and the written matrix of what each of them gets."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from contest.accounts.models import Person
from contest.contests.models import Stage
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo.foundation import CAST
from tests.support.cast import sign_in_as

SIGNS: Final = {200: "+", 302: ">", 303: ">", 304: "+", 403: "x", 404: "-", 409: "!", 422: "!"}
LEAVES: Final = {"accounts.sign_out", "core.choose_language", "core.mailbox"}
Found = dict[str, dict[str, tuple[int, str]]]
"""What was got: by rule, by person, the status and the body."""


def read_routes(app: Flask) -> Iterator[Rule]:
    """Every address that is read with GET, but those that end the visit."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if "GET" in (rule.methods or ()) and rule.endpoint not in LEAVES:
            yield rule


def stranger_of(rule: Rule, name: str) -> Any:
    """A value of the right kind that no object has."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 999_999 if isinstance(converter, IntegerConverter) else "nobody-has-this"


def address(rule: Rule, values: Mapping[str, Any]) -> str:
    """The address of a route, with objects that exist where there are such."""
    filled = {name: _value(rule, name, values) for name in rule.arguments}
    built = rule.build({**filled, **(rule.defaults or {})})
    assert built is not None
    return str(built[1])


def _value(rule: Rule, name: str, values: Mapping[str, Any]) -> Any:
    converter = rule._converters[name]
    known = values.get(name)
    if known is None or (isinstance(converter, AnyConverter) and known not in converter.items):
        return stranger_of(rule, name)
    return known


def visitor(
    app: Flask, person_id: int | None, kind: type[FlaskClient] = FlaskClient
) -> FlaskClient:
    """A browser in which somebody is signed in; None is a stranger. Fragments are no whole pages,
    so that the crawl takes a client that does not check them."""
    client = kind(app, app.response_class)
    if person_id is None:
        return client
    with app.app_context():
        sign_in_as(client, db.session.get_one(Person, person_id))
    return client


def cast_member(app: Flask, key: str) -> int | None:
    """The id of one of the cast; None for nobody."""
    if key == "nobody":
        return None
    with app.app_context(), unit_of_work():
        email = CAST[key].email
        return db.session.scalars(select(Person.id).where(Person.email == email)).one()


def crawl(
    app: Flask,
    visitors: Mapping[str, FlaskClient],
    address_of: Callable[[Rule], str],
    rules: list[Rule],
) -> Found:
    """What each person gets at each address."""
    found: Found = {}
    for rule in rules:
        there = address_of(rule)
        found[rule.rule] = {}
        for key, client in visitors.items():
            answer = client.get(there)
            body = answer.get_data().decode(errors="replace")
            found[rule.rule][key] = (answer.status_code, body)
    return found


def crashes(found: Found) -> dict[tuple[str, str], int]:
    """Answers that no page may give."""
    return {
        (rule, key): status
        for rule, answers in found.items()
        for key, (status, _body) in answers.items()
        if status not in SIGNS
    }


def signs(found: Found) -> dict[str, str]:
    """The column of a stage: a sign for each person, by rule."""
    return {
        rule: "".join(SIGNS[status] for status, _body in answers.values())
        for rule, answers in found.items()
    }


def standing_in(
    found: Found, people: tuple[str, ...], secrets: Mapping[str, frozenset[str]]
) -> list[str]:
    """Which secrets stand in a page that one of these people received."""
    for what, each in secrets.items():
        assert each, f"the test must hold {what} that could leak"
    return [
        f"{what} at {rule} for {key}: {secret[:60]}"
        for rule, answers in found.items()
        for key in people
        for what, each in secrets.items()
        for secret in each
        if secret in answers[key][1]
    ]


class Matrix:
    """A written matrix: one line a route, one column a stage, one sign a person.

    `WRITE_STAGES=1 pytest tests/security` writes it anew; the change is read in the review.
    """

    def __init__(self, path: Path, people: tuple[str, ...]) -> None:
        self._path = path
        self._people = people

    def column(self, stage: Stage, found: dict[str, str]) -> dict[str, str]:
        """The written column of a stage; on request written from what was found."""
        matrix = self._read()
        if os.environ.get("WRITE_STAGES"):
            for rule, cells in found.items():
                matrix.setdefault(rule, {})[stage.value] = cells
            self._write({rule: cells for rule, cells in matrix.items() if rule in found})
        return {rule: cells[stage.value] for rule, cells in matrix.items() if stage.value in cells}

    def _read(self) -> dict[str, dict[str, str]]:
        if not self._path.exists():
            return {}
        lines = self._path.read_text(encoding="utf-8").splitlines()
        stages = [stage.value for stage in Stage]
        rows = [line.rsplit(maxsplit=len(stages)) for line in lines if line[:1] == "/"]
        return {row[0].strip(): dict(zip(stages, row[1:], strict=True)) for row in rows}

    def _write(self, matrix: dict[str, dict[str, str]]) -> None:
        width = len(self._people)
        head = [
            "# Signs, one a person: " + ", ".join(self._people),
            "# + page   > elsewhere (sign-in, next step)   x no role   - not there   ! refused in words",
            f"# {'route':<82} " + " ".join(f"{stage.value:<{width}}" for stage in Stage),
        ]
        body = [
            f"{rule:<84} " + " ".join(cells.get(stage.value, "?" * width) for stage in Stage)
            for rule, cells in sorted(matrix.items())
        ]
        self._path.write_text("\n".join(head + body) + "\n", encoding="utf-8")
