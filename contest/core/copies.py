"""Near-duplicates: texts that share passages, found by shingles of syllables.

Essays are compared as they are here; short texts by a narrower `width` and a larger share. NFC,
casefold, punctuation dropped; each run of five syllables becomes a number of 64 bits.
Shingles that stand in more than 1 % of the essays are phrases everybody uses and are dropped;
pairs that share at least eight of the others are compared exactly, both ways. What is less than
a twelfth of either essay is a turn of phrase, not a copy: among 1,800 essays on one theme such
pairs are tens of thousands, and nobody could look at them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 5
LEAST_SHARED: Final = 8
LEAST_SHARE: Final = 0.08
"""A passage of 20 % of an essay is found whatever the length of the other."""
COMMON_SHARE: Final = 0.01
LEAST_COMMON: Final = 5
"""A shingle of fewer essays than this is never too common, however small the round."""
WINNOW_ABOVE: Final = 5_000
WINNOW_WINDOW: Final = 4
PART: Final = 4_000_000
"""Hashes that are sorted at a time, and half the pairs: memory hardly grows with the essays."""
_KEPT: Final = 4_096
"""Essays whose distinct hashes are kept while pairs are compared, 8 kB each."""
_SYLLABLE: Final = re.compile(r"[^\W_]+")
_BASE: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Syllables:
    """The syllables of a text with the places where they stand in it."""

    words: list[str]
    spans: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class SharedPassages:
    """Two texts that share passages.

    Attributes:
        first: place of the one text in the list given.
        second: place of the other.
        shared: distinct shingles in both.
        share_first: part of the first's shingles that stand in the second, 0 to 1.
        share_second: part of the second's that stand in the first.
        spans: (start, end, start, end): character ranges of equal passages in both.
    """

    first: int
    second: int
    shared: int
    share_first: float
    share_second: float
    spans: list[tuple[int, int, int, int]]


def words_of(text: str) -> list[str]:
    """The syllables of a text: composed, casefolded, without punctuation."""
    return _SYLLABLE.findall(unicodedata.normalize("NFC", text).casefold())


def syllables(text: str) -> Syllables:
    """The syllables of a text with their places in it.

    A text that is not composed is composed first: its places then count in the composed text.
    """
    composed = unicodedata.normalize("NFC", text)
    spans = [match.span() for match in _SYLLABLE.finditer(composed)]
    return Syllables([composed[start:end].casefold() for start, end in spans], spans)


def shingles(words: Sequence[str], width: int = WIDTH) -> set[tuple[str, ...]]:
    """The distinct runs of `width` syllables."""
    return {tuple(words[place : place + width]) for place in range(len(words) - width + 1)}


def jaccard(first: str, second: str, width: int = WIDTH) -> tuple[int, int]:
    """Shared and all distinct shingles of two texts, as a fraction's two parts."""
    a, b = shingles(words_of(first), width), shingles(words_of(second), width)
    return len(a & b), len(a | b)


def containment(first: str, second: str, width: int = WIDTH) -> tuple[int, int]:
    """How many of the first text's shingles stand in the second, of how many."""
    a, b = shingles(words_of(first), width), shingles(words_of(second), width)
    return len(a & b), len(a)


class _Numbering:
    """Syllables as numbers of 64 bits, the same in every process."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def numbers(self, words: Sequence[str]) -> Hashes:
        known = self._known
        for word in set(words).difference(known):
            known[word] = _fnv(word)
        return np.array([known[word] for word in words], dtype=np.uint64)


def _fnv(word: str) -> int:
    """FNV-1a over UTF-8, 64 bits: Python's own hash differs from run to run."""
    value = 0xCBF29CE484222325
    for byte in word.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def _hash_runs(numbers: Hashes, width: int) -> Hashes:
    """A hash for each run of `width` numbers, in order."""
    count = len(numbers) - width + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    with np.errstate(over="ignore"):
        value = np.zeros(count, dtype=np.uint64)
        for place in range(width):
            value = (value ^ numbers[place : place + count]) * _BASE
            value ^= value >> np.uint64(29)
        for factor in _MIX:
            value = (value ^ (value >> np.uint64(31))) * factor
    return value ^ (value >> np.uint64(32))


def _winnow(hashes: Hashes, window: int) -> Hashes:
    """The smallest hash of each window: a fraction of all that still meets in shared passages."""
    if len(hashes) <= window:
        return hashes
    views = np.lib.stride_tricks.sliding_window_view(hashes, window)
    return np.unique(views.min(axis=1))


