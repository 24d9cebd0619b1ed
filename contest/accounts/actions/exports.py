"""What leaves the platform about people stays on record."""

from datetime import datetime

from sqlalchemy import Connection, insert

from contest.accounts.models import Unit
from contest.core import audit
from contest.core.access import Actor
from contest.core.transactions import record_apart


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
