"""What leaves the platform about people stays on record."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert

from contest.accounts.models import Unit
from contest.accounts.queries.people import PeopleFilter
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.db import db
from contest.core.transactions import record_apart

PEOPLE_JOB: Final = "accounts.people_file"
MOST_AT_ONCE: Final = 1_000
"""People of a list that is written within the request; a longer one is made by a job."""


def note_people_exported(
    *, rows: int, kind: str, unit: Unit | None, actor: Actor, now: datetime
) -> None:
    """That somebody took a list of people with their contacts; the page itself only reads."""
    event = audit.event_values(
        "accounts.people_exported",
        actor=actor,
        now=now,
        subject=None if unit is None else ("unit", unit.id),
        data={"kind": kind, "rows": rows},
    )

    def write(connection: Connection) -> None:
        connection.execute(insert(audit.AuditEvent).values(**event))

    record_apart(write)


def ask_for_people_file(
    *,
    wanted: PeopleFilter,
    kind: str,
    locale: str,
    title: str,
    address: Callable[[str], str],
    actor: Actor,
    now: datetime,
) -> jobs.Job:
    """Have a list of people written into a file by a job; that it was asked for stays on record.

    Args:
        wanted: what the list is narrowed to, and its order.
        kind: `xlsx` or `csv`.
        locale: the language of the file.
        title: of the job's page.
        address: where the file of a job is fetched, by the job's id.
        actor: who asks, and alone may fetch it; the roles at the time of the job count.
        now: the instant of the request.
    """
    job = jobs.enqueue(
        PEOPLE_JOB,
        payload={
            "kind": kind,
            "locale": locale,
            "text": wanted.text,
            "unit_id": None if wanted.unit is None else wanted.unit.id,
            "only": wanted.only,
            "sort": wanted.sort,
            "descending": wanted.descending,
        },
        actor=actor,
        now=now,
        title=title,
    )
    job.payload = {**job.payload, "address": address(job.public_id)}
    db.session.flush()
    audit.record(
        "accounts.people_file_asked",
        actor=actor,
        now=now,
        subject=None if wanted.unit is None else ("unit", wanted.unit.id),
        data={"kind": kind},
    )
    return job
