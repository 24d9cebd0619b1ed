"""Hours of the day as organisers write them, and instants as rules say them."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from contest.core.clock import LOCAL_ZONE
from contest.core.vietnamese import fold, one_line

DAY_MINUTES: Final = 24 * 60
_HOUR_MINUTES: Final = 60
_CLOCK: Final = re.compile(
    r"(?:luc )?(?P<hour>[0-9]{1,2})\s*(?:(?::|h|g|gio|\.)\s*(?P<minute>[0-9]{1,2})?\s*"
    r"(?:phut|p|')?)?(?P<half>\s*(?:ruoi))?"
)


class BadHour(ValueError):
    """A text that is no hour of the day."""


def read_hour(text: str) -> int:
    """Minutes after midnight of an hour as people write it.

    "10:00", "10h", "9h30", "9 giờ rưỡi", "10g15"; "24 giờ" is 1440, the end of the day.

    Raises:
        BadHour: it cannot be read so.
    """
    found = _CLOCK.fullmatch(fold(one_line(text)))
    if found is None:
        raise BadHour(text)
    hour = int(found["hour"])
    minute = int(found["minute"] or 0) + (_HOUR_MINUTES // 2 if found["half"] else 0)
    total = hour * _HOUR_MINUTES + minute
    if minute >= _HOUR_MINUTES or total > DAY_MINUTES:
        raise BadHour(text)
    return total


def instant_of(day: date, minutes: int) -> datetime:
    """The UTC instant of a local day and minutes after its midnight; 1440 is the next midnight."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE)
    return (midnight + timedelta(minutes=minutes)).astimezone(UTC)


def opening_parts(instant: datetime) -> tuple[date, str]:
    """The local day and hour of an opening, as they stand in the form."""
    local = instant.astimezone(LOCAL_ZONE)
    return local.date(), f"{local.hour}:{local.minute:02d}"


def closing_parts(instant: datetime) -> tuple[date, str]:
    """The local day and hour of a close; midnight is 24:00 of the day before."""
    local = instant.astimezone(LOCAL_ZONE)
    if local.hour == 0 and local.minute == 0:
        return local.date() - timedelta(days=1), "24:00"
    return local.date(), f"{local.hour}:{local.minute:02d}"
