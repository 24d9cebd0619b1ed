"""Drawing a paper, against a blind sample of the same size from the same pool."""

import random
from collections.abc import Callable, Iterator
from typing import Final

from benchmarks import Figure, benchmark, measured
from question_bank.drawing import Cell, FrozenPool, PoolItem, derive_seed, draw

POOL: Final = 500
TOPICS: Final = 5
LEVELS: Final = ("easy", "medium", "hard")
PAPERS: Final = 300
PAIRS: Final = 5


@benchmark("draw")
def drawing() -> Iterator[Figure]:
    """20 questions of 500, by topic and level, without enemies; against `random.sample`."""
    pool = FrozenPool(_question(number) for number in range(POOL))
    blueprint = tuple(Cell(topic, LEVELS[topic % 3], 4) for topic in range(TOPICS))
    seen = frozenset(range(3))

    def ours(number: int) -> None:
        draw(blueprint, pool, derive_seed(b"bench", number), seen)

    def blind(number: int) -> None:
        chance = random.Random(number)
        for item in chance.sample(pool.items, 20):
            chance.sample(item.option_ids, len(item.option_ids))

    pairs = [(_milliseconds(ours), _milliseconds(blind)) for _turn in range(PAIRS)]
    mine, other = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    yield Figure("CPU of a paper", mine, "ms CPU", at_most=1.0)
    yield Figure("paper / blind sample of the same size", mine / other)


def _question(number: int) -> PoolItem:
    return PoolItem(
        question_id=number,
        revision_id=1000 + number,
        topic_id=number % TOPICS,
        difficulty=LEVELS[number % 3],
        enemies=frozenset((f"g{number}",) if number % 9 else ()),
        option_ids=tuple(f"q{number}o{place}" for place in range(4)),
    )


def _milliseconds(one: Callable[[int], None]) -> float:
    with measured() as span:
        for number in range(PAPERS):
            one(number)
    return span.cpu * 1000 / PAPERS
