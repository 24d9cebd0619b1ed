"""Closing attempts that nobody handed in: fold, mark, write, in batches that each commit."""

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final

from flask import Flask
from sqlalchemy import insert, select, update

from benchmarks import Figure, benchmark, family, measured, peak_megabytes, process_cpu
from benchmarks._quiz import (
    QUESTIONS,
    Place,
    make_round,
    on_postgresql,
    on_sqlite,
    open_attempts,
)
from contest.accounts.models import Person
from contest.contests.models import Entry, Registration, RegistrationSource, Round
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt, LedgerLine
from contest.quizzes.rules.answers import pack
from contest.quizzes.tasks import close_due

ATTEMPTS: Final = 4_000
WARM: Final = 500


@benchmark("close")
def close() -> Iterator[Figure]:
    """Overdue attempts of 20 answers closed a second, with what they cost and keep in memory."""
    yield from _on(on_postgresql(), at_least=4_000.0)
    yield from _on(on_sqlite(), at_least=None)


def _on(opened: AbstractContextManager[Place], at_least: float | None) -> Iterator[Figure]:
    with opened as place:
        app = place.app()
        _fill(app, open_attempts(app, make_round(app, 1))[0], ATTEMPTS + WARM)

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
        first = select(Attempt.id).where(Attempt.submitted_at.is_(None)).limit(count)
        moved = update(Attempt).where(Attempt.id.in_(list(db.session.scalars(first))))
        db.session.execute(moved.values(deadline_at=now, grace_until=now))
    return now + timedelta(hours=1)


def _fill(app: Flask, model: Attempt, count: int) -> None:
    """So many attempts of other people like this one, each with an answer to every question.

    `model` is answered and handed in, so that only the others are overdue.
    """
    now, ids = utc_now(), range(1_000_001, 1_000_001 + count)
    name = {"full_name": "Nguyễn Văn Đo", "name_folded": "nguyen van do", "sort_key": b"n"}
    with app.app_context(), unit_of_work():
        contest_id = db.session.get_one(Round, model.round_id).contest_id
        db.session.get_one(Attempt, model.id).submitted_at = now
        db.session.execute(
            insert(Person), [{"id": each, "created_at": now, **name} for each in ids]
        )
        known = {"contest_id": contest_id, "source": RegistrationSource.SELF, "registered_at": now}
        db.session.execute(
            insert(Registration),
            [{"id": each, "person_id": each, "code": f"D{each}", **known, **name} for each in ids],
        )
        entry = {"contest_id": contest_id, "ordinal": 1, "created_at": now}
        db.session.execute(
            insert(Entry), [{"id": each, "registration_id": each, **entry} for each in ids]
        )
        names = ("round_id", "ordinal", "paper", "writer", "question_count", "started_at")
        copied = {each: getattr(model, each) for each in (*names, "deadline_at", "grace_until")}
        db.session.execute(
            insert(Attempt),
            [{"id": each, "entry_id": each, "person_id": each, **copied} for each in ids],
        )
        answers = [pack((model.paper[slot]["o"][slot % 4],)) for slot in range(QUESTIONS)]
        line = {"round_id": model.round_id, "epoch": 1, "received_at": now}
        for each in ids:
            db.session.execute(
                insert(LedgerLine),
                [
                    {**line, "attempt_id": each, "sequence": slot + 1, "slot": slot, "answer": kept}
                    for slot, kept in enumerate(answers)
                ],
            )
