"""When a scheduled publication may appear."""

from datetime import datetime, timedelta
from typing import Final

FURTHEST: Final = timedelta(days=366)


def may_appear_at(due_at: datetime, now: datetime) -> bool:
    """Whether results may be scheduled for that instant: after now, within a year."""
    return now < due_at <= now + FURTHEST
