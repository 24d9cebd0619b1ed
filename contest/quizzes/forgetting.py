"""What this room keeps for a time only: traces of attempts, and signs found in rounds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select, update

from contest.core.db import db
from contest.core.retention import RetentionRule, register_rule
from contest.quizzes.models import Attempt, FairnessFinding


def _traces(before: datetime) -> Select[Any]:
    return select(Attempt.id).where(
        Attempt.submitted_at <= before, or_(Attempt.device != "", Attempt.address != "")
    )


def _forget(keys: Sequence[Any], now: datetime) -> None:
    del now
    db.session.execute(update(Attempt).where(Attempt.id.in_(keys)).values(device="", address=""))


def _signs(before: datetime) -> Select[Any]:
    return select(FairnessFinding.id).where(FairnessFinding.found_at <= before)


def _forget_signs(keys: Sequence[Any], now: datetime) -> None:
    del now
    db.session.execute(delete(FairnessFinding).where(FairnessFinding.id.in_(keys)))


def register() -> None:
    """Tell what is kept for how long."""
    register_rule(RetentionRule("attempt_traces", _traces, _forget))
    register_rule(RetentionRule("fairness_findings", _signs, _forget_signs))
