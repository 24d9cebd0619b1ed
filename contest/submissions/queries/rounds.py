"""Essay rounds and their settings."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from contest.contests.models import Contest, ContestKind, Round
from contest.core.db import db
from contest.submissions.models import EssayRound, Work, WorkState
from contest.submissions.queries.late_codes import doors_open
from contest.submissions.rules.limits import WritingPhase, writing_phase


def essay_round(round_id: int) -> EssayRound | None:
    """The settings of an essay round, or None while they were never saved."""
    return db.session.get(EssayRound, round_id)


def essay_rounds_of(contest_id: int) -> dict[int, EssayRound]:
    """The settings of every essay round of a contest, by round id."""
    rows = db.session.scalars(
        select(EssayRound).join(EssayRound.round).where(Round.contest_id == contest_id)
    )
    return {row.round_id: row for row in rows}


def announced_round(slug: str, number: int) -> Round | None:
    """An essay round of an announced contest."""
    return db.session.scalar(
        select(Round)
        .join(Round.contest)
        .where(
            Contest.slug == slug,
            Contest.announced_at.is_not(None),
            Round.number == number,
            Round.kind == ContestKind.ESSAY,
        )
        .options(joinedload(Round.contest), selectinload(Round.rank_keys))
    )


def submitted_count(round_id: int) -> int:
    """How many works are handed in and not withdrawn."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Work)
            .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
        )
        or 0
    )


def has_works(round_id: int) -> bool:
    """Whether anybody has begun a work in a round."""
    return db.session.scalar(select(Work.id).where(Work.round_id == round_id).limit(1)) is not None


def submitted_counts(round_ids: Collection[int]) -> dict[int, int]:
    """The same for many rounds in one statement."""
    rows = db.session.execute(
        select(Work.round_id, func.count())
        .where(Work.round_id.in_(round_ids), Work.state == WorkState.SUBMITTED)
        .group_by(Work.round_id)
    )
    return dict(rows.all())


def still_writing(contest_round: Round, now: datetime) -> bool:
    """Whether somebody could still hand in: it holds up the marking.

    A code of the late door holds it up once it is used, until its work is in or its time is over.
    """
    essay = essay_round(contest_round.id)
    if essay is None:
        return False
    if writing_phase(essay, contest_round, now) in {WritingPhase.OPEN, WritingPhase.GRACE}:
        return True
    return doors_open(contest_round.id, now)
