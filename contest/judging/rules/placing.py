"""Ranks, place sums of mid-ranks, and how far judges agree on the order."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

Points = Decimal | int | float


def competition_ranks(points: Sequence[Points]) -> list[int]:
    """The rank of each, highest first, equals sharing one: 1 2 2 4."""
    return [1 + sum(other > own for other in points) for own in points]


def mid_ranks(points: Sequence[Points]) -> list[Fraction]:
    """The rank of each, highest first; equals share the middle of their places."""
    return [
        Fraction(2 * sum(other > own for other in points) + sum(o == own for o in points) + 1, 2)
        for own in points
    ]


def place_sums(by_judge: Mapping[str, Mapping[str, Points]]) -> dict[str, Fraction] | None:
    """The sum of each work's mid-ranks; None unless every judge marked the same works."""
    tables = list(by_judge.values())
    if not tables or any(set(table) != set(tables[0]) for table in tables):
        return None
    sums = dict.fromkeys(tables[0], Fraction(0))
    for table in tables:
        works = list(table)
        for work, rank in zip(works, mid_ranks([table[work] for work in works]), strict=True):
            sums[work] += rank
    return sums


def kendall_w(by_judge: Mapping[str, Mapping[str, Points]]) -> float | None:
    """Kendall's W, corrected for ties; None when it is not defined."""
    sums = place_sums(by_judge)
    if sums is None:
        return None
    judges, works = len(by_judge), len(sums)
    centre = Fraction(judges * (works + 1), 2)
    squares = sum((value - centre) ** 2 for value in sums.values())
    ties = sum(_ties(list(table.values())) for table in by_judge.values())
    bottom = judges**2 * (works**3 - works) - judges * ties
    return None if bottom == 0 else float(12 * squares / bottom)


def _ties(points: Sequence[Points]) -> int:
    counts = [points.count(value) for value in set(points)]
    return sum(count**3 - count for count in counts)
