"""Pages of the room."""

from contest.accounts.views import (
    account,
    duplicates,
    grants,
    people,
    people_files,
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
    "people_files",
    "register",
    "sign_in",
    "subject_requests",
    "units",
]
