"""Requests about personal data: one's own, and the queue of those who answer them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Person, RequestKind, RequestState, Scope, SubjectRequest, Unit
from contest.accounts.queries.units import below
from contest.accounts.rules.subject_requests import OPEN_STATES
from contest.core.access import Actor, Permission
from contest.core.db import db
from contest.core.files import StoredFile
from contest.core.paging import Page, paginate


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """How many requests wait, for the queue's head."""

    open: int
    overdue: int


def own_requests(person_id: int) -> Sequence[SubjectRequest]:
    """Everything a person has asked for but copies, the newest first."""
    return db.session.scalars(
        select(SubjectRequest)
        .where(SubjectRequest.person_id == person_id, SubjectRequest.kind != RequestKind.COPY)
        .order_by(SubjectRequest.id.desc())
    ).all()


def own_request(person_id: int, public_id: str) -> SubjectRequest | None:
    """One of a person's own requests."""
    return db.session.scalar(
        select(SubjectRequest).where(
            SubjectRequest.public_id == public_id, SubjectRequest.person_id == person_id
        )
    )


def open_request(person_id: int, kind: RequestKind) -> SubjectRequest | None:
    """The request of a kind that is still being looked at."""
    return db.session.scalar(
        select(SubjectRequest).where(
            SubjectRequest.person_id == person_id,
            SubjectRequest.kind == kind,
            SubjectRequest.state.in_(OPEN_STATES),
        )
    )


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """A copy of one's data: being made, or ready until a moment."""

    request: SubjectRequest
    byte_size: int | None


def own_copies(person_id: int, now: datetime) -> list[OwnCopy]:
    """Copies that are being made or can still be fetched, the newest first."""
    rows = db.session.execute(
        select(SubjectRequest, StoredFile.byte_size)
        .outerjoin(StoredFile, StoredFile.id == SubjectRequest.file_id)
        .where(
            SubjectRequest.person_id == person_id,
            SubjectRequest.kind == RequestKind.COPY,
            or_(SubjectRequest.state.in_(OPEN_STATES), SubjectRequest.file_until > now),
        )
        .order_by(SubjectRequest.id.desc())
    )
    return [OwnCopy(row[0], row[1]) for row in rows]


def own_copy(person_id: int, public_id: str, now: datetime) -> SubjectRequest | None:
    """A copy that this person may fetch now."""
    return db.session.scalar(
        select(SubjectRequest).where(
            SubjectRequest.public_id == public_id,
            SubjectRequest.person_id == person_id,
            SubjectRequest.kind == RequestKind.COPY,
            SubjectRequest.file_id.is_not(None),
            SubjectRequest.file_until > now,
        )
    )


def copies_since(person_id: int, instant: datetime) -> int:
    """How many copies were asked for since an instant."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(SubjectRequest)
            .where(
                SubjectRequest.person_id == person_id,
                SubjectRequest.kind == RequestKind.COPY,
                SubjectRequest.filed_at > instant,
            )
        )
        or 0
    )


def _theirs(actor: Actor) -> ColumnElement[bool]:
    """Requests of people whom the asker looks after; of people without a unit, the platform's."""
    mine = below(Scope.path, actor.scopes_where(Permission.MANAGE_PEOPLE))
    if actor.scopes_where(Permission.MANAGE_PLATFORM):
        return or_(mine, SubjectRequest.unit_id.is_(None))
    return mine


def _managed(actor: Actor) -> Select[SubjectRequest]:
    return (
        select(SubjectRequest)
        .outerjoin(Unit, Unit.id == SubjectRequest.unit_id)
        .outerjoin(Scope, Scope.id == Unit.scope_id)
        .where(SubjectRequest.kind != RequestKind.COPY, _theirs(actor))
    )


def request_page(
    actor: Actor, *, settled: bool, page: int = 1, size: int = 50
) -> Page[SubjectRequest]:
    """The queue: what is due first stands first; or what was settled, the newest first."""
    statement = _managed(actor).options(
        joinedload(SubjectRequest.person), joinedload(SubjectRequest.unit)
    )
    if settled:
        statement = statement.where(SubjectRequest.state.not_in(OPEN_STATES)).order_by(
            SubjectRequest.finished_at.desc(), SubjectRequest.id.desc()
        )
    else:
        statement = statement.where(SubjectRequest.state.in_(OPEN_STATES)).order_by(
            SubjectRequest.finish_due_at, SubjectRequest.id
        )
    return paginate(statement, page=page, size=size)


def managed_request(actor: Actor, public_id: str) -> SubjectRequest | None:
    """A request that the asker may answer, or None."""
    return db.session.scalar(
        _managed(actor)
        .where(SubjectRequest.public_id == public_id)
        .options(joinedload(SubjectRequest.person), joinedload(SubjectRequest.unit))
    )


def open_counts(actor: Actor, now: datetime) -> OpenCounts:
    """How many requests wait for the asker, and how many of them are late."""
    late = or_(
        SubjectRequest.finish_due_at <= now,
        and_(SubjectRequest.state == RequestState.RECEIVED, SubjectRequest.confirm_due_at <= now),
    )
    rows = _managed(actor).where(SubjectRequest.state.in_(OPEN_STATES)).subquery()
    late_rows = _managed(actor).where(SubjectRequest.state.in_(OPEN_STATES), late).subquery()
    return OpenCounts(
        db.session.scalar(select(func.count()).select_from(rows)) or 0,
        db.session.scalar(select(func.count()).select_from(late_rows)) or 0,
    )


def erased_ids(person_ids: Sequence[int]) -> set[int]:
    """Those of some persons whose data were erased."""
    return set(
        db.session.scalars(
            select(Person.id).where(Person.id.in_(person_ids), Person.erased_at.is_not(None))
        )
    )
