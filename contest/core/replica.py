"""Reports read a second PostgreSQL that follows the first, where `READ_DATABASE_URL` names one.

Reports, statistics and live views load it instead of the primary; nothing that decides does: who
asks and what they may is read before, on the primary, and every change goes there. A follower is
some moments behind, so that whoever has just changed something (a message waits to be shown) is
answered by the primary. So is everybody while the follower cannot be reached or follows no more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Lock
from typing import Final, ParamSpec, TypeVar

import structlog
from flask import current_app, request, session
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from contest.core.clock import monotonic
from contest.core.db import FOLLOWER, db, reporting
from contest.core.transactions import SAFE_METHODS

P = ParamSpec("P")
R = TypeVar("R")
_PAUSE_SECONDS: Final = 15.0
_FOLLOWS: Final = text(
    "SELECT NOT pg_is_in_recovery() OR EXISTS (SELECT FROM pg_stat_wal_receiver)"
)
log = structlog.get_logger("replica")


class Follower:
    """What a process knows of the follower: whether it may be asked now."""

    def __init__(self) -> None:
        self._not_before = 0.0
        self._lock = Lock()

    def is_there(self) -> bool:
        """Whether the follower answers and follows; a no holds for a quarter of a minute."""
        if FOLLOWER not in db.engines or monotonic() < self._not_before:
            return False
        try:
            with db.engines[FOLLOWER].connect() as connection:
                follows = bool(connection.scalar(_FOLLOWS))
        except SQLAlchemyError:
            follows = False
        if not follows:
            with self._lock:
                self._not_before = monotonic() + _PAUSE_SECONDS
            log.warning("the follower is away; reports read the primary")
        return follows


@contextmanager
def from_follower() -> Iterator[None]:
    """Read from the follower inside, if there is one; changes go to the primary all the same."""
    follower: Follower = current_app.extensions.setdefault("follower", Follower())
    token = reporting.set(follower.is_there())
    try:
        yield
    finally:
        reporting.reset(token)


def reports(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view that only reports: looked at, it reads from the follower."""

    @wraps(view)
    def read(*args: P.args, **kwargs: P.kwargs) -> R:
        if request.method not in SAFE_METHODS or "_flashes" in session:
            return view(*args, **kwargs)
        with from_follower():
            return view(*args, **kwargs)

    return read
