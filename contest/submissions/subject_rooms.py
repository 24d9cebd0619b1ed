"""What other rooms keep about a person written about: told to the page, and moved with the record.

This room owns the record and asks; the rooms above it (honoured persons, the honour roll) answer.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select

from contest.core.errors import Words


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a person written about stands in another room.

    Attributes:
        label: what it is, as "Honoured beside the prizes of …".
        at: since when.
        is_named: whether the public reads the name there.
        endpoint: page for those who keep it; `values` of its address.
        public_endpoint: page for everybody, where there is one; `public_values` likewise.
    """

    label: Words
    at: datetime
    is_named: bool
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    public_endpoint: str = ""
    public_values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubjectRoom:
    """What a room keeps about persons written about.

    Attributes:
        code: of what it keeps, as "honours".
        mentions: (subject): where the person stands.
        count: (subjects): how often each stands there, by key.
        held: keys of all subjects that stand there; they are kept.
        obstacles: (kept, merged): sentences that say why these two cannot be made one.
        hand_over: (from, to, keys or None for all): gives what is kept to another record; returns
            the keys of what changed hands.
        withdraw: (subject, purpose, now): the person agrees no longer; returns how many changed.
        erase: (subject, now): name and words go; returns how many changed.
    """

    code: str
    mentions: Callable[[int], Sequence[Mention]]
    count: Callable[[Collection[int]], Mapping[int, int]]
    held: Callable[[], Select[int]]
    obstacles: Callable[[int, int], Sequence[Words]]
    hand_over: Callable[[int, int, Collection[int] | None], list[int]]
    withdraw: Callable[[int, str, datetime], int]
    erase: Callable[[int, datetime], int]


_rooms: Final[dict[str, SubjectRoom]] = {}


def register_room(room: SubjectRoom) -> None:
    """Add a room; the same code again replaces it."""
    _rooms[room.code] = room


def rooms() -> list[SubjectRoom]:
    """Everything registered, in the order of registration."""
    return list(_rooms.values())
