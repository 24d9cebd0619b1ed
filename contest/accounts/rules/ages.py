"""Whether somebody is a child, by what is known of the birth date."""

from datetime import date, timedelta
from typing import Final

from contest.accounts.models import BirthPrecision

FULL_AGE: Final = 18
_DECEMBER: Final = 12


def latest_birth(birth: date, precision: BirthPrecision | None) -> date:
    """The last day on which somebody may have been born of whom only year or month is known."""
    if precision is BirthPrecision.YEAR:
        return date(birth.year, _DECEMBER, 31)
    if precision is BirthPrecision.MONTH:
        following = date(birth.year + birth.month // 12, birth.month % 12 + 1, 1)
        return following - timedelta(days=1)
    return birth


def is_minor(birth: date | None, precision: BirthPrecision | None, on: date) -> bool:
    """Whether a person is, or may be, under 18 on a day; unknown birth dates do not say so."""
    if birth is None:
        return False
    latest = latest_birth(birth, precision)
    age = on.year - latest.year - ((on.month, on.day) < (latest.month, latest.day))
    return age < FULL_AGE
