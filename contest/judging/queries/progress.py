"""How far a round's marking is: by judge, and what each work waits for."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from contest.contests.models import Round
from contest.core.db import db
from contest.judging.models import (
    Criterion,
    JudgedRound,
    Juror,
    JurorState,
    MarkSheet,
    Resolution,
    SheetMark,
    SheetState,
)
from contest.judging.queries.rounds import (
    judge_facts,
    judged_round,
    jurors,
    sheets_of,
    work_facts,
)
from contest.judging.rules.adjudication import Limits, Step, Verdict, resolve
from contest.judging.rules.assignment import Problem
from contest.judging.rules.reliability import Mark
from contest.judging.rules.sheets import LIVE, UNDONE, scale_of
from contest.submissions.queries.marking import codes, passed_work_ids


@dataclass(frozen=True, slots=True)
class JudgeProgress:
    """A judge's works counted."""

    juror: Juror
    done: int
    todo: int
    abstained: int
    moved: int

    @property
    def load(self) -> int:
        """Works that are this judge's."""
        return self.done + self.todo


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """A work that waits for a third marking or a decision, by its code."""

    work_id: int
    code: str
    step: Step
    difference: Decimal
    totals: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the marking of a round stands.

    Attributes:
        works: to be marked.
        settled: works that have their mark.
        short: works with fewer sheets than they need (nobody assigned, an abstention).
        waiting: works that need a third marking or a decision.
    """

    judges: tuple[JudgeProgress, ...]
    works: int
    settled: int
    sheets: int
    done: int
    short: int
    waiting: tuple[WaitingWork, ...]
    abstentions: tuple[tuple[str, str, str], ...]

    def waiting_for(self, step: Step) -> list[WaitingWork]:
        """Works that wait for one thing."""
        return [work for work in self.waiting if work.step is step]

    @property
    def is_complete(self) -> bool:
        """Whether every work has its mark, so that the marking can be closed."""
        return self.works > 0 and self.settled == self.works


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
    round_id: int, judged: JudgedRound, criteria: list[Criterion], sheets: list[MarkSheet]
) -> dict[int, Verdict]:
    """What the finished sheets of each work that has no mark yet amount to."""
    settled = resolved_work_ids(round_id)
    live: defaultdict[int, list[MarkSheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.state in LIVE and sheet.work_id not in settled:
            live[sheet.work_id].append(sheet)
    limits = limits_of(judged, criteria)
    return {work_id: verdict_of(each, judged, limits) for work_id, each in live.items()}


def verdict_of(live: list[MarkSheet], judged: JudgedRound, limits: Limits) -> Verdict:
    """What a work's live sheets amount to; it waits while one of them is not done."""
    totals = [sheet.total for sheet in live if sheet.state is SheetState.DONE]
    if len(totals) < len(live):
        return Verdict(Step.WAIT)
    return resolve([total for total in totals if total is not None], judged.marks_per_work, limits)


