"""Signs that somebody should look at an attempt; none of them is a proof, none decides anything."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb, factorial
from typing import Final

from contest.quizzes.models.fairness import FairnessSign

FASTEST_READING: Final = 600
"""Words (of Vietnamese, syllables: chữ) a minute that are read at most.

Adults read 238 English words a minute silently, good readers 300 (Brysbaert, "How many words do we
read per minute?", Journal of Memory and Language 109, 2019). Twice the good reader is our own
limit; no study sets it.
"""
LEAST_RIGHT: Final = 0.6
"""Who answers faster than reading and gets fewer right than this has pressed at random."""
LEAST_WORDS: Final = 40
"""Fewer words that were new to the person say nothing about speed."""
LEAST_TOGETHER: Final = 3
MOST_TOGETHER: Final = 40
"""A larger group behind one device and address is a school's or an office's network."""
LEAST_AWAY: Final = 10
"""So many times the page was left before it is told."""
LEAST_RUN: Final = 4
MOST_RUNS_EXPECTED: Final = 0.01
HINTS: Final = frozenset({FairnessSign.DEVICE, FairnessSign.FOCUS, FairnessSign.PREDICTIONS})
"""Signs with everyday explanations: one of them alone asks for nothing."""


def reading_speed(words: int, working_ms: int) -> float:
    """Words a minute that would have been read: words × 60,000 ÷ milliseconds.

    160 words in 8 s are 1,200 a minute. A time of nought counts as one millisecond.
    """
    return words * 60_000 / max(working_ms, 1)


def is_faster_than_reading(*, words: int, working_ms: int, right: int, questions: int) -> bool:
    """Whether the stems cannot have been read in the time, and yet most answers are right.

    Args:
        words: of the stems that were answered and that the person had not met before.
        working_ms: from the start to the handing in.
        right: right answers.
        questions: questions of the paper.
    """
    if words < LEAST_WORDS or right < LEAST_RIGHT * questions:
        return False
    return reading_speed(words, working_ms) > FASTEST_READING


def trace_digest(key: bytes, device: str, address: str) -> bytes:
    """A keyed digest under which attempts of one device and address meet; empty without both.

    The key is made for one report and forgotten with it, so that nobody can try addresses later.
    """
    if not device or not address:
        return b""
    return hmac.digest(key, f"{address}\n{device}".encode(), hashlib.sha256)[:12]


@dataclass(frozen=True, slots=True)
class Run:
    """Predictions of a group that stand side by side, each one more than the one before.

    Attributes:
        first, length: the run.
        expected: how many runs of that length chance would give such a group.
    """

    first: int
    length: int
    expected: float


def runs_expected(people: int, length: int, width: int) -> float:
    """Expected number of sets of people whose predictions are consecutive, by chance.

    People who guess independently and evenly over `width` numbers: C(n, L) choices of L people, L!
    orders, W − L + 1 first numbers, each with the probability W to the power −L (linearity of
    expectation). 5 people, 4 in a row, 1,000 numbers: 5 · 24 · 997 ÷ 10¹² = 1.2 · 10⁻⁷.
    """
    if length > people or length > width:
        return 0.0
    return comb(people, length) * factorial(length) * (width - length + 1) / float(width) ** length


def consecutive(predictions: Iterable[int], width: int) -> Run | None:
    """The longest run of consecutive predictions in a group, where chance does not explain it.

    Args:
        predictions: one of each person.
        width: how many numbers the middle nine tenths of the whole round's predictions span.
    """
    given = list(predictions)
    best, start, before = (0, 0), 0, None
    for each in sorted(set(given)):
        if before is None or each != before + 1:
            start = each
        before = each
        best = max(best, (each - start + 1, -start))
    length, first = best[0], -best[1]
    if length < LEAST_RUN:
        return None
    expected = runs_expected(len(given), length, max(width, length))
    return Run(first, length, expected) if expected <= MOST_RUNS_EXPECTED else None


def middle_width(predictions: Sequence[int]) -> int:
    """How many numbers the middle nine tenths of predictions span, both ends counted."""
    if not predictions:
        return 0
    ordered, cut = sorted(predictions), len(predictions) // 20
    return ordered[len(ordered) - 1 - cut] - ordered[cut] + 1


def overlapping(spans: Sequence[tuple[int, int]]) -> int:
    """The largest number of spans (begin, end) that run at the same instant."""
    edges = sorted([(begin, 1) for begin, _end in spans] + [(end, -1) for _begin, end in spans])
    most = now = 0
    for _at, step in edges:
        now += step
        most = max(most, now)
    return most


def asks_for_look(signs: Iterable[FairnessSign]) -> bool:
    """Whether somebody should look: a sign with few everyday causes, or two kinds of hints.

    Shared devices and addresses, pages left, and neighbouring predictions are common in schools
    and offices; none of them alone asks for a look.
    """
    found = set(signs)
    return bool(found - HINTS) or len(found) > 1
