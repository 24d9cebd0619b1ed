"""How often somebody may change things: generous to people, a wall for scripts.

Counted for each account, since a whole office shares one address; people who are not signed in
are counted by address, more generously. The save of an answer is not counted here: its own
statement bounds it to one attempt. Counts lie in the process, or in Redis for several workers.
"""

from dataclasses import dataclass
from threading import Lock
from typing import Final, Protocol

from flask import Flask, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from contest.config import Settings
from contest.core.access import Actor
from contest.core.clock import monotonic
from contest.core.errors import TooManyRequests

ACCOUNT_LIMIT: Final = RateLimitItemPerMinute(240)
ADDRESS_LIMIT: Final = RateLimitItemPerMinute(1_200)
_LOOK_SECONDS: Final = 60.0
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Counter(Protocol):
    """What counts."""

    def hit(self, item: RateLimitItem, /, *identifiers: str) -> bool:
        """Count once; False when that was too much for the window."""


class ProcessCounter:
    """Counts in this process, in fixed windows that begin with the first count.

    The library's own storage in memory starts a thread at nearly every count, to look through
    everything that it keeps.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], tuple[float, int]] = {}
        self._looked_at = monotonic()
        self._lock = Lock()

    def hit(self, item: RateLimitItem, /, *identifiers: str) -> bool:
        """Count once; False when that was too much for the window."""
        now = monotonic()
        with self._lock:
            if now - self._looked_at > _LOOK_SECONDS:
                self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
                self._looked_at = now
            ends_at, count = self._kept.get(identifiers, (0.0, 0))
            if ends_at <= now:
                ends_at, count = now + item.get_expiry(), 0
            self._kept[identifiers] = (ends_at, count + 1)
        return count < item.amount


@dataclass(frozen=True, slots=True)
class Limits:
    """The counters of an application."""

    counter: Counter
    account: RateLimitItem = ACCOUNT_LIMIT
    address: RateLimitItem = ADDRESS_LIMIT

    def check(self, actor: Actor | None) -> None:
        """Count this request if it changes something.

        Raises:
            TooManyRequests: the minute's share is used up.
        """
        if request.method in SAFE:
            return
        if actor is None:
            item, key = self.address, f"address:{request.remote_addr}"
        else:
            item, key = self.account, f"account:{actor.person_id}"
        if not self.counter.hit(item, key):
            raise TooManyRequests


def init_limits(app: Flask, settings: Settings) -> None:
    """Make the counters; the guard asks them."""
    address = settings.redis_url
    if not address:
        app.extensions["limits"] = Limits(ProcessCounter())
        return
    if address.startswith("unix://"):
        address = "redis+" + address
    app.extensions["limits"] = Limits(FixedWindowRateLimiter(storage_from_string(address)))
