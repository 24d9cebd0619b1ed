"""How far a round's marking is: by judge, and what each work waits for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from contest.accounts.models import Person
from contest.contests.models import Round
from contest.core.db import db
from contest.judging.models import (
    Criterion,
    JudgedRound,
    Juror,
    MarkSheet,
    Resolution,
    SheetState,
)
from contest.judging.queries.judges import JudgeProgress, judges_progress
from contest.judging.queries.rounds import (
    SheetLine,
    judge_facts,
    judged_round,
    jurors,
    quorums,
    sheet_lines,
    work_facts,
)
from contest.judging.rules.adjudication import Limits, Step, Verdict, resolve
from contest.judging.rules.assignment import Problem
from contest.judging.rules.sheets import LIVE, UNDONE, scale_of
from contest.submissions.models import BlindCode, Screening, Work
from contest.submissions.queries.marking import is_passed


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """A work that waits for a third marking or a decision, by its code."""

    work_id: int
    code: str
    step: Step
    difference: Decimal
    totals: tuple[Decimal, ...]


class Why(StrEnum):
    """Why a work has no mark yet."""

    SHORT = "short"
    MARKING = "marking"
    THIRD = "third"
    DISCUSS = "discuss"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A work without its mark, by its code.

    Attributes:
        done: finished sheets; the work needs `quorum`.
    """

    work_id: int
    code: str
    why: Why
    done: int
    quorum: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the marking of a round stands.

    Attributes:
        works: to be marked.
        settled: works that have their mark.
        short: works with fewer sheets than they need (nobody assigned, an abstention).
        waiting: works that need a third marking or a decision.
        open_works: every work without its mark, by code.
        lowered: works whose quorum was lowered.
    """

    judges: tuple[JudgeProgress, ...]
    works: int
    settled: int
    sheets: int
    done: int
    short: int
    waiting: tuple[WaitingWork, ...]
    abstentions: tuple[tuple[str, str, str], ...]
    open_works: tuple[OpenWork, ...] = ()
    lowered: int = 0

    def waiting_for(self, step: Step | str) -> list[WaitingWork]:
        """Works that wait for one thing."""
        # Compared by value: templates name a step by its word.
        return [work for work in self.waiting if work.step == step]

    @property
    def is_complete(self) -> bool:
        """Whether every work has its mark, so that the marking can be closed."""
        return self.works > 0 and self.settled == self.works


_FOLLOWS: Final = {Step.THIRD: Why.THIRD, Step.DISCUSS: Why.DISCUSS, Step.PANEL: Why.PANEL}


def limits_of(judged: JudgedRound, criteria: list[Criterion]) -> Limits:
    """A round's limits on its scale."""
    return Limits(scale_of(criteria), judged.agree_limit, judged.third_limit, judged.spread_limit)


def resolved_work_ids(round_id: int) -> set[int]:
    """Works that have a mark."""
    return set(
        db.session.scalars(
            select(Resolution.work_id).where(Resolution.round_id == round_id).distinct()
        )
    )


def verdicts(
    judged: JudgedRound,
    sheets: Iterable[SheetLine],
    settled: Collection[int],
    lowered: Mapping[int, int],
) -> dict[int, Verdict]:
    """What the finished sheets of each work that has no mark yet amount to."""
    live: defaultdict[int, list[SheetLine]] = defaultdict(list)
    for sheet in sheets:
        if sheet.state in LIVE and sheet.work_id not in settled:
            live[sheet.work_id].append(sheet)
    limits = limits_of(judged, list(judged.criteria))
    return {
        work_id: verdict_of(each, judged, limits, lowered.get(work_id))
        for work_id, each in live.items()
    }


def verdict_of(
    live: Sequence[MarkSheet | SheetLine],
    judged: JudgedRound,
    limits: Limits,
    quorum: int | None = None,
) -> Verdict:
    """What a work's live sheets amount to; it waits while one of them is not done.

    `quorum` is the number of markings where a decision lowered it.
    """
    totals = [sheet.total for sheet in live if sheet.state is SheetState.DONE]
    if len(totals) < len(live):
        return Verdict(Step.WAIT)
    return resolve(
        [total for total in totals if total is not None],
        quorum or judged.marks_per_work,
        limits,
        judged.resolution,
    )


