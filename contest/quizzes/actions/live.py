"""The pulse of running rounds: a job counts, so that looking counts nothing; the public board."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert

from contest.contests.models import Round
from contest.core import audit
from contest.core.clock import micros
from contest.core.db import db
from contest.quizzes.models import PublicBoard, RoundPulse, SaveMeter, UnitPulse
from contest.quizzes.queries.live import (
    busiest_units,
    counted_pulse,
    counted_units,
    last_pulse,
    stored_board,
    units_counted_at,
)
from contest.quizzes.queries.rounds import quiz_of
from contest.quizzes.rules.live import BoardState, board_state

_UNITS_EVERY: Final = timedelta(minutes=2)
_KEPT: Final = timedelta(hours=24)
_ON_BOARD: Final = 50


def beat(*, contest_round: Round, now: datetime) -> None:
    """Count a running round once, refresh its units now and then, and its public board.

    Args:
        contest_round: open, or closed a few minutes ago.
        now: the instant of the pulse; twice at the same instant is once.
    """
    before = last_pulse(contest_round.id)
    if before is not None and before.at >= now:
        return
    values = counted_pulse(contest_round.id, before, now)
    db.session.execute(insert(RoundPulse).values(values))
    counted_at = units_counted_at(contest_round.id)
    if counted_at is None or counted_at < now - _UNITS_EVERY:
        _count_units(contest_round, now)
    _keep_board(contest_round, values, now)


def _count_units(contest_round: Round, now: datetime) -> None:
    rows = counted_units(contest_round.id, contest_round.contest_id, now)
    db.session.execute(delete(UnitPulse).where(UnitPulse.round_id == contest_round.id))
    db.session.expire_all()
    if rows:
        db.session.execute(insert(UnitPulse), rows)


def _keep_board(contest_round: Round, values: dict[str, Any], now: datetime) -> None:
    quiz = quiz_of(contest_round.id)
    if quiz is None:
        return
    state = board_state(
        quiz.board_shown,
        contest_round.stage,
        freeze_minutes=quiz.board_freeze_minutes,
        closes_at=contest_round.closes_at,
        now=now,
    )
    board = stored_board(contest_round.id)
    if state is BoardState.HIDDEN:
        if board is not None:
            db.session.delete(board)
        return
    if state is BoardState.FROZEN and board is not None:
        if board.frozen_at is None:
            board.frozen_at = now
        return
    body = {
        "persons": values["persons"],
        "attempts": values["started"],
        "units": [
            {"path": each.unit_path, "persons": each.persons}
            for each in busiest_units(contest_round.id, _ON_BOARD)
        ],
        "at": micros(now),
    }
    if board is None:
        board = PublicBoard(round_id=contest_round.id, body={}, digest="", made_at=now)
        db.session.add(board)
    board.body, board.made_at = body, now
    board.digest = audit.sha256_hex(audit.canonical_json(body))
    board.frozen_at = now if state is BoardState.FROZEN else None
    board.is_final = state is BoardState.FINAL
    db.session.flush()


def forget_pulses(*, now: datetime) -> None:
    """Delete counters of more than a day ago."""
    db.session.execute(delete(RoundPulse).where(RoundPulse.at < now - _KEPT))
    db.session.execute(delete(SaveMeter).where(SaveMeter.at < now - _KEPT))
