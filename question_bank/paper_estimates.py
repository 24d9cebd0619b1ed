"""How many papers a blueprint gives, how alike they are, and how equal in difficulty. Pure.

The count and the mean overlap follow from the draw's own rules: among unseen questions the less
used come first, so that whole levels of use are taken before lots decide inside the last one. They
are exact for cells that do not share questions and have no enemies, else close. The difficulty is
looked at over papers that are really drawn.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, pstdev
from typing import Final

from question_bank.drawing import Blueprint, Cell, FrozenPool, PoolItem, derive_seed, draw

GIVEN_FACILITY: Final[Mapping[str, float]] = {
    "easy": 0.85,
    "medium": 0.65,
    "hard": 0.45,
    "very_hard": 0.30,
}
"""What a question's stated difficulty promises while nobody has answered it."""
SAMPLE: Final = 60
_NARROW: Final = 0.2


@dataclass(frozen=True, slots=True)
class Variety:
    """How many papers of other questions there are, and how much two of them share.

    Attributes:
        papers: how many sets of questions can be drawn for somebody who has seen none.
        shared: how many questions two papers have in common on average.
        questions: of a paper.
        is_exact: cells share no questions and there are no enemies among them.
    """

    papers: int
    shared: float
    questions: int
    is_exact: bool


def variety(blueprint: Blueprint, pool: Iterable[PoolItem]) -> Variety:
    """Estimate how many papers a blueprint gives and how much two of them overlap.

    A cell that the pool cannot fill gives no paper.
    """
    items = tuple(pool)
    papers, shared = 1, 0.0
    met: Counter[int] = Counter()
    groups: Counter[str] = Counter()
    for cell in blueprint:
        fitting = [item for item in items if item.fits(cell)]
        met.update(item.question_id for item in fitting)
        groups.update(group for item in fitting for group in item.enemies)
        ways, common = _of_cell(cell, fitting)
        papers, shared = papers * ways, shared + common
    exact = all(times == 1 for times in met.values()) and all(n == 1 for n in groups.values())
    return Variety(papers, shared, sum(cell.count for cell in blueprint), exact)


def _of_cell(cell: Cell, fitting: Sequence[PoolItem]) -> tuple[int, float]:
    """In how many ways a cell can be filled, and what two fillings share on average."""
    left, common = cell.count, 0.0
    levels = Counter(item.use_rank for item in fitting)
    for rank in sorted(levels):
        size = levels[rank]
        if size >= left:
            return math.comb(size, left), common + left * left / size
        left, common = left - size, common + size
    return (1, common) if left == 0 else (0, 0.0)


@dataclass(frozen=True, slots=True)
class SampledPaper:
    """A paper that was drawn to look at: its expected share of the points, and its questions."""

    number: int
    expected: float
    questions: frozenset[int]


@dataclass(frozen=True, slots=True)
class Equality:
    """How equal drawn papers are in difficulty.

    `expected` are shares of the points that a person of average strength is expected to reach.
    `known` of the pool's questions have been answered before; for the others their stated
    difficulty stands. `pairs` are the papers farthest apart.
    """

    papers: tuple[SampledPaper, ...]
    mean: float
    deviation: float
    least: float
    most: float
    pairs: tuple[tuple[SampledPaper, SampledPaper], ...]
    shared: float
    known: int
    pool: int

    @property
    def spread(self) -> float:
        """Between the easiest and the hardest paper."""
        return self.most - self.least

    @property
    def step(self) -> int:
        """How wide a bar of the histogram is, in per cent of the points."""
        return 1 if self.spread <= _NARROW else 5

    def histogram(self) -> list[tuple[int, int]]:
        """How many papers promise each stretch of the points (its beginning in per cent)."""
        step = self.step
        counts = Counter(int(round(100 * paper.expected, 6)) // step for paper in self.papers)
        first, last = min(counts) - (step == 1), max(counts) + (step == 1)
        return [(place * step, counts[place]) for place in range(first, last + 1)]


def equality(
    blueprint: Blueprint,
    pool: FrozenPool,
    known: Mapping[int, float],
    weights: Mapping[int, float],
    *,
    sample: int = SAMPLE,
) -> Equality:
    """Draw some papers and compare how hard they are.

    The papers come from a seed of their own: nothing of a round's secret seed is used.

    Args:
        blueprint: which the pool can fill.
        pool: from which papers are drawn.
        known: by question, the mean share of its points in former uses.
        weights: by question, its points.
        sample: how many papers.

    Raises:
        PoolTooSmall: the pool cannot fill the blueprint.
    """
    by_revision = {item.revision_id: item for item in pool.items}
    papers = []
    for number in range(1, sample + 1):
        paper = draw(blueprint, pool, derive_seed(b"equality", pool.digest, number))
        items = [by_revision[revision_id] for revision_id in paper.revision_ids]
        papers.append(
            SampledPaper(
                number, _expected(items, known, weights), frozenset(i.question_id for i in items)
            )
        )
    shares = [paper.expected for paper in papers]
    ordered = sorted(papers, key=lambda paper: paper.expected)
    ends = len(ordered) // 2
    pairs = list(zip(ordered[:ends], reversed(ordered), strict=False))[:3]
    together = [len(a.questions & b.questions) for a, b in combinations(papers, 2)]
    return Equality(
        papers=tuple(papers),
        mean=fmean(shares),
        deviation=pstdev(shares),
        least=min(shares),
        most=max(shares),
        pairs=tuple(pairs),
        shared=fmean(together) if together else 0.0,
        known=sum(1 for item in pool.items if item.question_id in known),
        pool=len(pool.items),
    )


def _expected(
    items: Sequence[PoolItem], known: Mapping[int, float], weights: Mapping[int, float]
) -> float:
    total = sum(weights.get(item.question_id, 1.0) for item in items)
    if not total:
        return 0.0
    earned = sum(
        weights.get(item.question_id, 1.0)
        * known.get(item.question_id, GIVEN_FACILITY.get(item.difficulty, 0.5))
        for item in items
    )
    return earned / total
