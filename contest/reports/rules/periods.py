"""Periods of reports, and the one before. Pure."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both counted."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.first <= day <= self.last

    def before(self) -> "Period":
        """The period of the same length directly before: in months where it is whole months."""
        last = self.first - timedelta(days=1)
        whole = self.first.day == 1 and self.last.day == _days(self.last.year, self.last.month)
        if not whole:
            return Period(last - (self.last - self.first), last)
        months = (self.last.year - self.first.year) * _MONTHS + self.last.month - self.first.month
        year, month = divmod(last.year * _MONTHS + last.month - 1 - months, _MONTHS)
        return Period(date(year, month + 1, 1), last)


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
