"""Changes of many questions: what they hold, what they would do, what they did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from contest.core.db import db
from question_bank.models import (
    BulkChange,
    BulkChangeRow,
    Question,
    QuestionRevision,
)
from question_bank.organising import Values
from question_bank.queries.question_lists import tags_of


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A question of a change, with its values now (planned) or before and after (done)."""

    public_id: str
    stem: str
    external_id: str | None
    before: Values
    after: Values | None
    refusal: str


def bulk_change_in(bank_id: int, person_id: int, public_id: str) -> BulkChange | None:
    """Return a change that this person planned in this bank, or None."""
    return db.session.scalar(
        select(BulkChange).where(
            BulkChange.bank_id == bank_id,
            BulkChange.person_id == person_id,
            BulkChange.public_id == public_id,
        )
    )


def bulk_change_by_id(change_id: int) -> BulkChange | None:
    """Return a change, for the job that carries it out."""
    return db.session.get(BulkChange, change_id)


def latest_changes(bank_id: int, person_id: int, limit: int = 5) -> list[BulkChange]:
    """Return the latest changes that this person carried out in a bank."""
    return list(
        db.session.scalars(
            select(BulkChange)
            .where(
                BulkChange.bank_id == bank_id,
                BulkChange.person_id == person_id,
                BulkChange.done_at.is_not(None),
            )
            .order_by(BulkChange.id.desc())
            .limit(limit)
        )
    )


def values_of(questions: Iterable[Question]) -> dict[int, Values]:
    """Return what could be changed of questions, by question."""
    known = list(questions)
    tags = tags_of([each.id for each in known])
    return {
        each.id: Values(
            topic=each.topic_id,
            difficulty=each.difficulty.value,
            tags=tags.get(each.id, ()),
            source=each.source_id,
            state=each.state.value,
        )
        for each in known
    }


def bulk_ids(change_id: int, after: int, limit: int) -> list[int]:
    """Return the next questions of a change, by id."""
    return list(
        db.session.scalars(
            select(BulkChangeRow.question_id)
            .where(BulkChangeRow.change_id == change_id, BulkChangeRow.question_id > after)
            .order_by(BulkChangeRow.question_id)
            .limit(limit)
        )
    )


def bulk_page_ids(change_id: int, number: int, size: int) -> list[int]:
    """Return the questions of a page of a change, by id."""
    return list(
        db.session.scalars(
            select(BulkChangeRow.question_id)
            .where(BulkChangeRow.change_id == change_id)
            .order_by(BulkChangeRow.question_id)
            .limit(size)
            .offset((number - 1) * size)
        )
    )


def bulk_rows(change_id: int, ids: Sequence[int]) -> list[BulkChangeRow]:
    """Return the rows of a change for these questions, by question."""
    return list(
        db.session.scalars(
            select(BulkChangeRow)
            .where(BulkChangeRow.change_id == change_id, BulkChangeRow.question_id.in_(list(ids)))
            .order_by(BulkChangeRow.question_id)
        )
    )


def questions_by_id(ids: Sequence[int]) -> list[Question]:
    """Return these questions, by id."""
    return list(
        db.session.scalars(select(Question).where(Question.id.in_(list(ids))).order_by(Question.id))
    )


def bulk_lines(change_id: int, ids: Sequence[int]) -> list[BulkLine]:
    """Return these questions of a change with what they hold now, or held before it."""
    rows = {row.question_id: row for row in bulk_rows(change_id, ids)}
    questions = questions_by_id(ids)
    now = values_of(questions)
    stems = {
        row.id: row.stem
        for row in db.session.execute(
            select(Question.id, QuestionRevision.stem)
            .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
            .where(Question.id.in_(list(ids)))
        )
    }
    return [
        BulkLine(
            public_id=each.public_id,
            stem=stems.get(each.id, ""),
            external_id=each.external_id,
            before=Values.from_json(kept) if (kept := rows[each.id].before) else now[each.id],
            after=Values.from_json(made) if (made := rows[each.id].after) else None,
            refusal=rows[each.id].refusal,
        )
        for each in questions
    ]
