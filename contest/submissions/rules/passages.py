"""A text with passages marked, for showing it."""

from collections.abc import Iterable
from dataclasses import dataclass


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
