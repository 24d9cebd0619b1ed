"""Decisions about time in a round, as their page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, null, select

from contest.accounts.models import Unit
from contest.contests.models import Entry, Registration
from contest.core.db import db
from contest.quizzes.models import Attempt, LateEvidence, LateRuling, MovedWindow, Pause


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision: when, whose, from when to when, how many attempts, why."""

    decided_at: datetime
    whose: str
    from_at: datetime | None
    until_at: datetime | None
    attempts: int
    reason: str


def pauses(round_id: int) -> list[DecisionLine]:
    """Pauses of a round, the latest first."""
    rows = (
        select(
            Pause.decided_at,
            Unit.name,
            Pause.from_at,
            Pause.until_at,
            Pause.attempts,
            Pause.reason,
        )
        .join(Unit, Unit.id == Pause.unit_id)
        .where(Pause.round_id == round_id)
        .order_by(Pause.id.desc())
    )
    return [DecisionLine(*row) for row in db.session.execute(rows)]


def later_closes(round_id: int) -> list[DecisionLine]:
    """Later closes of people and units, the latest first."""
    return _lines(MovedWindow, (null(), MovedWindow.closes_at, literal(0)), round_id)


def late_rulings(round_id: int) -> list[DecisionLine]:
    """Decisions that counted late answers, the latest first."""
    return _lines(LateRuling, (null(), null(), LateRuling.changed), round_id)


def _lines(
    decision: type[MovedWindow | LateRuling], middle: Sequence[Any], round_id: int
) -> list[DecisionLine]:
    whose = func.coalesce(Registration.full_name, Unit.name)
    rows: Select[Any] = (
        select(decision.decided_at, whose, *middle, decision.reason)
        .outerjoin(Unit, Unit.id == decision.unit_id)
        .outerjoin(Entry, Entry.id == decision.entry_id)
        .outerjoin(Registration, Registration.id == Entry.registration_id)
        .where(decision.round_id == round_id)
        .order_by(decision.id.desc())
    )
    return [DecisionLine(*row) for row in db.session.execute(rows)]


def waiting_evidence(round_id: int) -> tuple[int, int]:
    """Attempts of a round with late answers that no decision has counted, and those answers."""
    row = db.session.execute(
        select(func.count(func.distinct(Attempt.id)), func.count(LateEvidence.id))
        .join(LateEvidence, LateEvidence.attempt_id == Attempt.id)
        .where(Attempt.round_id == round_id, LateEvidence.ruling_id.is_(None))
    ).one()
    return row[0], row[1]


def late_answers_of(attempt_id: int) -> int:
    """How many late answers of one attempt wait for a decision; one for each question."""
    return (
        db.session.scalar(
            select(func.count(func.distinct(LateEvidence.slot))).where(
                LateEvidence.attempt_id == attempt_id, LateEvidence.ruling_id.is_(None)
            )
        )
        or 0
    )
