"""A text with passages marked, for showing it, and passages of a text that changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text; `number` is that of the passage it belongs to, 0 outside all."""

    text: str
    number: int


def passages(text: str, spans: Iterable[tuple[int, int]]) -> list[Passage]:
    """Cut a text at spans, which are numbered in the order given; overlaps go to the first."""
    parts: list[Passage] = []
    place = 0
    numbered = sorted((start, end, number) for number, (start, end) in enumerate(spans, start=1))
    for span_start, end, number in numbered:
        start = max(span_start, place)
        if start >= end:
            continue
        if start > place:
            parts.append(Passage(text[place:start], 0))
        parts.append(Passage(text[start:end], number))
        place = end
    if place < len(text):
        parts.append(Passage(text[place:], 0))
    return parts


def moved_range(start: int, end: int, before: str, after: str) -> tuple[int, int]:
    """Where a passage stands after one part of a text was taken out or replaced.

    A passage inside that part becomes one sign at the cut: what was noted on it is not lost.

    Args:
        start: of the passage in `before`.
        end: the place after it.
        before: the text in which the passage was marked; not empty.
        after: the text now; not empty.
    """
    head = _alike(before, after)
    tail = _alike(reversed(before), reversed(after))
    tail = min(tail, len(before) - head, len(after) - head)

    def place(at: int) -> int:
        if at <= head:
            return at
        if at >= len(before) - tail:
            return at + len(after) - len(before)
        return head

    first = min(place(start), len(after) - 1)
    return first, min(max(place(end), first + 1), len(after))


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """How many signs two texts have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
