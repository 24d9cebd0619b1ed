"""The tree of units as registers and reports need it: paths, days of existence, names. Pure."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from contest.accounts.rules.units import UnitNode, exists_on
from contest.contests.rules.roster_staging import UnitGroup, match_units


@dataclass(frozen=True, slots=True)
class Match:
    """Which unit a spelling means on a day.

    Attributes:
        unit: the one that existed on that day; None when there is none or two could be meant.
        ended: where only a unit is meant that had ended before that day.
    """

    unit: UnitNode | None = None
    ended: UnitNode | None = None


class UnitBook:
    """Units by id with their paths.

    Args:
        nodes: all units there are or were.
    """

    def __init__(self, nodes: Iterable[UnitNode]) -> None:
        self.nodes: dict[int, UnitNode] = {node.id: node for node in nodes}
        self._paths: dict[int, str] = {}
        self._children: dict[int | None, list[UnitNode]] = {}
        for node in self.nodes.values():
            self._children.setdefault(node.parent_id, []).append(node)

    def path(self, unit_id: int) -> str:
        """Ids from the unit upwards, "/12/5/1/"."""
        known = self._paths.get(unit_id)
        if known is None:
            node = self.nodes.get(unit_id)
            above = "/" if node is None or node.parent_id is None else self.path(node.parent_id)
            known = self._paths[unit_id] = f"/{unit_id}{above}"
        return known

    def chain(self, unit_id: int) -> list[int]:
        """Ids from the unit upwards."""
        return [int(part) for part in self.path(unit_id).split("/") if part]

    def children(self, unit_id: int) -> list[UnitNode]:
        """The units directly below, ended ones too."""
        return self._children.get(unit_id, [])

    def branch(self, unit_id: int) -> list[UnitNode]:
        """The unit and everything below it, ended units too."""
        mark = f"/{unit_id}/"
        return [node for node in self.nodes.values() if mark in self.path(node.id)]

    def names(self, unit_id: int) -> str:
        """Names from the unit upwards, joined by " › "."""
        return " › ".join(self.nodes[each].name for each in self.chain(unit_id))


def match_on_days(
    wanted: Collection[tuple[str, date]], units: Collection[UnitNode]
) -> dict[tuple[str, date], Match]:
    """Which unit each spelling means on its day.

    Args:
        wanted: spelling and day.
        units: that may be meant, ended ones too.
    """
    edges = sorted(
        {unit.valid_from for unit in units if unit.valid_from}
        | {unit.valid_to + timedelta(days=1) for unit in units if unit.valid_to}
    )
    spans: dict[int, set[str]] = {}
    for spelling, day in wanted:
        spans.setdefault(bisect_right(edges, day), set()).add(spelling)
    first = {bisect_right(edges, day): day for _spelling, day in wanted}
    found: dict[int, Mapping[str, int]] = {}
    for span, spellings in spans.items():
        there = [u for u in units if exists_on(u.valid_from, u.valid_to, first[span])]
        found[span] = _matched(spellings, there)
    by_id = {unit.id: unit for unit in units}
    lost = {spelling for spelling, day in wanted if spelling not in found[bisect_right(edges, day)]}
    gone = _matched(lost, [unit for unit in units if unit.valid_to is not None])
    made: dict[tuple[str, date], Match] = {}
    for spelling, day in wanted:
        unit_id = found[bisect_right(edges, day)].get(spelling)
        ended = by_id[gone[spelling]] if unit_id is None and spelling in gone else None
        if ended is not None and ended.valid_to is not None and ended.valid_to >= day:
            ended = None
        made[spelling, day] = Match(None if unit_id is None else by_id[unit_id], ended)
    return made


def _matched(spellings: Collection[str], units: Collection[UnitNode]) -> dict[str, int]:
    groups = [UnitGroup((spelling,), 1) for spelling in spellings]
    return match_units(groups, [(unit.id, unit.name) for unit in units]) if spellings else {}
