"""The marks of a round: in force, and by criterion."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import func, select

from contest.core.db import db
from contest.judging.models import (
    Criterion,
    JudgedRound,
    MarkSheet,
    Resolution,
    SheetMark,
    SheetState,
)


def latest_resolutions(round_id: int) -> list[Resolution]:
    """The mark in force of each work."""
    newest = (
        select(Resolution.work_id, func.max(Resolution.number).label("number"))
        .where(Resolution.round_id == round_id)
        .group_by(Resolution.work_id)
        .subquery()
    )
    return list(
        db.session.scalars(
            select(Resolution)
            .join(
                newest,
                (newest.c.work_id == Resolution.work_id) & (newest.c.number == Resolution.number),
            )
            .order_by(Resolution.work_id)
        )
    )


def newest_marks(round_id: int) -> dict[int, dict[int, Decimal]]:
    """By finished sheet, the newest mark of each criterion; one statement."""
    found: defaultdict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = db.session.execute(
        select(SheetMark.sheet_id, SheetMark.criterion_id, SheetMark.points)
        .join(MarkSheet, MarkSheet.id == SheetMark.sheet_id)
        .where(MarkSheet.round_id == round_id, MarkSheet.state == SheetState.DONE)
        .order_by(SheetMark.edit)
    )
    for sheet_id, criterion_id, points in rows:
        found[sheet_id][criterion_id] = points
    return dict(found)


def criteria_apart(
    judged: JudgedRound, work_ids: Collection[int] | None = None
) -> dict[int, Decimal]:
    """By work without a mark, the largest difference on a criterion, as a fraction of its points.

    Empty where the round looks at totals alone; else one statement.
    """
    if not judged.by_criterion:
        return {}
    settled = select(Resolution.work_id).where(Resolution.round_id == judged.round_id)
    statement = (
        select(
            MarkSheet.work_id,
            SheetMark.criterion_id,
            SheetMark.sheet_id,
            SheetMark.points,
            Criterion.max_points,
        )
        .join(MarkSheet, MarkSheet.id == SheetMark.sheet_id)
        .join(Criterion, Criterion.id == SheetMark.criterion_id)
        .where(
            MarkSheet.round_id == judged.round_id,
            MarkSheet.state == SheetState.DONE,
            MarkSheet.work_id.not_in(settled),
        )
        .order_by(SheetMark.edit)
    )
    if work_ids is not None:
        statement = statement.where(MarkSheet.work_id.in_(work_ids))
    given: defaultdict[tuple[int, int], dict[int, Decimal]] = defaultdict(dict)
    for work_id, criterion_id, sheet_id, points, most in db.session.execute(statement):
        given[work_id, criterion_id][sheet_id] = points / most
    found: dict[int, Decimal] = {}
    for (work_id, _criterion), shares in given.items():
        gap = max(shares.values()) - min(shares.values())
        found[work_id] = max(gap, found.get(work_id, gap))
    return found
