"""Jobs: work that is done after the request, by a process of its own.

A job row is the outbox row: it is written in the action's transaction, so that a job exists if
and only if what asked for it was committed. The runner claims a row by a conditional UPDATE, runs
it at least once, and writes progress and report into it. Recurring work is a row as well, whose
key holds the moment it is due, so that two runners cannot both make it.
"""

import gc
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import structlog
from sqlalchemy import Index, String, Text, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.access import Actor
from contest.core.clock import utc_now
from contest.core.db import Base, BigKey, JsonData, PublicIdMixin, UtcInstant, db
from contest.core.errors import RuleBroken
from contest.core.transactions import unit_of_work

_LEASE: Final = timedelta(minutes=5)
_MOST_TRIES: Final = 5
_KEPT_AFTER_END: Final = timedelta(days=2)
log = structlog.get_logger("jobs")


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(PublicIdMixin, Base):
    """Work to be done once, with its progress and its report.

    `report` is what the page shows at the end: `{"title", "lines", "download", "next"}`, each
    optional; `problem` is a sentence for the person when it failed.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    key: Mapped[str | None] = mapped_column(String(160), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JsonData)
    state: Mapped[str] = mapped_column(String(20), default=JobState.QUEUED)
    owner_id: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_total: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    problem: Mapped[str] = mapped_column(Text, default="")
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    lease_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (
        Index(
            "ix_job_due",
            "due_at",
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )


@dataclass
class JobRun:
    """What a job's function is given.

    Attributes:
        payload: what `enqueue` stored.
        owner_id: person who asked for it, or None.
        now: the instant at which this run began.
    """

    job_id: int
    payload: dict[str, Any]
    owner_id: int | None
    now: datetime
    _told: float = field(default=0.0)

    def progress(self, done: int, total: int) -> None:
        """Tell how far the work is; written at most twice a second. Not inside a unit of work."""
        moment = time.monotonic()
        if done < total and moment - self._told < 0.5:  # noqa: PLR2004  (half a second)
            return
        self._told = moment
        with unit_of_work():
            db.session.execute(
                update(Job)
                .where(Job.id == self.job_id)
                .values(steps_done=done, steps_total=total, lease_until=utc_now() + _LEASE)
            )


Task = Callable[[JobRun], dict[str, Any] | None]
_tasks: dict[str, Task] = {}
_told: dict[str, Callable[[JobRun], None]] = {}
_recurring: dict[str, timedelta] = {}


def task(
    kind: str,
    *,
    every: timedelta | None = None,
    given_up: Callable[[JobRun], None] | None = None,
) -> Callable[[Task], Task]:
    """Register the function that does jobs of a kind, perhaps again and again.

    The function opens its own units of work; it is run at least once, so it must be idempotent.

    Args:
        kind: of the jobs.
        every: how often a job of the kind is made; None for those that are asked for.
        given_up: tells whom it concerns that the last try failed by an error that is no refusal;
            opens its own units of work, and may be run twice.
    """

    def register(function: Task) -> Task:
        if kind in _tasks and _tasks[kind] is not function:
            words = f"two functions for jobs of kind {kind}"
            raise ValueError(words)
        _tasks[kind] = function
        if every is not None:
            _recurring[kind] = every
        if given_up is not None:
            _told[kind] = given_up
        return function

    return register


def enqueue(
    kind: str,
    *,
    payload: Mapping[str, Any],
    actor: Actor | None,
    now: datetime,
    key: str | None = None,
    title: str = "",
    due_at: datetime | None = None,
) -> Job:
    """Write a job in the present transaction.

    Args:
        kind: of a registered task.
        payload: JSON for the task; ids rather than content.
        actor: who may see its progress and report.
        now: the instant of the request.
        key: the same key is never queued twice: the existing row is returned.
        title: what the progress page is called, in the person's language.
        due_at: not before this instant.
    """
    if key is not None:
        known = db.session.scalar(select(Job).where(Job.key == key))
        if known is not None:
            return known
    job = Job(
        kind=kind,
        key=key,
        payload=dict(payload),
        state=JobState.QUEUED,
        owner_id=None if actor is None else actor.person_id,
        title=title,
        created_at=now,
        due_at=due_at or now,
    )
    db.session.add(job)
    db.session.flush()
    return job


def own_job(person_id: int, public_id: str) -> Job | None:
    """A job that this person asked for."""
    return db.session.scalar(
        select(Job).where(Job.public_id == public_id, Job.owner_id == person_id)
    )


def own_jobs(person_id: int, limit: int = 20) -> list[Job]:
    """The latest jobs that this person asked for, newest first."""
    return list(
        db.session.scalars(
            select(Job).where(Job.owner_id == person_id).order_by(Job.id.desc()).limit(limit)
        )
    )


def _make_recurring(now: datetime) -> None:
    """Queue recurring work whose moment has come; the key keeps it single."""
    for kind, every in _recurring.items():
        slot = int(now.timestamp() // every.total_seconds())
        key = f"{kind}@{slot}"
        with suppress(IntegrityError), unit_of_work():
            if db.session.scalar(select(Job.id).where(Job.key == key)) is None:
                db.session.execute(
                    insert(Job).values(
                        kind=kind, key=key, payload={}, created_at=now, due_at=now, state="queued"
                    )
                )


def _claim(now: datetime) -> JobRun | None:
    """Take the next due job, or one whose runner has died."""
    with unit_of_work():
        open_states = (JobState.QUEUED, JobState.RUNNING)
        candidate = db.session.execute(
            select(Job.id, Job.tries, Job.kind, Job.payload, Job.owner_id)
            .where(
                Job.state.in_(open_states),
                Job.due_at <= now,
                (Job.lease_until.is_(None)) | (Job.lease_until < now),
                Job.kind.in_(_tasks),
            )
            .order_by(Job.due_at, Job.id)
            .limit(1)
        ).first()
        if candidate is None:
            return None
        claimed = db.session.execute(
            update(Job)
            .where(Job.id == candidate.id, Job.tries == candidate.tries)
            .values(state=JobState.RUNNING, tries=Job.tries + 1, lease_until=now + _LEASE)
        )
        if claimed.rowcount != 1:  # type: ignore[attr-defined]
            return None
    payload = dict(candidate.payload)
    return JobRun(candidate.id, payload, candidate.owner_id, now)


def _finish(job_id: int, **values: Any) -> None:
    with unit_of_work():
        db.session.execute(update(Job).where(Job.id == job_id).values(**values))


def _tell(kind: str, run: JobRun) -> None:
    """Tell that a job is given up; what fails here as well is left in the log."""
    tell = _told.get(kind)
    if tell is None:
        return
    try:
        tell(run)
    except Exception:
        log.exception("nobody was told of a job given up", kind=kind, job=run.job_id)


def _run(run: JobRun) -> None:
    with unit_of_work():
        kind, tries = db.session.execute(
            select(Job.kind, Job.tries).where(Job.id == run.job_id)
        ).one()
    try:
        report = _tasks[kind](run)
    except RuleBroken as refused:
        _finish(
            run.job_id,
            state=JobState.FAILED,
            problem=refused.words,
            finished_at=utc_now(),
            lease_until=None,
        )
    except Exception as error:
        # Locks and lost connections pass; anything else is tried again as well, a few times,
        # and then left with its name for a person to look at.
        log.exception("job failed", kind=kind, job=run.job_id, tries=tries)
        gives_up = tries >= _MOST_TRIES and not isinstance(error, OperationalError)
        if gives_up:
            _tell(kind, run)
        _finish(
            run.job_id,
            state=JobState.FAILED if gives_up else JobState.QUEUED,
            problem=traceback.format_exception_only(error)[-1][:500] if gives_up else "",
            finished_at=utc_now() if gives_up else None,
            due_at=utc_now() + timedelta(seconds=2**tries),
            lease_until=None,
        )
    else:
        _finish(
            run.job_id,
            state=JobState.DONE,
            report=report,
            finished_at=utc_now(),
            lease_until=None,
        )


def run_due_jobs(*, recurring: bool = False, most: int = 1_000) -> int:
    """Run what is due now, in this process; returns how many jobs were run."""
    done = 0
    if recurring:
        _make_recurring(utc_now())
    while done < most:
        run = _claim(utc_now())
        if run is None:
            break
        _run(run)
        done += 1
    return done


def run_forever(*, pause_seconds: float = 0.5) -> None:
    """The job process: run due jobs until told to stop (SIGTERM, SIGINT, or the parent's end).

    The collector is kept off the objects of the start: it looked through them again and again
    while a batch of attempts was read, a third of the whole cost of closing.
    """
    gc.freeze()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    parent = os.getppid()
    while not stop.is_set() and os.getppid() == parent:
        try:
            run_due_jobs(recurring=True, most=50)
        except OperationalError:
            log.exception("the database did not answer")
        stop.wait(pause_seconds)


def forget_old_jobs(*, now: datetime) -> None:
    """Delete recurring jobs that ended two days ago; those of persons stay for their reports."""
    db.session.query(Job).where(
        Job.owner_id.is_(None),
        Job.finished_at < now - _KEPT_AFTER_END,
    ).delete(synchronize_session=False)
