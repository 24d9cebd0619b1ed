"""Moving undone sheets from one judge to another: which can go, and what the loads become."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from contest.core.audit import canonical_json, sha256_hex


class KeptBack(StrEnum):
    """Why a sheet cannot go to a judge. Never which conflict: that would tell about the author."""

    CONFLICT = "conflict"
    HAS_IT = "has_it"
    NO_ROOM = "no_room"


class Movable(NamedTuple):
    """An undone sheet of the first judge."""

    sheet_id: int
    public_id: str
    work_id: int
    marking: int
    is_begun: bool


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What a move would do.

    Attributes:
        moves: sheets that go.
        kept_back: sheets that were asked for and cannot go, with the reason.
        giver_before: works of the first judge, then after the move; likewise of the second.
    """

    moves: tuple[Movable, ...]
    kept_back: tuple[tuple[Movable, KeptBack], ...]
    giver_before: int
    taker_before: int

    @property
    def giver_after(self) -> int:
        """Works of the first judge afterwards."""
        return self.giver_before - len(self.moves)

    @property
    def taker_after(self) -> int:
        """Works of the second judge afterwards."""
        return self.taker_before + len(self.moves)

    @property
    def begun(self) -> int:
        """How many of the sheets that go hold marks already."""
        return sum(move.is_begun for move in self.moves)

    def digest(self) -> str:
        """By which the move is taken exactly as it was shown."""
        sheets = [[move.sheet_id, move.is_begun] for move in self.moves]
        return sha256_hex(canonical_json([sheets, self.giver_before, self.taker_before]))


def plan_move(
    *,
    sheets: Sequence[Movable],
    count: int | None,
    conflicts: Collection[int],
    held: Collection[int],
    loads: tuple[int, int],
    capacity: int | None,
) -> MovePlan:
    """Say which sheets go.

    Args:
        sheets: undone ones of the first judge, in the order in which they are to go.
        count: how many of them; None for all that can.
        conflicts: works that the second judge must not mark.
        held: works that the second judge holds, has marked or gave back.
        loads: works of the first and of the second judge now.
        capacity: the most works of the second; None for no limit.
    """
    moves: list[Movable] = []
    kept: list[tuple[Movable, KeptBack]] = []
    room = None if capacity is None else max(0, capacity - loads[1])
    for sheet in sheets:
        if count is not None and len(moves) >= count:
            break
        if sheet.work_id in held:
            kept.append((sheet, KeptBack.HAS_IT))
        elif sheet.work_id in conflicts:
            kept.append((sheet, KeptBack.CONFLICT))
        elif room is not None and len(moves) >= room:
            kept.append((sheet, KeptBack.NO_ROOM))
        else:
            moves.append(sheet)
    return MovePlan(tuple(moves), tuple(kept), *loads)
