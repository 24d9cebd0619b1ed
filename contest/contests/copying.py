"""Copying contests and rounds: upper rooms register how their own settings follow a copy."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import inspect

from contest.contests.models import Contest, Round
from contest.core.access import Actor
from contest.core.db import Base


class RoundCopier(Protocol):
    """Copies what a room keeps about a round (quiz settings, prize levels) to its copy."""

    def __call__(self, *, source: Round, target: Round, actor: Actor | None, now: datetime) -> None:
        """Write the settings of `source` for `target`, which has been flushed."""


class ContestCopier(Protocol):
    """Copies what a room keeps about a contest as a whole (prizes over the totals) to its copy."""

    def __call__(
        self, *, source: Contest, target: Contest, actor: Actor | None, now: datetime
    ) -> None:
        """Write the settings of `source` for `target`, whose rounds are there already."""


_copiers: dict[str, RoundCopier] = {}
_contest_copiers: dict[str, ContestCopier] = {}


def register_copier(code: str, copier: RoundCopier) -> None:
    """Make a copier known under the room's name; registering it again replaces it."""
    _copiers[code] = copier


def register_contest_copier(code: str, copier: ContestCopier) -> None:
    """Make a copier of whole contests known under the room's name."""
    _contest_copiers[code] = copier


def copiers() -> list[RoundCopier]:
    """All copiers, in the order of their rooms' names."""
    return [_copiers[code] for code in sorted(_copiers)]


def contest_copiers() -> list[ContestCopier]:
    """All copiers of whole contests, in the order of their rooms' names."""
    return [_contest_copiers[code] for code in sorted(_contest_copiers)]


def values_of(row: Base, *, without: Collection[str]) -> dict[str, Any]:
    """The columns of a row by name, so that its copy takes those that are added later as well.

    Args:
        row: what is copied.
        without: names of what the copy has of its own; `id` and `public_id` always are.
    """
    left_out = {"id", "public_id", *without}
    names = [attribute.key for attribute in inspect(row).mapper.column_attrs]
    return {name: getattr(row, name) for name in names if name not in left_out}
