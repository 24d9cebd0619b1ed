"""Revealing results on a big screen: prizes beside the levels, then level by level upwards."""

from dataclasses import dataclass

from contest.results.rules.extra_snapshots import ExtraUnit, PublishedExtra
from contest.results.rules.snapshots import GivesPrizes, Level
from contest.results.rules.winners import Winner


@dataclass(frozen=True, slots=True)
class Revealed:
    """What the screen shows after so many steps; nothing of what comes later.

    Attributes:
        step: how many prizes are shown.
        steps: how many there are.
        level: the one that was revealed last; None before the first, and at a prize beside them.
        extra: the prize beside the levels that was revealed last.
        winners: of that prize.
        units: of that prize.
    """

    step: int
    steps: int
    level: Level | None = None
    extra: PublishedExtra | None = None
    winners: tuple[Winner, ...] = ()
    units: tuple[ExtraUnit, ...] = ()


def revealed(said: GivesPrizes, step: int) -> Revealed:
    """The screen after `step` steps.

    Side prizes and unit prizes come first, from the last in the rules to the first, then levels
    from the lowest to the highest; only what somebody gets.
    """
    beside = [one for one in reversed(said.extras) if one.winners or one.units]
    levels = sorted({winner.level for winner in said.winners}, reverse=True)
    steps = len(beside) + len(levels)
    step = max(0, min(step, steps))
    if step == 0:
        return Revealed(0, steps)
    if step <= len(beside):
        extra = beside[step - 1]
        return Revealed(step, steps, extra=extra, winners=extra.winners, units=extra.units)
    shown = levels[step - len(beside) - 1]
    winners = tuple(winner for winner in said.winners if winner.level == shown)
    return Revealed(step, steps, said.level_of(winners[0]), winners=winners)
