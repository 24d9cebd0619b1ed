"""When a request about one's own data is due, and what may be done with it.

Receipt is confirmed within two working days; the request is answered within fifteen days (Law
91/2025/QH15). Both end with a day in Việt Nam. Where it is not sure that a day is a holiday, it
counts as a working day: the answer is then due earlier, never later.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from contest.accounts.models import RequestKind, RequestState
from contest.core.clock import LOCAL_ZONE

WORKING_DAYS_TO_CONFIRM: Final = 2
DAYS_TO_FINISH: Final = 15
COPY_KEPT: Final = timedelta(days=7)
MOST_COPIES_A_DAY: Final = 3
OPEN_STATES: Final = frozenset({RequestState.RECEIVED, RequestState.CONFIRMED})
ASKED_BY_FORM: Final = (RequestKind.CORRECTION, RequestKind.OBJECTION, RequestKind.ERASURE)
_SATURDAY: Final = 5
_EVERY_YEAR: Final = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})
"""New Year, the day of liberation, the day of labour, National Day."""
_OF_A_YEAR: Final = frozenset(
    {
        # 2026: Tết (29 tháng Chạp to mùng 4), the day after Giỗ Tổ Hùng Vương (a Sunday), and the
        # day before National Day.
        date(2026, 2, 16),
        date(2026, 2, 17),
        date(2026, 2, 18),
        date(2026, 2, 19),
        date(2026, 2, 20),
        date(2026, 4, 27),
        date(2026, 9, 1),
        # 2027: Tết from mùng 1, and Giỗ Tổ Hùng Vương.
        date(2027, 2, 8),
        date(2027, 2, 9),
        date(2027, 4, 16),
    }
)


def is_working_day(day: date) -> bool:
    """Whether offices are open: no weekend, no public holiday."""
    holiday = (day.month, day.day) in _EVERY_YEAR or day in _OF_A_YEAR
    return day.weekday() < _SATURDAY and not holiday


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), LOCAL_ZONE).astimezone(UTC)


def confirm_due(filed_at: datetime) -> datetime:
    """The end of the second working day after the day of filing."""
    day = filed_at.astimezone(LOCAL_ZONE).date()
    left = WORKING_DAYS_TO_CONFIRM
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return _end_of(day)


def finish_due(filed_at: datetime) -> datetime:
    """The end of the fifteenth day after the day of filing."""
    return _end_of(filed_at.astimezone(LOCAL_ZONE).date() + timedelta(days=DAYS_TO_FINISH))


def last_day(due_at: datetime) -> date:
    """The last day on which something due at the end of a day is in time."""
    return (due_at.astimezone(LOCAL_ZONE) - timedelta(microseconds=1)).date()


def is_overdue(
    state: RequestState, *, confirm_due_at: datetime, finish_due_at: datetime, now: datetime
) -> bool:
    """Whether the next thing to do should have been done."""
    if state is RequestState.RECEIVED:
        return now >= min(confirm_due_at, finish_due_at)
    return state is RequestState.CONFIRMED and now >= finish_due_at
