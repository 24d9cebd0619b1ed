"""Who may fetch a picture by its blind address: the room of judges says so.

`submissions` stands below `judging`, so it owns this registry and judging implements the check.
Nobody may fetch anything until somebody has registered.
"""

from typing import Protocol

from contest.core.access import Actor


class BlindReader(Protocol):
    """Says whether a person may read a work without its author now."""

    def __call__(self, *, actor: Actor, work_id: int) -> bool:
        """True when the person holds a sheet for the work."""


_readers: dict[str, BlindReader] = {}


def register_blind_reader(code: str, reader: BlindReader) -> None:
    """Make a check known under its room's name; registering it again replaces it."""
    _readers[code] = reader


def may_read_blind(*, actor: Actor, work_id: int) -> bool:
    """Whether any room lets this person read the work."""
    return any(reader(actor=actor, work_id=work_id) for reader in _readers.values())
