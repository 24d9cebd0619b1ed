"""Units: one, a branch to choose from, a path, a search."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from contest.accounts.models import (
    Person,
    Scope,
    ScopeKind,
    Unit,
    UnitHeadcount,
    UnitSuccession,
)
from contest.accounts.rules import (
    UnitChoice,
    UnitNode,
    UnitPath,
    tree_choices,
    unit_path_of,
)
from contest.core.access import Actor, Permission
from contest.core.db import contains_folded, db
from contest.core.vietnamese import fold, one_line


def system_scope() -> Scope | None:
    """The scope above all others, once something has been created."""
    return db.session.scalar(select(Scope).where(Scope.kind == ScopeKind.SYSTEM))


def below(
    column: ColumnElement[str] | InstrumentedAttribute[str], paths: Iterable[str]
) -> ColumnElement[bool]:
    """Whether a scope path lies on or below one of `paths`; nothing does when there are none."""
    conditions = [column.startswith(path, autoescape=True) for path in paths]
    return or_(*conditions) if conditions else literal(value=False)


def unit_by_public_id(public_id: str) -> Unit | None:
    """A unit by the id of its URL."""
    return db.session.scalar(select(Unit).where(Unit.public_id == public_id))


def unit_by_code(code: str) -> Unit | None:
    """A unit by its code."""
    return db.session.scalar(select(Unit).where(Unit.code == code))


def all_units() -> list[UnitNode]:
    """Every unit there is or was, as the tree needs them; one statement."""
    rows = db.session.execute(
        select(
            Unit.id,
            Unit.public_id,
            Unit.code,
            Unit.name,
            Unit.sort_key,
            Unit.parent_id,
            Unit.valid_from,
            Unit.valid_to,
        )
    )
    return [UnitNode(*row) for row in rows]


def unit_choices(root_unit_id: int | None = None, *, on: date) -> list[UnitChoice]:
    """The units that exist on a day, in the order of the tree with their depth.

    Args:
        root_unit_id: only this unit and what is below it.
        on: the day.
    """
    roots = None if root_unit_id is None else [root_unit_id]
    return tree_choices(all_units(), root_ids=roots, on=on)


def branch_choices(root_unit_ids: Collection[int], *, on: date) -> list[UnitChoice]:
    """As `unit_choices`, for several branches."""
    return tree_choices(all_units(), root_ids=root_unit_ids, on=on)


def unit_paths(unit_ids: Collection[int]) -> dict[int, UnitPath]:
    """The paths of many units in one statement."""
    if not unit_ids:
        return {}
    chain = (
        select(
            Unit.id.label("leaf"),
            Unit.id.label("unit_id"),
            Unit.name.label("name"),
            Unit.parent_id.label("parent_id"),
            literal(0).label("step"),
        )
        .where(Unit.id.in_(set(unit_ids)))
        .cte("chain", recursive=True)
    )
    chain = chain.union_all(
        select(chain.c.leaf, Unit.id, Unit.name, Unit.parent_id, chain.c.step + 1).where(
            Unit.id == chain.c.parent_id
        )
    )
    found: dict[int, list[tuple[int, str]]] = {}
    rows = db.session.execute(
        select(chain.c.leaf, chain.c.unit_id, chain.c.name).order_by(chain.c.leaf, chain.c.step)
    )
    for leaf, unit_id, name in rows:
        found.setdefault(leaf, []).append((unit_id, name))
    return {leaf: unit_path_of(pairs) for leaf, pairs in found.items()}


def unit_path(unit: Unit) -> UnitPath:
    """A unit's names and ids from near to far."""
    return unit_paths([unit.id])[unit.id]


