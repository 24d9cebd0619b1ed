"""Every page of a seeded contest, as every person, in every stage: who gets what is written down.

The pages are asked for with objects that exist. `stages.txt` is the written matrix, one line a
route with a sign for each person and stage; `WRITE_STAGES=1 pytest tests/security` writes it
anew, and the change is read in the review.

What contestants and strangers receive before the publication is searched for what must not be in
it: explanations of the pool's questions, other people's names and phone numbers.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from contest.accounts.models import Person
from contest.contests.models import Contest, Registration, Round, Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo import seed as demo
from contest.demo.foundation import CAST
from contest.quizzes.models import Attempt
from question_bank.models import Question, QuestionRevision
from tests.support.crawling import (
    Matrix,
    address,
    cast_member,
    crashes,
    crawl,
    read_routes,
    signs,
    standing_in,
    visitor,
)
from tests.support.pages import CheckingClient

PEOPLE: Final = ("nobody", "minh", "an", "hoa", "dao", "thu", "nhung", "bao", "lan", "son")
MATRIX: Final = Matrix(Path(__file__).with_name("stages.txt"), PEOPLE)
OUTSIDE: Final = ("nobody", "minh", "an")

pytestmark = pytest.mark.sqlite_only


@dataclass(frozen=True, slots=True)
class Seeded:
    """A seeded contest: what fills the addresses, and what must not leak."""

    stage: Stage
    values: dict[str, Any]
    bank_slug: str
    names: frozenset[str]
    phones: frozenset[str]
    explanations: frozenset[str]


@pytest.fixture(params=list(Stage))
def seeded(app: Flask, request: pytest.FixtureRequest) -> Seeded:
    stage = request.param
    with app.app_context():
        demo.seed(stage=stage, whole_demo=False, now=utc_now(), size=14)
        with unit_of_work():
            return read_seeded(stage)


def read_seeded(stage: Stage) -> Seeded:
    contest = db.session.scalars(select(Contest)).one()
    week = db.session.scalars(select(Round)).one()
    minh = db.session.scalars(
        select(Registration).where(Registration.full_name == CAST["minh"].full_name)
    ).one()
    attempts = list(db.session.scalars(select(Attempt).order_by(Attempt.id)))
    theirs = [attempt for attempt in attempts if attempt.person_id != minh.person_id]
    others = list(db.session.scalars(select(Person).where(Person.id.not_in([minh.person_id]))))
    question = db.session.scalars(select(Question)).first()
    values = {
        "slug": contest.slug,
        "number": week.number,
        "version": 1,
        "position": 1,
        "public_id": theirs[0].public_id if theirs else "none",
        "registration_id": minh.public_id,
        "person_id": others[-1].public_id,
        "kept_id": others[-1].public_id,
        "merged_id": others[-2].public_id,
        "question_id": question.public_id,
        "unit_id": minh.unit.public_id,
        "kind": "csv",
        "code": "vi",
    }
    shown_to_minh = {CAST[key].full_name for key in CAST}
    return Seeded(
        stage=stage,
        values=values,
        bank_slug="tim-hieu-hcm",
        names=frozenset(each.full_name for each in others) - shown_to_minh,
        phones=frozenset(each.phone[3:] for each in others if each.phone),
        explanations=frozenset(
            text for text in db.session.scalars(select(QuestionRevision.explanation)) if text
        ),
    )


def address_of(rule: Rule, seeded: Seeded) -> str:
    of_bank = rule.endpoint.startswith("question_bank.")
    return address(rule, {**seeded.values, **({"slug": seeded.bank_slug} if of_bank else {})})


def test_every_page_as_every_person_in_every_stage(app: Flask, seeded: Seeded) -> None:
    visitors = {key: visitor(app, cast_member(app, key)) for key in PEOPLE}
    found = crawl(app, visitors, lambda rule: address_of(rule, seeded), list(read_routes(app)))
    assert crashes(found) == {}
    column = signs(found)
    assert column == MATRIX.column(seeded.stage, column)
    if seeded.stage is not Stage.PUBLISHED:
        secrets = {
            "a name": seeded.names,
            "a phone number": seeded.phones,
            "an explanation": seeded.explanations,
        }
        assert standing_in(found, OUTSIDE, secrets) == []


def test_a_contestant_gets_no_key_with_the_paper(app: Flask) -> None:
    """Minh sits the open round: no byte on the way to the receipt tells which option is right."""
    with app.app_context():
        demo.seed(stage=Stage.OPEN, whole_demo=False, now=utc_now(), size=6)
        with unit_of_work():
            seeded = read_seeded(Stage.OPEN)
            keys = {
                revision.id: (revision.body, revision.explanation)
                for revision in db.session.scalars(select(QuestionRevision))
            }
    minh = visitor(app, cast_member(app, "minh"), CheckingClient)
    start = f"/contests/{seeded.values['slug']}/rounds/{seeded.values['number']}/start"
    pages = [minh.get(start)]
    opened = minh.post(start)
    here = opened.headers["Location"]
    pages += [minh.get(f"{here.split('?')[0]}?q={number}") for number in range(1, 22)]
    pages += [minh.get(here.split("?")[0] + end) for end in ("/check", "/state")]
    assert [
        (page.request.path, page.headers.get("Location"))
        for page in pages
        if page.status_code != 200
    ] == []
    received = "\n".join(page.get_data(as_text=True) for page in pages)
    with app.app_context():
        paper = db.session.scalars(select(Attempt).order_by(Attempt.id.desc())).first().paper
        db.session.commit()
    asked = [keys[slot["r"]] for slot in paper if "r" in slot]
    assert all(option["id"] in received for body, _ in asked for option in body["options"])
    assert [words for _, words in asked if words and words in received] == []
    for mark in ('"key"', "data-key", "correct", "is_right", "data-right"):
        assert mark not in received
    # Options of equal standing are written alike: take away what differs by nature (id, letter,
    # text, place) and the right one cannot be told from the others.
    for body, _ in asked:
        shapes = {shape_of(received, option) for option in body["options"]}
        assert len(shapes) == 1


def shape_of(received: str, option: dict[str, Any]) -> str:
    """The tag that carries an option, without its id and digits."""
    place = received.index(f'value="{option["id"]}"')
    start = received.rindex("<", 0, place)
    end = received.index(">", place)
    tag = received[start:end].replace(option["id"], "")
    return "".join(sign for sign in tag if not sign.isdigit())
