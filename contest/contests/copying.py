"""Copying rounds: upper rooms register how their own settings follow a copied round."""

from datetime import datetime
from typing import Protocol

from contest.contests.models import Round
from contest.core.access import Actor


class RoundCopier(Protocol):
    """Copies what a room keeps about a round (quiz settings, prize levels) to its copy."""

    def __call__(self, *, source: Round, target: Round, actor: Actor | None, now: datetime) -> None:
        """Write the settings of `source` for `target`, which has been flushed."""


_copiers: dict[str, RoundCopier] = {}


def register_copier(code: str, copier: RoundCopier) -> None:
    """Make a copier known under the room's name; registering it again replaces it."""
    _copiers[code] = copier


def copiers() -> list[RoundCopier]:
    """All copiers, in the order of their rooms' names."""
    return [_copiers[code] for code in sorted(_copiers)]
