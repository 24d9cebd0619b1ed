"""Reading publications of totals: what the public sees, and nothing that was not published."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import consents_of
from contest.contests.models import Contest, Division, Entry, Registration, Round
from contest.core.db import db
from contest.core.vietnamese import initials
from contest.results.models import PrizeAward, PrizeLevel, Publication, TotalScore
from contest.results.queries.publications import withdrawn_winners, without_names
from contest.results.rules.extra_snapshots import people_of, with_people
from contest.results.rules.total_snapshots import PublishedTotals, read_totals
from contest.results.rules.winners import Winner


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
    people = (*said.winners, *people_of(said.extras))
    hidden, erased = withdrawn_winners(head.contest_scope_id, people)
    if not hidden:
        return said

    def as_now(one: Winner) -> Winner:
        return without_names(
            one, frozenset(), first=one.entry in hidden, erased=one.entry in erased
        )

    return replace(
        said,
        winners=tuple(as_now(one) for one in said.winners),
        extras=with_people(said.extras, as_now),
        hidden=said.hidden | hidden,
    )


def annulled_since(head: TotalHead, numbers: Collection[int]) -> list[str]:
    """Titles of the rounds that published totals add up and that were annulled afterwards.

    Args:
        head: the publication.
        numbers: of the rounds that it adds up.
    """
    return list(
        db.session.scalars(
            select(Round.title)
            .join(Contest, Contest.id == Round.contest_id)
            .where(
                Contest.slug == head.contest_slug,
                Round.number.in_(numbers),
                Round.annulled_at > head.published_at,
            )
            .order_by(Round.number)
        )
    )


@dataclass(frozen=True, slots=True)
class OwnTotal:
    """Where somebody stands in published totals.

    `division` and `prize` are empty where there is none, `place` where a missed round leaves them
    out.
    """

    contest_title: str
    published_at: datetime
    division: str
    place: int | None
    points: Decimal
    prize: PrizeLevel | None


def own_totals(person_id: int) -> list[OwnTotal]:
    """A person's places in the totals that are in force; nothing that is not published."""
    newest = (
        select(Publication.contest_id, func.max(Publication.number).label("number"))
        .where(Publication.contest_id.is_not(None))
        .group_by(Publication.contest_id)
        .subquery()
    )
    rows: Any = db.session.execute(
        select(Contest.title, Publication, TotalScore, Division.name)
        .join(Publication, Publication.contest_id == Contest.id)
        .join(
            newest,
            (newest.c.contest_id == Publication.contest_id)
            & (newest.c.number == Publication.number),
        )
        .join(TotalScore, TotalScore.total_run_id == Publication.total_run_id)
        .join(Registration, Registration.id == TotalScore.registration_id)
        .outerjoin(Division, Division.id == TotalScore.division_id)
        .where(Registration.person_id == person_id, Contest.announced_at.is_not(None))
        .order_by(Publication.published_at)
    )
    return [
        OwnTotal(
            title,
            made.published_at,
            division or "",
            score.place,
            score.points,
            prize_over_total(made.allocation_id, score.registration_id),
        )
        for title, made, score, division in rows
    ]


def prize_over_total(allocation_id: int, registration_id: int) -> PrizeLevel | None:
    """The level of the prize that an allocation over totals gives to a registration."""
    return db.session.scalar(
        select(PrizeLevel)
        .join(PrizeAward, PrizeAward.level_id == PrizeLevel.id)
        .join(Entry, Entry.id == PrizeAward.entry_id)
        .where(PrizeAward.allocation_id == allocation_id, Entry.registration_id == registration_id)
    )
