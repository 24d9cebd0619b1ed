"""Remarks of judges that may reach the authors: those written, those chosen."""

from dataclasses import dataclass

from sqlalchemy import func, select

from contest.core.db import db
from contest.core.paging import Page
from contest.judging.models import JudgedRound, MarkSheet, PassedRemark, SheetState
from contest.judging.queries.extras import is_extra_marking
from contest.submissions.models import BlindCode, Work


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark of a finished sheet, under its code; who wrote it is not shown here either.

    `passed` is what the authors may read; empty while it was not chosen.
    """

    sheet_id: str
    code: str
    comment: str
    passed: str


def remarks_page(round_id: int, *, page: int = 1, size: int = 20) -> Page[RemarkLine]:
    """Remarks of finished sheets, by code."""
    wanted = (
        MarkSheet.round_id == round_id,
        MarkSheet.state == SheetState.DONE,
        MarkSheet.comment != "",
        ~is_extra_marking(),
    )
    total = db.session.scalar(select(func.count()).select_from(MarkSheet).where(*wanted)) or 0
    number = min(max(1, page), max(1, -(-total // size)))
    rows = db.session.execute(
        select(
            MarkSheet.public_id,
            BlindCode.code,
            MarkSheet.comment,
            func.coalesce(PassedRemark.body, ""),
        )
        .join(
            BlindCode,
            (BlindCode.work_id == MarkSheet.work_id) & (BlindCode.round_id == MarkSheet.round_id),
        )
        .outerjoin(PassedRemark, PassedRemark.sheet_id == MarkSheet.id)
        .where(*wanted)
        .order_by(BlindCode.code, MarkSheet.public_id)
        .limit(size)
        .offset((number - 1) * size)
    )
    return Page([RemarkLine(*row) for row in rows], number, size, total)


def sheet_in_round(round_id: int, public_id: str) -> MarkSheet | None:
    """A finished sheet of a round, for choosing its remark."""
    return db.session.scalar(
        select(MarkSheet).where(
            MarkSheet.round_id == round_id,
            MarkSheet.public_id == public_id,
            MarkSheet.state == SheetState.DONE,
        )
    )


def passed_remarks(round_id: int, entry_id: int) -> list[str]:
    """Chosen remarks on an entry's work, of whichever finished sheets the organisers chose.

    Empty unless the rules of the round allow them. In the order of their words: neither who wrote
    one nor when can be told from it, nor whether the mark was made from that sheet in the end.
    """
    return sorted(
        db.session.scalars(
            select(PassedRemark.body)
            .join(MarkSheet, MarkSheet.id == PassedRemark.sheet_id)
            .join(Work, Work.id == MarkSheet.work_id)
            .join(JudgedRound, JudgedRound.round_id == MarkSheet.round_id)
            .where(
                JudgedRound.gives_comments,
                MarkSheet.round_id == round_id,
                MarkSheet.state == SheetState.DONE,
                Work.entry_id == entry_id,
            )
        )
    )
