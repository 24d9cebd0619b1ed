"""Units in a dossier: under which names they are told, and their standings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from contest.contests.models import Contest
from contest.core.i18n import gettext as _
from contest.results.dossier.standing_checks import Unit
from contest.results.queries import dossiers as queries
from contest.results.queries.dossiers import PublishedRound, TotalsInForce
from contest.results.rules.dossiers import merged_units, unit_label
from contest.results.rules.participation import SEPARATOR
from contest.results.rules.standing_snapshots import PublishedStandings, read_standings
from contest.results.rules.unit_standings import UnitStanding

_UNIT: int = 10_000


@dataclass
class UnitNames:
    """The units of a round, or of the contest.

    Attributes:
        owner: ids of the contest's unit and those above it.
        level: of the tree at which units are told; 1 is directly below the contest's unit.
        standings: as published; None where units were not ranked, or at another level.
        told: by unit the name under which it is told.
        rest: the name of those that are told together.
    """

    owner: tuple[int, ...]
    level: int
    standings: PublishedStandings | None
    told: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""

    def of(self, ids: str, path: str) -> str:
        """The name under which the unit of a path is told."""
        label = self.label(ids, path)
        return self.told.get(label, label)

    def label(self, ids: str, path: str) -> str:
        """The unit of a path at the level of the dossier, as it is."""
        return unit_label(ids, path, self.owner, self.level)

    def of_path(self, path: Sequence[str]) -> str:
        """The name under which a unit is told, from its path as names."""
        label = SEPARATOR.join(path)
        return self.told.get(label, label)

    @property
    def fewest(self) -> int:
        """How many people a unit needs for a place; 0 where units are not ranked."""
        return self.standings.terms.fewest if self.standings else 0

    def _lines(self) -> list[tuple[str, UnitStanding]]:
        lines = self.standings.lines if self.standings else ()
        labels = [SEPARATOR.join(line.path) for line in lines]
        return [
            (self.told.get(label, label), line) for label, line in zip(labels, lines, strict=True)
        ]

    def terms(self) -> dict[str, Any] | None:
        """What rules.json says of the standings."""
        if self.standings is None:
            return None
        lines, terms = self._lines(), self.standings.terms
        return {
            "keys": [key.value for key in terms.keys],
            "level": terms.level,
            "fewest": terms.fewest,
            "with_staff": terms.with_staff,
            "headcounts": {
                name: line.headcount
                for name, line in lines
                if line.headcount and not self._is_rest(name)
            },
            "rest": self.rest,
            "merged": sum(self._is_rest(name) and line.place is not None for name, line in lines),
        }

    def _is_rest(self, name: str) -> bool:
        return bool(self.rest) and name == self.rest

    def rows(self, scope: str, counted: Mapping[str, Unit]) -> list[Sequence[str]]:
        """The rows of units.csv, by name.

        Args:
            scope: the number of a round, or "total".
            counted: what units did, used where they were not ranked.
        """
        lines = self._lines()
        units = {name: Unit() for name in counted} if self.standings else dict(counted)
        for name, line in lines:
            unit = units.setdefault(name, Unit())
            unit.entries += line.entries
            unit.persons += line.persons
            unit.attempts += line.attempts
            unit.points += Fraction(line.points, _UNIT)
            unit.winners += line.winners
        placed = {name: line for name, line in lines if not self._is_rest(name)}
        hidden = [line for name, line in lines if self._is_rest(name)]
        rows: list[Sequence[str]] = []
        for name in sorted(units):
            known = placed.get(name)
            cells = units[name].cells(None if known is None else known.headcount)
            rows.append((scope, name, *cells.values(), *_places(known, hidden)))
        return rows


def _places(line: UnitStanding | None, hidden: Sequence[UnitStanding]) -> tuple[str, ...]:
    """Place, place within, and how many of the units that are told together stand above."""
    if line is None or line.place is None or line.within is None:
        return ("", "", "", "")
    above = sum(one.place is not None and one.place < line.place for one in hidden)
    within = sum(
        one.within is not None and one.within < line.within
        for one in hidden
        if one.path[1:] == line.path[1:]
    )
    return (str(line.place), str(line.within), str(above), str(within))


@dataclass(frozen=True, slots=True)
class AllUnits:
    """The units of every round by its number, and those of the totals."""

    rounds: Mapping[int, UnitNames]
    totals: UnitNames


def names_of_units(
    contest: Contest,
    published: Sequence[PublishedRound],
    totals: TotalsInForce | None,
    *,
    full: bool,
) -> AllUnits:
    """Under which names units are told; all rounds at one level of the tree.

    Totals show who is the same person in several rounds, so that a unit that is small in any of
    them is told with others in all of them; without totals each round hides its own.

    Args:
        contest: whose dossier.
        published: its rounds.
        totals: as they stand in the dossier.
        full: every unit is told by its name.
    """
    owner = queries.owner_of(contest)
    found = {
        one.round.number: read_standings(queries.snapshot_of(one).get("standings"))
        for one in published
    }
    of_totals = None if totals is None else read_standings(totals.snapshot.get("standings"))
    level = next(
        (one.terms.level for one in (of_totals, *reversed(found.values())) if one is not None), 1
    )
    rounds = {number: _names(owner, level, one) for number, one in found.items()}
    names = _names(owner, level, of_totals)
    if not full:
        _hide_small(rounds, names, published, totals)
    return AllUnits(rounds, names)


def _names(owner: tuple[int, ...], level: int, standings: PublishedStandings | None) -> UnitNames:
    fits = standings is not None and standings.terms.level == level
    return UnitNames(owner, level, standings if fits else None)


def _hide_small(
    rounds: Mapping[int, UnitNames],
    names: UnitNames,
    published: Sequence[PublishedRound],
    totals: TotalsInForce | None,
) -> None:
    rest = _("Other units")
    tables = {}
    for one in published:
        table: dict[str, int] = {}
        for ids, path, count in queries.persons_by_path(one.run):
            label = names.label(ids, path)
            table[label] = table.get(label, 0) + count
        tables[one.round.number] = table
    if totals is None:
        for number, own in rounds.items():
            own.told, own.rest = merged_units([tables[number]], rest), rest
        return
    table = {}
    for line in queries.person_totals(totals.run):
        label = names.label(line.unit_ids, line.unit_path)
        table[label] = table.get(label, 0) + 1
    told = merged_units([*tables.values(), table], rest)
    for own in (*rounds.values(), names):
        own.told, own.rest = told, rest
