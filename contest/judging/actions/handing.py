"""Sheets change hands: handed out by an assignment, or moved by a person from judge to judge."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, insert, select, update

from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.models import JudgedRound, Juror, MarkSheet, SheetState
from contest.judging.queries.moving import move_plan
from contest.judging.rules.moving import MovePlan
from contest.judging.rules.refusals import (
    MarkingClosed,
    NothingToMove,
    PreviewStale,
    ReasonNeeded,
)
from contest.judging.rules.sheets import UNDONE


class Handed(NamedTuple):
    """A work that a judge gets, and the number of the marking."""

    work_id: int
    marking: int


def hand_out(*, round_id: int, by_juror: Mapping[int, Sequence[Handed]], now: datetime) -> None:
    """Put works at the end of judges' lists, in the order given.

    A sheet that the judge had given up comes back with the marks that were on it.
    """
    last = dict(
        db.session.execute(
            select(MarkSheet.juror_id, func.max(MarkSheet.position))
            .where(MarkSheet.round_id == round_id)
            .group_by(MarkSheet.juror_id)
        ).all()
    )
    given_up = {
        (row.juror_id, row.work_id): row.id
        for row in db.session.execute(
            select(MarkSheet.juror_id, MarkSheet.work_id, MarkSheet.id).where(
                MarkSheet.round_id == round_id, MarkSheet.state == SheetState.MOVED
            )
        )
    }
    new = []
    for juror_id, works in sorted(by_juror.items()):
        for position, handed in enumerate(works, start=last.get(juror_id, 0) + 1):
            sheet_id = given_up.get((juror_id, handed.work_id))
            if sheet_id is None:
                new.append(
                    {
                        "round_id": round_id,
                        "work_id": handed.work_id,
                        "juror_id": juror_id,
                        "marking": handed.marking,
                        "position": position,
                        "state": SheetState.TODO,
                        "assigned_at": now,
                    }
                )
            else:
                _bring_back(sheet_id, handed.marking, position, now)
    if new:
        db.session.execute(insert(MarkSheet), new)


def _bring_back(sheet_id: int, marking: int, position: int, now: datetime) -> None:
    db.session.execute(
        update(MarkSheet)
        .where(MarkSheet.id == sheet_id, MarkSheet.state == SheetState.MOVED)
        .values(
            state=case((MarkSheet.edit > 0, SheetState.OPEN), else_=SheetState.TODO),
            marking=marking,
            position=position,
            assigned_at=now,
            reason="",
        )
    )


def _hold(round_id: int, giver: Juror, taker: Juror) -> None:
    """Keep the round open and both judges' sheets as they are until the unit ends."""
    judged = db.session.scalar(
        select(JudgedRound)
        .where(JudgedRound.round_id == round_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    if judged is None or judged.closed_at is not None:
        raise MarkingClosed
    # In the order in which a judge's save holds them: a finish under way ends first.
    db.session.execute(
        select(MarkSheet.id)
        .where(MarkSheet.juror_id.in_((giver.id, taker.id)))
        .order_by(MarkSheet.id)
        .with_for_update()
    )


def move_sheets(
    *,
    contest_round: Round,
    giver: Juror,
    taker: Juror,
    sheets: Sequence[str],
    count: int,
    digest: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> MovePlan:
    """Move undone sheets from one judge to another, exactly as the preview showed.

    Marks that the first judge had begun stay on record with that judge and do not count; finished
    sheets are never moved.

    Args:
        contest_round: the round.
        giver: whose sheets they are.
        taker: who is to mark them.
        sheets: public ids of sheets that were chosen; empty to take `count` of them.
        count: how many, where none were chosen by hand.
        digest: of the preview.
        reason: why, in a few words.
        actor: who moves them.
        now: the instant of the request.

    Raises:
        ReasonNeeded: no reason is given.
        MarkingClosed: the marking was closed.
        NothingToMove: none of them can go to this judge.
        PreviewStale: sheets, judges or conflicts changed since the preview.
    """
    if not reason.strip():
        raise ReasonNeeded
    _hold(contest_round.id, giver, taker)
    plan = move_plan(contest_round, giver, taker, sheets=sheets, count=count)
    if not plan.moves:
        raise NothingToMove
    if plan.digest() != digest:
        raise PreviewStale
    _carry_out(plan, contest_round.id, taker, reason.strip(), now)
    audit.record(
        "judging.sheets_moved",
        actor=actor,
        now=now,
        subject=("juror", taker.id),
        scope_id=contest_round.contest.scope_id,
        data={
            "round": contest_round.number,
            "from": giver.id,
            "to": taker.id,
            "sheets": [move.sheet_id for move in plan.moves],
            "loads": [plan.giver_after, plan.taker_after],
            "reason": reason.strip(),
        },
    )
    return plan


def _carry_out(plan: MovePlan, round_id: int, taker: Juror, reason: str, now: datetime) -> None:
    db.session.execute(
        update(MarkSheet)
        .where(
            MarkSheet.id.in_([move.sheet_id for move in plan.moves]), MarkSheet.state.in_(UNDONE)
        )
        .values(state=SheetState.MOVED, reason=reason)
        .execution_options(synchronize_session=False)
    )
    handed = [Handed(move.work_id, move.marking) for move in plan.moves]
    secrets.SystemRandom().shuffle(handed)  # the order tells the new judge nothing
    hand_out(round_id=round_id, by_juror={taker.id: handed}, now=now)
    db.session.expire_all()
