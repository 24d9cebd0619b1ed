"""The rounds that a judge is on the jury of, or invited to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload

from contest.contests.models import Contest, Round, Stage
from contest.core.db import db
from contest.judging.models import (
    JudgedRound,
    Juror,
    JurorState,
    MarkSheet,
    SheetState,
)
from contest.judging.rules.sheets import UNDONE


@dataclass(frozen=True, slots=True)
class OwnRound:
    """A round that I judge, with my works counted."""

    public_id: str
    title: str
    contest_title: str
    scope_path: str
    state: JurorState
    is_chief: bool
    stage: Stage
    due_at: datetime | None
    is_closed: bool
    todo: int
    done: int
    abstained: int

    @property
    def total(self) -> int:
        """Works that are mine, abstentions left out."""
        return self.todo + self.done


def own_rounds(person_id: int) -> list[OwnRound]:
    """Rounds whose jury I am on or invited to, with my works counted; one statement."""

    def count(*states: SheetState) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((MarkSheet.state.in_(states), 1), else_=0)), 0)

    rows = db.session.execute(
        select(
            Juror.state,
            Juror.is_chief,
            Round,
            JudgedRound.marks_due_at,
            JudgedRound.closed_at,
            count(*UNDONE),
            count(SheetState.DONE),
            count(SheetState.ABSTAINED),
        )
        .select_from(Juror)
        .join(JudgedRound, JudgedRound.round_id == Juror.round_id)
        .join(Round, Round.id == Juror.round_id)
        .outerjoin(MarkSheet, MarkSheet.juror_id == Juror.id)
        .where(
            Juror.person_id == person_id,
            Juror.state.in_((JurorState.INVITED, JurorState.ACCEPTED)),
        )
        .group_by(Juror.id, Round.id, JudgedRound.round_id)
        .order_by(Juror.invited_at.desc(), Juror.id.desc())
        .options(joinedload(Round.contest).joinedload(Contest.scope))
    )
    return [
        OwnRound(
            public_id=found.public_id,
            title=found.title,
            contest_title=found.contest.title,
            scope_path=found.contest.scope.path,
            state=state,
            is_chief=is_chief,
            stage=found.stage,
            due_at=due_at,
            is_closed=closed_at is not None,
            todo=todo,
            done=done,
            abstained=abstained,
        )
        for state, is_chief, found, due_at, closed_at, todo, done, abstained in rows
    ]
