"""Ending attempts: fold the ledger, mark the paper, write answers and score; one or many."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    bindparam,
    column,
    exists,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from contest.contests.models import Round
from contest.core import audit
from contest.core.clock import from_micros, micros
from contest.core.db import UtcInstant, db, to_point_units
from contest.core.sql import json_items, json_number
from contest.quizzes.actions.essays import hand_to_markers
from contest.quizzes.models import Attempt, ClosedBy
from contest.quizzes.queries.attempts import ledgers
from contest.quizzes.rules import answers as answer_rules
from contest.quizzes.rules.timing import Window, working_ms
from question_bank.marking import ParsedRevision, mark_paper
from question_bank.queries import revisions

BATCH: Final = 500
_MOST_CODES: Final = 20


_ATTEMPT: Final = cast("Table", Attempt.__table__)
_OF_PAPER: Final = (
    _ATTEMPT.c.id,
    _ATTEMPT.c.public_id,
    _ATTEMPT.c.round_id,
    _ATTEMPT.c.paper,
    _ATTEMPT.c.question_count,
    _ATTEMPT.c.started_at,
    _ATTEMPT.c.pauses,
)
ENDED: Final = (*_OF_PAPER, _ATTEMPT.c.submitted_at)
"""What marking reads of an attempt that has ended."""


def claim_open(ends_at: ColumnElement[datetime]) -> Select[Any]:
    """Attempts that are open, locked to be ended now: rows of `ENDED` with `ends_at` as their end.

    Who saves or ends the same attempt waits for the lock and then finds it ended. On SQLite the
    writing unit holds the whole database. The end is written together with the marks: each
    writing of a row enters it into every index again.
    """
    return (
        select(*_OF_PAPER, ends_at.label("submitted_at"))
        .where(_ATTEMPT.c.submitted_at.is_(None))
        .with_for_update()
    )


def finish_attempts(
    *,
    claimed: Sequence[Any],
    closed_by: ClosedBy,
    numbers: Mapping[int, int],
    codes: Callable[[int], str] = answer_rules.new_receipt_code,
) -> None:
    """Fold and mark attempts that the caller has just claimed, and end them.

    To be called after the claim, in the same unit and as a statement of its own: under READ
    COMMITTED its SELECT then sees every save that was acknowledged.

    Args:
        claimed: rows of `claim_open`.
        closed_by: who ends them.
        numbers: the rounds' numbers by id; they stand in the receipt codes.
        codes: where receipt codes come from. A code that another receipt carries already is not
            written; another one is drawn in its place.
    """
    lines = ledgers([row.id for row in claimed], {row.round_id for row in claimed})
    known = revisions({slot["r"] for row in claimed for slot in row.paper if "r" in slot})
    results = [
        {
            **marked_paper(row, lines.get(row.id, {}), known),
            "submitted_at": row.submitted_at,
            "closed_by": closed_by,
        }
        for row in claimed
    ]
    rounds = {row.id: numbers[row.round_id] for row in claimed}
    answers = {result["key"]: result["answers"] for result in results}
    connection = db.session.connection()
    for _turn in range(_MOST_CODES):
        for result in results:
            result["code"] = codes(rounds[result["key"]])
        # A code that was drawn twice goes to the first; the other draws again with the next turn.
        distinct = {result["code"]: result for result in reversed(results)}
        if _write(connection, list(distinct.values())) == len(results):
            break
        without = set(
            connection.scalars(_WITHOUT_CODE, {"keys": [each["key"] for each in results]})
        )
        results = [each for each in results if each["key"] in without]
    else:
        raise AssertionError("no free receipt code was drawn")  # pragma: no cover
    hand_to_markers([(row.id, row.round_id, row.paper, answers[row.id]) for row in claimed])


def marked_paper(
    row: Any, lines: dict[int, str], known: dict[int, ParsedRevision]
) -> dict[str, Any]:
    """What is written into the row of an attempt that has ended.

    Args:
        row: with the columns of `ENDED`.
        lines: the last saved answer of each slot, as the ledger keeps it.
        known: the revisions of its paper.

    Returns:
        Values by column; `key` is the attempt's id.
    """
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
        "working_ms": working_ms(row.started_at, row.submitted_at, _windows(row.pauses)),
        "answers_digest": answer_rules.answers_digest(
            public_id=row.public_id,
            revision_ids=revision_ids,
            folded=folded,
            started_at=row.started_at,
            submitted_at=row.submitted_at,
        ),
    }


def _windows(pauses: list[list[int]] | None) -> list[Window]:
    return [(from_micros(from_at), from_micros(until_at)) for from_at, until_at in pauses or ()]


_WRITTEN = (
    "submitted_at",
    "closed_by",
    "answers",
    "prediction",
    "points",
    "max_points",
    "correct_count",
    "working_ms",
    "answers_digest",
)
_OTHER: Final = _ATTEMPT.alias("other")
_WRITE: Final = (
    update(_ATTEMPT)
    .where(
        _ATTEMPT.c.id == bindparam("key"),
        _ATTEMPT.c.receipt_code.is_(None),
        ~exists().where(_OTHER.c.receipt_code == bindparam("code", type_=String)),
    )
    .values({"receipt_code": bindparam("code"), **{name: bindparam(name) for name in _WRITTEN}})
)
_VALUES: Final = (
    func.jsonb_to_recordset(bindparam("rows", type_=JSONB))
    .table_valued(
        column("key", BigInteger),
        column("code", String),
        *(column(name, _ATTEMPT.c[name].type) for name in _WRITTEN),
        name="done",
    )
    .render_derived(with_types=True)
)
_WRITE_TOGETHER: Final = (
    update(_ATTEMPT)
    .where(
        _ATTEMPT.c.id == _VALUES.c.key,
        _ATTEMPT.c.receipt_code.is_(None),
        ~exists().where(_OTHER.c.receipt_code == _VALUES.c.code),
    )
    .values({"receipt_code": _VALUES.c.code, **{name: _VALUES.c[name] for name in _WRITTEN}})
)


def _write(connection: Connection, results: Sequence[Mapping[str, Any]]) -> int:
    """Write what was marked; returns how many rows took their receipt code."""
    if len(results) == 1:
        return connection.execute(_WRITE, results[0]).rowcount
    if connection.dialect.name == "postgresql":
        # One statement instead of five hundred that each cross the socket and are planned.
        rows = [
            {
                **each,
                "submitted_at": micros(each["submitted_at"]),
                **{name: to_point_units(each[name]) for name in ("points", "max_points")},
            }
            for each in results
        ]
        return connection.execute(_WRITE_TOGETHER, {"rows": rows}).rowcount
    return connection.execute(_WRITE, results).rowcount


_WITHOUT_CODE: Final = select(_ATTEMPT.c.id).where(
    _ATTEMPT.c.id.in_(bindparam("keys", expanding=True)), _ATTEMPT.c.receipt_code.is_(None)
)


def close_overdue(*, now: datetime, limit: int = BATCH, round_id: int | None = None) -> int:
    """Close attempts whose grace has ended, as if handed in at their deadline; one batch.

    The claim looks at the grace again, so that extra time which was decided in the meantime is
    respected; on PostgreSQL several closers skip each other's rows.

    Returns:
        How many were closed; fewer than `limit` means that none is left.
    """
    overdue = (
        _OVERDUE.where(_ATTEMPT.c.grace_until < now)
        .order_by(_ATTEMPT.c.grace_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if round_id is not None:
        overdue = overdue.where(_ATTEMPT.c.round_id == round_id)
    return _close(db.session.connection().execute(overdue).all(), now)


_OVERDUE: Final = claim_open(_ATTEMPT.c.deadline_at)
_OVERDUE_AMONG: Final = _OVERDUE.where(
    _ATTEMPT.c.id.in_(bindparam("keys", expanding=True)),
    _ATTEMPT.c.grace_until < bindparam("now", type_=UtcInstant),
)


def close_attempts(*, attempt_ids: Sequence[int], now: datetime) -> int:
    """Close those of some attempts that are overdue; returns how many."""
    if not attempt_ids:
        return 0
    among = {"keys": list(attempt_ids), "now": now}
    return _close(db.session.connection().execute(_OVERDUE_AMONG, among).all(), now)


def _close(claimed: Sequence[Any], now: datetime) -> int:
    if not claimed:
        return 0
    by_round: dict[int, list[int]] = {}
    for row in claimed:
        by_round.setdefault(row.round_id, []).append(row.id)
    rounds = {
        row.id: row
        for row in db.session.execute(
            select(Round.id, Round.contest_id, Round.number).where(Round.id.in_(by_round))
        )
    }
    finish_attempts(
        claimed=claimed,
        closed_by=ClosedBy.SERVER,
        numbers={key: row.number for key, row in rounds.items()},
    )
    audit.record_many(
        audit.event_values(
            "quizzes.attempts_closed",
            actor=None,
            now=now,
            subject=("round", round_id),
            data={"contest": rounds[round_id].contest_id, "attempts": ids},
        )
        for round_id, ids in by_round.items()
    )
    return len(claimed)


def count_papers(*, round_id: int) -> dict[int, int]:
    """In how many papers of a round each revision stands, counted by the database."""
    slot = json_items(Attempt.paper, db.engine.dialect.name)
    revision = json_number(slot, "r")
    rows = db.session.execute(
        select(revision, func.count())
        .select_from(Attempt)
        .join(slot, true())
        .where(Attempt.round_id == round_id, revision.is_not(None))
        .group_by(revision)
    )
    return {int(revision_id): papers for revision_id, papers in rows}
