"""How many papers a blueprint gives, how alike they are, and how equal in difficulty."""

import math
from itertools import combinations

import pytest

from question_bank.drawing import Cell, FrozenPool, PoolItem, derive_seed, draw
from question_bank.paper_estimates import equality, variety


def pool(count, *, topic=1, difficulty="easy", first=1, rank=0, enemies=()):
    return [
        PoolItem(number, 1000 + number, topic, difficulty, rank, frozenset(enemies), ("a", "b"))
        for number in range(first, first + count)
    ]


def overlap(blueprint, items, papers=300):
    """The mean overlap of papers that are really drawn."""
    frozen = FrozenPool(items)
    drawn = [set(draw(blueprint, frozen, derive_seed(b"t", n)).revision_ids) for n in range(papers)]
    pairs = list(combinations(drawn[:60], 2))
    return sum(len(a & b) for a, b in pairs) / len(pairs), len({frozenset(p) for p in drawn})


def test_disjoint_cells_are_counted_exactly():
    """C(6, 2) · C(4, 1) papers; two of them share 4/6 + 1/4 of a question."""
    items = [*pool(6), *pool(4, topic=2, first=20)]
    blueprint = (Cell(1, None, 2), Cell(2, None, 1))
    found = variety(blueprint, items)
    assert (found.papers, found.questions, found.is_exact) == (15 * 4, 3, True)
    assert found.shared == pytest.approx(4 / 6 + 1 / 4)
    shared, distinct = overlap(blueprint, items)
    assert shared == pytest.approx(found.shared, abs=0.15)
    assert distinct == 60


def test_less_used_questions_leave_fewer_papers():
    """Two fresh questions stand in every paper; one of the other eight changes."""
    items = [*pool(2), *pool(8, first=10, rank=1)]
    blueprint = (Cell(None, None, 3),)
    found = variety(blueprint, items)
    assert found.papers == 8
    assert found.shared == pytest.approx(2 + 1 / 8)
    shared, distinct = overlap(blueprint, items)
    assert (shared, distinct) == (pytest.approx(found.shared, abs=0.1), 8)


def test_an_estimate_says_so():
    """Cells that share questions, and enemies among them."""
    items = pool(10)
    assert not variety((Cell(1, None, 2), Cell(None, None, 1)), items).is_exact
    assert not variety((Cell(1, None, 2),), pool(10, enemies=("g",))).is_exact
    assert variety((Cell(1, None, 11),), items).papers == 0
    assert variety((Cell(1, None, 10),), items).papers == 1
    assert variety((Cell(1, None, 20),), pool(100)).papers == math.comb(100, 20)


def test_difficulty_over_drawn_papers():
    """What was answered before counts as it was answered, the rest as it is stated."""
    items = [*pool(10), *pool(10, difficulty="hard", first=20)]
    blueprint = (Cell(None, "easy", 2), Cell(None, "hard", 2))
    stated = equality(blueprint, FrozenPool(items), {}, {})
    assert stated.spread == pytest.approx(0)
    assert (stated.known, stated.pool) == (0, 20)
    assert stated.mean == pytest.approx((0.85 + 0.45) / 2)
    known = {number: number / 30 for number in range(20, 30)}
    found = equality(blueprint, FrozenPool(items), known, {})
    assert found.known == 10
    assert 0.05 < found.spread < 0.3
    (hardest, easiest), *_others = found.pairs
    assert (hardest.expected, easiest.expected) == (found.least, found.most)
    assert sum(count for _place, count in found.histogram()) == len(found.papers) == 60
    assert found.shared == pytest.approx(0.8, abs=0.15)
    assert equality(blueprint, FrozenPool(items), known, {}) == found, "the same each time"


def test_points_weigh():
    """A question of three points counts three times."""
    items = [*pool(1), *pool(1, difficulty="hard", first=20)]
    found = equality((Cell(None, None, 2),), FrozenPool(items), {}, {1: 3.0}, sample=3)
    assert found.mean == pytest.approx((3 * 0.85 + 0.45) / 4)
