"""Decisions about rounds, as their pages show them."""

from collections.abc import Sequence

from sqlalchemy import select

from contest.contests.models import RoundDecision
from contest.core.db import db


def decisions_of(round_ids: Sequence[int]) -> list[RoundDecision]:
    """Extensions and annulments of some rounds, the latest first; asks nothing about none."""
    if not round_ids:
        return []
    return list(
        db.session.scalars(
            select(RoundDecision)
            .where(RoundDecision.round_id.in_(round_ids))
            .order_by(RoundDecision.decided_at.desc(), RoundDecision.id.desc())
        )
    )


def decision_by_id(decision_id: int) -> RoundDecision | None:
    """A decision for the job that tells it."""
    return db.session.get(RoundDecision, decision_id)
