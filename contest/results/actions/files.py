"""Files that are too long for a request."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert

from contest.contests.models import Contest, RankRun
from contest.contests.rules import ReasonMissing
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.db import db
from contest.core.transactions import record_apart

RANKING_JOB: Final = "results.ranking_file"
DOSSIER_JOB: Final = "results.dossier"
FULL_DOSSIER_JOB: Final = "results.full_dossier"
MOST_AT_ONCE: Final = 5_000
"""Entries of a ranking that is written within the request; a longer one is made by a job."""


def ask_for_ranking_file(
    *,
    run: RankRun,
    kind: str,
    locale: str,
    title: str,
    address: Callable[[str], str],
    actor: Actor,
    now: datetime,
) -> jobs.Job:
    """Have a ranking written into a file by a job.

    Args:
        run: which ranking.
        kind: `xlsx` or `csv`.
        locale: the language of the file.
        title: of the job's page.
        address: where the file of a job is fetched, by the job's id.
        actor: who asks, and alone may fetch it.
        now: the instant of the request.
    """
    job = jobs.enqueue(
        RANKING_JOB,
        payload={"run_id": run.id, "number": run.number, "kind": kind, "locale": locale},
        actor=actor,
        now=now,
        title=title,
    )
    job.payload = {**job.payload, "address": address(job.public_id)}
    db.session.flush()
    return job


def ask_for_dossier(
    *,
    contest: Contest,
    full: bool,
    reason: str = "",
    locale: str,
    title: str,
    address: Callable[[str], str],
    actor: Actor,
    now: datetime,
) -> jobs.Job:
    """Have the dossier of a contest written by a job; who asked for which stays on record.

    Args:
        contest: whose published results.
        full: with names, units and judges, for auditors.
        reason: what the fuller one is for.
        locale: the language of its few words.
        title: of the job's page.
        address: where the file of a job is fetched, by the job's id.
        actor: who asks, and alone may fetch it.
        now: the instant of the request.

    Raises:
        ReasonMissing: the fuller one is asked for without a reason.
    """
    if full and not reason.strip():
        raise ReasonMissing
    job = jobs.enqueue(
        FULL_DOSSIER_JOB if full else DOSSIER_JOB,
        payload={"contest_id": contest.id, "full": full, "locale": locale},
        actor=actor,
        now=now,
        title=title,
    )
    job.payload = {**job.payload, "address": address(job.public_id)}
    audit.record(
        "results.dossier_asked_for",
        actor=actor,
        now=now,
        subject=("contest", contest.id),
        scope_id=contest.scope_id,
        data={"full": full, "reason": reason.strip()},
    )
    db.session.flush()
    return job


def note_dossier_taken(
    *, contest: Contest, file_id: int, digest: str, actor: Actor, now: datetime
) -> None:
    """That somebody took the fuller dossier stays on record; the page itself only reads.

    Args:
        contest: whose dossier.
        file_id: of the stored zip.
        digest: SHA-256 of the zip, by which a copy is known again.
        actor: who took it.
        now: the instant of the request.
    """
    event = audit.event_values(
        "results.dossier_taken",
        actor=actor,
        now=now,
        subject=("contest", contest.id),
        scope_id=contest.scope_id,
        data={"full": True, "file": file_id, "digest": digest},
    )

    def write(connection: Connection) -> None:
        connection.execute(insert(audit.AuditEvent).values(**event))

    record_apart(write)