class _Row(NamedTuple):
    """A work without its mark: its sheets that count, and how many of them are finished."""

    work_id: int
    code: str
    sheets: int
    done: int
    quorum: int


def progress(contest_round: Round) -> Progress:
    """By judge, and what works wait for, in a fixed number of statements.

    The database counts; what is read row by row are the works without a mark, and totals only of
    those whose sheets are all finished.
    """
    round_id = contest_round.id
    judged = judged_round(round_id)
    if judged is None:
        return Progress((), 0, 0, 0, 0, 0, (), ())
    works, settled = _work_counts(round_id)
    lowered = quorums(round_id)
    rows, found, totals = _open(round_id, judged, lowered)
    judges = judges_progress(contest_round)
    return Progress(
        judges=judges,
        works=works,
        settled=settled,
        sheets=sum(each.load for each in judges),
        done=sum(each.done for each in judges),
        short=sum(row.sheets < row.quorum for row in rows),
        waiting=_waiting(rows, found, totals),
        abstentions=_abstentions(round_id),
        open_works=_open_works(rows, found),
        lowered=len(lowered),
    )


def works_without_mark(contest_round: Round) -> tuple[OpenWork, ...]:
    """Every work without its mark, by code, and what it waits for."""
    judged = judged_round(contest_round.id)
    if judged is None:
        return ()
    rows, found, _totals = _open(contest_round.id, judged, quorums(contest_round.id))
    return _open_works(rows, found)


def _open(
    round_id: int, judged: JudgedRound, lowered: Mapping[int, int]
) -> tuple[list[_Row], dict[int, Verdict], dict[int, tuple[Decimal, ...]]]:
    rows = _unsettled(round_id, judged.marks_per_work, lowered)
    return rows, *_finished(round_id, judged, lowered)


def _no_mark(work_id: InstrumentedAttribute[int], round_id: int) -> ColumnElement[bool]:
    # Not correlated: both databases look through the marks of the round once.
    return work_id.not_in(select(Resolution.work_id).where(Resolution.round_id == round_id))


def _work_counts(round_id: int) -> tuple[int, int]:
    """How many works are to be marked, and how many of them have their mark."""
    total, open_ones = db.session.execute(
        select(func.count(), func.count().filter(_no_mark(Work.id, round_id)))
        .select_from(Work)
        .join(Screening, Screening.work_id == Work.id)
        .where(Work.round_id == round_id, is_passed())
    ).one()
    return total, total - open_ones


def _unsettled(round_id: int, quorum: int, lowered: Mapping[int, int]) -> list[_Row]:
    """Works without their mark, by code; a dash stands for a code before there is one."""
    counted = (MarkSheet.work_id == Work.id) & MarkSheet.state.in_(LIVE)
    rows = db.session.execute(
        select(
            Work.id,
            func.coalesce(BlindCode.code, "–"),
            func.count(MarkSheet.id),
            func.count(MarkSheet.id).filter(MarkSheet.state == SheetState.DONE),
        )
        .join(Screening, Screening.work_id == Work.id)
        .outerjoin(
            BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id)
        )
        .outerjoin(MarkSheet, counted & (MarkSheet.round_id == round_id))
        .where(Work.round_id == round_id, is_passed(), _no_mark(Work.id, round_id))
        .group_by(Work.id, BlindCode.code)
    )
    found = [_Row(*row, lowered.get(row.id, quorum)) for row in rows]
    return sorted(found, key=lambda row: (row.code, row.work_id))


