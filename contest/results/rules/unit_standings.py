"""Standings of units: sums of single units gathered at a level of the tree, and ranked. Pure.

The organiser chooses the keys in their order and prints them in the rules. Means and ratios are
compared as exact fractions; equal keys share a place and the next one is left out (1 2 2 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

MOST_LEVELS: Final = 6


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


@dataclass(frozen=True, slots=True)
class UnitSumLine:
    """What the people of a single unit did together.

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


@dataclass(frozen=True, slots=True)
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

    def value(self, key: UnitKey) -> Fraction | int:
        """The value of a key; zero where there is none."""
        values: Mapping[UnitKey, Fraction | int | None] = {
            UnitKey.PERSONS: self.persons,
            UnitKey.ATTEMPTS: self.attempts,
            UnitKey.MEAN: self.mean,
            UnitKey.RATIO: self.ratio,
            UnitKey.WINNERS: self.winners,
        }
        return values[key] or 0


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
    """Units with head-counts and places, the best first; those without a place last.

    Args:
        standings: as gathered.
        terms: keys, in order, and who gets no place.
        heads: head-counts by unit id.
    """
    rated: list[tuple[tuple[Fraction | int, ...], UnitStanding]] = []
    rest: list[UnitStanding] = []
    for line in standings:
        counted = _with_head(line, heads.get(line.unit_id or 0), terms)
        if counted.unplaced is None:
            rated.append((tuple(-counted.value(key) for key in terms.keys), counted))
        else:
            rest.append(counted)
    rated.sort(key=lambda pair: (pair[0], pair[1].path))
    rest.sort(key=lambda line: (-line.persons, line.path))
    return [*_placed(rated), *rest]


def _with_head(line: UnitStanding, head: Headcount | None, terms: StandingTerms) -> UnitStanding:
    size = head.persons if head else line.persons
    reason = None
    if line.unit_id is None:
        reason = Unplaced.NO_UNIT
    elif size < terms.fewest:
        reason = Unplaced.TOO_SMALL
    elif UnitKey.RATIO in terms.keys and not (head and head.persons):
        reason = Unplaced.NO_HEADCOUNT
    return replace(
        line,
        headcount=head.persons if head else None,
        counted_on=head.counted_on if head else None,
        unplaced=reason,
    )


def _placed(
    rated: Sequence[tuple[tuple[Fraction | int, ...], UnitStanding]],
) -> Iterable[UnitStanding]:
    places = _Places()
    groups: dict[tuple[str, ...], _Places] = {}
    for values, line in rated:
        group = groups.setdefault(line.path[1:], _Places())
        yield replace(line, place=places.next(values), within=group.next(values))


class _Places:
    """Competition places of values that come in order."""

    def __init__(self) -> None:
        self._seen = 0
        self._place = 0
        self._last: tuple[Fraction | int, ...] | None = None

    def next(self, values: tuple[Fraction | int, ...]) -> int:
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
