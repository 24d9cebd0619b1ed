"""Appeals: when they may be filed, and what the new marks amount to."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from contest.judging.rules.adjudication import re_marked

_TWO: Final = 2
_THREE: Final = 3


class Window(StrEnum):
    """Where the present instant lies."""

    BEFORE = "before"
    OPEN = "open"
    AFTER = "after"


def window(opens_at: datetime, closes_at: datetime, now: datetime) -> Window:
    """Where `now` lies: open from `opens_at` on, closed from `closes_at` on."""
    if now < opens_at:
        return Window.BEFORE
    return Window.OPEN if now < closes_at else Window.AFTER


def needs_third(marks: Sequence[Decimal]) -> bool:
    """Whether two re-markers differ, so that a third is asked."""
    return len(marks) == _TWO and marks[0] != marks[1]


def outcome(official: Decimal, marks: Sequence[Decimal], threshold: Decimal) -> Decimal | None:
    """The mark after re-marking; None while marks are missing.

    Args:
        official: the mark as published.
        marks: of the re-markers, in their order.
        threshold: points from which on the mark moves.
    """
    if len(marks) < _TWO or needs_third(marks):
        return None
    return re_marked(official, marks[:_THREE], threshold)
