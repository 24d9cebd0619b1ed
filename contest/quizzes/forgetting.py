"""What this room keeps for a time only: traces of attempts, and signs found in rounds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select, update

from contest.core.db import db
from contest.core.retention import RetentionRule, register_rule
from contest.quizzes.models import (
    Attempt,
    EssayAnswer,
    EssayMark,
    FairnessFinding,
    LateEvidence,
    LedgerLine,
)
from contest.quizzes.rules.answers import pack
from contest.quizzes.rules.set_questions import essay_slots


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


def forget_writing(person_id: int) -> int:
    """Take away what somebody wrote freely, and what was said about it; the marks stay.

    Free words can tell who wrote them, so that they do not stay for counting as ticks do.

    Returns:
        How many answers were emptied.
    """
    rows = db.session.execute(
        select(Attempt.id, Attempt.round_id, Attempt.paper, Attempt.answers).where(
            Attempt.person_id == person_id, Attempt.submitted_at.is_not(None)
        )
    ).all()
    emptied = 0
    for row in rows:
        slots = list(essay_slots(row.paper))
        if slots:
            kept = {
                slot: answer
                for slot, answer in (row.answers or {}).items()
                if int(slot) not in slots
            }
            emptied += len(row.answers or {}) - len(kept)
            db.session.execute(update(Attempt).where(Attempt.id == row.id).values(answers=kept))
            _empty_lines(row.id, row.round_id, slots)
    return emptied


def _empty_lines(attempt_id: int, round_id: int, slots: Sequence[int]) -> None:
    """The same in the ledger, in late evidence and in what markers said."""
    for table, whose in (
        (LedgerLine, (LedgerLine.round_id == round_id, LedgerLine.attempt_id == attempt_id)),
        (LateEvidence, (LateEvidence.attempt_id == attempt_id,)),
    ):
        db.session.execute(
            update(table).where(*whose, table.slot.in_(slots)).values(answer=pack(()))
        )
    own = select(EssayAnswer.id).where(EssayAnswer.attempt_id == attempt_id)
    said = update(EssayMark).where(EssayMark.answer_id.in_(own)).values(comment="")
    db.session.execute(said.execution_options(synchronize_session=False))
    db.session.execute(
        update(EssayAnswer).where(EssayAnswer.attempt_id == attempt_id).values(comment="")
    )


def register() -> None:
    """Tell what is kept for how long."""
    register_rule(RetentionRule("attempt_traces", _traces, _forget))
    register_rule(RetentionRule("fairness_findings", _signs, _forget_signs))