def units_below(unit_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """By unit, its own id and those of every unit below it, in one statement."""
    if not unit_ids:
        return {}
    tree = (
        select(Unit.id.label("root"), Unit.id.label("unit_id"))
        .where(Unit.id.in_(set(unit_ids)))
        .cte("tree", recursive=True)
    )
    tree = tree.union_all(select(tree.c.root, Unit.id).where(Unit.parent_id == tree.c.unit_id))
    found: dict[int, set[int]] = {}
    for root, unit_id in db.session.execute(select(tree.c.root, tree.c.unit_id)):
        found.setdefault(root, set()).add(unit_id)
    return {root: frozenset(units) for root, units in found.items()}


def search_units(text: str, *, on: date | None = None, limit: int = 50) -> list[Unit]:
    """Units whose name or code holds the words typed, with or without marks.

    Args:
        text: what was typed.
        on: only units that exist on this day.
        limit: at most so many.
    """
    return list(db.session.scalars(_matching(text, on=on).limit(limit)))


def _matching(text: str, *, on: date | None) -> Select[Unit]:
    folded = fold(one_line(text))
    statement = select(Unit).order_by(Unit.sort_key)
    if folded:
        statement = statement.where(
            or_(contains_folded(Unit.name_folded, folded), func.lower(Unit.code) == folded)
        )
    if on is not None:
        statement = statement.where(
            or_(Unit.valid_from.is_(None), Unit.valid_from <= on),
            or_(Unit.valid_to.is_(None), Unit.valid_to >= on),
        )
    return statement


def managed_unit(actor: Actor, public_id: str) -> Unit | None:
    """A unit that this person looks after, or None."""
    return db.session.scalar(
        select(Unit)
        .join(Unit.scope)
        .where(
            Unit.public_id == public_id,
            below(Scope.path, actor.scopes_where(Permission.MANAGE_UNITS)),
        )
        .options(joinedload(Unit.parent))
    )


def search_managed_units(actor: Actor, text: str, *, limit: int = 100) -> list[Unit]:
    """Units of the person's own branches by words of their name, ended ones too."""
    return list(
        db.session.scalars(
            _matching(text, on=None)
            .join(Unit.scope)
            .where(below(Scope.path, actor.scopes_where(Permission.MANAGE_UNITS)))
            .limit(limit)
        )
    )


@dataclass(frozen=True, slots=True)
class UnitDetails:
    """What the page of a unit shows beside the unit itself."""

    path: UnitPath
    children: list[Unit]
    persons_here: int
    persons_branch: int
    headcounts: list[UnitHeadcount]
    successors: list[UnitSuccession]
    predecessors: list[UnitSuccession]
    names: dict[int, Unit]


def unit_details(unit: Unit) -> UnitDetails:
    """Children, people, head-counts and successions of a unit."""
    session = db.session
    children = list(
        session.scalars(select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.sort_key))
    )
    headcounts = list(
        session.scalars(
            select(UnitHeadcount)
            .where(UnitHeadcount.unit_id == unit.id)
            .order_by(UnitHeadcount.counted_on.desc())
        )
    )
    moves = list(
        session.scalars(
            select(UnitSuccession).where(
                or_(UnitSuccession.from_unit_id == unit.id, UnitSuccession.to_unit_id == unit.id)
            )
        )
    )
    others = {move.from_unit_id for move in moves} | {move.to_unit_id for move in moves}
    names = {other.id: other for other in session.scalars(select(Unit).where(Unit.id.in_(others)))}
    here, branch = count_people(unit)
    return UnitDetails(
        unit_path(unit),
        children,
        here,
        branch,
        headcounts,
        [move for move in moves if move.from_unit_id == unit.id],
        [move for move in moves if move.to_unit_id == unit.id],
        names,
    )


def count_people(unit: Unit) -> tuple[int, int]:
    """How many people belong to a unit itself, and to it with everything below."""
    row = db.session.execute(
        select(
            func.count().filter(Person.unit_id == unit.id),
            func.count(),
        )
        .select_from(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(
            and_(
                Scope.path.startswith(unit.scope.path, autoescape=True),
                Person.merged_into_id.is_(None),
            )
        )
    ).one()
    return row[0], row[1]


def unit_rows() -> list[dict[str, str | None]]:
    """All units as commands list them: code, name, kind and the parent's code, by code."""
    parent = aliased(Unit)
    rows = db.session.execute(
        select(Unit.code, Unit.name, Unit.kind, parent.code.label("parent"))
        .outerjoin(parent, parent.id == Unit.parent_id)
        .order_by(Unit.code)
    )
    return [
        {"code": row.code, "name": row.name, "kind": row.kind.value, "parent": row.parent}
        for row in rows
    ]