def _finished(
    round_id: int, judged: JudgedRound, lowered: Mapping[int, int]
) -> tuple[dict[int, Verdict], dict[int, tuple[Decimal, ...]]]:
    """What the sheets of works without a mark amount to where all are finished; and the totals."""
    undone = select(MarkSheet.work_id).where(
        MarkSheet.round_id == round_id, MarkSheet.state.in_(UNDONE)
    )
    rows = db.session.execute(
        select(MarkSheet.work_id, MarkSheet.total)
        .where(
            MarkSheet.round_id == round_id,
            MarkSheet.state == SheetState.DONE,
            _no_mark(MarkSheet.work_id, round_id),
            MarkSheet.work_id.not_in(undone),
        )
        .order_by(MarkSheet.work_id, MarkSheet.marking, MarkSheet.id)
    )
    totals: defaultdict[int, tuple[Decimal, ...]] = defaultdict(tuple)
    for work_id, total in rows:
        totals[work_id] += () if total is None else (total,)
    limits = limits_of(judged, list(judged.criteria))
    found = {
        work_id: resolve(
            each, lowered.get(work_id) or judged.marks_per_work, limits, judged.resolution
        )
        for work_id, each in totals.items()
    }
    return found, totals


def _waiting(
    rows: Iterable[_Row],
    found: Mapping[int, Verdict],
    totals: Mapping[int, tuple[Decimal, ...]],
) -> tuple[WaitingWork, ...]:
    works = (
        WaitingWork(
            row.work_id,
            row.code,
            found[row.work_id].step,
            found[row.work_id].difference,
            totals[row.work_id],
        )
        for row in rows
        if row.work_id in found and found[row.work_id].step in _FOLLOWS
    )
    return tuple(sorted(works, key=lambda each: (-each.difference, each.code)))


def _open_works(rows: Iterable[_Row], found: Mapping[int, Verdict]) -> tuple[OpenWork, ...]:
    return tuple(
        OpenWork(row.work_id, row.code, _why(row, found.get(row.work_id)), row.done, row.quorum)
        for row in rows
    )


def _why(row: _Row, verdict: Verdict | None) -> Why:
    why = Why.MARKING if row.sheets >= row.quorum else Why.SHORT
    return why if verdict is None else _FOLLOWS.get(verdict.step, why)


def _abstentions(round_id: int) -> tuple[tuple[str, str, str], ...]:
    """Code, judge and reason of the works that were given back."""
    rows = db.session.execute(
        select(func.coalesce(BlindCode.code, "–"), Person.full_name, MarkSheet.reason)
        .join(Juror, Juror.id == MarkSheet.juror_id)
        .join(Person, Person.id == Juror.person_id)
        .outerjoin(
            BlindCode,
            (BlindCode.work_id == MarkSheet.work_id) & (BlindCode.round_id == MarkSheet.round_id),
        )
        .where(MarkSheet.round_id == round_id, MarkSheet.state == SheetState.ABSTAINED)
        .order_by(MarkSheet.work_id, MarkSheet.marking, MarkSheet.id)
    )
    return tuple((code, name, reason) for code, name, reason in rows)


def assignment_problem(contest_round: Round) -> Problem:
    """What is to be assigned now: works without judges, gaps, and third markings due."""
    judged = judged_round(contest_round.id)
    quorum = 0 if judged is None else judged.marks_per_work
    sheets = sheet_lines(contest_round.id)
    settled = resolved_work_ids(contest_round.id)
    lowered = quorums(contest_round.id)
    found = {} if judged is None else verdicts(judged, sheets, settled, lowered)
    kept: defaultdict[int, list[int]] = defaultdict(list)
    barred: set[tuple[int, int]] = set()
    for sheet in sheets:
        if sheet.state in LIVE:
            kept[sheet.work_id].append(sheet.juror_id)
        elif sheet.state is SheetState.ABSTAINED:
            barred.add((sheet.juror_id, sheet.work_id))
    wanted = lowered | dict.fromkeys(settled, 0)
    wanted |= {
        work_id: lowered.get(work_id, quorum) + 1
        for work_id, verdict in found.items()
        if verdict.step is Step.THIRD
    }
    return Problem(
        judges=judge_facts(contest_round, jurors(contest_round.id)),
        works=work_facts(contest_round.id),
        quorum=quorum,
        kept={work_id: tuple(who) for work_id, who in kept.items()},
        barred=frozenset(barred),
        wanted=wanted,
    )
