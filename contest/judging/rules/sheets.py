"""Mark sheets: who may write one now, and which marks fit a rubric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contest.contests.models import Stage
from contest.core.access import Actor, Permission
from contest.judging.models import Criterion, JudgedRound, Juror, JurorState, MarkSheet, SheetState
from contest.judging.rules.refusals import (
    LeftJury,
    MarkingClosed,
    MarkingNotOpen,
    MarksMissing,
    RoleLost,
    SheetGone,
    SheetSettled,
    WrongMark,
)

LIVE = frozenset({SheetState.TODO, SheetState.OPEN, SheetState.DONE})
UNDONE = frozenset({SheetState.TODO, SheetState.OPEN})


@dataclass(frozen=True, slots=True)
class Band:
    """A band of a criterion: from, to (points) and what such a work is like."""

    low: Decimal
    high: Decimal
    words: str


def bands_of(criterion: Criterion) -> tuple[Band, ...]:
    """The bands of a criterion, the best first."""
    return tuple(
        Band(Decimal(str(each["from"])), Decimal(str(each["to"])), str(each["words"]))
        for each in criterion.bands
    )


def is_top_band(criterion: Criterion, points: Decimal) -> bool:
    """Whether points stand in the best band; without bands: at the criterion's most."""
    known = bands_of(criterion)
    return points >= (known[0].low if known else criterion.max_points)


def scale_of(criteria: Sequence[Criterion]) -> Decimal:
    """The most points that a work can get."""
    return sum((criterion.max_points for criterion in criteria), Decimal(0))


def main_criterion(criteria: Sequence[Criterion]) -> Criterion | None:
    """The named main criterion; the heaviest where none is named."""
    named = [criterion for criterion in criteria if criterion.is_main]
    return named[0] if named else max(criteria, key=lambda each: each.max_points, default=None)


def check_role(*, actor: Actor, juror: Juror, scope_path: str) -> None:
    """Refuse whoever is not, or no longer, a judge of the round.

    Raises:
        RoleLost: the role was taken away.
        LeftJury: the seat was given up or never taken.
    """
    if juror.state is not JurorState.ACCEPTED:
        raise LeftJury
    if not actor.may(Permission.MARK, scope_path):
        raise RoleLost


def check_may_write(
    *, judged: JudgedRound, stage: Stage, sheet: MarkSheet, is_settled: bool
) -> None:
    """Refuse changes to a sheet that is no longer open to its judge.

    Raises:
        MarkingClosed, MarkingNotOpen: of the round.
        SheetGone: it was given up or moved.
        SheetSettled: the work has its mark.
    """
    if judged.closed_at is not None:
        raise MarkingClosed
    if stage is not Stage.MARKING:
        raise MarkingNotOpen
    if sheet.state not in LIVE:
        raise SheetGone
    if is_settled:
        raise SheetSettled


def check_marks(criteria: Sequence[Criterion], marks: Mapping[int, Decimal]) -> None:
    """Refuse marks outside their criterion or between its steps; 0 and the most always fit.

    Raises:
        WrongMark: of any criterion, an unknown one included.
    """
    known = {criterion.id: criterion for criterion in criteria}
    for criterion_id, points in marks.items():
        criterion = known.get(criterion_id)
        if criterion is None or not 0 <= points <= criterion.max_points:
            raise WrongMark
        if points % criterion.step and points != criterion.max_points:
            raise WrongMark


def total_of(
    criteria: Sequence[Criterion], marks: Mapping[int, Decimal], *, whole: bool
) -> Decimal | None:
    """The sum of the marks; None while there is none.

    Raises:
        MarksMissing: `whole` is asked for and a criterion has no mark.
    """
    missing = [criterion for criterion in criteria if criterion.id not in marks]
    if whole and missing:
        raise MarksMissing
    return sum(marks.values(), Decimal(0)) if marks else None
