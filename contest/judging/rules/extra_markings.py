"""Marking once more after the mark stands: checks with the top in them, and the band at a cut.

An extra mark never enters the mark in force by itself. A check that lies too far from it is looked
at by people; one near the cut of a shortlist makes the order there surer.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contest.judging.rules.adjudication import Limits


def works_to_check(
    points: Mapping[int, Decimal], *, share: Decimal, top: int, seed: str
) -> list[int]:
    """Which works are marked once more: the best, and others by lot.

    Args:
        points: marks in force by work.
        share: of all works, rounded up to a whole work.
        top: so many of the best are always among them, with those who share the last place.
        seed: of the lots; the same seed gives the same works.
    """
    if share <= 0 or not points:
        return []
    number = min(len(points), math.ceil(share * len(points)))
    ordered = sorted(points, key=lambda work: (-points[work], work))
    line = points[ordered[min(max(top, 1), len(ordered)) - 1]]
    best = [work for work in ordered if points[work] >= line]
    others = sorted(set(points) - set(best))
    chance = random.Random(seed)  # noqa: S311  (anybody must be able to replay it)
    drawn = chance.sample(others, max(0, min(len(others), number - len(best))))
    return sorted({*best, *drawn})


class CheckState(StrEnum):
    """What became of a check."""

    WAITING = "waiting"
    WITHIN = "within"
    BEYOND = "beyond"
    DECIDED = "decided"
    LEFT_OUT = "left_out"


def check_state(
    official: Decimal, check: Decimal | None, limits: Limits, *, is_decided: bool
) -> CheckState:
    """Where a check stands: `BEYOND` asks people to look at the mark.

    Args:
        official: the mark in force.
        check: the total of the check; None while it is not done.
        limits: of the round; beyond the one for a third marking the two are too far apart.
        is_decided: people have looked at it since.
    """
    if check is None:
        return CheckState.WAITING
    if is_decided:
        return CheckState.DECIDED
    beyond = abs(check - official) > limits.third * limits.scale
    return CheckState.BEYOND if beyond else CheckState.WITHIN


@dataclass(frozen=True, slots=True)
class Placed:
    """A work on the way to a shortlist.

    Attributes:
        value: by which it is ordered (corrected mark, in points).
        error: standard error of the value; None where it cannot be estimated.
    """

    work: int
    value: float
    error: float | None


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Who would come onto a shortlist, and where that is uncertain.

    Attributes:
        inside: works above the cut, the best first; works that share the last place are in.
        band: works whose value lies within one standard error of the cut, on either side.
        cut: the value between the last inside and the first outside; None when all are inside.
    """

    inside: tuple[int, ...]
    band: tuple[int, ...]
    cut: float | None


def shortlist(works: Sequence[Placed], size: int) -> Shortlist:
    """The best `size` works, and the band of uncertainty around the cut."""
    ordered = sorted(works, key=lambda each: (-each.value, each.work))
    if len(ordered) <= size or size < 1:
        return Shortlist(tuple(each.work for each in ordered), (), None)
    line = ordered[size - 1].value
    inside = [each for each in ordered if each.value >= line]
    outside = ordered[len(inside) :]
    if not outside:
        return Shortlist(tuple(each.work for each in inside), (), None)
    cut = (line + outside[0].value) / 2
    band = [
        each.work
        for each in ordered
        if each.error is not None and abs(each.value - cut) <= each.error
    ]
    return Shortlist(tuple(each.work for each in inside), tuple(band), cut)
