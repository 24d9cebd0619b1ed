"""The report of fairness: what severity does to the order, drift over time, how marks spread.

Nothing here rewrites a mark: the figures order a shortlist and call for another marking.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from contest.judging.models import ResolutionMethod
from contest.judging.rules.reliability import LEAST_RATIO, Severity, weighted_kappa

_LEAST_DRIFT: Final = 10
_PAIR: Final = 2
_BINS: Final = 20
DECIDED: Final = frozenset(
    {ResolutionMethod.AGREED, ResolutionMethod.CHIEF, ResolutionMethod.PANEL}
)
"""Marks that people agreed on: no judge's severity stands in them any more."""


@dataclass(frozen=True, slots=True)
class TimedMark:
    """A total that a judge gave a work, and when the sheet was finished."""

    work: str
    judge: str
    points: float
    at: datetime
    marking: int = 1


@dataclass(frozen=True, slots=True)
class Drift:
    """How a judge's marks moved while marking: the later half less the earlier half.

    Attributes:
        change: in points; above 0 means more generous towards the end.
        error: its standard error; None where it cannot be estimated.
    """

    change: float
    error: float | None

    @property
    def is_sure(self) -> bool:
        """Whether the change is at least two standard errors."""
        return bool(self.error) and abs(self.change) / (self.error or 1) >= LEAST_RATIO


def drift(marks: Sequence[TimedMark], found: Severity) -> dict[str, Drift]:
    """Drift of each judge with ten marks: what is left of a mark after work and judge, by time."""
    by_judge: dict[str, list[TimedMark]] = {}
    for mark in sorted(marks, key=lambda each: (each.at, each.work)):
        by_judge.setdefault(mark.judge, []).append(mark)
    return {
        judge: _halves(
            [mark.points - found.corrected[mark.work] - found.bias[judge] for mark in own]
        )
        for judge, own in by_judge.items()
        if len(own) >= _LEAST_DRIFT
    }


def _halves(rest: Sequence[float]) -> Drift:
    middle = len(rest) // 2
    early, late = Spread.of(rest[:middle]), Spread.of(rest[middle:])
    error = math.sqrt(early.deviation**2 / early.count + late.deviation**2 / late.count)
    return Drift(round(late.mean - early.mean, 10) + 0.0, error if error > 0 else None)


@dataclass(frozen=True, slots=True)
class Spread:
    """How many numbers, their mean and standard deviation (0 for a single one)."""

    count: int
    mean: float
    deviation: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> "Spread":
        """The spread of at least one number."""
        mean = sum(numbers) / len(numbers)
        square = sum((each - mean) ** 2 for each in numbers)
        return cls(len(numbers), mean, math.sqrt(square / max(1, len(numbers) - 1)))


def spreads(marks: Sequence[TimedMark]) -> dict[str, Spread]:
    """How each judge used the scale."""
    points: dict[str, list[float]] = {}
    for mark in marks:
        points.setdefault(mark.judge, []).append(mark.points)
    return {judge: Spread.of(own) for judge, own in points.items()}


@dataclass(frozen=True, slots=True)
class Bin:
    """A part of the scale, and how many marks in force lie in it; the last includes its end."""

    low: Decimal
    high: Decimal
    count: int


def distribution(points: Sequence[Decimal], scale: Decimal) -> list[Bin]:
    """The marks in force over twenty equal parts of the scale; empty without a scale."""
    if scale <= 0:
        return []
    width = scale / _BINS
    counts = [0] * _BINS
    for each in points:
        counts[min(_BINS - 1, max(0, int(each / width)))] += 1
    return [Bin(width * at, width * (at + 1), count) for at, count in enumerate(counts)]


def kappa_of_two(
    marks: Sequence[TimedMark], scale: Decimal, step: Decimal
) -> tuple[float | None, int]:
    """Quadratic weighted κ of first and second markings over the full scale, and of how many works.

    Args:
        marks: finished sheets.
        scale: the most points of a work.
        step: the finest step of a mark; totals count in it.
    """
    pairs: dict[str, dict[int, int]] = {}
    for mark in marks:
        if mark.marking <= _PAIR:
            pairs.setdefault(mark.work, {})[mark.marking] = round(mark.points / float(step))
    both = [pair for pair in pairs.values() if len(pair) == _PAIR]
    labels = range(round(scale / step) + 1)
    return weighted_kappa([each[1] for each in both], [each[2] for each in both], labels), len(both)


@dataclass(frozen=True, slots=True)
class Scored:
    """A work with the mark in force.

    Attributes:
        work: key of the work.
        points: the mark in force.
        judges: who gave the marks that it was made from.
        method: how it came about.
        division: prizes are given in each division by itself.
    """

    work: str
    points: Decimal
    judges: tuple[str, ...]
    method: ResolutionMethod
    division: Hashable = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A work in both orders, with the level of prize (from 0) at that place; None for none."""

    work: str
    points: Decimal
    place: int
    prize: int | None
    corrected: float
    corrected_place: int
    corrected_prize: int | None

    @property
    def is_moved(self) -> bool:
        """Whether another prize would stand here, by the corrected order."""
        return self.prize != self.corrected_prize


def sure_bias(found: Severity | None) -> dict[str, float]:
    """The bias of the judges that is sure enough to order by; the others' is not taken off."""
    if found is None:
        return {}
    return {judge: bias for judge, bias in found.bias.items() if found.counts(judge)}


def corrected_points(work: Scored, bias: Mapping[str, float]) -> float:
    """The mark in force less the sure bias of those whose marks it was made from.

    With the mean of all marks this is `order_corrected` of `Severity`; where two equal marks of
    three count, only theirs is taken off, and nothing from a mark that people agreed on.
    """
    if work.method in DECIDED or not work.judges:
        return float(work.points)
    taken = sum(bias.get(judge, 0.0) for judge in work.judges) / len(work.judges)
    return round(float(work.points) - taken, 10)


def both_orders(
    works: Sequence[Scored], bias: Mapping[str, float], quotas: Sequence[int]
) -> list[OrderLine]:
    """Works by the mark in force and by the corrected one, with competition ranks and prizes.

    Prizes are those of the places alone: works that share a place at a line all get the level
    above it; caps and people who may not win are not looked at. In the order of marks in force.

    Args:
        works: all works with a mark.
        bias: sure bias by judge.
        quotas: how many prizes each level has in a division, from the highest.
    """
    corrected = {work.work: corrected_points(work, bias) for work in works}
    lines: list[OrderLine] = []
    for division in {work.division for work in works}:
        own = [work for work in works if work.division == division]
        raw = _places({work.work: float(work.points) for work in own})
        put = _places({work.work: corrected[work.work] for work in own})
        lines.extend(
            OrderLine(
                work.work,
                work.points,
                raw[work.work],
                _level(raw[work.work], quotas),
                corrected[work.work],
                put[work.work],
                _level(put[work.work], quotas),
            )
            for work in own
        )
    return sorted(lines, key=lambda line: (-line.points, -line.corrected, line.work))


def _places(points: Mapping[str, float]) -> dict[str, int]:
    """Competition ranks (1 2 2 4), the most points first."""
    ordered = sorted(points.values(), reverse=True)
    first: dict[float, int] = {}
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
    return {work: first[value] for work, value in points.items()}


def _level(place: int, quotas: Sequence[int]) -> int | None:
    reached = 0
    for level, quota in enumerate(quotas):
        reached += quota
        if place <= reached:
            return level
    return None
