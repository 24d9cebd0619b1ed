"""Standings of units: sums of single units gathered at a level of the tree, and ranked. Pure.

The organiser chooses the keys in their order and prints them in the rules. Means and ratios are
compared as exact fractions; equal keys share a place and the next one is left out (1 2 2 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

MOST_LEVELS: Final = 6
_PLACES: Final = 64


class UnitKey(StrEnum):
    """What units are ranked by; more is better in each."""

    PERSONS = "persons"
    ATTEMPTS = "attempts"
    MEAN = "mean"
    RATIO = "ratio"
    WINNERS = "winners"


class UnitView(StrEnum):
    """Which tree of units is followed."""

    THEN = "then"
    NOW = "now"


class Unplaced(StrEnum):
    """Why a unit has no place."""

    NO_UNIT = "no_unit"
    NO_HEADCOUNT = "no_headcount"
    TOO_SMALL = "too_small"


@dataclass(frozen=True, slots=True)
class StandingTerms:
    """How units are ranked.

    Attributes:
        keys: in their order.
        level: how many levels below the contest's own unit; 1 is directly below.
        fewest: units of fewer people get no place; by the head-count, else by who took part.
        with_staff: who takes no prize (organisers, judges) counts for their unit.
        counted_on: the newest head-count until this day counts; None = the day of the close.
    """

    keys: tuple[UnitKey, ...] = (UnitKey.PERSONS, UnitKey.ATTEMPTS)
    level: int = 1
    fewest: int = 0
    with_staff: bool = True
    counted_on: date | None = None


class UnitSumLine(NamedTuple):
    """What the people of a single unit did together; a tuple, as thousands are made for a page.

    Attributes:
        chain: ids from the unit upwards; empty where people named none.
        names: the same as names.
        persons: distinct persons (người).
        attempts: attempts or entries (lượt); never added to persons.
        entries: that have points.
        points: of these together, in ten-thousandths.
        winners: prizes that went there.
    """

    chain: tuple[int, ...]
    names: tuple[str, ...]
    persons: int
    attempts: int
    entries: int
    points: int
    winners: int = 0


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many people a unit had on a day."""

    persons: int
    counted_on: date


@dataclass(slots=True)
class UnitStanding:
    """A unit in the standings.

    Attributes:
        unit_id: None where people named no unit.
        path: names from the unit upwards.
        place: among all; None where the terms give none, and `unplaced` says why.
        within: among the units of the same unit above.
    """

    unit_id: int | None
    path: tuple[str, ...]
    persons: int
    attempts: int
    entries: int
    points: int
    winners: int
    headcount: int | None = None
    counted_on: date | None = None
    place: int | None = None
    within: int | None = None
    unplaced: Unplaced | None = None

    @property
    def mean(self) -> Fraction | None:
        """Mean points of an entry, exact; None without entries."""
        return Fraction(self.points, 10_000 * self.entries) if self.entries else None

    @property
    def ratio(self) -> Fraction | None:
        """Persons of the head-count, exact; None where that is not known."""
        return Fraction(self.persons, self.headcount) if self.headcount else None

    def value(self, key: UnitKey) -> int:
        """The value of a key as a whole number that orders units exactly.

        Two different fractions with denominators below 2³¹ are more than 2⁻⁶² apart, so that 64
        binary places keep them apart and keep equal ones equal; comparing fractions themselves
        takes most of the time of a table of thousands.
        """
        if key is UnitKey.PERSONS:
            return self.persons
        if key is UnitKey.ATTEMPTS:
            return self.attempts
        if key is UnitKey.WINNERS:
            return self.winners
        if key is UnitKey.MEAN:
            return (self.points << _PLACES) // self.entries if self.entries else 0
        return (self.persons << _PLACES) // self.headcount if self.headcount else 0


def depth_of(chain: Sequence[int], owner: Sequence[int], level: int) -> int:
    """How many of a chain lie above the unit at a level, that unit included.

    A unit of the contest's own branch is found below the contest's unit, others below their
    topmost one. A chain that ends earlier stands for itself.

    Args:
        chain: ids from the unit upwards.
        owner: ids from the contest's unit upwards.
        level: 1 is directly below.
    """
    inside = bool(owner) and tuple(chain[-len(owner) :]) == tuple(owner)
    return min(len(chain), (len(owner) if inside else 1) + level)


