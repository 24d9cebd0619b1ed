"""Which unit stands now for one that ended. Pure."""

from collections.abc import Iterable, Mapping


def single_heirs(successions: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """The heir of each unit that went over into exactly one other.

    One that was divided has none: its rows cannot be divided with it.

    Args:
        successions: (from, to) of units.
    """
    heirs: dict[int, list[int]] = {}
    for old, new in successions:
        heirs.setdefault(old, []).append(new)
    return {old: new[0] for old, new in heirs.items() if len(new) == 1}


def heir_of(unit_id: int, heirs: Mapping[int, int]) -> int:
    """The unit that stands for this one now, over several mergers; itself where there is none."""
    seen = {unit_id}
    while unit_id in heirs and heirs[unit_id] not in seen:
        unit_id = heirs[unit_id]
        seen.add(unit_id)
    return unit_id
