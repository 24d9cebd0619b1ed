"""What is kept for a while only, and then forgotten, once a day.

Rooms register what they keep for a time: how it is found, and how it is forgotten. How long is a
setting (`RETENTION_DAYS`); the defaults stand in `contest.config`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import Select, delete, func, or_, select, update

from contest.config import RETENTION_DAYS, Settings
from contest.core import jobs
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.files import discard_files
from contest.core.jobs import Job, JobState
from contest.core.mail import Mail
from contest.core.transactions import unit_of_work

_BATCH: Final = 2_000
FILE_JOBS: Final[dict[str, str]] = {}
"""Kinds of jobs that make a file for who asked, and the endpoint of the page where it is asked for;
see `contest.core.table_files.file_task`."""


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Something that is kept for a time.

    Attributes:
        code: as in `RETENTION_DAYS`.
        find: (instant): keys of what ended at that instant or before it.
        forget: (keys, now): forgets them in the present transaction; what was forgotten is not
            found again.
    """

    code: str
    find: Callable[[datetime], Select[Any]]
    forget: Callable[[Sequence[Any], datetime], None]


_rules: Final[dict[str, RetentionRule]] = {}


def register_rule(rule: RetentionRule) -> None:
    """Add something that is kept for a time; the same code again replaces it.

    Raises:
        KeyError: the code has no default in `contest.config`.
    """
    if rule.code not in RETENTION_DAYS:
        raise KeyError(rule.code)
    _rules[rule.code] = rule


def rule_codes() -> set[str]:
    """The codes of all rules."""
    return set(_rules)


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """What one rule did.

    Attributes:
        code: of the rule.
        days: how long it is kept; None for ever.
        found: how many were forgotten, or would be.
    """

    code: str
    days: int | None
    found: int


def run_retention(*, now: datetime, dry_run: bool) -> list[RetentionLine]:
    """Forget what has been kept long enough, in units of a few thousand. Not inside one.

    Args:
        now: the instant from which the days are counted back.
        dry_run: only count.
    """
    settings: Settings = current_app.extensions["settings"]
    lines = []
    for code, rule in sorted(_rules.items()):
        days = settings.retention_days[code]
        found = 0
        if days is not None:
            before = now - timedelta(days=days)
            found = _count(rule, before) if dry_run else _forget(rule, before, now)
        lines.append(RetentionLine(code, days, found))
    return lines


def _count(rule: RetentionRule, before: datetime) -> int:
    with unit_of_work():
        statement = select(func.count()).select_from(rule.find(before).subquery())
        return db.session.scalar(statement) or 0


def _forget(rule: RetentionRule, before: datetime, now: datetime) -> int:
    found = 0
    while True:
        with unit_of_work():
            keys = db.session.scalars(rule.find(before).limit(_BATCH)).all()
            if not keys:
                return found
            rule.forget(keys, now)
            found += len(keys)


def forgetting_rows(table: Any) -> Callable[[Sequence[Any], datetime], None]:
    """Makes the function that deletes rows of a table by their keys."""

    def forget(keys: Sequence[Any], now: datetime) -> None:
        del now
        db.session.execute(delete(table).where(table.id.in_(keys)))

    return forget


def _ended_jobs(before: datetime) -> Select[Any]:
    return select(Job.id).where(
        Job.state.in_((JobState.DONE, JobState.FAILED)), Job.finished_at <= before
    )


def _jobs_with_files(before: datetime) -> Select[Any]:
    """Also failed ones: what was asked for may be somebody's name."""
    asked = Job.payload["address"].as_string().is_not(None)
    return _ended_jobs(before).where(Job.kind.in_(list(FILE_JOBS)), asked)


def _forget_made_files(keys: Sequence[Any], now: datetime) -> None:
    kinds = list(FILE_JOBS)
    made = db.session.scalars(select(Job).where(Job.id.in_(keys), Job.kind.in_(kinds))).all()
    files = [job.report["file_id"] for job in made if job.report and "file_id" in job.report]
    for job in made:
        job.payload = {}
        if job.report:
            kept = job.report.keys() - {"file_id", "file_name", "download"}
            gone = {"gone": job.report["download"]} if "download" in job.report else {}
            job.report = {name: job.report[name] for name in kept} | gone
    db.session.flush()
    discard_files(files, now=now)


def _forget_jobs(keys: Sequence[Any], now: datetime) -> None:
    """With their files, should these be kept for longer than reports are."""
    _forget_made_files(keys, now)
    db.session.execute(delete(Job).where(Job.id.in_(keys)))


def _sent_letters(before: datetime) -> Select[Any]:
    """Sent ones, and those that no server ever took."""
    return select(Mail.id).where(
        or_(Mail.sent_at <= before, (Mail.sent_at.is_(None)) & (Mail.created_at <= before))
    )


def _traces(before: datetime) -> Select[Any]:
    return select(AuditEvent.id).where(
        AuditEvent.kind == "accounts.signed_in",
        AuditEvent.personal.is_not(None),
        AuditEvent.happened_at <= before,
    )


def _forget_traces(keys: Sequence[Any], now: datetime) -> None:
    del now
    db.session.execute(update(AuditEvent).where(AuditEvent.id.in_(keys)).values(personal=None))


register_rule(RetentionRule("job_reports", _ended_jobs, _forget_jobs))
register_rule(RetentionRule("made_files", _jobs_with_files, _forget_made_files))
register_rule(RetentionRule("letters", _sent_letters, forgetting_rows(Mail)))
register_rule(RetentionRule("audit_traces", _traces, _forget_traces))


@jobs.task("core.retention", every=timedelta(days=1))
def keep_for_a_while(run: jobs.JobRun) -> dict[str, int]:
    """Forget what has been kept long enough."""
    return {line.code: line.found for line in run_retention(now=run.now, dry_run=False)}
