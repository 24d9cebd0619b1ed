"""What a worker counts in memory about saves, and writes down four times a minute."""

import secrets
from datetime import datetime
from threading import Lock
from typing import Any, Final

import structlog
from sqlalchemy import BigInteger, Integer, String, bindparam

from contest.core.clock import micros
from contest.core.db import insert_once
from contest.core.transactions import SingleStatement
from contest.quizzes.models.live import SaveMeter

log = structlog.get_logger("quizzes")

QUARTER: Final = 15_000_000
"""Microseconds over which a worker adds up before it writes."""
_COLUMNS: Final = ("received", "refused", "failed")


def _write(dialect_name: str) -> Any:
    return (
        insert_once(SaveMeter.__table__, dialect_name)
        .values(
            at=bindparam("at", type_=BigInteger),
            worker=bindparam("worker", type_=String),
            **{name: bindparam(name, type_=Integer) for name in _COLUMNS},
        )
        .on_conflict_do_nothing()
    )


_WRITE: Final = SingleStatement(_write)


class Meter:
    """Counts of this process; a save costs it an addition, every quarter of a minute one row.

    What stands in memory when a worker ends is lost: the meter shows a rate and proves nothing.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._worker = secrets.token_hex(8)
        self._at = 0
        self._counts = dict.fromkeys(_COLUMNS, 0)

    def count(self, what: str, now: datetime) -> None:
        """Add one save that was `received`, `refused` by a rule, or `failed`."""
        at = micros(now) // QUARTER * QUARTER
        done: dict[str, Any] | None = None
        with self._lock:
            if at != self._at:
                if self._at:
                    done = {"at": self._at, "worker": self._worker, **self._counts}
                self._at, self._counts = at, dict.fromkeys(_COLUMNS, 0)
            self._counts[what] += 1
        if done is None:
            return
        try:
            _WRITE.write(done)
        except Exception:
            # The save itself is committed, or has failed with a reason of its own.
            log.exception("the meter of saves was not written")


METER: Final = Meter()
