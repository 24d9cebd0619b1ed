"""Questions: the list of a bank with its search, one question, its revisions and comments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, literal, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Person
from contest.core.access import Actor, Permission
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import fold, one_line
from question_bank.models import (
    Difficulty,
    Question,
    QuestionRevision,
    QuestionState,
    QuestionTag,
    Topic,
)
from question_bank.queries.banks import bank_by_slug, branch_of

DIFFICULTY_ORDER: Final = case(
    (Question.difficulty == Difficulty.EASY, 0),
    (Question.difficulty == Difficulty.MEDIUM, 1),
    (Question.difficulty == Difficulty.HARD, 2),
    else_=3,
)
STATE_ORDER: Final = case(
    (Question.state == QuestionState.DRAFT, 0),
    (Question.state == QuestionState.CHECKED, 1),
    (Question.state == QuestionState.APPROVED, 2),
    else_=3,
)
SORTS: Final[dict[str, SQLColumnExpression[Any]]] = {
    "question": Question.search_folded,
    "topic": func.coalesce(Topic.sort_key, literal(b"")),
    "difficulty": DIFFICULTY_ORDER,
    "state": STATE_ORDER,
    "changed": QuestionRevision.id,
}


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """What a list of questions is narrowed to; empty fields let everything through.

    ``words`` are searched without marks in stem, options, code, tags and source; a topic brings
    the topics below it. Retired questions are shown when asked for by state only.
    """

    words: str = ""
    topic_id: int | None = None
    difficulty: Difficulty | None = None
    state: QuestionState | None = None
    kind: str = ""
    tag: str = ""
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in a list."""

    id: int
    public_id: str
    external_id: str | None
    stem: str
    kind: str
    topic: str
    difficulty: Difficulty
    state: QuestionState
    changed_at: datetime
    key_letters: str
    tags: tuple[str, ...]


def question_page(
    bank_id: int, wanted: QuestionFilter, *, page: int = 1, size: int = 50
) -> Page[QuestionRow]:
    """Return one page of a bank's questions (three statements, whatever the number of rows)."""
    # The list is cut on questions alone, then dressed: the count stays a count of one table.
    statement = _filtered(bank_id, wanted)
    order = SORTS.get(wanted.sort)
    ordered: list[SQLColumnExpression[Any]] = (
        [Question.id] if order is None else [order, Question.id]
    )
    if wanted.descending:
        ordered = [column.desc() for column in ordered]
    found = paginate(statement.order_by(*ordered), page=page, size=size)
    return Page(_rows(found.items), found.number, found.size, found.total)


def _filtered(bank_id: int, wanted: QuestionFilter) -> Select[Any]:
    return (
        select(
            Question.id,
            Question.public_id,
            Question.external_id,
            Question.kind,
            Question.difficulty,
            Question.state,
            func.coalesce(Topic.name, "").label("topic"),
            QuestionRevision.stem,
            QuestionRevision.body,
            QuestionRevision.created_at.label("changed_at"),
        )
        .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
        .outerjoin(Topic, Topic.id == Question.topic_id)
        .where(*filter_conditions(bank_id, wanted))
    )


def filter_conditions(bank_id: int, wanted: QuestionFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter, for lists and for changing many questions at once."""
    conditions: list[ColumnElement[bool]] = [Question.bank_id == bank_id]
    if wanted.state is not None:
        conditions.append(Question.state == wanted.state)
    else:
        conditions.append(Question.state != QuestionState.RETIRED)
    if wanted.words:
        conditions.append(contains_folded(Question.search_folded, fold(one_line(wanted.words))))
    if wanted.topic_id is not None:
        conditions.append(Question.topic_id.in_(branch_of(bank_id, wanted.topic_id)))
    if wanted.difficulty is not None:
        conditions.append(Question.difficulty == wanted.difficulty)
    if wanted.kind:
        conditions.append(Question.kind == wanted.kind)
    if wanted.tag:
        tagged = select(QuestionTag.question_id).where(QuestionTag.name == wanted.tag)
        conditions.append(Question.id.in_(tagged))
    return conditions


def _rows(items: Sequence[Any]) -> list[QuestionRow]:
    tags = tags_of([item.id for item in items])
    return [
        QuestionRow(
            id=item.id,
            public_id=item.public_id,
            external_id=item.external_id,
            stem=item.stem,
            kind=item.kind,
            topic=item.topic,
            difficulty=item.difficulty,
            state=item.state,
            changed_at=item.changed_at,
            key_letters=_key_letters(item.body),
            tags=tags.get(item.id, ()),
        )
        for item in items
    ]


def _key_letters(body: dict[str, Any]) -> str:
    """Letters of the key straight from the JSON: a list need not check every body again."""
    key = set(body.get("key", ()))
    options = body.get("options", ())
    return ", ".join(chr(65 + n) for n, option in enumerate(options) if option["id"] in key)


def tags_of(question_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of questions, by question."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(QuestionTag.question_id, QuestionTag.name)
        .where(QuestionTag.question_id.in_(list(question_ids)))
        .order_by(QuestionTag.question_id, QuestionTag.name)
    )
    for row in rows:
        found.setdefault(row.question_id, []).append(row.name)
    return {question_id: tuple(names) for question_id, names in found.items()}


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


def ids_by_filter(bank_id: int, wanted: QuestionFilter) -> list[str]:
    """Return the public ids of all questions that a filter finds."""
    return list(
        db.session.scalars(
            select(Question.public_id)
            .where(*filter_conditions(bank_id, wanted))
            .order_by(Question.id)
        )
    )


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
    statement = _filtered(bank_id, QuestionFilter()).where(Question.stem_digest == stem_digest)
    if except_id is not None:
        statement = statement.where(Question.id != except_id)
    return _rows(db.session.execute(statement.order_by(Question.id).limit(5)).all())
