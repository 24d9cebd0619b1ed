"""Ending attempts: fold the ledger, mark the paper, write answers and score; one or many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from contest.contests.models import Round
from contest.core import audit
from contest.core.db import db
from contest.quizzes.models import Attempt, ClosedBy
from contest.quizzes.queries.attempts import ledgers
from contest.quizzes.rules import answers as answer_rules
from contest.quizzes.rules.timing import working_ms
from question_bank.marking import ParsedRevision, mark_paper
from question_bank.queries import revisions

BATCH = 500


def finish_attempts(*, attempt_ids: Sequence[int]) -> None:
    """Fold and mark attempts that the caller has just claimed (`submitted_at` is set).

    To be called after the claim, in the same unit: under READ COMMITTED its SELECT then sees
    every save that was acknowledged.
    """
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.public_id,
            Attempt.round_id,
            Attempt.paper,
            Attempt.question_count,
            Attempt.started_at,
            Attempt.submitted_at,
            Round.number,
        )
        .join(Round, Round.id == Attempt.round_id)
        .where(Attempt.id.in_(attempt_ids))
    ).all()
    lines = ledgers(attempt_ids, {row.round_id for row in rows})
    known = revisions({slot["r"] for row in rows for slot in row.paper if "r" in slot})
    results = [_finished(row, lines.get(row.id, {}), known) for row in rows]
    if results:
        db.session.connection().execute(_WRITE, results)


def _finished(row: Any, lines: dict[int, str], known: dict[int, ParsedRevision]) -> dict[str, Any]:
    paper = row.paper
    folded = answer_rules.split_prediction(
        {
            slot: answer
            for slot, answer in answer_rules.fold(lines.items()).items()
            if answer_rules.fits_slot(paper, slot, answer)
        },
        row.question_count,
    )
    revision_ids = [slot["r"] for slot in paper if "r" in slot]
    mark = mark_paper([known[revision_id] for revision_id in revision_ids], folded.answers)
    return {
        "key": row.id,
        "answers": folded.stored,
        "prediction": folded.prediction,
        "points": mark.points,
        "max_points": mark.max_points,
        "correct_count": mark.right_count,
        "working_ms": working_ms(row.started_at, row.submitted_at),
        "receipt_code": answer_rules.new_receipt_code(row.number),
        "answers_digest": answer_rules.answers_digest(
            public_id=row.public_id,
            revision_ids=revision_ids,
            folded=folded,
            started_at=row.started_at,
            submitted_at=row.submitted_at,
        ),
    }


_WRITTEN = (
    "answers",
    "prediction",
    "points",
    "max_points",
    "correct_count",
    "working_ms",
    "receipt_code",
    "answers_digest",
)
_WRITE = (
    update(Attempt.__table__)  # type: ignore[arg-type]
    .where(Attempt.__table__.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in _WRITTEN})
)


def close_overdue(*, now: datetime, limit: int = BATCH, round_id: int | None = None) -> int:
    """Close attempts whose grace has ended, as if handed in at their deadline; one batch.

    The claim looks at the grace again, so that extra time which was decided in the meantime is
    respected; on PostgreSQL several closers skip each other's rows.

    Returns:
        How many were closed; fewer than `limit` means that none is left.
    """
    overdue = (
        select(Attempt.id)
        .where(Attempt.submitted_at.is_(None), Attempt.grace_until < now)
        .order_by(Attempt.grace_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if round_id is not None:
        overdue = overdue.where(Attempt.round_id == round_id)
    return close_attempts(attempt_ids=list(db.session.scalars(overdue)), now=now)


def close_attempts(*, attempt_ids: Sequence[int], now: datetime) -> int:
    """Close those of some attempts that are overdue; returns how many."""
    if not attempt_ids:
        return 0
    claimed = db.session.execute(
        update(Attempt)
        .where(
            Attempt.id.in_(attempt_ids), Attempt.submitted_at.is_(None), Attempt.grace_until < now
        )
        .values(submitted_at=Attempt.deadline_at, closed_by=ClosedBy.SERVER)
        .returning(Attempt.id, Attempt.round_id)
        .execution_options(synchronize_session=False)
    ).all()
    if not claimed:
        return 0
    finish_attempts(attempt_ids=[row.id for row in claimed])
    by_round: dict[int, list[int]] = {}
    for row in claimed:
        by_round.setdefault(row.round_id, []).append(row.id)
    contests = {
        row.id: row.contest_id
        for row in db.session.execute(
            select(Round.id, Round.contest_id).where(Round.id.in_(by_round))
        )
    }
    audit.record_many(
        audit.event_values(
            "quizzes.attempts_closed",
            actor=None,
            now=now,
            subject=("round", round_id),
            data={"contest": contests[round_id], "attempts": ids},
        )
        for round_id, ids in by_round.items()
    )
    return len(claimed)


def count_papers(*, round_id: int) -> dict[int, int]:
    """In how many papers of a round each revision stands, read in a stream."""
    counted: dict[int, int] = {}
    papers = db.session.scalars(
        select(Attempt.paper).where(Attempt.round_id == round_id).execution_options(yield_per=BATCH)
    )
    for paper in papers:
        for slot in paper:
            if "r" in slot:
                counted[slot["r"]] = counted.get(slot["r"], 0) + 1
    return counted