def gather_units(
    lines: Iterable[UnitSumLine], owner: Sequence[int], level: int
) -> list[UnitStanding]:
    """Sums of single units at a level of the tree, without places.

    A person belongs to one unit of a contest, so that nobody is counted twice.
    """
    sums: dict[tuple[int, ...], list[int]] = {}
    names: dict[tuple[int, ...], tuple[str, ...]] = {}
    for line in lines:
        depth = depth_of(line.chain, owner, level)
        key = line.chain[len(line.chain) - depth :]
        if key not in sums:
            sums[key] = [0, 0, 0, 0, 0]
            names[key] = line.names[len(line.names) - depth :] if depth else ()
        for place, number in enumerate(
            (line.persons, line.attempts, line.entries, line.points, line.winners)
        ):
            sums[key][place] += number
    return [
        UnitStanding(key[0] if key else None, names[key], persons, attempts, entries, points, won)
        for key, (persons, attempts, entries, points, won) in sums.items()
    ]


def rank_units(
    standings: Iterable[UnitStanding], terms: StandingTerms, heads: Mapping[int, Headcount]
) -> list[UnitStanding]:
    """Write head-counts and places into units; the best first, those without a place last.

    Args:
        standings: as gathered; they are changed.
        terms: keys, in order, and who gets no place.
        heads: head-counts by unit id.
    """
    rated: list[tuple[tuple[int, ...], UnitStanding]] = []
    rest: list[UnitStanding] = []
    for line in standings:
        head = heads.get(line.unit_id or 0)
        if head is not None:
            line.headcount, line.counted_on = head.persons, head.counted_on
        line.unplaced = _unplaced(line, terms)
        if line.unplaced is None:
            rated.append((tuple(-line.value(key) for key in terms.keys), line))
        else:
            rest.append(line)
    rated.sort(key=lambda pair: (pair[0], pair[1].path))
    rest.sort(key=lambda line: (-line.persons, line.path))
    _place(rated)
    return [*(line for _values, line in rated), *rest]


def _unplaced(line: UnitStanding, terms: StandingTerms) -> Unplaced | None:
    size = line.persons if line.headcount is None else line.headcount
    if line.unit_id is None:
        return Unplaced.NO_UNIT
    if size < terms.fewest:
        return Unplaced.TOO_SMALL
    if UnitKey.RATIO in terms.keys and not line.headcount:
        return Unplaced.NO_HEADCOUNT
    return None


def _place(rated: Sequence[tuple[tuple[int, ...], UnitStanding]]) -> None:
    """Write places into units that stand in order."""
    places = _Places()
    groups: dict[tuple[str, ...], _Places] = {}
    for values, line in rated:
        group = line.path[1:]
        if group not in groups:
            groups[group] = _Places()
        line.place, line.within = places.next(values), groups[group].next(values)


class _Places:
    """Competition places of values that come in order."""

    def __init__(self) -> None:
        self._seen = 0
        self._place = 0
        self._last: tuple[int, ...] | None = None

    def next(self, values: tuple[int, ...]) -> int:
        """The place of the next values."""
        self._seen += 1
        if values != self._last:
            self._place, self._last = self._seen, values
        return self._place


def deciding_key(
    line: UnitStanding, above: UnitStanding, keys: Sequence[UnitKey]
) -> UnitKey | None:
    """The first key in which a unit falls behind the one above; None where they are equal."""
    return next((key for key in keys if line.value(key) != above.value(key)), None)


def above_each(lines: Sequence[UnitStanding]) -> dict[int, UnitStanding]:
    """For each place the unit at the next better one."""
    found: dict[int, UnitStanding] = {}
    last: UnitStanding | None = None
    for line in lines:
        if line.place is None:
            break
        if last is not None and line.place != last.place:
            found[line.place] = last
        last = line
    return found
