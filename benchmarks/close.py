"""Closing attempts that nobody handed in: fold, mark, write, in batches that each commit."""

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final

from flask import Flask
from sqlalchemy import insert, select, text, update

from benchmarks import Figure, benchmark, measured, peak_megabytes
from benchmarks._crowd import seat_crowd
from benchmarks._quiz import (
    Place,
    database_cpu,
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

ATTEMPTS: Final = 20_000
WARM: Final = 500


@benchmark("close")
def close() -> Iterator[Figure]:
    """Overdue attempts of 20 answers closed a second, with what they cost and keep in memory."""
    yield from _on(on_postgresql())
    yield from _on(on_sqlite())


def _on(opened: AbstractContextManager[Place]) -> Iterator[Figure]:
    with opened as place:
        app = place.app()
        _fill(app, open_attempts(app, make_round(app, 1))[0], ATTEMPTS + WARM)

        with app.app_context():
            # The first batch fills what a worker keeps: statements, parsed questions.
            last = _overdue_until(WARM)
            close_due(last)
            gc.collect()
            gc.freeze()  # as the job process does
            before, kept = database_cpu(place), peak_megabytes()
            with measured() as span:
                closed = close_due(utc_now() + timedelta(days=2))
            theirs = database_cpu(place) - before
            assert closed == ATTEMPTS, closed
            db.session.remove()
            db.engine.dispose()
        kind = place.kind
        yield Figure("closed", closed / span.wall, "per second", at_least=4_000, database=kind)
        cost = (span.cpu + theirs) * 1000 / closed
        yield Figure("of one attempt", cost, "ms CPU", database=kind)
        yield Figure("of it database", theirs * 1000 / closed, "ms CPU", database=kind)
        grown = peak_megabytes() - kept
        yield Figure("memory that it needed", grown, "MB", at_most=60, database=kind)


def _overdue_until(count: int) -> datetime:
    """Let some attempts end an hour before the others; returns an instant between the two."""
    now = utc_now()
    with unit_of_work():
        first = select(Attempt.id).where(Attempt.submitted_at.is_(None)).limit(count)
        moved = update(Attempt).where(Attempt.id.in_(list(db.session.scalars(first))))
        db.session.execute(moved.values(deadline_at=now, grace_until=now))
    return now + timedelta(hours=1)


def _fill(app: Flask, model: Attempt, count: int) -> None:
    """So many attempts of other people like this one, each with an answer to every question."""
    now, crowd = utc_now(), seat_crowd(app, model, count)
    line = {"round_id": model.round_id, "epoch": 1, "received_at": now}
    with app.app_context(), unit_of_work():
        for each in crowd:
            db.session.execute(
                insert(LedgerLine),
                [
                    {
                        **line,
                        "attempt_id": each.attempt_id,
                        "sequence": slot + 1,
                        "slot": slot,
                        "answer": pack((options[slot % 4],)),
                    }
                    for slot, options in enumerate(each.options)
                ],
            )
        # Rows that come in over a day have been counted by then; a million at once have not.
        db.session.execute(text("ANALYZE"))
