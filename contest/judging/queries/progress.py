"""How far a round's marking is: by judge, and what each work waits for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from contest.contests.models import Round
from contest.core.db import db
from contest.judging.models import (
    Criterion,
    JudgedRound,
    Juror,
    JurorState,
    MarkSheet,
    Resolution,
    SheetState,
)
from contest.judging.queries.rounds import (
    JudgeTimes,
    SheetLine,
    judge_facts,
    judge_times,
    judged_round,
    jurors,
    quorums,
    role_holders,
    round_codes,
    sheet_lines,
    work_facts,
)
from contest.judging.rules.adjudication import Limits, Step, Verdict, resolve
from contest.judging.rules.assignment import Problem
from contest.judging.rules.sheets import LIVE, UNDONE, scale_of
from contest.submissions.queries.marking import passed_work_ids


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
        judges: who still mark it.
        done: finished sheets; the work needs `quorum`.
    """

    work_id: int
    code: str
    why: Why
    judges: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class _Stand:
    """Everything that a round's progress is counted from."""

    judged: JudgedRound
    sheets: list[SheetLine]
    works: set[int]
    settled: set[int]
    quorums: dict[int, int]
    codes: dict[int, str]
    seats: list[Juror]
    holders: set[int]
    times: dict[int, JudgeTimes]

    @property
    def live(self) -> dict[int, list[SheetLine]]:
        """Sheets that count, by work."""
        found: defaultdict[int, list[SheetLine]] = defaultdict(list)
        for sheet in self.sheets:
            if sheet.state in LIVE:
                found[sheet.work_id].append(sheet)
        return found

    def code(self, work_id: int) -> str:
        """A work's code, or a dash before there is one."""
        return self.codes.get(work_id, "–")


def progress(contest_round: Round) -> Progress:
    """By judge, and what works wait for, in a fixed number of statements."""
    judged = judged_round(contest_round.id)
    if judged is None:
        return Progress((), 0, 0, 0, 0, 0, (), ())
    works = set(passed_work_ids(contest_round.id))
    stand = _Stand(
        judged=judged,
        sheets=sheet_lines(contest_round.id),
        works=works,
        settled=resolved_work_ids(contest_round.id) & works,
        quorums=quorums(contest_round.id),
        codes=round_codes(contest_round.id),
        seats=jurors(contest_round.id),
        holders=role_holders(contest_round.contest.scope.path),
        times=judge_times(contest_round.id),
    )
    live = stand.live
    found = verdicts(judged, stand.sheets, stand.settled, stand.quorums)
    open_works = _open_works(stand, live, found)
    names = {juror.id: juror.person.full_name for juror in stand.seats}
    return Progress(
        judges=_by_judge(stand),
        works=len(works),
        settled=len(stand.settled),
        sheets=sum(len(each) for each in live.values()),
        done=sum(sheet.state is SheetState.DONE for sheet in stand.sheets),
        short=sum(
            len(live.get(work_id, ())) < stand.quorums.get(work_id, judged.marks_per_work)
            for work_id in works - stand.settled
        ),
        waiting=_waiting(stand, live, found),
        abstentions=tuple(
            (stand.code(sheet.work_id), names.get(sheet.juror_id, ""), sheet.reason)
            for sheet in stand.sheets
            if sheet.state is SheetState.ABSTAINED
        ),
        open_works=open_works,
        lowered=len(stand.quorums),
    )


def _waiting(
    stand: _Stand, live: Mapping[int, list[SheetLine]], found: Mapping[int, Verdict]
) -> tuple[WaitingWork, ...]:
    works = (
        WaitingWork(
            work_id,
            stand.code(work_id),
            verdict.step,
            verdict.difference,
            tuple(each.total for each in live[work_id] if each.total is not None),
        )
        for work_id, verdict in found.items()
        if verdict.step in _FOLLOWS and work_id in stand.works
    )
    return tuple(sorted(works, key=lambda each: (-each.difference, each.code)))


def _open_works(
    stand: _Stand, live: Mapping[int, list[SheetLine]], found: Mapping[int, Verdict]
) -> tuple[OpenWork, ...]:
    names = {juror.id: juror.person.full_name for juror in stand.seats}
    rows = []
    for work_id in stand.works - stand.settled:
        sheets = live.get(work_id, [])
        quorum = stand.quorums.get(work_id, stand.judged.marks_per_work)
        verdict = found.get(work_id)
        why = Why.MARKING if len(sheets) >= quorum else Why.SHORT
        if verdict is not None and verdict.step in _FOLLOWS:
            why = _FOLLOWS[verdict.step]
        rows.append(
            OpenWork(
                work_id,
                stand.code(work_id),
                why,
                tuple(names.get(each.juror_id, "") for each in sheets if each.state in UNDONE),
                sum(each.state is SheetState.DONE for each in sheets),
                quorum,
            )
        )
    return tuple(sorted(rows, key=lambda each: (each.code, each.work_id)))


def _by_judge(stand: _Stand) -> tuple[JudgeProgress, ...]:
    counted: defaultdict[tuple[int, SheetState], int] = defaultdict(int)
    for sheet in stand.sheets:
        counted[sheet.juror_id, sheet.state] += 1
    return tuple(
        JudgeProgress(
            juror,
            counted[juror.id, SheetState.DONE],
            sum(counted[juror.id, state] for state in UNDONE),
            counted[juror.id, SheetState.ABSTAINED],
            counted[juror.id, SheetState.MOVED],
            *stand.times.get(juror.id, JudgeTimes(None, None)),
            juror.person_id in stand.holders,
        )
        for juror in stand.seats
        if juror.state in {JurorState.ACCEPTED, JurorState.LEFT}
    )


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
