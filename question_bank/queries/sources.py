"""Documents that questions cite, what has lapsed, and what is cited but not on the list."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from contest.core.db import db
from question_bank.models import Question, QuestionRevision, QuestionSource, QuestionState

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A document with how many questions in use, and approved ones, cite it."""

    source: QuestionSource
    questions: int
    approved: int
    has_lapsed: bool


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A source line of questions that cites no document on the list."""

    text: str
    questions: int


def sources(bank_id: int, today: date) -> list[SourceLine]:
    """Return the documents of a bank, lapsed ones that are still cited first."""
    counts = (
        select(
            Question.source_id,
            func.count().label("questions"),
            func.sum(case((Question.state == QuestionState.APPROVED, 1), else_=0)).label(
                "approved"
            ),
        )
        .where(Question.bank_id == bank_id, Question.state != QuestionState.RETIRED)
        .group_by(Question.source_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            QuestionSource,
            func.coalesce(counts.c.questions, 0),
            func.coalesce(counts.c.approved, 0),
        )
        .outerjoin(counts, counts.c.source_id == QuestionSource.id)
        .where(QuestionSource.bank_id == bank_id)
        .order_by(QuestionSource.citation_folded)
    )
    lines = [
        SourceLine(source, questions, int(approved), has_lapsed(source, today))
        for source, questions, approved in rows
    ]
    return sorted(lines, key=lambda line: not (line.has_lapsed and line.questions))


def has_lapsed(source: QuestionSource, today: date) -> bool:
    """Whether the last day of a document is over."""
    return source.valid_to is not None and source.valid_to < today


def source_in(bank_id: int, public_id: str) -> QuestionSource | None:
    """Return a document of this bank, or None."""
    return db.session.scalar(
        select(QuestionSource).where(
            QuestionSource.bank_id == bank_id, QuestionSource.public_id == public_id
        )
    )


def source_of(source_id: int | None) -> QuestionSource | None:
    """Return a document by its key, or None."""
    return None if source_id is None else db.session.get(QuestionSource, source_id)


def source_choices(bank_id: int) -> list[tuple[int, str]]:
    """Return (key, citation) of the documents of a bank, for a select."""
    rows = db.session.execute(
        select(QuestionSource.id, QuestionSource.citation)
        .where(QuestionSource.bank_id == bank_id)
        .order_by(QuestionSource.citation_folded)
    )
    return [(row.id, row.citation) for row in rows]


def citations(bank_id: int) -> list[tuple[int, str]]:
    """Return (key, folded words) of the documents of a bank, for finding them in source lines."""
    rows = db.session.execute(
        select(QuestionSource.id, QuestionSource.citation_folded).where(
            QuestionSource.bank_id == bank_id
        )
    )
    return [(row.id, row.citation_folded) for row in rows]


def source_lines(bank_id: int) -> list[tuple[int, int | None, str]]:
    """Return (question, its document, its source line) of the questions that name a source."""
    rows = db.session.execute(
        select(Question.id, Question.source_id, QuestionRevision.source)
        .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
        .where(Question.bank_id == bank_id, QuestionRevision.source != "")
    )
    return [(row.id, row.source_id, row.source) for row in rows]


def unlisted(bank_id: int) -> list[Unlisted]:
    """Return the source lines that cite no document on the list, the most used first."""
    number = func.count().label("questions")
    rows = db.session.execute(
        select(QuestionRevision.source, number)
        .join(Question, Question.revision_id == QuestionRevision.id)
        .where(
            Question.bank_id == bank_id,
            Question.source_id.is_(None),
            Question.state != QuestionState.RETIRED,
            QuestionRevision.source != "",
        )
        .group_by(QuestionRevision.source)
        .order_by(number.desc(), QuestionRevision.source)
        .limit(_SHOWN)
    )
    return [Unlisted(row.source, row.questions) for row in rows]


def lapsed_count(bank_id: int, today: date) -> int:
    """Return how many approved questions cite a document that has lapsed."""
    lapsed = select(QuestionSource.id).where(
        QuestionSource.bank_id == bank_id, QuestionSource.valid_to < today
    )
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Question)
            .where(
                Question.bank_id == bank_id,
                Question.state == QuestionState.APPROVED,
                Question.source_id.in_(lapsed),
            )
        )
        or 0
    )
