"""The units that may be chosen in a place: listed when they are few, searched when they are not."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, literal, or_, select

from contest.accounts.models import Scope, Unit
from contest.accounts.queries.units import below, unit_paths
from contest.accounts.rules import UnitNode, tree_choices
from contest.core.access import Actor, Permission
from contest.core.db import contains_folded, db
from contest.core.pickers import Choice
from contest.core.vietnamese import fold, one_line

_MOST_WORDS: Final = 6
_LEAST_CODE: Final = 2


@dataclass(frozen=True, slots=True)
class UnitRange:
    """Units to choose from; a source of `core.pickers`.

    Attributes:
        paths: scope paths of the branches; None for the whole tree.
        on: only units that exist on this day; None takes ended ones too.
    """

    paths: tuple[str, ...] | None
    on: date | None

    endpoint: ClassVar[str] = "accounts.find_units"

    def place(self) -> list[Any]:
        """What names this range in an address."""
        day = None if self.on is None else self.on.isoformat()
        return [None if self.paths is None else list(self.paths), day]

    @classmethod
    def of_place(cls, place: Any) -> "UnitRange":
        """The range that `place` named."""
        paths, day = place
        return cls(
            None if paths is None else tuple(paths),
            None if day is None else date.fromisoformat(day),
        )

    def _conditions(self, *, ended_too: bool = False) -> list[ColumnElement[bool]]:
        conditions = [] if self.paths is None else [below(Scope.path, self.paths)]
        if self.on is not None and not ended_too:
            conditions.append(or_(Unit.valid_from.is_(None), Unit.valid_from <= self.on))
            conditions.append(or_(Unit.valid_to.is_(None), Unit.valid_to >= self.on))
        return conditions

    def few(self, most: int) -> list[Choice] | None:
        """The units in the order of the tree, or None when there are more; one statement."""
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
            .join(Unit.scope)
            .where(*self._conditions(ended_too=True))
            .limit(most + 1)
        ).all()
        if len(rows) > most:
            return None
        nodes = [UnitNode(*row) for row in rows]
        known = {node.id for node in nodes}
        tops = [node.id for node in nodes if node.parent_id not in known]
        choices: list[Choice] = []
        above: list[str] = []
        for unit in tree_choices(nodes, root_ids=tops, on=self.on):
            del above[unit.depth :]
            path = " › ".join(reversed(above))
            choices.append(Choice(unit.public_id, unit.label, path, unit.depth))
            above.append(unit.label)
        return choices

    def search(self, text: str, most: int) -> list[Choice]:
        """Units found by words of their name, of what they belong to, or by their code.

        Marks are not needed. A unit whose own name holds all the words stands before one that
        only lies below such a unit.
        """
        folded = fold(one_line(text))
        words = folded.split()[:_MOST_WORDS]
        if not words:
            return []
        found = list(db.session.execute(self._searched(folded, words).limit(most)))
        paths = unit_paths({unit_id for unit_id, _public_id, _name in found})
        return [
            Choice(public_id, name, " › ".join(paths[unit_id].parts[1:]))
            for unit_id, public_id, name in found
        ]

    def _searched(self, folded: str, words: list[str]) -> Select[int, str, str]:
        name = Unit.name_folded
        code = func.lower(Unit.code)
        in_branch = [Unit.id.in_(select(_branch_of(word, place).c.id)) for place, word in
                     enumerate(words)]  # fmt: skip
        by_words = and_(*in_branch)
        by_code = (
            code.startswith(folded, autoescape=True)
            if len(folded) >= _LEAST_CODE
            else literal(value=False)
        )
        own_words = sum(
            (case((name.contains(word, autoescape=True), 1), else_=0) for word in words),
            start=literal(0),
        )
        rank = case(
            (or_(name == folded, code == folded), 0),
            (name.startswith(folded, autoescape=True), 1),
            (name.contains(folded, autoescape=True), 2),
            (contains_folded(name, " ".join(words)), 3),
            else_=4,
        )
        return (
            select(Unit.id, Unit.public_id, Unit.name)
            .join(Unit.scope)
            .where(or_(by_words, by_code), *self._conditions())
            .order_by(rank, own_words.desc(), Unit.sort_key, Unit.id)
        )

    def find(self, value: str) -> Choice | None:
        """A unit of the range by its public id, with its path."""
        row = db.session.execute(
            select(Unit.id, Unit.name)
            .join(Unit.scope)
            .where(Unit.public_id == value, *self._conditions())
        ).first()
        if row is None:
            return None
        path = unit_paths([row.id])[row.id]
        return Choice(value, row.name, " › ".join(path.parts[1:]))


def _branch_of(word: str, place: int) -> CTE:
    """The units whose name holds a word, with everything below them: each unit is walked once."""
    branch = (
        select(Unit.id)
        .where(Unit.name_folded.contains(word, autoescape=True))
        .cte(f"branch_{place}", recursive=True)
    )
    return branch.union(select(Unit.id).join(branch, Unit.parent_id == branch.c.id))


def all_units_on(on: date) -> UnitRange:
    """The whole tree as it is on a day."""
    return UnitRange(None, on)


def units_where(actor: Actor, permission: Permission, *, on: date | None) -> UnitRange:
    """The branches where somebody holds a permission."""
    return UnitRange(actor.scopes_where(permission), on)


def own_units(actor: Actor, permission: Permission, *, on: date) -> UnitRange:
    """As `units_where`, but the whole tree for those who look after the platform."""
    if actor.scopes_where(Permission.MANAGE_PLATFORM):
        return all_units_on(on)
    return units_where(actor, permission, on=on)
