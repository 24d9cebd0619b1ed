"""Who may fetch a picture by its blind address, and who hears that a blind text changed.

`submissions` stands below `judging`, so it owns these registries and judging implements them.
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


class TextListener(Protocol):
    """Hears that the text which judges read of a work is another one now."""

    def __call__(self, *, work_id: int, before: str, after: str) -> None:
        """Move what points into the text."""


_listeners: dict[str, TextListener] = {}


def register_text_listener(code: str, listener: TextListener) -> None:
    """Make a listener known under its room's name; registering it again replaces it."""
    _listeners[code] = listener


def text_changed(*, work_id: int, before: str, after: str) -> None:
    """Tell every room whose notes point into the text."""
    if before and after and before != after:
        for listener in _listeners.values():
            listener(work_id=work_id, before=before, after=after)
