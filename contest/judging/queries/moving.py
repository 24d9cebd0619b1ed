"""What a move of sheets by hand is planned from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from contest.contests.models import Round
from contest.core.db import db
from contest.judging.models import Juror, JurorState, MarkSheet, SheetState
from contest.judging.queries.rounds import judge_facts, round_codes, work_facts
from contest.judging.rules.conflicts import conflict_of
from contest.judging.rules.moving import Movable, MovePlan, plan_move
from contest.judging.rules.sheets import LIVE, UNDONE


@dataclass(frozen=True, slots=True)
class MovableLine:
    """An undone sheet by its code, for choosing."""

    public_id: str
    code: str
    is_begun: bool


def _movable(juror_id: int) -> list[Movable]:
    """Undone sheets of a judge: those that they would come to last go first, begun ones last."""
    rows = db.session.execute(
        select(
            MarkSheet.id,
            MarkSheet.public_id,
            MarkSheet.work_id,
            MarkSheet.marking,
            MarkSheet.state,
        )
        .where(MarkSheet.juror_id == juror_id, MarkSheet.state.in_(UNDONE))
        .order_by(MarkSheet.position.desc(), MarkSheet.id)
    )
    found = [
        Movable(row.id, row.public_id, row.work_id, row.marking, row.state is SheetState.OPEN)
        for row in rows
    ]
    return sorted(found, key=lambda sheet: sheet.is_begun)


def movable_lines(juror: Juror) -> list[MovableLine]:
    """Undone sheets of a judge by code."""
    codes = round_codes(juror.round_id)
    lines = [
        MovableLine(each.public_id, codes.get(each.work_id, "–"), each.is_begun)
        for each in _movable(juror.id)
    ]
    return sorted(lines, key=lambda line: line.code)


def move_plan(
    contest_round: Round,
    giver: Juror,
    taker: Juror,
    *,
    sheets: Sequence[str] = (),
    count: int = 0,
) -> MovePlan:
    """What moving these sheets, or so many of them, from one judge to another would do."""
    wanted = set(sheets)
    mine = [each for each in _movable(giver.id) if not wanted or each.public_id in wanted]
    held = dict(
        db.session.execute(
            select(MarkSheet.work_id, MarkSheet.state).where(MarkSheet.juror_id == taker.id)
        ).all()
    )
    facts = judge_facts(contest_round, [taker])
    works = work_facts(contest_round.id, [each.work_id for each in mine])
    known = {work.work_id: work for work in works}
    return plan_move(
        sheets=mine if taker.state is JurorState.ACCEPTED and facts else [],
        count=None if wanted else count,
        conflicts={
            each.work_id
            for each in mine
            if each.work_id not in known or conflict_of(facts[0], known[each.work_id]) is not None
        },
        held={work_id for work_id, state in held.items() if state is not SheetState.MOVED},
        loads=(_load(giver.id), sum(state in LIVE for state in held.values())),
        capacity=taker.capacity,
    )


def _load(juror_id: int) -> int:
    states = db.session.scalars(select(MarkSheet.state).where(MarkSheet.juror_id == juror_id))
    return sum(state in LIVE for state in states)
