"""How many prizes a round gives, for the report of fairness: the room of results says so.

`judging` stands below `results`, so it owns this registry and results fills it. Without it the
report compares the orders alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrizeLine:
    """A level of prizes: its name, and how many there are (in each division)."""

    name: str
    quota: int


PrizeSource = Callable[[int], Sequence[PrizeLine]]

_sources: dict[str, PrizeSource] = {}


def register_prize_lines(code: str, source: PrizeSource) -> None:
    """Make a room's prizes known under its name; registering it again replaces it."""
    _sources[code] = source


def prize_lines(round_id: int) -> list[PrizeLine]:
    """The levels of prizes of a round, from the highest."""
    return [line for source in _sources.values() for line in source(round_id)]
