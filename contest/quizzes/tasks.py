"""What jobs and commands call: closing overdue attempts in batches, item statistics."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from flask import current_app
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError

from contest.contests.models import Round
from contest.core import jobs
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext
from contest.core.mail import texts_leave
from contest.core.transactions import unit_of_work
from contest.quizzes import actions
from contest.quizzes.actions.fairness import FAIRNESS_JOB, collect_signs, store_signs
from contest.quizzes.actions.live import beat, forget_pulses
from contest.quizzes.actions.reminders import AT_ONCE, remind_some, rounds_to_remind
from contest.quizzes.actions.statistics import (
    STATISTICS_JOB,
    collect_statistics,
    store_statistics,
)
from contest.quizzes.queries.live import rounds_alive

_MOST_TRIES: Final = 6
_CLOSERS: Final = 2
log = structlog.get_logger("quizzes")


def close_due(now: datetime, *, batch: int = actions.BATCH) -> int:
    """Close every attempt whose grace has ended; returns how many.

    Each batch is a unit of its own, so that the memory stays flat and a save never waits long.
    On SQLite another writer may hold the file: the batch is then tried again. On PostgreSQL two
    closers work side by side and skip each other's rows: one marks while the database writes what
    the other has marked.
    """
    first = _one_batch(now, batch)
    if first < batch:
        return first
    if db.engine.dialect.name != "postgresql":
        return first + _close_batches(now, batch)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001

    def close() -> int:
        with app.app_context():
            return _close_batches(now, batch)

    with ThreadPoolExecutor(max_workers=_CLOSERS) as pool:
        return first + sum(each.result() for each in [pool.submit(close) for _ in range(_CLOSERS)])


def _close_batches(now: datetime, batch: int) -> int:
    closed = 0
    while True:
        done = _one_batch(now, batch)
        closed += done
        if done < batch:
            return closed


def _one_batch(now: datetime, batch: int) -> int:
    for turn in range(_MOST_TRIES):
        try:
            with unit_of_work():
                return actions.close_overdue(now=now, limit=batch)
        except OperationalError as error:
            if turn == _MOST_TRIES - 1:
                raise
            log.warning("closing is tried again", reason=type(error.orig).__name__)
            time.sleep(0.05 * 2**turn)
    raise AssertionError("the loop ends above")  # pragma: no cover


def close_due_command() -> int:
    """`flask close-due`: close what is overdue now; returns how many."""
    return close_due(utc_now())


@jobs.task("quizzes.pulse", every=timedelta(seconds=15))
def pulse_job(run: jobs.JobRun) -> None:
    """Count the rounds that run, so that looks at them count nothing."""
    with unit_of_work():
        alive = [each.id for each in rounds_alive(run.now)]
    for round_id in alive:
        with unit_of_work():
            beat(contest_round=db.session.get_one(Round, round_id), now=run.now)
    with unit_of_work():
        forget_pulses(now=run.now)


@jobs.task("quizzes.close_due", every=timedelta(seconds=15))
def close_due_job(run: jobs.JobRun) -> None:
    """Close the attempts of people who never pressed submit."""
    close_due(run.now)


@jobs.task(STATISTICS_JOB)
def statistics_job(run: jobs.JobRun) -> dict[str, Any]:
    """Work out the statistics of a large closed round; run twice, it writes the same again."""
    collected = collect_statistics(run.payload["round_id"], run.progress)
    with unit_of_work():
        found = db.session.get_one(Round, run.payload["round_id"])
        store_statistics(contest_round=found, collected=collected, actor=None, now=run.now)
    return _read(run, _l("The statistics are ready."), collected[0].paper.attempts)


@jobs.task(FAIRNESS_JOB)
def fairness_job(run: jobs.JobRun) -> dict[str, Any]:
    """Search a large closed round for signs; run twice, it writes the same again."""
    collected = collect_signs(run.payload["round_id"], run.progress)
    with unit_of_work():
        found = db.session.get_one(Round, run.payload["round_id"])
        store_signs(contest_round=found, collected=collected, actor=None, now=run.now)
    return _read(run, _l("The round has been searched."), collected[1]["attempts"])


def _read(run: jobs.JobRun, title: Words, attempts: int) -> dict[str, Any]:
    """What the page of a job says that has read a round, in the language of who asked."""
    with force_locale(run.payload["locale"]):
        return {
            "title": str(title),
            "lines": [ngettext("%(num)s attempt", "%(num)s attempts", attempts)],
            "next": run.payload["address"],
        }


@jobs.task("quizzes.remind", every=timedelta(minutes=10))
def remind_job(run: jobs.JobRun) -> None:
    """Write to people who agreed to it and have not begun a round that closes within a day."""
    site: str = current_app.extensions["settings"].public_url
    with unit_of_work():
        due = rounds_to_remind(run.now)
    for round_id in due:
        written = AT_ONCE
        while written == AT_ONCE:
            with unit_of_work():
                written = remind_some(
                    round_id=round_id, by_text=texts_leave(), site=site, now=run.now
                )
