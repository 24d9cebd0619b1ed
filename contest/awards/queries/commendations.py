"""The register of commendations: search, filters, one row, files read into it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Scope, Unit
from contest.accounts.queries.units import all_units, below
from contest.awards.models import (
    AwardForm,
    Commendation,
    ImportState,
    Level,
    RecipientKind,
    RegisterImport,
)
from contest.awards.rules.commendations import decision_key
from contest.awards.rules.unit_book import UnitBook
from contest.core.access import Actor, Permission
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import fold, one_line

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What narrows the register.

    Attributes:
        text: words of names, or a decision's number.
        unit: only recipients of this unit and its branch, as it was then.
        decided_from: first day of the decision; `decided_to` the last.
        honoured_from: the award period ends on this day or later; `honoured_to`: it begins on
            this day or earlier.
        revoked: None both, else only revoked or only standing ones.
        leaders: only leaders.
    """

    text: str = ""
    unit: Unit | None = None
    level: Level | None = None
    form: AwardForm | None = None
    kind: RecipientKind | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    honoured_from: date | None = None
    honoured_to: date | None = None
    revoked: bool | None = None
    leaders: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return self == RegisterFilter()


def unit_book() -> UnitBook:
    """All units there are or were; one statement."""
    return UnitBook(all_units())


def decision_matches(text: str) -> ColumnElement[bool]:
    """Whether a decision's number holds what was typed, whatever the separators."""
    key = decision_key(text)
    padded = "-" + Commendation.decision_key + "-"
    return padded.contains(f"-{key}-", autoescape=True)


def in_branch(column: ColumnElement[str] | Any, unit_id: int) -> ColumnElement[bool]:
    """Whether a path of ids "/12/5/1/" leads through a unit."""
    found: ColumnElement[bool] = column.contains(f"/{unit_id}/", autoescape=True)
    return found


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    return below(Scope.path, actor.scopes_where(Permission.SEE_REPORTS))


def _narrowed(statement: Any, wanted: RegisterFilter) -> Any:
    row = Commendation
    conditions: list[Any] = []
    text = one_line(wanted.text)
    if text:
        words = contains_folded(row.name_folded + " " + row.unit_folded, fold(text))
        has_digit = any(sign.isdigit() for sign in text)
        conditions.append(
            or_(words, decision_matches(text)) if has_digit or "/" in text or "-" in text else words
        )
    conditions += [
        compare(value)
        for value, compare in (
            (wanted.level, row.level.__eq__),
            (wanted.form, row.form.__eq__),
            (wanted.kind, row.recipient_kind.__eq__),
            (wanted.decided_from, row.decided_on.__ge__),
            (wanted.decided_to, row.decided_on.__le__),
            (wanted.honoured_from, row.period_to.__ge__),
            (wanted.honoured_to, row.period_from.__le__),
        )
        if value is not None
    ]
    if wanted.unit is not None:
        conditions.append(in_branch(row.unit_ids, wanted.unit.id))
    if wanted.revoked is not None:
        conditions.append(row.revoked_at.is_not(None) == wanted.revoked)
    if wanted.leaders:
        conditions.append(row.is_leader.is_(True))
    return statement.where(*conditions)


