"""Revealing results on a big screen, level by level, the lowest first."""

from dataclasses import dataclass

from contest.results.rules.snapshots import GivesPrizes, Level
from contest.results.rules.winners import Winner


@dataclass(frozen=True, slots=True)
class Revealed:
    """What the screen shows after so many steps; nothing of what comes later.

    Attributes:
        step: how many levels are shown.
        steps: how many there are.
        level: the one that was revealed last; None before the first.
        winners: of that level.
    """

    step: int
    steps: int
    level: Level | None
    winners: tuple[Winner, ...]


def revealed(said: GivesPrizes, step: int) -> Revealed:
    """The screen after `step` steps: levels with winners, from the lowest to the highest."""
    order = sorted({winner.level for winner in said.winners}, reverse=True)
    step = max(0, min(step, len(order)))
    if step == 0:
        return Revealed(0, len(order), None, ())
    shown = order[step - 1]
    winners = tuple(winner for winner in said.winners if winner.level == shown)
    return Revealed(step, len(order), said.level_of(winners[0]), winners)
