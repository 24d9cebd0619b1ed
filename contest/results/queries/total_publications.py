"""Reading publications of totals: what the public sees, and nothing that was not published."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import consents_of
from contest.contests.models import Contest, Registration
from contest.core.db import db
from contest.core.vietnamese import initials
from contest.results.models import Publication
from contest.results.queries.publications import withdrawn_winners, without_names
from contest.results.rules.total_snapshots import PublishedTotals, read_totals


@dataclass(frozen=True, slots=True)
class TotalHead:
    """A publication of totals without its content."""

    id: int
    number: int
    digest: str
    reason: str
    decision_number: str
    decided_on: date | None
    published_at: datetime
    total_run_id: int
    contest_slug: str
    contest_title: str
    contest_scope_id: int


def total_heads(contest_id: int) -> list[TotalHead]:
    """All publications of a contest's totals, the latest first."""
    return _heads(Contest.id == contest_id)


def public_total_heads(slug: str) -> list[TotalHead]:
    """The same of an announced contest, by its address."""
    return _heads((Contest.slug == slug) & Contest.announced_at.is_not(None))


def _heads(condition: Any) -> list[TotalHead]:
    rows: Any = db.session.execute(
        select(
            Publication.id,
            Publication.number,
            Publication.digest,
            Publication.reason,
            Publication.decision_number,
            Publication.decided_on,
            Publication.published_at,
            Publication.total_run_id,
            Contest.slug,
            Contest.title,
            Contest.scope_id,
        )
        .join(Contest, Contest.id == Publication.contest_id)
        .where(condition)
        .order_by(Publication.number.desc())
    )
    return [TotalHead(*row) for row in rows]


def published_totals(head: TotalHead) -> PublishedTotals:
    """Published standings as they may be shown now: initials for withdrawn consents."""
    made = db.session.scalars(
        select(Publication).where(Publication.id == head.id).options(undefer(Publication.snapshot))
    ).one()
    said = read_totals(made.snapshot, made.digest)
    named = [line.id for line in said.lines if line.is_full_name]
    rows = db.session.execute(
        select(Registration.public_id, Registration.person_id).where(
            Registration.public_id.in_(named)
        )
    )
    persons: dict[str, int] = dict(rows.all())
    agreeing = consents_of(
        set(persons.values()), ConsentPurpose.PUBLISH_NAME, head.contest_scope_id
    )
    gone = frozenset(one for one in named if persons.get(one) not in agreeing)
    said = said.without_names(gone, initials) if gone else said
    hidden, erased = withdrawn_winners(head.contest_scope_id, said.winners)
    if not hidden:
        return said
    winners = tuple(
        without_names(one, frozenset(), first=one.entry in hidden, erased=one.entry in erased)
        for one in said.winners
    )
    return replace(said, winners=winners, hidden=said.hidden | hidden)
