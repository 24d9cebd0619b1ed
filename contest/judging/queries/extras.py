"""Works that are marked once more: which, how far, and where a check lies too far from the mark."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, select

from contest.core.db import db
from contest.judging.models import (
    ExtraMarking,
    ExtraPurpose,
    JudgedRound,
    MarkSheet,
    Resolution,
    SheetState,
)
from contest.judging.queries.marks import latest_resolutions
from contest.judging.queries.rounds import SheetLine, round_codes
from contest.judging.rules.adjudication import Limits
from contest.judging.rules.extra_markings import CheckState, check_state
from contest.judging.rules.sheets import LIVE, scale_of


def is_extra_marking() -> ColumnElement[bool]:
    """Of `MarkSheet`: that it marks a work once more after its mark stood."""
    return exists().where(
        ExtraMarking.work_id == MarkSheet.work_id, ExtraMarking.marking == MarkSheet.marking
    )


def is_extra(sheet: MarkSheet) -> bool:
    """The same of one sheet."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    ExtraMarking.work_id == sheet.work_id, ExtraMarking.marking == sheet.marking
                )
            )
        )
    )


def extra_markings(round_id: int, purpose: ExtraPurpose | None = None) -> list[ExtraMarking]:
    """The extra markings of a round, of one purpose or all."""
    statement = select(ExtraMarking).where(ExtraMarking.round_id == round_id)
    if purpose is not None:
        statement = statement.where(ExtraMarking.purpose == purpose)
    return list(db.session.scalars(statement.order_by(ExtraMarking.work_id, ExtraMarking.marking)))


def wanted_extras(round_id: int, sheets: Iterable[SheetLine]) -> dict[int, int]:
    """By work that is marked once more, how many sheets it needs in all."""
    extras = {
        (each.work_id, each.marking)
        for each in extra_markings(round_id)
        if each.left_out_at is None
    }
    if not extras:
        return {}
    regular = Counter(
        sheet.work_id
        for sheet in sheets
        if sheet.state in LIVE and (sheet.work_id, sheet.marking) not in extras
    )
    wanted = Counter(work_id for work_id, _marking in extras)
    return {work_id: regular[work_id] + count for work_id, count in wanted.items()}


@dataclass(frozen=True, slots=True)
class ExtraLine:
    """A work that is marked once more.

    Attributes:
        official: the mark in force.
        total: of the extra sheet; None while it is not done.
        sheet_id: of that sheet; None while nobody has it.
        state: where a check stands; a mark in the band is never looked at by itself.
        reason: why it was left out.
    """

    work_id: int
    code: str
    purpose: ExtraPurpose
    official: Decimal
    total: Decimal | None
    sheet_id: int | None
    state: CheckState
    reason: str = ""

    @property
    def difference(self) -> Decimal:
        """Between the extra mark and the one in force."""
        return abs(self.official - self.total) if self.total is not None else Decimal(0)


def extra_lines(judged: JudgedRound, purpose: ExtraPurpose | None = None) -> list[ExtraLine]:
    """Every work that is marked once more, those to be decided first, then by code."""
    extras = extra_markings(judged.round_id, purpose)
    if not extras:
        return []
    sheets = _extra_sheets(judged.round_id)
    marks = {each.work_id: each for each in latest_resolutions(judged.round_id)}
    codes = round_codes(judged.round_id)
    limits = Limits(
        scale_of(judged.criteria), judged.agree_limit, judged.third_limit, judged.spread_limit
    )
    lines = [
        _line(each, sheets.get((each.work_id, each.marking)), marks[each.work_id], codes, limits)
        for each in extras
        if each.work_id in marks
    ]
    return sorted(lines, key=lambda each: (each.state is not CheckState.BEYOND, each.code))


class _Sheet(NamedTuple):
    """The sheet of an extra marking; `total` once it is done."""

    id: int
    total: Decimal | None


def _extra_sheets(round_id: int) -> dict[tuple[int, int], _Sheet]:
    rows = db.session.execute(
        select(
            MarkSheet.id, MarkSheet.work_id, MarkSheet.marking, MarkSheet.state, MarkSheet.total
        ).where(MarkSheet.round_id == round_id, MarkSheet.state.in_(LIVE), is_extra_marking())
    )
    return {
        (work_id, marking): _Sheet(key, total if state is SheetState.DONE else None)
        for key, work_id, marking, state, total in rows
    }


def _line(
    extra: ExtraMarking,
    sheet: _Sheet | None,
    mark: Resolution,
    codes: Mapping[int, str],
    limits: Limits,
) -> ExtraLine:
    total = None if sheet is None else sheet.total
    decided = sheet is not None and mark.detail.get("check") == sheet.id
    state = check_state(mark.points, total, limits, is_decided=decided)
    if extra.purpose is ExtraPurpose.BAND and state is CheckState.BEYOND:
        state = CheckState.WITHIN
    if extra.left_out_at is not None:
        state = CheckState.LEFT_OUT
    return ExtraLine(
        extra.work_id,
        codes.get(extra.work_id, "–"),
        extra.purpose,
        mark.points,
        total,
        None if sheet is None else sheet.id,
        state,
        extra.left_out_reason,
    )


def extras_open(judged: JudgedRound) -> bool:
    """Whether works to be marked once more are not drawn, not marked, or wait for a decision."""
    lines = extra_lines(judged)
    is_drawn = any(each.purpose is ExtraPurpose.CHECK for each in lines)
    if judged.check_share > 0 and not is_drawn:
        return True
    return any(each.state in {CheckState.WAITING, CheckState.BEYOND} for each in lines)
