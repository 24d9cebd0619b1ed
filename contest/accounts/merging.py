"""What follows a person when two records become one.

Upper rooms register what they keep about people; merging counts it for the preview, asks what
stands in the way, and moves it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contest.core.errors import Words


def _nothing(kept_id: int, merged_id: int) -> Sequence[Words]:
    del kept_id, merged_id
    return ()


@dataclass(frozen=True, slots=True)
class Follower:
    """Something that follows a person.

    Attributes:
        code: key in the record of the merger, as "registrations".
        label: what it is called in the preview.
        count: how many a person (by key) has.
        move: (kept, merged, now): hands over what the merged record has; returns how many moved.
        obstacles: (kept, merged): sentences that say why these two cannot be merged.
        warnings: (kept, merged): sentences about what the merger brings about and who must act.
    """

    code: str
    label: Words
    count: Callable[[int], int]
    move: Callable[[int, int, datetime], int]
    obstacles: Callable[[int, int], Sequence[Words]] = _nothing
    warnings: Callable[[int, int], Sequence[Words]] = _nothing


_followers: Final[dict[str, Follower]] = {}


def register_follower(follower: Follower) -> None:
    """Add something that follows a person; the same code again replaces it."""
    _followers[follower.code] = follower


def followers() -> list[Follower]:
    """Everything registered, in the order of registration."""
    return list(_followers.values())
