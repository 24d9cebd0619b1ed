"""How often somebody may change things: generous to people, a wall for scripts.

Counted for each account, since a whole office shares one address; people who are not signed in
are counted by address, more generously. The save of an answer is not counted here: its own
statement bounds it to one attempt. Counts lie in the process, or in Redis for several workers.
"""

from dataclasses import dataclass
from typing import Final

from flask import Flask, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from contest.config import Settings
from contest.core.access import Actor
from contest.core.errors import TooManyRequests

ACCOUNT_LIMIT: Final = RateLimitItemPerMinute(240)
ADDRESS_LIMIT: Final = RateLimitItemPerMinute(1_200)
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The counters of an application."""

    counter: RateLimiter
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
    address = settings.redis_url or "memory://"
    if address.startswith("unix://"):
        address = "redis+" + address
    app.extensions["limits"] = Limits(FixedWindowRateLimiter(storage_from_string(address)))
