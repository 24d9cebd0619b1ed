"""What is written about a roster, for the staff of its contest."""

from datetime import datetime
from typing import Any, Final

from contest.contests.models import RosterImport
from contest.core import audit
from contest.core.access import Actor

NEW_UNIT: Final = 0


def record_roster(
    what: str, roster: RosterImport, *, actor: Actor | None, now: datetime, data: dict[str, Any]
) -> None:
    """Write an event about a roster, for the staff of its contest."""
    audit.record(
        f"contests.{what}",
        actor=actor,
        now=now,
        subject=("roster_import", roster.id),
        scope_id=roster.contest.scope_id,
        data=data,
    )
