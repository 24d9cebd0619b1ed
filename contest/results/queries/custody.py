"""Who asked for the dossier of a contest, and who took the fuller one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from contest.accounts.models import Person
from contest.contests.models import Contest
from contest.core.audit import AuditEvent
from contest.core.db import db

_KINDS: Final = (
    "results.dossier_asked_for",
    "results.dossier_taken",
    "results.dossier_written",
)
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class DossierCustody:
    """A step with the fuller dossier of a contest.

    Attributes:
        at: when.
        kind: of the event, as in the audit log.
        who: full name; empty for the command on the server.
        reason: what it was asked for.
        digest: SHA-256 of the zip that was taken.
    """

    at: datetime
    kind: str
    who: str
    reason: str
    digest: str


def dossier_custody(contest: Contest) -> list[DossierCustody]:
    """Who asked for the fuller dossier, why, and who took which file; the latest first."""
    rows = db.session.execute(
        select(AuditEvent.happened_at, AuditEvent.kind, Person.full_name, AuditEvent.data)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(
            AuditEvent.subject_kind == "contest",
            AuditEvent.subject_id == contest.id,
            AuditEvent.kind.in_(_KINDS),
        )
        .order_by(AuditEvent.id.desc())
        .limit(_MOST)
    )
    return [
        DossierCustody(at, kind, who or "", data.get("reason", ""), data.get("digest", ""))
        for at, kind, who, data in rows
        if data.get("full")
    ]
