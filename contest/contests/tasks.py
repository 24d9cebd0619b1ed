"""What jobs and commands call."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from contest.contests.actions import close_round, open_round
from contest.contests.queries import round_by_id, rounds_due_to_close, rounds_due_to_open
from contest.core import jobs
from contest.core.errors import RuleBroken
from contest.core.transactions import unit_of_work

log = structlog.get_logger("contests")


@dataclass(frozen=True, slots=True)
class TurnedRounds:
    """How many rounds time opened and closed, and how many it could not open."""

    opened: int
    closed: int
    waiting: int


@jobs.task("contests.turn_rounds", every=timedelta(seconds=15))
def turn_rounds(run: jobs.JobRun) -> dict[str, Any] | None:
    """Open rounds whose hour has come and close those whose time is over."""
    turn_rounds_now(run.now)
    return None


def turn_rounds_now(now: datetime) -> TurnedRounds:
    """Close what is over, then open what is due and whose list is clean; a unit for each round.

    A round that is not ready stays planned; its page says that the hour has come.
    """
    with unit_of_work():
        closing = rounds_due_to_close(now)
    closed = sum(_close(round_id, now) for round_id in closing)
    with unit_of_work():
        opening = rounds_due_to_open(now)
    opened = sum(_open(round_id, now) for round_id in opening)
    return TurnedRounds(opened, closed, len(opening) - opened)


def _close(round_id: int, now: datetime) -> bool:
    with unit_of_work():
        due = round_by_id(round_id)
        return due is not None and close_round(round=due, actor=None, now=now)


def _open(round_id: int, now: datetime) -> bool:
    try:
        with unit_of_work():
            due = round_by_id(round_id)
            return due is not None and open_round(round=due, actor=None, now=now)
    except RuleBroken as refused:
        log.info("a round's hour has come but it is not ready", round=round_id, why=str(refused))
        return False
