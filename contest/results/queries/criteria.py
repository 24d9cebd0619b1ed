"""What an author may read of the marks of their essay, where the organisers allow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sqlalchemy import select

from contest.contests.models import Round
from contest.core.db import db
from contest.judging.models import Criterion, Resolution, SheetMark
from contest.results.queries.prizes import prize_terms
from contest.submissions.models import Work, WorkVersion

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class CriterionMean:
    """The mean of the marks that made the official one, in a criterion."""

    name: str
    mean: Decimal
    most: Decimal


def criterion_means(round_id: int, entry_id: int) -> list[CriterionMean]:
    """Means over the sheets that the official mark was made from; empty unless allowed.

    No single mark and no judge can be told from them beyond what a mean of few tells.
    """
    terms = prize_terms(db.session.get_one(Round, round_id))
    if terms is None or not terms.shows_criteria:
        return []
    sheets = _sheets(round_id, entry_id)
    marks = _newest(sheets)
    found = []
    for criterion in db.session.scalars(
        select(Criterion).where(Criterion.round_id == round_id).order_by(Criterion.position)
    ):
        given = [marks[sheet, criterion.id] for sheet in sheets if (sheet, criterion.id) in marks]
        if given:
            mean = (sum(given, Decimal(0)) / len(given)).quantize(_CENT, ROUND_HALF_UP)
            found.append(CriterionMean(criterion.name, mean, criterion.max_points))
    return found


def _sheets(round_id: int, entry_id: int) -> list[int]:
    detail = db.session.scalar(
        select(Resolution.detail)
        .join(Work, Work.id == Resolution.work_id)
        .where(Resolution.round_id == round_id, Work.entry_id == entry_id)
        .order_by(Resolution.number.desc())
        .limit(1)
    )
    return list((detail or {}).get("sheets", []))


def _newest(sheets: Sequence[int]) -> dict[tuple[int, int], Decimal]:
    rows = db.session.execute(
        select(SheetMark.sheet_id, SheetMark.criterion_id, SheetMark.points)
        .where(SheetMark.sheet_id.in_(sheets))
        .order_by(SheetMark.edit)
    )
    return {(sheet, criterion): points for sheet, criterion, points in rows}


def own_title(round_id: int, entry_id: int) -> str:
    """The title of an author's own essay."""
    return (
        db.session.scalar(
            select(WorkVersion.title)
            .join(Work, Work.submitted_version_id == WorkVersion.id)
            .where(Work.round_id == round_id, Work.entry_id == entry_id)
        )
        or ""
    )
