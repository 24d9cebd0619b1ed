"""The review: what waits for a reviewer, comments, and the whole history of a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from contest.accounts.models import Scope
from contest.core.access import Actor, Permission
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.paging import Page, paginate
from question_bank.models import (
    Bank,
    Difficulty,
    Question,
    QuestionComment,
    QuestionRevision,
    QuestionState,
    Topic,
)
from question_bank.queries.banks import banks_where
from question_bank.queries.questions import person_names


class Step(StrEnum):
    """What a waiting question waits for."""

    CHECK = "check"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class WaitingFilter:
    """What a reviewer's queue is narrowed to; empty fields let everything through."""

    bank: str = ""
    step: Step | None = None
    kind: str = ""
    difficulty: Difficulty | None = None
    commented: bool = False


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """A question that waits for a reviewer; `open_comments` are those nobody resolved."""

    public_id: str
    stem: str
    kind: str
    bank_slug: str
    bank_name: str
    topic: str
    difficulty: Difficulty
    step: Step
    author: str
    written_at: datetime
    open_comments: int


def _waits_for(actor: Actor, step: Step | None) -> ColumnElement[bool]:
    """Questions of which this person may take the next step; nobody waits for their own."""
    me = actor.person_id
    strict = Bank.two_person_review
    check = and_(
        strict,
        Question.state == QuestionState.DRAFT,
        or_(QuestionRevision.created_by_id.is_(None), QuestionRevision.created_by_id != me),
    )
    checked = and_(
        Question.state == QuestionState.CHECKED,
        or_(~strict, Question.checked_by_id.is_(None), Question.checked_by_id != me),
    )
    approve = or_(checked, and_(~strict, Question.state == QuestionState.DRAFT))
    wanted = {Step.CHECK: check, Step.APPROVE: approve}
    return or_(check, approve) if step is None else wanted[step]


def _open_comments() -> Any:
    return (
        select(func.count())
        .where(QuestionComment.question_id == Question.id, QuestionComment.resolved_at.is_(None))
        .correlate(Question)
        .scalar_subquery()
    )


def waiting_for(actor: Actor, wanted: WaitingFilter, *, page: int = 1) -> Page[WaitingQuestion]:
    """Return what waits for this reviewer in all their banks, the longest waiting first."""
    conditions = [
        banks_where(actor, Permission.REVIEW_QUESTIONS),
        Question.state.in_((QuestionState.DRAFT, QuestionState.CHECKED)),
        _waits_for(actor, wanted.step),
    ]
    comments = _open_comments()
    if wanted.bank:
        conditions.append(Bank.slug == wanted.bank)
    if wanted.kind:
        conditions.append(Question.kind == wanted.kind)
    if wanted.difficulty is not None:
        conditions.append(Question.difficulty == wanted.difficulty)
    if wanted.commented:
        conditions.append(comments > 0)
    found = paginate(
        select(
            Question.public_id,
            Question.kind,
            Question.state,
            Question.difficulty,
            QuestionRevision.stem,
            QuestionRevision.created_by_id,
            QuestionRevision.created_at.label("written_at"),
            Bank.slug.label("bank_slug"),
            Bank.name.label("bank_name"),
            Bank.two_person_review,
            func.coalesce(Topic.name, "").label("topic"),
            comments.label("open_comments"),
        )
        .join(Bank, Bank.id == Question.bank_id)
        .join(Scope, Scope.id == Bank.scope_id)
        .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
        .outerjoin(Topic, Topic.id == Question.topic_id)
        .where(*conditions)
        .order_by(Question.revision_id),
        page=page,
    )
    names = person_names({row.created_by_id for row in found.items})
    rows = [_waiting(row, names.get(row.created_by_id, "")) for row in found.items]
    return Page(rows, found.number, found.size, found.total)


