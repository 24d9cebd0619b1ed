"""Units: created, changed, moved, ended, merged into a successor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from contest.accounts.actions.scopes import create_scope, ensure_system_scope
from contest.accounts.models import (
    Person,
    Scope,
    ScopeKind,
    Unit,
    UnitHeadcount,
    UnitKind,
    UnitSuccession,
    UnitTree,
)
from contest.accounts.refusals import (
    AlreadyEnded,
    CodeTaken,
    DatesCross,
    SameUnit,
    WouldCircle,
)
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import fold, one_line, text_sort_key

_DAY = timedelta(days=1)


def create_unit(
    *,
    code: str,
    name: str,
    kind: UnitKind,
    tree: UnitTree,
    parent: Unit | None,
    actor: Actor | None,
    now: datetime,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Unit:
    """Create a unit with its scope.

    Args:
        code: short and unique, as "LD-BTG".
        name: as people know it.
        kind: what kind of organisation.
        tree: administrative, party, youth or other.
        parent: the unit above, or None.
        actor: who does it; None for the server itself.
        now: the instant of the request.
        valid_from: first day, None when it was always there.
        valid_to: last day, None while it exists.

    Raises:
        CodeTaken: another unit has the code.
        DatesCross: the last day comes before the first.
    """
    _check(code=code, valid_from=valid_from, valid_to=valid_to, but=None)
    above = ensure_system_scope() if parent is None else parent.scope
    scope = create_scope(kind=ScopeKind.UNIT, parent=above)
    unit = Unit(
        code=one_line(code),
        name=one_line(name),
        name_folded=fold(one_line(name)),
        sort_key=text_sort_key(name),
        kind=kind,
        tree=tree,
        parent_id=None if parent is None else parent.id,
        scope_id=scope.id,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    unit.scope = scope
    unit.parent = parent
    db.session.add(unit)
    db.session.flush()
    _record("unit_created", unit, actor, now, {"code": unit.code, "name": unit.name})
    return unit


def _check(*, code: str, valid_from: date | None, valid_to: date | None, but: int | None) -> None:
    taken = db.session.scalar(select(Unit.id).where(Unit.code == one_line(code)))
    if taken is not None and taken != but:
        raise CodeTaken
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise DatesCross


def _record(
    verb: str, unit: Unit, actor: Actor | None, now: datetime, data: Mapping[str, Any]
) -> None:
    audit.record(
        f"accounts.{verb}",
        actor=actor,
        now=now,
        subject=("unit", unit.id),
        scope_id=unit.scope_id,
        data=data,
    )


def edit_unit(
    *,
    unit: Unit,
    code: str,
    name: str,
    kind: UnitKind,
    tree: UnitTree,
    parent: Unit | None,
    valid_from: date | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Change a unit; under another parent it takes its whole branch along.

    Raises:
        CodeTaken: another unit has the code.
        DatesCross: the first day would come after the last.
        WouldCircle: the new parent is the unit itself or stands below it.
    """
    _check(code=code, valid_from=valid_from, valid_to=unit.valid_to, but=unit.id)
    before = {"code": unit.code, "name": unit.name, "parent": unit.parent_id}
    unit.code, unit.name = one_line(code), one_line(name)
    unit.name_folded, unit.sort_key = fold(unit.name), text_sort_key(unit.name)
    unit.kind, unit.tree, unit.valid_from = kind, tree, valid_from
    if (None if parent is None else parent.id) != unit.parent_id:
        _move(unit, parent)
    db.session.flush()
    after = {"code": unit.code, "name": unit.name, "parent": unit.parent_id}
    _record("unit_edited", unit, actor, now, {"before": before, "after": after})


def _move(unit: Unit, parent: Unit | None) -> None:
    """Put a unit and all scopes below its own under another parent."""
    above = ensure_system_scope() if parent is None else parent.scope
    if above.path.startswith(unit.scope.path):
        raise WouldCircle
    old, new = unit.scope.path, f"{above.path}{unit.scope_id}/"
    unit.parent_id = None if parent is None else parent.id
    unit.parent = parent
    unit.scope.parent_id = above.id
    db.session.flush()
    db.session.execute(
        update(Scope)
        .where(Scope.path.startswith(old, autoescape=True))
        .values(path=new + func.substr(Scope.path, len(old) + 1))
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def end_unit(*, unit: Unit, last_day: date, actor: Actor, now: datetime) -> None:
    """Say on which day a unit existed for the last time. People and records stay with it.

    Raises:
        AlreadyEnded: it has a last day already.
        DatesCross: the last day comes before the first.
    """
    if unit.valid_to is not None:
        raise AlreadyEnded
    if unit.valid_from is not None and last_day < unit.valid_from:
        raise DatesCross
    unit.valid_to = last_day
    db.session.flush()
    _record("unit_ended", unit, actor, now, {"last_day": last_day.isoformat()})


@dataclass(frozen=True, slots=True)
class MergeEffect:
    """What a merger moves: people of the unit itself, and units right below it."""

    persons: int
    children: int


def merge_unit(
    *, unit: Unit, into: Unit, on: date, decision: str, actor: Actor, now: datetime
) -> MergeEffect:
    """Let a unit go over into its successor on a day.

    Its people and the units below it move there; registrations, results and head-counts keep
    the unit as it was.

    Args:
        unit: ends on the day before.
        into: takes over.
        on: first day of the new order.
        decision: number of the decision.
        actor: who does it.
        now: the instant of the request.

    Raises:
        SameUnit: a unit cannot follow itself.
        WouldCircle: the successor stands below the unit.
        AlreadyEnded: the unit has ended before.
        DatesCross: the day comes before the unit's first.
    """
    if into.id == unit.id:
        raise SameUnit
    if into.scope.path.startswith(unit.scope.path):
        raise WouldCircle
    end_unit(unit=unit, last_day=on - _DAY, actor=actor, now=now)
    db.session.add(
        UnitSuccession(
            from_unit_id=unit.id, to_unit_id=into.id, happened_on=on, decision=one_line(decision)
        )
    )
    moved = db.session.execute(
        update(Person)
        .where(Person.unit_id == unit.id)
        .values(unit_id=into.id)
        .execution_options(synchronize_session=False)
    )
    children = list(
        db.session.scalars(select(Unit).where(Unit.parent_id == unit.id, Unit.valid_to.is_(None)))
    )
    for child in children:
        _move(child, into)
    effect = MergeEffect(moved.rowcount, len(children))  # type: ignore[attr-defined]
    db.session.expire_all()
    _record(
        "unit_merged",
        unit,
        actor,
        now,
        {
            "into": into.id,
            "on": on.isoformat(),
            "decision": one_line(decision),
            "persons": effect.persons,
            "children": effect.children,
        },
    )
    return effect


def record_headcount(
    *, unit: Unit, counted_on: date, persons: int, actor: Actor | None, now: datetime
) -> None:
    """Keep how many people a branch had on a day; the same day again corrects it."""
    known = db.session.get(UnitHeadcount, (unit.id, counted_on))
    if known is None:
        db.session.add(UnitHeadcount(unit_id=unit.id, counted_on=counted_on, persons=persons))
    else:
        known.persons = persons
    db.session.flush()
    _record(
        "headcount_recorded",
        unit,
        actor,
        now,
        {"on": counted_on.isoformat(), "persons": persons},
    )
