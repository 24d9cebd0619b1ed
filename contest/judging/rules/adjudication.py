"""How the marks of a work become one: a state machine, not a formula.

Marks on sheets are never changed; every step that is taken is a row of its own. Totals are on the
round's scale; a result is rounded half up to 0.01, and only at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import combinations
from typing import Final

from contest.judging.models import ResolutionMethod, ResolutionRule

CENT: Final = Decimal("0.01")
_TWO: Final = 2
_THREE: Final = 3
TRIMMED_FROM: Final = 5
"""From so many marks on the highest and the lowest can be left out."""
FAR_FROM: Final = 3
"""Of two marks both lie equally far from their mean: from so many on one of them can be far."""


def rounded(points: Decimal) -> Decimal:
    """Points rounded half up to 0.01."""
    return points.quantize(CENT, rounding=ROUND_HALF_UP)


def mean(marks: Sequence[Decimal]) -> Decimal:
    """The mean, not rounded."""
    return sum(marks, Decimal(0)) / len(marks)


def spread(marks: Sequence[Decimal]) -> Decimal:
    """The highest less the lowest."""
    return max(marks) - min(marks)


@dataclass(frozen=True, slots=True)
class Limits:
    """The scale of a round, and its limits as fractions of the scale.

    Attributes:
        scale: the most points of a work.
        agree: below it the mean stands.
        third: up to it the two discuss; beyond it a third judge marks.
        spread: up to it the mean of three stands; beyond it the panel marks. Where far marks are
            left out, how far from the mean of all a mark may lie.
    """

    scale: Decimal
    agree: Decimal = Decimal("0.10")
    third: Decimal = Decimal("0.15")
    spread: Decimal = Decimal("0.25")


class Step(StrEnum):
    """What a work needs next."""

    WAIT = "wait"
    SETTLED = "settled"
    DISCUSS = "discuss"
    THIRD = "third"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the marks of a work amount to.

    Attributes:
        step: what happens next.
        points: the official mark, when settled.
        method: how it came about, when settled.
        used: places of the marks that it was made from.
        difference: between the highest and the lowest.
    """

    step: Step
    points: Decimal | None = None
    method: ResolutionMethod | None = None
    used: tuple[int, ...] = ()
    difference: Decimal = Decimal(0)


def resolve(
    marks: Sequence[Decimal],
    quorum: int,
    limits: Limits,
    rule: ResolutionRule = ResolutionRule.PROTOCOL,
    apart: Decimal = Decimal(0),
) -> Verdict:
    """Settle a work by the round's rule, or say what it needs next.

    Args:
        marks: totals in the order of the markings; those after `quorum` are third markings.
        quorum: independent markings that the work needs.
        limits: of the round.
        rule: how marks become one.
        apart: where two marks are looked at on each criterion too, the largest difference on one
            of them, as a fraction of its points.
    """
    if len(marks) < max(quorum, 1):
        return Verdict(Step.WAIT)
    if len(marks) == 1 or rule is ResolutionRule.MEAN:
        return _settled(marks, ResolutionMethod.MEAN, tuple(range(len(marks))))
    if rule is ResolutionRule.TRIMMED:
        method = ResolutionMethod.MEAN if len(marks) < TRIMMED_FROM else ResolutionMethod.TRIMMED
        return _settled(marks, method, trimmed(marks))
    if rule is ResolutionRule.WITHOUT_FAR:
        near = without_far(marks, limits.spread * limits.scale)
        if not near:
            return Verdict(Step.PANEL, difference=spread(marks))
        is_all = len(near) == len(marks)
        return _settled(
            marks, ResolutionMethod.MEAN if is_all else ResolutionMethod.WITHOUT_FAR, near
        )
    if rule is ResolutionRule.PROTOCOL:
        return _protocol(marks, quorum, limits, apart)
    if quorum == _TWO and len(marks) == _TWO:
        difference = spread(marks)
        if max(difference, apart * limits.scale) <= limits.third * limits.scale:
            return _settled(marks, ResolutionMethod.MEAN, (0, 1))
        return Verdict(Step.THIRD, difference=difference)
    return _chosen(marks, rule)


