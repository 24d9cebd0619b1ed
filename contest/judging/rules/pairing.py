"""Swaps that make pairs of judges meet evenly, so that judges can be compared afterwards."""

import random
from collections.abc import Sequence
from typing import Final

_SWAPS_PER_MARK: Final = 6
_MOST_SWAPS: Final = 60_000

Overlap = list[list[int]]


def even_out(
    panels: list[list[int]],
    kept: Sequence[Sequence[int]],
    allowed: Sequence[Sequence[int]],
    seed: str,
) -> None:
    """Swap judges between works while that lowers Σ overlap² (works shared by each pair).

    Args:
        panels: by work, the judges who may be swapped; changed in place, loads stay.
        kept: by work, judges who stay.
        allowed: by work, judges who may mark it.
        seed: of the draw, so that anybody can replay it.
    """
    movable = [(work, at) for work, panel in enumerate(panels) for at in range(len(panel))]
    if len(movable) < 2:  # noqa: PLR2004  (nothing to swap with)
        return
    shared = _overlap(panels, kept)
    fits = [frozenset(each) for each in allowed]
    chance = random.Random(seed + "/swaps")  # noqa: S311  (anybody must be able to replay it)
    for _ in range(min(_SWAPS_PER_MARK * len(movable), _MOST_SWAPS)):
        work_1, at_1 = movable[int(chance.random() * len(movable))]
        work_2, at_2 = movable[int(chance.random() * len(movable))]
        one, two = panels[work_1][at_1], panels[work_2][at_2]
        if one == two or two not in fits[work_1] or one not in fits[work_2]:
            continue
        if work_1 == work_2 or two in panels[work_1] or one in panels[work_2]:
            continue
        change = _change(
            one,
            two,
            [each for each in (*panels[work_1], *kept[work_1]) if each != one],
            [each for each in (*panels[work_2], *kept[work_2]) if each != two],
        )
        if sum(by * (2 * shared[a][b] + by) for (a, b), by in change.items()) < 0:
            for (a, b), by in change.items():
                shared[a][b] += by
                shared[b][a] += by
            panels[work_1][at_1], panels[work_2][at_2] = two, one


def _overlap(panels: Sequence[Sequence[int]], kept: Sequence[Sequence[int]]) -> Overlap:
    judges = 1 + max((at for each in (*panels, *kept) for at in each), default=0)
    shared = [[0] * judges for _ in range(judges)]
    for panel, staying in zip(panels, kept, strict=True):
        together = (*panel, *staying)
        for place, one in enumerate(together):
            for other in together[place + 1 :]:
                shared[one][other] += 1
                shared[other][one] += 1
    return shared


def _change(
    one: int, two: int, others_1: Sequence[int], others_2: Sequence[int]
) -> dict[tuple[int, int], int]:
    """By how much each pair's overlap changes when `one` and `two` change places."""
    change: dict[tuple[int, int], int] = {}
    for judge, others, by in (
        (one, others_1, -1),
        (two, others_1, 1),
        (two, others_2, -1),
        (one, others_2, 1),
    ):
        for other in others:
            pair = (judge, other) if judge < other else (other, judge)
            change[pair] = change.get(pair, 0) + by
    return change