def progress(contest_round: Round) -> Progress:
    """By judge, and what works wait for, in a fixed number of statements."""
    judged = judged_round(contest_round.id)
    if judged is None:
        return Progress((), 0, 0, 0, 0, 0, (), ())
    criteria = list(judged.criteria)
    sheets = sheets_of(contest_round.id)
    works = set(passed_work_ids(contest_round.id))
    settled = resolved_work_ids(contest_round.id) & works
    found = verdicts(contest_round.id, judged, criteria, sheets)
    by_work: defaultdict[int, list[MarkSheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.state in LIVE:
            by_work[sheet.work_id].append(sheet)
    open_ones = {
        work_id: verdict
        for work_id, verdict in found.items()
        if verdict.step in {Step.DISCUSS, Step.THIRD, Step.PANEL} and work_id in works
    }
    gaps = {
        work_id
        for work_id in works - settled
        if len(by_work.get(work_id, ())) < judged.marks_per_work
    }
    given_up = [sheet for sheet in sheets if sheet.state is SheetState.ABSTAINED]
    known = codes(contest_round.id, [*open_ones, *(sheet.work_id for sheet in given_up)])
    seats = jurors(contest_round.id)
    names = {juror.id: juror.person.full_name for juror in seats}
    return Progress(
        judges=_by_judge(seats, sheets),
        works=len(works),
        settled=len(settled),
        sheets=sum(sheet.state in LIVE for sheet in sheets),
        done=sum(sheet.state is SheetState.DONE for sheet in sheets),
        short=len(gaps),
        waiting=tuple(
            sorted(
                (
                    WaitingWork(
                        work_id,
                        known.get(work_id, "–"),
                        verdict.step,
                        verdict.difference,
                        tuple(each.total for each in by_work[work_id] if each.total is not None),
                    )
                    for work_id, verdict in open_ones.items()
                ),
                key=lambda each: (-each.difference, each.code),
            )
        ),
        abstentions=tuple(
            (known.get(sheet.work_id, "–"), names.get(sheet.juror_id, ""), sheet.reason)
            for sheet in given_up
        ),
    )


def _by_judge(seats: list[Juror], sheets: list[MarkSheet]) -> tuple[JudgeProgress, ...]:
    counted: defaultdict[tuple[int, SheetState], int] = defaultdict(int)
    for sheet in sheets:
        counted[sheet.juror_id, sheet.state] += 1
    return tuple(
        JudgeProgress(
            juror,
            counted[juror.id, SheetState.DONE],
            sum(counted[juror.id, state] for state in UNDONE),
            counted[juror.id, SheetState.ABSTAINED],
            counted[juror.id, SheetState.MOVED],
        )
        for juror in seats
        if juror.state in {JurorState.ACCEPTED, JurorState.LEFT}
    )


def assignment_problem(contest_round: Round) -> Problem:
    """What is to be assigned now: works without judges, gaps, and third markings due."""
    judged = judged_round(contest_round.id)
    quorum = 0 if judged is None else judged.marks_per_work
    sheets = sheets_of(contest_round.id)
    found = (
        {} if judged is None else verdicts(contest_round.id, judged, list(judged.criteria), sheets)
    )
    settled = resolved_work_ids(contest_round.id)
    kept: defaultdict[int, list[int]] = defaultdict(list)
    barred: set[tuple[int, int]] = set()
    for sheet in sheets:
        if sheet.state in LIVE:
            kept[sheet.work_id].append(sheet.juror_id)
        else:
            barred.add((sheet.juror_id, sheet.work_id))
    wanted = dict.fromkeys(settled, 0)
    wanted |= {
        work_id: quorum + 1 for work_id, verdict in found.items() if verdict.step is Step.THIRD
    }
    return Problem(
        judges=judge_facts(contest_round, jurors(contest_round.id)),
        works=work_facts(contest_round.id),
        quorum=quorum,
        kept={work_id: tuple(who) for work_id, who in kept.items()},
        barred=frozenset(barred),
        wanted=wanted,
    )


def counting_sheets(round_id: int) -> dict[int, list[int]]:
    """By work, the sheets from which its mark was made."""
    return {
        resolution.work_id: list(resolution.detail.get("sheets", []))
        for resolution in latest_resolutions(round_id)
    }


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


def mark_table(round_id: int) -> list[Mark]:
    """Finished sheets as marks of works by judges, for the figures of fairness."""
    rows = db.session.execute(
        select(MarkSheet.work_id, MarkSheet.juror_id, MarkSheet.total)
        .where(MarkSheet.round_id == round_id, MarkSheet.state == SheetState.DONE)
        .order_by(MarkSheet.work_id, MarkSheet.juror_id)
    )
    return [
        Mark(str(work_id), str(juror_id), float(total))
        for work_id, juror_id, total in rows
        if total is not None
    ]
