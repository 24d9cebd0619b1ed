"""One question: by its names, its revisions, its twins; and counts of a bank."""

from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from sqlalchemy import (
    func,
    select,
)
from sqlalchemy.orm import joinedload

from contest.accounts.models import Grant, Person
from contest.core.access import Actor, Permission
from contest.core.db import db
from question_bank.models import (
    Question,
    QuestionRevision,
    QuestionState,
)
from question_bank.queries.banks import bank_by_slug
from question_bank.queries.question_lists import IN_USE, QuestionRow, rows_by_id

_IN_ONE_QUERY: Final = 500


def state_counts(bank_id: int) -> dict[QuestionState, int]:
    """Return how many questions of a bank stand in each state."""
    rows = db.session.execute(
        select(Question.state, func.count().label("questions"))
        .where(Question.bank_id == bank_id)
        .group_by(Question.state)
    )
    counts = {row.state: row.questions for row in rows}
    return {state: counts.get(state, 0) for state in QuestionState}


def question_by_public_id(
    actor: Actor, slug: str, public_id: str, permission: Permission = Permission.SEE_BANK
) -> Question | None:
    """Return a question of a bank that the actor may see (or use by another permission)."""
    bank = bank_by_slug(actor, slug, permission)
    if bank is None:
        return None
    return db.session.scalar(
        select(Question)
        .options(joinedload(Question.revision), joinedload(Question.topic))
        .where(Question.bank_id == bank.id, Question.public_id == public_id)
    )


def question_in(bank_id: int, public_id: str) -> Question | None:
    """Return a question of a bank that was found for the actor before, or None."""
    return db.session.scalar(
        select(Question)
        .options(joinedload(Question.revision), joinedload(Question.topic))
        .where(Question.bank_id == bank_id, Question.public_id == public_id)
    )


def questions_by_public_id(bank_id: int, public_ids: Collection[str]) -> list[Question]:
    """Return these questions of a bank, by id; unknown ones are left out."""
    return list(
        db.session.scalars(
            select(Question)
            .where(Question.bank_id == bank_id, Question.public_id.in_(list(public_ids)))
            .order_by(Question.id)
        )
    )


def question_ids(bank_id: int, public_ids: Collection[str]) -> list[int]:
    """Return the keys of these questions of a bank; unknown ones are left out."""
    wanted = list(public_ids)
    found: list[int] = []
    for start in range(0, len(wanted), _IN_ONE_QUERY):
        found += db.session.scalars(
            select(Question.id).where(
                Question.bank_id == bank_id,
                Question.public_id.in_(wanted[start : start + _IN_ONE_QUERY]),
            )
        ).all()
    return sorted(found)


def authors(bank_id: int) -> list[tuple[str, str]]:
    """Return (public id, name) of those who wrote questions of a bank, by name."""
    wrote = select(Question.id).where(
        Question.bank_id == bank_id, Question.created_by_id == Person.id
    )
    # Writers are few and hold roles; from each of them one look at the index.
    rows = db.session.execute(
        select(Person.public_id, Person.full_name)
        .where(Person.id.in_(select(Grant.person_id)), wrote.exists())
        .order_by(Person.sort_key)
    )
    return [(row.public_id, row.full_name) for row in rows]


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision in the history of a question."""

    revision: QuestionRevision
    author: str


def history(question_id: int) -> list[RevisionLine]:
    """Return all revisions of a question, newest first, with who wrote them."""
    rows = db.session.execute(
        select(QuestionRevision, func.coalesce(Person.full_name, "").label("author"))
        .outerjoin(Person, Person.id == QuestionRevision.created_by_id)
        .where(QuestionRevision.question_id == question_id)
        .order_by(QuestionRevision.number.desc())
    )
    return [RevisionLine(row[0], row.author) for row in rows]


def person_names(ids: Collection[int | None]) -> dict[int, str]:
    """Return names of persons by id."""
    wanted = [person_id for person_id in ids if person_id is not None]
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.full_name).where(Person.id.in_(wanted)))
    return {row.id: row.full_name for row in rows}


def external_id_taken(bank_id: int, external_id: str, except_id: int | None) -> bool:
    """Does another question of the bank carry this code?"""
    statement = select(Question.id).where(
        Question.bank_id == bank_id, Question.external_id == external_id
    )
    if except_id is not None:
        statement = statement.where(Question.id != except_id)
    return db.session.scalar(statement) is not None


def twins(bank_id: int, stem_digest: str, except_id: int | None = None) -> list[QuestionRow]:
    """Return questions in use whose stem is the same without marks and signs, at most five."""
    statement = select(Question.id).where(
        Question.bank_id == bank_id,
        Question.state.in_(IN_USE),
        Question.stem_digest == stem_digest,
    )
    if except_id is not None:
        statement = statement.where(Question.id != except_id)
    ids = db.session.scalars(statement.order_by(Question.id).limit(5)).all()
    return sorted(rows_by_id(ids).values(), key=attrgetter("id"))
