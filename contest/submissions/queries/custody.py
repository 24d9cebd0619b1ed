"""Who looked at the code table of a round, changed it, or carried it away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from contest.accounts.models import Person
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.paging import Page

KINDS: Final = (
    "submissions.blind_codes_asked",
    "submissions.blind_codes_made",
    "submissions.code_table_read",
    "submissions.pair_opened",
    "submissions.work_opened",
    "submissions.works_advanced",
    "judging.export_asked",
    "results.unsealing_asked",
    "results.unsealed",
)
"""Events whose subject is the round: each of them touches the table of codes and authors."""


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """A look at the code table, or a step with it. `who` is empty for the server itself."""

    at: datetime
    kind: str
    who: str
    data: dict[str, Any]


def custody_page(round_id: int, *, page: int = 1, size: int = 50) -> Page[CustodyLine]:
    """What happened to the code table of a round, the latest first."""
    wanted = (
        AuditEvent.subject_kind == "round",
        AuditEvent.subject_id == round_id,
        AuditEvent.kind.in_(KINDS),
    )
    total = db.session.scalar(select(func.count()).select_from(AuditEvent).where(*wanted)) or 0
    number = min(max(1, page), max(1, -(-total // size)))
    rows = db.session.execute(
        select(AuditEvent.happened_at, AuditEvent.kind, Person.full_name, AuditEvent.data)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(*wanted)
        .order_by(AuditEvent.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    lines = [CustodyLine(at, kind, who or "", data) for at, kind, who, data in rows]
    return Page(lines, number, size, total)
