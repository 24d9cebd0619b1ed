"""The file of essays and marks: asked for, made by a job, fetched by who asked."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert

from contest.contests.models import Round
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.transactions import record_apart
from contest.submissions.queries.marking import is_unsealed

EXPORT_JOB: Final = "judging.export"


def ask_for_export(
    *,
    contest_round: Round,
    title: str,
    address: Callable[[str], str],
    actor: Actor,
    now: datetime,
) -> jobs.Job:
    """Have the essays and marks of a round written into a file, as a job; that stays on record.

    Args:
        contest_round: whose essays and marks.
        title: of the job's page.
        address: makes the address at which the file is fetched, from the job's public id.
        actor: who asks, and alone may fetch the file.
        now: the instant of the request.
    """
    job = jobs.enqueue(
        EXPORT_JOB,
        payload={"round_id": contest_round.id, "locale": actor.locale},
        actor=actor,
        now=now,
        title=title,
    )
    job.payload = {**job.payload, "address": address(job.public_id)}
    audit.record(
        "judging.export_asked",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number, "unsealed": is_unsealed(contest_round.id)},
    )
    return job


def note_export_fetched(*, contest_round: Round, file_id: int, actor: Actor, now: datetime) -> None:
    """That somebody fetched the file stays on record; the page itself only reads."""
    event = audit.event_values(
        "judging.export_fetched",
        actor=actor,
        now=now,
        subject=("stored_file", file_id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number},
    )

    def write(connection: Connection) -> None:
        connection.execute(insert(audit.AuditEvent).values(**event))

    record_apart(write)
