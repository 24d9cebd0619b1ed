"""The judges of a round with their works counted, by the database alone."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from contest.accounts.models import Person
from contest.contests.models import Round
from contest.core.db import db
from contest.judging.models import Juror, JurorState, MarkSheet, SheetState
from contest.judging.queries.rounds import jurors, role_holders
from contest.judging.rules.sheets import LIVE, UNDONE


@dataclass(slots=True)
class SheetCounts:
    """A judge's sheets counted.

    Attributes:
        by_state: how many stand in each state.
        begun_at: when the first that is still theirs was handed over.
        last_done_at: when the latest was finished.
    """

    by_state: dict[SheetState, int] = field(default_factory=dict)
    begun_at: datetime | None = None
    last_done_at: datetime | None = None

    def of(self, states: Collection[SheetState]) -> int:
        """Sheets in one of these states."""
        return sum(self.by_state.get(state, 0) for state in states)


def sheet_counts(round_id: int) -> dict[int, SheetCounts]:
    """Every judge's sheets counted, by seat; one statement."""
    rows = db.session.execute(
        select(
            MarkSheet.juror_id,
            MarkSheet.state,
            func.count(),
            func.min(MarkSheet.assigned_at),
            func.max(MarkSheet.done_at),
        )
        .where(MarkSheet.round_id == round_id)
        .group_by(MarkSheet.juror_id, MarkSheet.state)
    )
    found: defaultdict[int, SheetCounts] = defaultdict(SheetCounts)
    for juror_id, state, count, begun_at, done_at in rows:
        counted = found[juror_id]
        counted.by_state[state] = count
        if state in LIVE:
            counted.begun_at = min(begun_at, counted.begun_at or begun_at)
            counted.last_done_at = max(filter(None, (done_at, counted.last_done_at)), default=None)
    return found


@dataclass(frozen=True, slots=True)
class JudgeProgress:
    """A judge's works counted.

    Attributes:
        begun_at: when the first of them was handed over.
        last_done_at: when the latest sheet was finished.
        has_role: whether the judge may still mark.
    """

    juror: Juror
    done: int
    todo: int
    abstained: int
    moved: int
    begun_at: datetime | None
    last_done_at: datetime | None
    has_role: bool

    @property
    def load(self) -> int:
        """Works that are this judge's."""
        return self.done + self.todo


def judges_progress(contest_round: Round) -> tuple[JudgeProgress, ...]:
    """Everybody who accepted a seat, with their works, in a fixed number of statements."""
    counted = sheet_counts(contest_round.id)
    holders = role_holders(contest_round.contest.scope.path)
    return tuple(
        _progress(juror, counted.get(juror.id, SheetCounts()), juror.person_id in holders)
        for juror in jurors(contest_round.id)
        if juror.state in {JurorState.ACCEPTED, JurorState.LEFT}
    )


def _progress(juror: Juror, counted: SheetCounts, has_role: bool) -> JudgeProgress:  # noqa: FBT001
    return JudgeProgress(
        juror,
        counted.of({SheetState.DONE}),
        counted.of(UNDONE),
        counted.of({SheetState.ABSTAINED}),
        counted.of({SheetState.MOVED}),
        counted.begun_at,
        counted.last_done_at,
        has_role,
    )


def markers(round_id: int, work_ids: Collection[int]) -> dict[int, list[str]]:
    """Of a page of works, the names of the judges who still mark each; one statement."""
    rows = db.session.execute(
        select(MarkSheet.work_id, Person.full_name)
        .join(Juror, Juror.id == MarkSheet.juror_id)
        .join(Person, Person.id == Juror.person_id)
        .where(
            MarkSheet.round_id == round_id,
            MarkSheet.work_id.in_(work_ids),
            MarkSheet.state.in_(UNDONE),
        )
        .order_by(MarkSheet.work_id, MarkSheet.marking, MarkSheet.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for work_id, name in rows:
        found[work_id].append(name)
    return found
