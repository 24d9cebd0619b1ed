"""Registers of older contests, models and projects."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Scope, Unit
from contest.accounts.queries.units import below
from contest.core.access import Actor, Permission
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import fold, one_line
from contest.reports.models import ContestRecord, Project, ProjectCategory, ProjectKind


def _mine(table: Any, actor: Actor) -> Any:
    return (
        select(table)
        .join(Unit, Unit.id == table.unit_id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(below(Scope.path, actor.scopes_where(Permission.SEE_REPORTS)))
        .options(joinedload(table.unit))
    )


def contest_record_page(actor: Actor, text: str, *, page: int = 1) -> Page[ContestRecord]:
    """Older contests of the person's own branches, the newest first."""
    statement = _mine(ContestRecord, actor).order_by(
        ContestRecord.held_from.desc(), ContestRecord.id
    )
    if one_line(text):
        statement = statement.where(
            contains_folded(ContestRecord.title_folded, fold(one_line(text)))
        )
    return paginate(statement, page=page)


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What narrows the register of models and projects."""

    text: str = ""
    kind: ProjectKind | None = None
    category: ProjectCategory | None = None


def project_page(actor: Actor, wanted: ProjectFilter, *, page: int = 1) -> Page[Project]:
    """Models and projects of the person's own branches, the newest first."""
    statement = _mine(Project, actor).order_by(Project.registered_on.desc(), Project.id)
    if one_line(wanted.text):
        statement = statement.where(
            contains_folded(Project.title_folded, fold(one_line(wanted.text)))
        )
    if wanted.kind is not None:
        statement = statement.where(Project.kind == wanted.kind)
    if wanted.category is not None:
        statement = statement.where(Project.category == wanted.category)
    return paginate(statement, page=page)


def project_counts(actor: Actor) -> tuple[int, int]:
    """Models and projects, and the units that registered them: two counts."""
    row = db.session.execute(
        select(func.count(Project.id), func.count(Project.unit_id.distinct()))
        .join(Unit, Unit.id == Project.unit_id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(below(Scope.path, actor.scopes_where(Permission.SEE_REPORTS)))
    ).one()
    return row[0], row[1]


def kept_project(actor: Actor, public_id: str) -> Project | None:
    """A project whose unit's registers this person keeps, or None."""
    return db.session.scalar(
        select(Project)
        .join(Unit, Unit.id == Project.unit_id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(
            Project.public_id == public_id,
            below(Scope.path, actor.scopes_where(Permission.MANAGE_REGISTERS)),
        )
    )


def kept_contest_record(actor: Actor, public_id: str) -> ContestRecord | None:
    """A record of a contest whose unit's registers this person keeps, or None."""
    return db.session.scalar(
        select(ContestRecord)
        .join(Unit, Unit.id == ContestRecord.unit_id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(
            ContestRecord.public_id == public_id,
            below(Scope.path, actor.scopes_where(Permission.MANAGE_REGISTERS)),
        )
    )
