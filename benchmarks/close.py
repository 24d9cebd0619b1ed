"""Closing attempts that nobody handed in: fold, mark, write, in batches that each commit."""

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, insert, select

from benchmarks import Figure, benchmark, family, measured, peak_megabytes, process_cpu
from benchmarks._quiz import (
    QUESTIONS,
    Place,
    make_round,
    on_postgresql,
    on_sqlite,
    open_attempts,
)
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt, LedgerLine
from contest.quizzes.rules.answers import pack
from contest.quizzes.tasks import close_due

ATTEMPTS: Final = 1_500
WARM: Final = 500


@benchmark("close")
def close() -> Iterator[Figure]:
    """Overdue attempts of 20 answers closed a second, with what they cost and keep in memory."""
    yield from _on(on_postgresql(), at_least=4_000.0)
    yield from _on(on_sqlite(), at_least=None)


def _on(opened: AbstractContextManager[Place], at_least: float | None) -> Iterator[Figure]:
    with opened as place:
        app = place.app()
        _answer(place, open_attempts(app, make_round(app, ATTEMPTS + WARM)))

        with app.app_context():
            # The first batch fills what a worker keeps: statements, parsed questions.
            last = _overdue_until(WARM)
            close_due(last)
            gc.collect()
            before, kept = _database_cpu(place), peak_megabytes()
            with measured() as span:
                closed = close_due(utc_now() + timedelta(days=2))
            theirs = _database_cpu(place) - before
            assert closed == ATTEMPTS, closed
            db.session.remove()
            db.engine.dispose()
        kind = place.kind
        yield Figure(f"{kind}, closed", closed / span.wall, "per second", at_least=at_least)
        cost = (span.cpu + theirs) * 1000 / closed
        yield Figure(f"{kind}, of one attempt", cost, "ms CPU")
        yield Figure(f"{kind}, of it database", theirs * 1000 / closed, "ms CPU")
        yield Figure(f"{kind}, memory that it needed", peak_megabytes() - kept, "MB", at_most=60)


def _database_cpu(place: Place) -> float:
    return process_cpu(family(place.database_pid)) if place.database_pid else 0.0


def _overdue_until(count: int) -> datetime:
    """Let some attempts end an hour before the others; returns an instant between the two."""
    now = utc_now()
    with unit_of_work():
        first = db.session.scalars(select(Attempt).order_by(Attempt.id).limit(count)).all()
        for attempt in first:
            attempt.deadline_at = attempt.grace_until = now
    return now + timedelta(hours=1)


def _answer(place: Place, attempts: list[Attempt]) -> None:
    """Every attempt has an answer to each question."""
    now = utc_now()
    with place.app().app_context(), unit_of_work():
        for start in range(0, len(attempts), 500):
            db.session.execute(
                insert(LedgerLine),
                [
                    {
                        "round_id": attempt.round_id,
                        "attempt_id": attempt.id,
                        "epoch": 1,
                        "sequence": slot + 1,
                        "slot": slot,
                        "answer": pack((attempt.paper[slot]["o"][slot % 4],)),
                        "received_at": now,
                    }
                    for attempt in attempts[start : start + 500]
                    for slot in range(QUESTIONS)
                ],
            )
        assert db.session.scalar(select(func.count()).select_from(LedgerLine))
