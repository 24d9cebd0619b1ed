"""The essay line of a seeded season, as every person, in every stage: who gets what.

The same as `test_stages`, for the rooms of essays, marks and results and with the objects of an
essay round: a work and its author, a sheet of Hoa's, a blind code, a pair of copies. Before the
publication no author may stand in what judges, other authors and strangers receive, and no blind
code in what authors and strangers receive.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import Person
from contest.contests.models import Contest, ContestKind, Registration, Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo import seed as demo
from contest.demo.foundation import CAST
from contest.demo.season.sizes import SMALL
from contest.judging.models import Juror, MarkSheet
from contest.results.models import Publication
from contest.submissions.models import BlindCode, NearDuplicate, Work, WorkVersion
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

PEOPLE: Final = ("nobody", "minh", "author", "an", "hoa", "tu", "thu", "bao", "lan", "son")
OUTSIDE: Final = ("nobody", "minh", "author", "an")
JUDGES: Final = ("hoa", "tu")
ROOMS: Final = ("submissions.", "judging.", "results.", "portal.contest")
MATRIX: Final = Matrix(Path(__file__).with_name("essay_stages.txt"), PEOPLE)

pytestmark = pytest.mark.sqlite_only


@dataclass(frozen=True, slots=True)
class Season:
    """A seeded season: what fills the addresses, and what must not leak."""

    values: dict[str, Any]
    author_id: int | None
    names: frozenset[str]
    phones: frozenset[str]
    codes: frozenset[str]


def read_season() -> Season:
    contest = db.session.scalars(select(Contest).where(Contest.kind == ContestKind.ESSAY)).one()
    essays = next(each for each in contest.rounds if each.kind is ContestKind.ESSAY)
    works = list(db.session.scalars(select(Work).order_by(Work.id)))
    hoa = select(Juror).join(Person, Person.id == Juror.person_id)
    juror = db.session.scalars(hoa.where(Person.email == CAST["hoa"].email)).first()
    sheet = db.session.scalars(
        select(MarkSheet).where(MarkSheet.juror_id == juror.id).order_by(MarkSheet.position)
    ).first()
    pair = db.session.scalars(select(NearDuplicate).order_by(NearDuplicate.id)).first()
    codes = list(db.session.scalars(select(BlindCode.code).order_by(BlindCode.work_id)))
    registration = db.session.scalars(select(Registration).order_by(Registration.id)).first()
    mine = works[0] if works else None
    found = {
        "public_id": mine and mine.public_id,
        "work_id": mine and mine.public_id,
        "code": codes[0] if codes else None,
        "juror_id": juror and juror.public_id,
        "sheet_id": sheet and sheet.public_id,
        "pair_id": pair and pair.public_id,
        "registration_id": registration and registration.public_id,
    }
    fixed = {"slug": contest.slug, "number": essays.number, "round_id": essays.public_id}
    authors = [author for work in works if work is not mine for author in work.authors]
    # What may be read: whom the essays are about, and who won in the weeks before.
    read = " ".join(db.session.scalars(select(WorkVersion.body_text)))
    read += " ".join(db.session.scalars(select(WorkVersion.subject_name)))
    read += json.dumps(list(db.session.scalars(select(Publication.snapshot))), ensure_ascii=False)
    own = {author.full_name for author in mine.authors} if mine else set()
    return Season(
        values=fixed
        | {"version": 1, "position": 1, "kind": "csv"}
        | {name: value for name, value in found.items() if value is not None},
        author_id=mine.person_id if mine else None,
        names=frozenset(
            author.full_name
            for author in authors
            if author.full_name not in read and author.full_name not in own
        ),
        phones=frozenset(
            phone[3:]
            for phone in db.session.scalars(
                select(Person.phone).where(Person.id.in_([each.person_id for each in authors]))
            )
            if phone and (mine is None or phone != mine.person.phone)
        ),
        codes=frozenset(codes[1:]),  # the first is in the addresses that are asked for
    )


@pytest.mark.parametrize("stage", list(Stage))
def test_every_page_of_the_essay_line_as_every_person_in_every_stage(
    app: Flask, stage: Stage
) -> None:
    with app.app_context():
        demo.seed(stage=stage, whole_demo=False, now=utc_now(), season=SMALL)
        with unit_of_work():
            season = read_season()
    visitors = {
        key: visitor(app, season.author_id if key == "author" else cast_member(app, key))
        for key in PEOPLE
    }
    rules = [rule for rule in read_routes(app) if rule.endpoint.startswith(ROOMS)]
    found = crawl(app, visitors, lambda rule: address(rule, season.values), rules)
    assert crashes(found) == {}
    column = signs(found)
    assert column == MATRIX.column(stage, column)
    if stage in {Stage.OPEN, Stage.CLOSED, Stage.MARKING, Stage.DECIDED}:
        people = {"an author's name": season.names, "a phone number": season.phones}
        assert standing_in(found, (*OUTSIDE, *JUDGES), people) == []
    if stage in {Stage.MARKING, Stage.DECIDED}:
        assert standing_in(found, OUTSIDE, {"a blind code": season.codes}) == []
