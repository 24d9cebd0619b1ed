"""Whose records of persons written about somebody keeps."""

from typing import Final

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Scope, Unit
from contest.accounts.queries.units import below
from contest.contests.models import Contest, Round
from contest.core.access import Actor, Permission
from contest.core.db import db
from contest.submissions.models import (
    Subject,
    Work,
    WorkSubject,
)

KEEPER: Final = Permission.MANAGE_REGISTRATIONS


def covered(actor: Actor) -> Select[int]:
    """Contests whose essays the person keeps."""
    return (
        select(Contest.id)
        .join(Scope, Scope.id == Contest.scope_id)
        .where(below(Scope.path, actor.scopes_where(KEEPER)))
    )


def told_in(contests: Select[int]) -> Select[int]:
    """Subjects of essays in these contests."""
    return (
        select(WorkSubject.subject_id)
        .join(Work, Work.id == WorkSubject.work_id)
        .join(Round, Round.id == Work.round_id)
        .where(Round.contest_id.in_(contests))
    )


def seen(actor: Actor) -> ColumnElement[bool]:
    """Of `Subject`: that the person keeps the record, or essays about it."""
    register = (
        select(Unit.id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(below(Scope.path, actor.scopes_where(KEEPER)))
    )
    return or_(Subject.register_unit_id.in_(register), Subject.id.in_(told_in(covered(actor))))


def live() -> ColumnElement[bool]:
    """Of `Subject`: that the record stands for itself and was not erased."""
    return and_(Subject.merged_into_id.is_(None), Subject.erased_at.is_(None))


def kept_subject(actor: Actor, public_id: str) -> Subject | None:
    """A person written about whom the reader keeps; one merged into another too."""
    return db.session.scalar(
        select(Subject)
        .where(Subject.public_id == public_id, seen(actor))
        .options(
            joinedload(Subject.unit),
            joinedload(Subject.person),
            joinedload(Subject.register_unit).joinedload(Unit.scope),
        )
    )


def subject_by_id(subject_id: int) -> Subject | None:
    """A record by its key, without asking who wants it: for following a merger."""
    return db.session.get(Subject, subject_id)


def may_decide(actor: Actor, subject: Subject) -> bool:
    """Whether the person may change the record: it is their unit's, or all essays are theirs."""
    unit = subject.register_unit
    if unit is not None and actor.may(KEEPER, unit.scope.path):
        return True
    mine = set(_contests_about(subject.id))
    return bool(mine) and mine <= set(db.session.scalars(covered(actor)))


def _contests_about(subject_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(Round.contest_id)
            .join(Work, Work.round_id == Round.id)
            .join(WorkSubject, WorkSubject.work_id == Work.id)
            .where(WorkSubject.subject_id == subject_id)
            .distinct()
        )
    )
