"""Registers of older contests, models and projects."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Scope, Unit
from contest.accounts.queries.units import below
from contest.core.access import Actor, Permission
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import fold, one_line
from contest.reports.models import ContestRecord, Project, ProjectCategory, ProjectKind

_BATCH: Final = 1_000


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
    return paginate(_contest_records(actor, text), page=page)


def contest_records_for_export(actor: Actor, text: str) -> Iterator[ContestRecord]:
    """All of them that a search finds, in the order of the page."""
    yield from db.session.scalars(_contest_records(actor, text).execution_options(yield_per=_BATCH))


def _contest_records(actor: Actor, text: str) -> Any:
    statement = _mine(ContestRecord, actor).order_by(
        ContestRecord.held_from.desc(), ContestRecord.id
    )
    if one_line(text):
        statement = statement.where(
            contains_folded(ContestRecord.title_folded, fold(one_line(text)))
        )
    return statement


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What narrows the register of models and projects."""

    text: str = ""
    kind: ProjectKind | None = None
    category: ProjectCategory | None = None


def project_page(actor: Actor, wanted: ProjectFilter, *, page: int = 1) -> Page[Project]:
    """Models and projects of the person's own branches, the newest first."""
    return paginate(_projects(actor, wanted), page=page)


def projects_for_export(actor: Actor, wanted: ProjectFilter) -> Iterator[Project]:
    """All of them that a filter finds, in the order of the page."""
    yield from db.session.scalars(_projects(actor, wanted).execution_options(yield_per=_BATCH))


def _projects(actor: Actor, wanted: ProjectFilter) -> Any:
    statement = _mine(Project, actor).order_by(Project.registered_on.desc(), Project.id)
    if one_line(wanted.text):
        statement = statement.where(
            contains_folded(Project.title_folded, fold(one_line(wanted.text)))
        )
    if wanted.kind is not None:
        statement = statement.where(Project.kind == wanted.kind)
    if wanted.category is not None:
        statement = statement.where(Project.category == wanted.category)
    return statement


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
