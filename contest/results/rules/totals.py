"""Totals of a contest over rounds of different kinds, exact to the last fraction.

    total = Σ over rounds of  weight × points ÷ most points

Points and weights are ten-thousandths, so that a total is a fraction of whole numbers: places are
found from the fractions themselves, and only what is shown is rounded (half up, to 0.0001). A
round in which somebody took no part, or was not ranked, adds nothing; where the terms ask for
every round, they stand without a place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

_UNIT: Final = 10_000


class Missing(StrEnum):
    """What a missed round means."""

    ZERO = "zero"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody has in a round: points of most points."""

    points: Decimal
    most: Decimal

    def weighted(self, weight: Decimal) -> Fraction:
        """The part of the total that the round gives; nothing where there was nothing to get."""
        if not self.most:
            return Fraction(0)
        return Fraction(weight) * Fraction(self.points) / Fraction(self.most)


@dataclass(frozen=True, slots=True)
class Total:
    """Somebody's total.

    Attributes:
        registration_id: whose.
        division_id: in which they are placed; None where there is none.
        parts: one for each round, None where they took no part.
        exact: the total as a fraction.
        taken: how many rounds they took part in.
        place: competition rank in the division; None where a missed round leaves them out.
    """

    registration_id: int
    division_id: int | None
    parts: tuple[Part | None, ...]
    exact: Fraction
    taken: int
    place: int | None = None


def rounded(value: Fraction) -> Decimal:
    """A fraction rounded half up to a ten-thousandth."""
    scaled = value * _UNIT
    whole = scaled.numerator // scaled.denominator
    if (scaled - whole) * 2 >= 1:
        whole += 1
    return (Decimal(whole) / _UNIT).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def totals(
    people: Mapping[int, tuple[int | None, Sequence[Part | None]]],
    weights: Sequence[Decimal],
    missing: Missing,
    best: int | None = None,
) -> list[Total]:
    """Totals with places, division by division, the best first.

    Args:
        people: by registration id, the division and a part for each round.
        weights: of the rounds, in the same order.
        missing: what a missed round means; among the best rounds it means nothing while there
            are enough others.
        best: only so many of somebody's rounds count, those that give most; None = all.
    """
    wanted = len(weights) if best is None else min(best, len(weights))
    found = [
        _total(registration_id, division_id, tuple(parts), weights, wanted)
        for registration_id, (division_id, parts) in people.items()
    ]
    placed: list[Total] = []
    divisions = sorted(
        {one.division_id for one in found}, key=lambda one: (one is not None, one or 0)
    )
    for division_id in divisions:
        own = [one for one in found if one.division_id == division_id]
        placed += _placed(own, wanted, missing)
    return placed


def _total(
    registration_id: int,
    division_id: int | None,
    parts: tuple[Part | None, ...],
    weights: Sequence[Decimal],
    best: int,
) -> Total:
    given = [
        part.weighted(weight)
        for part, weight in zip(parts, weights, strict=True)
        if part is not None
    ]
    exact = sum(sorted(given, reverse=True)[:best], Fraction(0))
    taken = sum(part is not None for part in parts)
    return Total(registration_id, division_id, parts, exact, taken)


def _placed(own: Sequence[Total], rounds: int, missing: Missing) -> list[Total]:
    counted = [one for one in own if missing is Missing.ZERO or one.taken >= rounds]
    out = [one for one in own if missing is Missing.UNPLACED and one.taken < rounds]
    counted.sort(key=lambda one: (-one.exact, one.registration_id))
    placed: list[Total] = []
    place, before = 0, None
    for number, one in enumerate(counted, 1):
        if one.exact != before:
            place, before = number, one.exact
        placed.append(
            Total(one.registration_id, one.division_id, one.parts, one.exact, one.taken, place)
        )
    out.sort(key=lambda one: (-one.exact, one.registration_id))
    return placed + out


def total_keys(points: Decimal, place: int) -> tuple[int, int]:
    """A total as keys of a ranking, smaller is better: points in ten-thousandths, then the place.

    The place tells apart totals that differ by less than is shown.
    """
    return -int(points * _UNIT), place


def counted_rounds(given: Sequence[Decimal | None], best: int | None) -> frozenset[int]:
    """Which rounds count in a total, by their positions: all that were taken, or the best of them.

    Args:
        given: what each round gives, by weight; None where somebody took no part.
        best: how many count; None = all. Among equals the earlier one.
    """
    taken = [place for place, points in enumerate(given) if points is not None]
    taken.sort(key=lambda place: (-(given[place] or 0), place))
    return frozenset(taken[:best])
