"""What the actions of the room leave in the audit record."""

from datetime import datetime
from typing import Any

from contest.core import audit
from contest.core.access import Actor


def record(
    what: str,
    subject: tuple[str, int],
    scope_id: int,
    *,
    actor: Actor | None,
    now: datetime,
    **data: Any,
) -> None:
    """Record that something happened in this room; `data` is what is told of it."""
    audit.record(
        f"submissions.{what}", actor=actor, now=now, subject=subject, scope_id=scope_id, data=data
    )