def _protocol(marks: Sequence[Decimal], quorum: int, limits: Limits, apart: Decimal) -> Verdict:
    if quorum == _TWO and len(marks) == _TWO:
        return _resolve_two(marks, limits, apart)
    if quorum == _TWO and len(marks) == _THREE:
        return _resolve_three(marks, limits)
    if spread(marks) <= limits.spread * limits.scale:
        return _settled(marks, ResolutionMethod.MEAN, tuple(range(len(marks))))
    return Verdict(Step.PANEL, difference=spread(marks))


def _settled(marks: Sequence[Decimal], method: ResolutionMethod, used: tuple[int, ...]) -> Verdict:
    points = rounded(mean([marks[at] for at in used]))
    return Verdict(Step.SETTLED, points, method, used, spread(marks))


def _resolve_two(marks: Sequence[Decimal], limits: Limits, apart: Decimal) -> Verdict:
    difference = spread(marks)
    looked_at = max(difference, apart * limits.scale)
    if looked_at < limits.agree * limits.scale:
        return _settled(marks, ResolutionMethod.MEAN, (0, 1))
    if looked_at <= limits.third * limits.scale:
        return Verdict(Step.DISCUSS, difference=difference)
    return Verdict(Step.THIRD, difference=difference)


def _resolve_three(marks: Sequence[Decimal], limits: Limits) -> Verdict:
    for one, other in ((0, 1), (0, 2), (1, 2)):
        if marks[one] == marks[other]:
            return _settled(marks, ResolutionMethod.EQUAL_PAIR, (one, other))
    if spread(marks) <= limits.spread * limits.scale:
        return _settled(marks, ResolutionMethod.MEAN_OF_THREE, (0, 1, 2))
    return Verdict(Step.PANEL, difference=spread(marks))


def _chosen(marks: Sequence[Decimal], rule: ResolutionRule) -> Verdict:
    """Three marks or more, by one of the other rules that a contest may choose."""
    if rule is ResolutionRule.THIRD:
        return _settled(marks, ResolutionMethod.THIRD, (len(marks) - 1,))
    if rule is ResolutionRule.CLOSEST:
        return _settled(marks, ResolutionMethod.CLOSEST, closest_pair(marks))
    if rule is ResolutionRule.MEDIAN:
        return _settled(marks, ResolutionMethod.MEDIAN, middle(marks))
    return _settled(marks, ResolutionMethod.MEAN_OF_THREE, tuple(range(len(marks))))


def closest_pair(marks: Sequence[Decimal]) -> tuple[int, int]:
    """Places of the two marks that are nearest to each other; of equals the higher pair."""
    return min(
        combinations(range(len(marks)), 2),
        key=lambda pair: (abs(marks[pair[0]] - marks[pair[1]]), -(marks[pair[0]] + marks[pair[1]])),
    )


def middle(marks: Sequence[Decimal]) -> tuple[int, ...]:
    """Places of the middle mark, or of the middle two."""
    order = sorted(range(len(marks)), key=lambda place: marks[place])
    half = len(order) // 2
    return (order[half],) if len(order) % 2 else (order[half - 1], order[half])


def trimmed(marks: Sequence[Decimal]) -> tuple[int, ...]:
    """Places of all marks but one highest and one lowest; of all where they are fewer than five."""
    everybody = range(len(marks))
    if len(marks) < TRIMMED_FROM:
        return tuple(everybody)
    order = sorted(everybody, key=lambda place: marks[place])
    return tuple(sorted(order[1:-1]))


def without_far(marks: Sequence[Decimal], most: Decimal) -> tuple[int, ...]:
    """Places of the marks that lie at most `most` points from the mean of all, in one pass.

    Empty where every mark lies farther: then people decide.
    """
    # Times the number of marks on both sides, so that the mean is never rounded.
    count, total = len(marks), sum(marks, Decimal(0))
    return tuple(
        place for place, mark in enumerate(marks) if abs(count * mark - total) <= count * most
    )


def re_marked(official: Decimal, marks: Sequence[Decimal], threshold: Decimal) -> Decimal | None:
    """The mark after an appeal (phúc khảo); None while a third re-marker is needed.

    Two equal re-markings count as the new mark, else the mean of the nearest pair of three. The
    official mark moves only when the difference reaches `threshold`.
    """
    if len(marks) == _TWO and marks[0] != marks[1]:
        return None
    counting = marks[:1] if len(marks) == _TWO else [marks[at] for at in closest_pair(marks)]
    new = rounded(mean(counting))
    return new if abs(new - official) >= threshold else official
