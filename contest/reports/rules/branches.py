"""Where a row is counted: in the tree as it was then, or as it is now after units merged. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from contest.accounts.rules.successions import heir_of, single_heirs
from contest.awards.rules.unit_book import UnitBook


class TreeView(StrEnum):
    """Which tree a report follows."""

    THEN = "then"
    NOW = "now"


class Branches:
    """Finds the branch and the part of a unit in which a row is counted.

    As now, a unit that ended and went over into exactly one other is counted there; one that was
    divided stays by itself, since its rows cannot be.

    Args:
        book: all units.
        successions: (from, to) of units.
        root_id: the unit the report is about.
        view: as then or as now.
    """

    def __init__(
        self,
        book: UnitBook,
        successions: Iterable[tuple[int, int]],
        *,
        root_id: int,
        view: TreeView,
    ) -> None:
        self.book = book
        self.root_id = root_id
        self.view = view
        self._heirs = single_heirs(successions)
        self._now: dict[int, str] = {}
        self._parts: dict[str, int | None] = {}

    def heir(self, unit_id: int) -> int:
        """The unit that stands for this one now."""
        return heir_of(unit_id, self._heirs)

    def path(self, unit_id: int, then: str) -> str:
        """Ids from the unit upwards in the tree of the report.

        Args:
            unit_id: of the row.
            then: the path that was kept with the row.
        """
        if self.view is TreeView.THEN:
            return then or self.book.path(unit_id)
        known = self._now.get(unit_id)
        if known is None:
            known = self._now[unit_id] = self.book.path(self.heir(unit_id))
        return known

    def part(self, path: str) -> int | None:
        """The unit directly below the report's in which a path lies; its own id for itself.

        None outside of the branch.
        """
        if path not in self._parts:
            ids = [int(each) for each in path.split("/") if each]
            place = ids.index(self.root_id) if self.root_id in ids else -1
            self._parts[path] = None if place < 0 else ids[max(place - 1, 0)]
        return self._parts[path]


def with_everything_above(paths: Iterable[str]) -> set[int]:
    """All ids on the ways of some paths."""
    return {int(each) for path in set(paths) for each in path.split("/") if each}
