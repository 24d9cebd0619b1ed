"""What leaves a bank with its keys stays on record."""

from datetime import datetime

from sqlalchemy import Connection, insert

from contest.core import audit
from contest.core.access import Actor
from contest.core.transactions import record_apart
from question_bank.models import Bank


def note_bank_exported(*, bank: Bank, kind: str, rows: int, actor: Actor, now: datetime) -> None:
    """That somebody took a bank as a file of a kind with so many questions; the page only reads."""
    event = audit.event_values(
        "question_bank.exported",
        actor=actor,
        now=now,
        subject=("bank", bank.id),
        scope_id=bank.scope_id,
        data={"kind": kind, "rows": rows},
    )

    def write(connection: Connection) -> None:
        connection.execute(insert(audit.AuditEvent).values(**event))

    record_apart(write)