def find_copies(
    texts: Sequence[str],
    *,
    against: Sequence[str] = (),
    least_shared: int = LEAST_SHARED,
    winnow_above: int = WINNOW_ABOVE,
    width: int = WIDTH,
    least_share: float = LEAST_SHARE,
    common_share: float = COMMON_SHARE,
) -> list[SharedPassages]:
    """Every pair of texts that shares passages.

    Args:
        texts: the essays of a round, in NFC.
        against: essays of earlier seasons; they are compared with `texts`, not among themselves,
            and count on from `len(texts)` in the result.
        least_shared: shared rare shingles that make a pair a candidate.
        winnow_above: from so many texts on only a part of the hashes is compared.
        width: syllables of a shingle.
        least_share: part of either text's shingles, 0 to 1, that makes a pair worth showing.
        common_share: a shingle of more than this part of the texts says nothing.

    Returns:
        Pairs in the order of the larger share, the greatest first.
    """
    numbering = _Numbering()
    everything = [*texts, *against]
    shrink = 2 if len(everything) > winnow_above else 1

    def runs(place: int) -> Hashes:
        return _hash_runs(numbering.numbers(words_of(everything[place])), width)

    if shrink == 1:
        kept = [np.unique(runs(place)) for place in range(len(everything))]
    else:
        kept = [_winnow(runs(place), WINNOW_WINDOW) for place in range(len(everything))]
    pairs = _candidates(kept, len(texts), max(least_shared // shrink, 2), common_share)
    del kept

    # An essay is in many pairs: of a season's every one is kept, of a library's the latest.
    @lru_cache(maxsize=_KEPT)
    def distinct(place: int) -> Hashes:
        return np.unique(runs(place))

    found = [
        _compare(first, second, everything, runs, width)
        for first, second in pairs
        if _is_much(distinct(first), distinct(second), least_shared, least_share)
    ]
    return sorted(
        found,
        key=lambda each: (-max(each.share_first, each.share_second), each.first, each.second),
    )


def _candidates(
    sets: Sequence[Hashes], own: int, least: int, common_share: float
) -> list[tuple[int, int]]:
    """Pairs that share at least `least` hashes which are not common to many."""
    most = max(LEAST_COMMON, int(len(sets) * common_share))
    slices = 1 + sum(map(len, sets)) // PART
    meetings = sum(
        len(groups) * groups.shape[1] * (groups.shape[1] - 1) // 2
        for place in range(slices)
        for groups in _groups(sets, place, slices, most)
    )
    blocks = 1 + meetings // (2 * PART)
    found: list[tuple[int, int]] = []
    for block in range(blocks):
        keys = [np.empty(0, dtype=np.int64)]
        for place in range(slices):
            for groups in _groups(sets, place, slices, most):
                keys += _meetings(groups, len(sets), own, block, blocks)
        pairs, counts = np.unique(np.concatenate(keys), return_counts=True)
        enough = pairs[counts >= least]
        found += zip((enough // len(sets)).tolist(), (enough % len(sets)).tolist(), strict=True)
    return sorted(found)


def _meetings(
    groups: NDArray[np.int64], count: int, own: int, block: int, blocks: int
) -> Iterator[NDArray[np.int64]]:
    """Pairs of a table of owners as numbers, those whose first owner belongs to a block."""
    for left in range(groups.shape[1] - 1):
        rows = groups[(groups[:, left] % blocks == block) & (groups[:, left] < own)]
        for right in range(left + 1, groups.shape[1]):
            yield rows[:, left] * count + rows[:, right]


def _groups(
    sets: Sequence[Hashes], place: int, slices: int, most: int
) -> Iterator[NDArray[np.int64]]:
    """The owners of each hash of a slice that two to `most` sets hold, a table for each size."""
    chosen = [each[each % np.uint64(slices) == np.uint64(place)] for each in sets]
    if not sum(map(len, chosen)):
        return
    owners = np.repeat(np.arange(len(sets), dtype=np.int32), [len(each) for each in chosen])
    values = np.concatenate(chosen)
    del chosen
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    edges = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1], [True])))
    sizes = np.diff(edges)
    for size in range(2, most + 1):
        starts = edges[:-1][sizes == size]
        if len(starts):
            yield np.sort(owners[starts[:, None] + np.arange(size)], axis=1).astype(np.int64)


def _is_much(one: Hashes, other: Hashes, least: int, least_share: float) -> bool:
    """Whether two essays, by their distinct hashes, share enough to look for the passages."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared >= max(least, least_share * min(len(one), len(other)))


def _compare(
    first: int, second: int, texts: Sequence[str], runs: Callable[[int], Hashes], width: int
) -> SharedPassages:
    run_a, run_b = runs(first), runs(second)
    distinct_a, distinct_b = np.unique(run_a), np.unique(run_b)
    common = np.intersect1d(distinct_a, distinct_b, assume_unique=True)
    one, other = syllables(texts[first]), syllables(texts[second])
    return SharedPassages(
        first=first,
        second=second,
        shared=len(common),
        share_first=len(common) / max(len(distinct_a), 1),
        share_second=len(common) / max(len(distinct_b), 1),
        spans=_spans(one, other, run_a, run_b, common, width=width),
    )


def _spans(
    first: Syllables,
    second: Syllables,
    run_a: Hashes,
    run_b: Hashes,
    common: Hashes,
    *,
    width: int,
) -> list[tuple[int, int, int, int]]:
    """The longest equal passages, each place of the first text used once."""
    if len(first.words) != len(run_a) + width - 1 or len(second.words) != len(run_b) + width - 1:
        return []  # letters that fall apart when casefolded: the shares say enough
    places: defaultdict[int, list[int]] = defaultdict(list)
    for there in np.flatnonzero(np.isin(run_b, common)).tolist():
        places[int(run_b[there])].append(there)
    wanted: list[int] = np.flatnonzero(np.isin(run_a, common)).tolist()
    spans = []
    done = -1
    for place in wanted:
        if place <= done:
            continue
        length, other = max(
            (_length(first, second, place, other), -other) for other in places[int(run_a[place])]
        )
        if length < width:  # two different runs with one hash
            continue
        done = place + length - width
        spans.append(
            (
                first.spans[place][0],
                first.spans[place + length - 1][1],
                second.spans[-other][0],
                second.spans[-other + length - 1][1],
            )
        )
    return spans


def _length(first: Syllables, second: Syllables, place: int, other: int) -> int:
    length = 0
    most = min(len(first.words) - place, len(second.words) - other)
    while length < most and first.words[place + length] == second.words[other + length]:
        length += 1
    return length
