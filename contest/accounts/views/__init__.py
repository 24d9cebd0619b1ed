"""Pages of the room."""

from contest.accounts.views import (
    account,
    duplicates,
    grants,
    people,
    sign_in,
    subject_requests,
    units,
)
from contest.accounts.views.base import blueprint, register

__all__ = [
    "account",
    "blueprint",
    "duplicates",
    "grants",
    "people",
    "register",
    "sign_in",
    "subject_requests",
    "units",
]
