"""Whose name may stand in a publication."""

from datetime import date

from contest.accounts.models import BirthPrecision
from contest.accounts.rules.ages import is_minor


def may_show_name(
    *, has_consent: bool, birth: date | None, precision: BirthPrecision | None, on: date
) -> bool:
    """Whether the full name may be published; otherwise initials stand there.

    With the person's own consent, and never of a child, whose guardian would have to agree as
    well.
    """
    return has_consent and not is_minor(birth, precision, on)
