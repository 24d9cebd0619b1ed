"""Near-duplicates among the essays of a season, against cutting the same texts into shingles."""

import random
from collections.abc import Iterator
from itertools import product
from typing import Final

from benchmarks import Figure, benchmark, measured
from contest.core.copies import find_copies, shingles, words_of

TEXTS: Final = 1_800
WORDS: Final = 1_200
COPIES: Final = 200


@benchmark("duplicates")
def duplicates() -> Iterator[Figure]:
    """1,800 essays of 1,200 syllables with 200 planted copies: how long, and how many are found."""
    texts, planted = _essays()
    with measured() as ours:
        found = {(each.first, each.second) for each in find_copies(texts)}
    with measured() as cut:
        assert all(shingles(words_of(text)) for text in texts)
    yield Figure("CPU of a season", ours.cpu, "s CPU", at_most=10.0)
    yield Figure("finding copies / only cutting the shingles", ours.cpu / cut.cpu)
    yield Figure("planted copies that were found", len(planted & found) / COPIES, at_least=0.99)
    yield Figure("pairs accused that nobody planted", len(found - planted), at_most=0)


def _essays() -> tuple[list[str], set[tuple[int, int]]]:
    """Random texts; half of the copies take the first 60 %, half a passage of 20 % elsewhere."""
    chance = random.Random(10)
    syllables = ["".join(parts) for parts in product("bcdghklmnt", "aăâeêiôơuư", ("", "n", "ng"))]
    texts = [chance.choices(syllables, k=WORDS) for _text in range(TEXTS)]
    pairs = set()
    for place in range(COPIES):
        source, target = place, TEXTS - 1 - place
        length = WORDS * 6 // 10 if place % 2 else WORDS // 5
        start = 0 if place % 2 else chance.randrange(WORDS * 7 // 10)
        there = 0 if place % 2 else chance.randrange(WORDS * 7 // 10)
        texts[target][there : there + length] = texts[source][start : start + length]
        pairs.add((source, target))
    return [" ".join(words) for words in texts], pairs
