"""The only place that reads the clock.

`now` is taken once per request and passed down; everything below receives it as a parameter.
"""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import g

LOCAL_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    """The present instant, in UTC with microseconds."""
    return datetime.now(UTC)


def request_now() -> datetime:
    """The instant of the request: the same however often it is asked for."""
    if "now" not in g:
        g.now = utc_now()
    instant: datetime = g.now
    return instant


def request_day() -> date:
    """The day of the request where the contests are held."""
    return request_now().astimezone(LOCAL_ZONE).date()


def monotonic() -> float:
    """Seconds of a clock that never jumps, for measuring durations."""
    return time.monotonic()


def micros(instant: datetime) -> int:
    """Whole microseconds since 1970 UTC of an aware instant."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def from_micros(value: int) -> datetime:
    """The aware UTC instant of whole microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)