def _waiting(row: Any, author: str) -> WaitingQuestion:
    check = row.two_person_review and row.state is QuestionState.DRAFT
    return WaitingQuestion(
        public_id=row.public_id,
        stem=row.stem,
        kind=row.kind,
        bank_slug=row.bank_slug,
        bank_name=row.bank_name,
        topic=row.topic,
        difficulty=row.difficulty,
        step=Step.CHECK if check else Step.APPROVE,
        author=author,
        written_at=row.written_at,
        open_comments=row.open_comments,
    )


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment on a question, with the number of the revision it speaks about."""

    public_id: str
    author: str
    state: QuestionState
    body: str
    written_at: datetime
    number: int | None
    resolved_at: datetime | None
    resolved_by: str


def comments(question_id: int) -> list[CommentLine]:
    """Return the comments on a question: open ones first, each part oldest first."""
    rows = db.session.execute(
        select(QuestionComment, QuestionRevision.number)
        .outerjoin(QuestionRevision, QuestionRevision.id == QuestionComment.revision_id)
        .where(QuestionComment.question_id == question_id)
        .order_by(QuestionComment.resolved_at.is_not(None), QuestionComment.id)
    ).all()
    names = person_names(
        {person for comment, _n in rows for person in (comment.person_id, comment.resolved_by_id)}
    )
    return [
        CommentLine(
            public_id=comment.public_id,
            author=names.get(comment.person_id, ""),
            state=comment.state,
            body=comment.body,
            written_at=comment.written_at,
            number=number,
            resolved_at=comment.resolved_at,
            resolved_by=names.get(comment.resolved_by_id or 0, ""),
        )
        for comment, number in rows
    ]


def comment_in(bank_id: int, public_id: str) -> tuple[QuestionComment, Question] | None:
    """Return a comment of this bank with its question, or None."""
    row = db.session.execute(
        select(QuestionComment, Question)
        .join(Question, Question.id == QuestionComment.question_id)
        .where(Question.bank_id == bank_id, QuestionComment.public_id == public_id)
    ).first()
    return None if row is None else (row[0], row[1])


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that happened to a question: `what` is the end of the audit event's name."""

    at: datetime
    what: str
    author: str
    data: dict[str, Any]


_SHOWN: tuple[str, ...] = (
    "question_state_changed",
    "question_filed",
    "comment_resolved",
    "comment_reopened",
)


def timeline(question_id: int) -> list[HistoryEntry]:
    """Return everything that happened to a question, newest first: wordings, steps, comments."""
    events = db.session.scalars(
        select(AuditEvent).where(
            AuditEvent.subject_kind == "question",
            AuditEvent.subject_id == question_id,
            AuditEvent.kind.in_([f"question_bank.{name}" for name in _SHOWN]),
        )
    ).all()
    wordings = db.session.scalars(
        select(QuestionRevision).where(QuestionRevision.question_id == question_id)
    ).all()
    said = db.session.scalars(
        select(QuestionComment).where(QuestionComment.question_id == question_id)
    ).all()
    return _in_order(events, wordings, said)


def _in_order(
    events: Sequence[AuditEvent],
    wordings: Sequence[QuestionRevision],
    said: Sequence[QuestionComment],
) -> list[HistoryEntry]:
    names = person_names(
        {event.actor_id for event in events}
        | {revision.created_by_id for revision in wordings}
        | {comment.person_id for comment in said}
    )
    found = [
        (event.happened_at, 1, event.kind.partition(".")[2], event.actor_id, event.data)
        for event in events
    ]
    found += [
        (each.created_at, 0, "revision", each.created_by_id, {"number": each.number})
        for each in wordings
    ]
    found += [(each.written_at, 2, "comment", each.person_id, {"body": each.body}) for each in said]
    found.sort(key=lambda entry: (entry[0], entry[1]), reverse=True)
    return [
        HistoryEntry(at, what, names.get(person or 0, ""), data)
        for at, _order, what, person, data in found
    ]
