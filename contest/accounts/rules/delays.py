"""How long to wait after failed tries: growing with each, but never a lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FAILURE_WINDOW: Final = timedelta(hours=1)
"""Failures older than this are forgotten, so that the delay falls by itself."""
_FREE_BY_ACCOUNT: Final = 3
_FREE_BY_ADDRESS: Final = 30
_STEP_BY_ADDRESS: Final = 5
_LONGEST_BY_ACCOUNT: Final = 300
_LONGEST_BY_ADDRESS: Final = 60


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed tries inside the window: how many, and when the last one was."""

    count: int
    last_at: datetime


def account_delay(failures: int) -> timedelta:
    """The pause after so many failures with one account: 1, 2, 4 … seconds, at most 5 minutes."""
    if failures < _FREE_BY_ACCOUNT:
        return timedelta()
    exponent = min(failures - _FREE_BY_ACCOUNT, 10)
    return timedelta(seconds=min(2**exponent, _LONGEST_BY_ACCOUNT))


def address_delay(failures: int) -> timedelta:
    """The pause for one address: later and shorter, since a whole office may share it."""
    if failures < _FREE_BY_ADDRESS:
        return timedelta()
    exponent = min((failures - _FREE_BY_ADDRESS) // _STEP_BY_ADDRESS, 10)
    return timedelta(seconds=min(2**exponent, _LONGEST_BY_ADDRESS))


def remaining_delay(
    found: Mapping[str, Failures], *, account_key: str, address_key: str, now: datetime
) -> timedelta:
    """How long this account from this address still has to wait; zero when it need not.

    Args:
        found: failures by key, inside the window.
        account_key: key of what is being guessed (an account, a code).
        address_key: key of where the tries come from.
        now: the instant of the request.
    """
    waits = [timedelta()]
    for key, delay in ((account_key, account_delay), (address_key, address_delay)):
        failures = found.get(key)
        if failures is not None:
            waits.append(failures.last_at + delay(failures.count) - now)
    return max(waits)
