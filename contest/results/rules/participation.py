"""The table by unit: persons and attempts gathered at the level that a report speaks of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contest.contests.kinds import UnitCount

SEPARATOR: Final = " › "


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit at the reporting level with everybody of its branch, as they were then.

    Attributes:
        path: names from this unit upwards.
        unit_id: None where the people named no unit.
        persons: distinct persons (người).
        attempts: attempts (lượt); never added to persons.
    """

    path: tuple[str, ...]
    unit_id: int | None
    persons: int
    attempts: int


def path_parts(path: str) -> tuple[str, ...]:
    """Names of a unit path, from the unit upwards."""
    return tuple(part for part in path.split(SEPARATOR) if part)


def reporting_path(path: Sequence[str], owner: Sequence[str]) -> tuple[str, ...]:
    """The part of a path that a report speaks of: the unit just below the contest's own.

    People of other organisations are counted at the unit below their topmost one.

    Args:
        path: names from the unit upwards.
        owner: the same for the unit that runs the contest.
    """
    parts = tuple(path)
    if owner and parts[-len(owner) :] == tuple(owner):
        return parts[-(len(owner) + 1) :]
    return parts[-2:]


def reporting_unit(unit_ids: str, owner: Sequence[int]) -> int | None:
    """The id of the unit that a report speaks of, as `reporting_path` finds its name.

    Args:
        unit_ids: of the unit and those above it, "/12/5/1/".
        owner: the same for the unit that runs the contest, as numbers.
    """
    parts = tuple(int(part) for part in unit_ids.split("/") if part)
    if not parts:
        return None
    if owner and parts[-len(owner) :] == tuple(owner):
        return parts[-(len(owner) + 1) :][0]
    return parts[-2:][0]


def gather(
    counts: Iterable[UnitCount],
    owner: Sequence[str],
    ids: Mapping[tuple[int | None, str], Sequence[int]],
) -> list[Branch]:
    """Sum units up to their reporting level; the most persons first, then by name.

    A person belongs to one unit of a contest, so that the sums count nobody twice.

    Args:
        counts: persons and attempts of single units.
        owner: names of the unit that runs the contest, upwards.
        ids: ids of the path of each (unit id, unit path), from the unit upwards.
    """
    sums: dict[tuple[str, ...], list[int]] = {}
    units: dict[tuple[str, ...], int | None] = {}
    for count in counts:
        whole = path_parts(count.unit_path)
        path = reporting_path(whole, owner)
        line = sums.setdefault(path, [0, 0])
        line[0] += count.persons
        line[1] += count.attempts
        chain = ids.get((count.unit_id, count.unit_path), ())
        above = len(whole) - len(path)
        units.setdefault(path, chain[above] if len(chain) == len(whole) and chain else None)
    branches = [
        Branch(path, units[path], persons, attempts) for path, (persons, attempts) in sums.items()
    ]
    return sorted(branches, key=lambda one: (-one.persons, -one.attempts, one.path))