def _register(actor: Actor) -> Select[Commendation]:
    return (
        select(Commendation)
        .join(Unit, Unit.id == Commendation.register_unit_id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(_seen_by(actor))
    )


def commendation_page(actor: Actor, wanted: RegisterFilter, *, page: int = 1) -> Page[Commendation]:
    """A page of the register of the person's own branches, the newest decisions first."""
    statement = _narrowed(_register(actor), wanted).order_by(
        Commendation.decided_on.desc(), Commendation.sort_key, Commendation.id
    )
    return paginate(statement, page=page)


def register_counts(actor: Actor, wanted: RegisterFilter) -> list[tuple[Level, str, int, int]]:
    """Level, kind, recognitions and distinct recipients of what a filter finds."""
    counted = (
        _narrowed(
            select(
                Commendation.level,
                Commendation.recipient_kind,
                func.count(),
                func.count(Commendation.recipient_key.distinct()),
            )
            .join(Unit, Unit.id == Commendation.register_unit_id)
            .join(Scope, Scope.id == Unit.scope_id)
            .where(_seen_by(actor)),
            wanted,
        )
        .where(Commendation.revoked_at.is_(None))
        .group_by(Commendation.level, Commendation.recipient_kind)
    )
    return [(row[0], row[1].value, row[2], row[3]) for row in db.session.execute(counted)]


def commendations_for_export(actor: Actor, wanted: RegisterFilter) -> Iterator[Commendation]:
    """All rows that a filter finds, batch by batch, in the order of the page."""
    statement = _narrowed(_register(actor), wanted).order_by(
        Commendation.decided_on.desc(), Commendation.sort_key, Commendation.id
    )
    yield from db.session.scalars(statement.execution_options(yield_per=_BATCH))


def seen_commendation(actor: Actor, public_id: str) -> Commendation | None:
    """A row that this person may see, or None."""
    return db.session.scalar(
        _register(actor)
        .where(Commendation.public_id == public_id)
        .options(joinedload(Commendation.unit))
    )


def register_unit(actor: Actor, public_id: str) -> Unit | None:
    """A unit whose registers this person keeps, or None."""
    return db.session.scalar(
        select(Unit)
        .join(Unit.scope)
        .where(
            Unit.public_id == public_id,
            below(Scope.path, actor.scopes_where(Permission.MANAGE_REGISTERS)),
        )
    )


def kept_units(actor: Actor) -> list[Unit]:
    """The highest units whose registers this person keeps."""
    paths = actor.scopes_where(Permission.MANAGE_REGISTERS)
    tops = db.session.scalars(
        select(Unit).join(Unit.scope).where(Scope.path.in_(paths)).order_by(Unit.sort_key)
    ).all()
    if tops:
        return list(tops)
    return list(
        db.session.scalars(
            select(Unit)
            .join(Unit.scope)
            .where(below(Scope.path, paths), Unit.parent_id.is_(None))
            .order_by(Unit.sort_key)
        )
    )


def standing_keys(decision_keys: Collection[str]) -> dict[tuple[str, date, str], str]:
    """Decision number of the rows that stand, by (decision key, day, recipient key)."""
    found: dict[tuple[str, date, str], str] = {}
    keys = sorted(decision_keys)
    for start in range(0, len(keys), _BATCH):
        rows = db.session.execute(
            select(
                Commendation.decision_key,
                Commendation.decided_on,
                Commendation.recipient_key,
                Commendation.decision_number,
            ).where(
                Commendation.decision_key.in_(keys[start : start + _BATCH]),
                Commendation.revoked_at.is_(None),
            )
        )
        found |= {(row[0], row[1], row[2]): row[3] for row in rows}
    return found


def kept_import(actor: Actor, register: str, public_id: str) -> RegisterImport | None:
    """A file read for a register that this person keeps, or None."""
    return db.session.scalar(
        select(RegisterImport)
        .join(Unit, Unit.id == RegisterImport.unit_id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(
            RegisterImport.public_id == public_id,
            RegisterImport.register == register,
            below(Scope.path, actor.scopes_where(Permission.MANAGE_REGISTERS)),
        )
    )


def waiting_imports(actor: Actor, register: str) -> list[RegisterImport]:
    """Files that nobody has dealt with yet, the newest first."""
    return list(
        db.session.scalars(
            select(RegisterImport)
            .join(Unit, Unit.id == RegisterImport.unit_id)
            .join(Scope, Scope.id == Unit.scope_id)
            .where(
                RegisterImport.register == register,
                RegisterImport.state == ImportState.READY,
                below(Scope.path, actor.scopes_where(Permission.MANAGE_REGISTERS)),
            )
            .order_by(RegisterImport.id.desc())
        )
    )
