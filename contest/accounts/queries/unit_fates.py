"""What became of units that stand in older lists: into which ones they went, or when they ended."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from contest.accounts.models import Unit, UnitSuccession
from contest.accounts.queries.units import unit_paths
from contest.accounts.rules.unit_fates import UnitFate
from contest.core.db import db
from contest.core.vietnamese import fold

Path = tuple[str, ...]
_STEPS: Final = 20
"""So often may a unit have gone over into another one; a circle cannot be recorded."""


def unit_fates(paths: Iterable[Path], on: date) -> dict[Path, UnitFate]:
    """By path as it was, what has become of the unit, or of the nearest one above it that ended.

    Lists keep names, not ids: an ended unit is known by its whole path, else by its name alone
    where no other unit is or was called so. Paths of which nothing ended are left out.

    Args:
        paths: names from near to far.
        on: today.
    """
    wanted = {path for path in paths if path}
    names = {name for path in wanted for name in path}
    if not names:
        return {}
    folded = {fold(name) for name in names}  # as the index has them
    alike = db.session.execute(
        select(Unit.id, Unit.name, Unit.valid_to).where(Unit.name_folded.in_(folded))
    )
    rows = [row for row in alike if row.name in names]
    ended = {row.id: row.valid_to for row in rows if row.valid_to and row.valid_to < on}
    if not ended:
        return {}
    known = _Known(rows, ended)
    found = {path: known.nearest_ended(path) for path in wanted}
    fates = _fates({one for one in found.values() if one is not None}, ended)
    return {path: fates[one] for path, one in found.items() if one is not None}


class _Known:
    """Ended units by whole path, and by name where it is the only unit called so."""

    def __init__(self, rows: Iterable[Any], ended: Mapping[int, date]) -> None:
        self._by_path = {one.parts: unit for unit, one in unit_paths(ended).items()}
        called: defaultdict[str, list[int]] = defaultdict(list)
        for row in rows:
            called[row.name].append(row.id)
        self._by_name = {
            name: ids[0] for name, ids in called.items() if len(ids) == 1 and ids[0] in ended
        }

    def nearest_ended(self, path: Path) -> int | None:
        """The id of the unit of a path, or of the nearest one above it, that ended."""
        for at, name in enumerate(path):
            found = self._by_path.get(path[at:], self._by_name.get(name))
            if found is not None:
                return found
        return None


def _fates(unit_ids: Collection[int], ended: Mapping[int, date]) -> dict[int, UnitFate]:
    """Where units went in the end, through whatever came between."""
    into: defaultdict[int, list[int]] = defaultdict(list)
    names: dict[int, str] = {}
    ahead, seen = set(unit_ids), set(unit_ids)
    for _step in range(_STEPS):
        if not ahead:
            break
        rows = db.session.execute(
            select(UnitSuccession.from_unit_id, UnitSuccession.to_unit_id, Unit.name)
            .join(Unit, Unit.id == UnitSuccession.to_unit_id)
            .where(UnitSuccession.from_unit_id.in_(ahead))
            .order_by(Unit.sort_key)
        ).all()
        for old, new, name in rows:
            into[old].append(new)
            names[new] = name
        ahead = {new for _old, new, _name in rows} - seen
        seen |= ahead
    return {
        one: UnitFate(tuple(names[last] for last in _last(one, into)), ended[one])
        for one in unit_ids
    }


def _last(unit_id: int, into: Mapping[int, list[int]]) -> list[int]:
    """The units at the end of the way, each once, in their order."""
    found: dict[int, None] = {}
    ahead, seen = list(into.get(unit_id, ())), {unit_id}
    while ahead:
        one = ahead.pop(0)
        if one in seen:
            continue
        seen.add(one)
        if one in into:
            ahead = [*into[one], *ahead]
        else:
            found[one] = None
    return list(found)
