"""Who stands in front of a round's latest ranking, with the verification of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from contest.contests.models import (
    Division,
    Entry,
    RankRun,
    Registration,
    Round,
    RoundScore,
    ScoreStatus,
)
from contest.core.db import db
from contest.quizzes.models import Verification, VerificationOutcome

MOST_PLACES: Final = 200


@dataclass(frozen=True, slots=True)
class FrontLine:
    """Somebody who may win: place within the division, and the invitation with its outcome."""

    entry_public_id: str
    place: int | None
    full_name: str
    code: str
    unit_path: str
    division: str
    held_at: datetime | None
    outcome: VerificationOutcome | None


def front_of_ranking(round_id: int, places: int) -> list[FrontLine]:
    """The first places of each division in the latest ranking; empty before the first one.

    Whoever takes no prize, or is not ranked, is left out.

    Args:
        round_id: of the round.
        places: up to this place, at most 200.
    """
    latest = select(func.max(RankRun.id)).where(RankRun.round_id == round_id).scalar_subquery()
    rows = db.session.execute(
        select(
            Entry.public_id,
            RoundScore.place,
            Registration.full_name,
            Registration.code,
            Registration.unit_path,
            func.coalesce(Division.name, ""),
            Verification.held_at,
            Verification.outcome,
        )
        .select_from(RoundScore)
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .outerjoin(Division, Division.id == RoundScore.division_id)
        .outerjoin(
            Verification,
            (Verification.entry_id == Entry.id) & (Verification.round_id == round_id),
        )
        .where(
            RoundScore.rank_run_id == latest,
            RoundScore.status == ScoreStatus.RANKED,
            RoundScore.place <= min(places, MOST_PLACES),
        )
        .order_by(func.coalesce(Division.position, 0), RoundScore.place, Registration.sort_key)
    )
    return [FrontLine(*row) for row in rows]


def own_verification(round_id: int, registration_id: int) -> Verification | None:
    """The invitation of a person whose outcome is not recorded yet."""
    return db.session.scalar(
        select(Verification)
        .join(Entry, Entry.id == Verification.entry_id)
        .where(
            Entry.registration_id == registration_id,
            Verification.round_id == round_id,
            Verification.outcome.is_(None),
        )
    )


def entries_of_round(contest_round: Round, public_ids: list[str]) -> list[Entry]:
    """Entries of a round's contest by their random ids, in the order of their ids."""
    return list(
        db.session.scalars(
            select(Entry)
            .where(Entry.contest_id == contest_round.contest_id, Entry.public_id.in_(public_ids))
            .order_by(Entry.id)
        )
    )
