"""Prizes before and after something that is only supposed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrizeMove:
    """An entry whose prize would be another; levels by id, None = no prize."""

    entry_id: int
    before: int | None
    after: int | None


def prize_moves(before: Mapping[int, int], after: Mapping[int, int]) -> list[PrizeMove]:
    """Who would lose, change or gain a prize, in this order.

    Args:
        before: level by entry.
        after: the same as it would be.
    """
    lost = [PrizeMove(entry, level, None) for entry, level in before.items() if entry not in after]
    changed = [
        PrizeMove(entry, level, after[entry])
        for entry, level in before.items()
        if entry in after and after[entry] != level
    ]
    gained = [
        PrizeMove(entry, None, level) for entry, level in after.items() if entry not in before
    ]
    return [*lost, *changed, *gained]
