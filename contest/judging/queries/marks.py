"""The marks of a round: in force, and by criterion."""

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import func, select

from contest.core.db import db
from contest.judging.models import MarkSheet, Resolution, SheetMark, SheetState


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
