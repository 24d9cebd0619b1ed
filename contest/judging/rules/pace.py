"""Whether a judge will be done in time, as far as the sheets tell."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

_FIRST_LOOK: Final = 0.25
_SLACK: Final = 0.25


class Pace(StrEnum):
    """How a judge stands against the day by which marks are due."""

    NONE = "none"
    DONE = "done"
    ON_TIME = "on_time"
    BEHIND = "behind"
    LATE = "late"


def pace(
    *, done: int, load: int, begun_at: datetime | None, due_at: datetime | None, now: datetime
) -> Pace:
    """How a judge stands.

    Late: the day has passed and something is open. Behind: a quarter of the time or more has gone,
    and the share that is done lags behind the share of time by more than a quarter of the works.

    Args:
        done: finished sheets.
        load: all sheets of the judge.
        begun_at: when the first was handed over.
        due_at: by when marks are due; without it nobody is behind.
        now: the instant of the request.
    """
    if not load:
        return Pace.NONE
    if done >= load:
        return Pace.DONE
    if due_at is None or begun_at is None:
        return Pace.ON_TIME
    if now > due_at:
        return Pace.LATE
    whole = (due_at - begun_at).total_seconds()
    gone = (now - begun_at).total_seconds() / whole if whole > 0 else 1.0
    lags = gone >= _FIRST_LOOK and done / load < gone - _SLACK
    return Pace.BEHIND if lags else Pace.ON_TIME


_BREAK: Final = timedelta(minutes=15)
_LONG: Final = timedelta(minutes=60)


def minutes_without_break(done: Sequence[datetime], now: datetime) -> int:
    """For how many minutes somebody has marked without a break; 0 below an hour.

    A break is a quarter of an hour in which no sheet was finished.

    Args:
        done: instants at which their latest sheets were finished, the latest first.
        now: the instant of the request.
    """
    begun = now
    for at in done:
        if begun - at > _BREAK:
            break
        begun = at
    lasted = now - begun
    return int(lasted.total_seconds() // 60) if lasted >= _LONG else 0
