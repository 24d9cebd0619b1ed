"""Whether the public board runs, stands still or is hidden; rates from counters."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from contest.contests.models import Stage
from contest.quizzes.models.live import BoardShown

_PATIENCE: Final = timedelta(minutes=2)


class BoardState(StrEnum):
    """What the public board of a round does at an instant."""

    HIDDEN = "hidden"
    RUNNING = "running"
    FROZEN = "frozen"
    FINAL = "final"


def board_state(
    shown: BoardShown,
    stage: Stage,
    *,
    freeze_minutes: int,
    closes_at: datetime | None,
    now: datetime,
) -> BoardState:
    """What the board does: hidden before the opening, and where the rules hide counters.

    With `NOTHING` it stays hidden for good: the results then tell the numbers.

    Args:
        shown: the round's setting.
        stage: of the round.
        freeze_minutes: so long before the close it stands still, with `UNTIL_FREEZE`.
        closes_at: when the round closes.
        now: the instant.
    """
    if shown is BoardShown.NOTHING or stage is Stage.PLANNED:
        return BoardState.HIDDEN
    if stage is not Stage.OPEN:
        return BoardState.FINAL
    if shown is BoardShown.ALWAYS or closes_at is None:
        return BoardState.RUNNING
    freezes_at = closes_at - timedelta(minutes=freeze_minutes)
    return BoardState.FROZEN if now >= freezes_at else BoardState.RUNNING


def is_late(stage: Stage, counted_at: datetime | None, now: datetime) -> bool:
    """Whether the counters of an open round stand still though they are made four times a minute.

    Args:
        stage: of the round.
        counted_at: when they were made, None where they never were.
        now: the instant.
    """
    return stage is Stage.OPEN and counted_at is not None and counted_at < now - _PATIENCE


def error_share(received: int, refused: int, failed: int) -> float | None:
    """Share of saves that the server could not answer; refusals by the rules are no errors."""
    every = received + refused + failed
    return failed / every if every else None
