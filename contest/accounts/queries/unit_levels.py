"""The tree of units as its page shows it: whole while it is small, else the levels that open."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from contest.accounts.models import Scope, Unit
from contest.accounts.queries.units import below, managed_unit, unit_path
from contest.accounts.rules import UnitNode, children_of, exists_on
from contest.core.access import Actor, Permission
from contest.core.db import db

WHOLE: Final = 200
"""A tree of so many units is sent whole."""
MOST_BELOW: Final = 200
"""Of a unit with more units below it the first ones are shown; the rest are searched for."""
_FEW_ROOTS: Final = 3
_NODE: Final = (
    Unit.id,
    Unit.public_id,
    Unit.code,
    Unit.name,
    Unit.sort_key,
    Unit.parent_id,
    Unit.valid_from,
    Unit.valid_to,
)


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A unit with what is below it, as the page of the tree shows it.

    Attributes:
        unit: the unit.
        is_there: whether it exists today.
        children: units directly below that are sent with the page.
        below: how many there are directly below.
    """

    unit: UnitNode
    is_there: bool
    children: list["TreeNode"]
    below: int


@dataclass(frozen=True, slots=True)
class UnitTreePage:
    """The trees of somebody's branches; `is_whole` when nothing of them is left out."""

    tops: list[TreeNode]
    is_whole: bool


def managed_tree(actor: Actor, *, on: date, opened: str = "") -> UnitTreePage:
    """The units of the person's own branches, nested.

    Args:
        actor: who looks after them.
        on: the day on which units exist or not.
        opened: public id of the unit that is open with everything above it, in a large tree.
    """
    paths = actor.scopes_where(Permission.MANAGE_UNITS)
    nodes = _nodes(select(*_NODE).join(Unit.scope).where(below(Scope.path, paths)), WHOLE + 1)
    if len(nodes) <= WHOLE:
        known = {node.id for node in nodes}
        tops = [node for node in nodes if node.parent_id not in known]
        return UnitTreePage(_grown(tops, nodes, {}, on), is_whole=True)
    tops = _tops(paths)
    shown = _below(_open_ids(actor, tops, opened))
    counts = _counts([node.id for node in (*tops, *shown)])
    return UnitTreePage(_grown(tops, shown, counts, on), is_whole=False)


def _nodes(statement: Select[*tuple[Any, ...]], most: int) -> list[UnitNode]:
    rows = db.session.execute(statement.order_by(Unit.sort_key, Unit.id).limit(most))
    return [UnitNode(*row) for row in rows]


def _tops(paths: Collection[str]) -> list[UnitNode]:
    """The highest units of the branches."""
    above, scope_above = aliased(Unit), aliased(Scope)
    return _nodes(
        select(*_NODE)
        .join(Unit.scope)
        .outerjoin(above, above.id == Unit.parent_id)
        .outerjoin(scope_above, scope_above.id == above.scope_id)
        .where(
            below(Scope.path, paths),
            or_(Unit.parent_id.is_(None), ~below(scope_above.path, paths)),
        ),
        MOST_BELOW,
    )


def _open_ids(actor: Actor, tops: Sequence[UnitNode], opened: str) -> set[int]:
    """Units whose next level is shown: few highest ones, and the way to the one that was opened."""
    ids = {node.id for node in tops} if len(tops) <= _FEW_ROOTS else set()
    unit = managed_unit(actor, opened) if opened else None
    if unit is not None:
        ids |= {int(part) for part in unit_path(unit).ids.split("/") if part}
    return ids


def _below(parent_ids: Collection[int]) -> list[UnitNode]:
    """The first units below each of these; those that are open themselves are always there."""
    place = func.row_number().over(partition_by=Unit.parent_id, order_by=(Unit.sort_key, Unit.id))
    ranked = select(Unit.id, place.label("place")).where(Unit.parent_id.in_(parent_ids)).subquery()
    rows = db.session.execute(
        select(*_NODE)
        .join(ranked, ranked.c.id == Unit.id)
        .where(or_(ranked.c.place <= MOST_BELOW, Unit.id.in_(parent_ids)))
    )
    return [UnitNode(*row) for row in rows]


def _counts(unit_ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Unit.parent_id, func.count())
        .where(Unit.parent_id.in_(unit_ids))
        .group_by(Unit.parent_id)
    )
    return {parent_id: count for parent_id, count in rows if parent_id is not None}


def _grown(
    tops: Iterable[UnitNode], nodes: Iterable[UnitNode], counts: dict[int, int], on: date
) -> list[TreeNode]:
    below_of = children_of(nodes)

    def grow(node: UnitNode) -> TreeNode:
        children = [grow(child) for child in below_of.get(node.id, [])]
        there = exists_on(node.valid_from, node.valid_to, on)
        return TreeNode(node, there, children, counts.get(node.id, len(children)))

    return [grow(top) for top in tops]
