"""Everything that the report of fairness says about a round."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from contest.contests.models import Entry, Registration
from contest.core.db import db
from contest.judging.models import JudgedRound, MarkSheet, SheetState
from contest.judging.prize_lines import PrizeLine, prize_lines
from contest.judging.queries.marks import latest_resolutions
from contest.judging.queries.rounds import judged_round, jurors, round_codes
from contest.judging.rules.fairness import (
    Bin,
    Drift,
    OrderLine,
    Scored,
    Spread,
    TimedMark,
    both_orders,
    distribution,
    drift,
    kappa_of_two,
    spreads,
    sure_bias,
)
from contest.judging.rules.reliability import Mark, Reliability, reliability
from contest.judging.rules.sheets import scale_of
from contest.submissions.models import Work, WorkState


class DoneSheet(NamedTuple):
    """A finished sheet."""

    id: int
    work_id: int
    juror_id: int
    marking: int
    total: Decimal
    done_at: datetime


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """A judge in the report. `label` (GK1, GK2 …) stands for the judge in files that leave.

    `bias` and `error` are None where judges cannot be compared; `drift` with few marks.
    """

    key: str
    label: str
    name: str
    spread: Spread
    bias: float | None
    error: float | None
    is_sure: bool
    drift: Drift | None


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """What is said about the marking of a round.

    Attributes:
        figures: agreement, severity, components (seats as text).
        judges: the most generous first.
        kappa: of first and second markings, over `kappa_works` works.
        bins: marks in force over the scale.
        orders: every work with a mark, by its mark in force; `work` is the key as text.
        codes: blind code by key of the work as text.
        prizes: levels, from the highest; empty where none are set.
        corrects: whether a correction was possible and changes anything.
    """

    scale: Decimal
    marks: int
    works: int
    figures: Reliability
    judges: tuple[JudgeFigures, ...]
    kappa: float | None
    kappa_works: int
    bins: tuple[Bin, ...]
    orders: tuple[OrderLine, ...]
    codes: dict[str, str]
    prizes: tuple[PrizeLine, ...]
    corrects: bool

    @property
    def moved(self) -> list[OrderLine]:
        """Works at whose place another prize would stand by the corrected order."""
        return [line for line in self.orders if line.is_moved]

    def label_of(self, key: str) -> str:
        """A judge's name for the page."""
        return next((each.name for each in self.judges if each.key == key), key)


def done_sheets(round_id: int) -> list[DoneSheet]:
    """Finished sheets of a round, by work and marking; one statement."""
    rows = db.session.execute(
        select(
            MarkSheet.id,
            MarkSheet.work_id,
            MarkSheet.juror_id,
            MarkSheet.marking,
            MarkSheet.total,
            MarkSheet.done_at,
        )
        .where(
            MarkSheet.round_id == round_id,
            MarkSheet.state == SheetState.DONE,
        )
        .order_by(MarkSheet.work_id, MarkSheet.marking, MarkSheet.id)
    )
    return [
        DoneSheet(*row[:4], row.total, row.done_at)
        for row in rows
        if row.total is not None and row.done_at is not None
    ]


def fairness_report(round_id: int) -> FairnessReport:
    """The whole report, in a fixed number of statements."""
    judged = judged_round(round_id)
    criteria = list(judged.criteria) if judged is not None else []
    scale = scale_of(criteria)
    sheets = done_sheets(round_id)
    timed = [
        TimedMark(
            str(each.work_id), str(each.juror_id), float(each.total), each.done_at, each.marking
        )
        for each in sheets
    ]
    figures = reliability(Mark(each.work, each.judge, each.points) for each in timed)
    works = scored_works(round_id, sheets)
    prizes = tuple(prize_lines(round_id))
    bias = sure_bias(figures.severity)
    step = min((each.step for each in criteria), default=Decimal(1))
    kappa, kappa_works = kappa_of_two(timed, scale, step) if criteria else (None, 0)
    return FairnessReport(
        scale=scale,
        marks=len(timed),
        works=len({each.work for each in timed}),
        figures=figures,
        judges=_judges(round_id, timed, figures),
        kappa=kappa,
        kappa_works=kappa_works,
        bins=tuple(distribution([each.points for each in works], scale)),
        orders=tuple(both_orders(works, bias, [line.quota for line in prizes])),
        codes={str(work_id): code for work_id, code in round_codes(round_id).items()},
        prizes=prizes,
        corrects=bool(bias),
    )


def scored_works(round_id: int, sheets: list[DoneSheet]) -> list[Scored]:
    """Works with their marks in force and who gave the marks they were made from."""
    judge_of = {each.id: str(each.juror_id) for each in sheets}
    divisions = dict(
        db.session.execute(
            select(Work.id, Registration.division_id)
            .join(Entry, Entry.id == Work.entry_id)
            .join(Registration, Registration.id == Entry.registration_id)
            .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
        ).all()
    )
    return [
        Scored(
            str(each.work_id),
            each.points,
            tuple(judge_of[key] for key in each.detail.get("sheets", []) if key in judge_of),
            each.method,
            divisions[each.work_id],
        )
        for each in latest_resolutions(round_id)
        if each.work_id in divisions
    ]


def _judges(
    round_id: int, timed: list[TimedMark], figures: Reliability
) -> tuple[JudgeFigures, ...]:
    known = {str(each.id): each.person.full_name for each in jurors(round_id)}
    severity = figures.severity
    moved = {} if severity is None else drift(timed, severity)
    used = spreads(timed)
    found = [
        JudgeFigures(
            key=key,
            label=f"GK{number}",
            name=known.get(key, key),
            spread=used[key],
            bias=None if severity is None else severity.bias[key],
            error=None if severity is None else severity.errors[key],
            is_sure=severity is not None and severity.counts(key),
            drift=moved.get(key),
        )
        for number, key in enumerate(sorted(used, key=int), start=1)
    ]
    return tuple(sorted(found, key=lambda each: (-(each.bias or 0.0), each.label)))


def correction_of(judged: JudgedRound) -> tuple[list[Scored], dict[str, float]]:
    """Works with their marks in force, and the sure bias of judges: what a shortlist goes by."""
    sheets = done_sheets(judged.round_id)
    figures = reliability(
        Mark(str(each.work_id), str(each.juror_id), float(each.total)) for each in sheets
    )
    return scored_works(judged.round_id, sheets), sure_bias(figures.severity)
