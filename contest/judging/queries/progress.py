"""How far a round's marking is: by judge, and what each work waits for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from contest.accounts.models import Person
from contest.contests.models import Round
from contest.core.db import db
from contest.judging.models import (
    JudgedRound,
    Juror,
    MarkSheet,
    Resolution,
    SheetState,
)
from contest.judging.queries.extras import wanted_extras
from contest.judging.queries.judges import JudgeProgress, judges_progress
from contest.judging.queries.marks import criteria_apart
from contest.judging.queries.open_works import (
    FOLLOWS,
    OpenWork,
    Standing,
    limits_of,
    standing,
    work_counts,
)
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
from contest.judging.rules.sheets import LIVE
from contest.submissions.models import BlindCode


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
        judged: how the round is marked; None while that was never set.
        works: to be marked.
        settled: works that have their mark.
        short: works with fewer sheets than they need (nobody assigned, an abstention).
        lacking: sheets that those works still need.
        waiting: works that need a third marking or a decision.
        standing_works: works without their mark that wait for somebody other than judges who
            have their sheets, by code.
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
    standing_works: tuple[OpenWork, ...] = ()
    lacking: int = 0
    lowered: int = 0
    judged: JudgedRound | None = None

    @property
    def needed(self) -> int:
        """Sheets that the marking needs as it stands: given out, and still without a judge."""
        return self.sheets + self.lacking

    def waiting_for(self, step: Step | str) -> list[WaitingWork]:
        """Works that wait for one thing."""
        # Compared by value: templates name a step by its word.
        return [work for work in self.waiting if work.step == step]

    @property
    def without_mark(self) -> int:
        """How many works have no mark yet."""
        return self.works - self.settled

    @property
    def is_complete(self) -> bool:
        """Whether every work has its mark, so that the marking can be closed."""
        return self.works > 0 and self.settled == self.works


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
    apart = criteria_apart(judged)
    return {
        work_id: verdict_of(
            each, judged, limits, lowered.get(work_id), apart.get(work_id, Decimal(0))
        )
        for work_id, each in live.items()
    }


def verdict_of(
    live: Sequence[MarkSheet | SheetLine],
    judged: JudgedRound,
    limits: Limits,
    quorum: int | None = None,
    apart: Decimal = Decimal(0),
) -> Verdict:
    """What a work's live sheets amount to; it waits while one of them is not done.

    `quorum` is the number of markings where a decision lowered it; `apart` is the largest
    difference on a criterion where the round looks at each.
    """
    totals = [sheet.total for sheet in live if sheet.state is SheetState.DONE]
    if len(totals) < len(live):
        return Verdict(Step.WAIT)
    return resolve(
        [total for total in totals if total is not None],
        quorum or judged.marks_per_work,
        limits,
        judged.resolution,
        apart,
    )


def progress(contest_round: Round) -> Progress:
    """By judge, and what works wait for, in a fixed number of statements.

    The database counts; what is read row by row are the works that wait for somebody other than
    judges at work, and totals only of those whose sheets are all finished.
    """
    round_id = contest_round.id
    judged = judged_round(round_id)
    if judged is None:
        return Progress((), 0, 0, 0, 0, 0, (), ())
    works, settled = work_counts(round_id)
    lowered = quorums(round_id)
    stand = standing(judged, lowered)
    judges = judges_progress(contest_round)
    return Progress(
        judges=judges,
        works=works,
        settled=settled,
        sheets=sum(each.load for each in judges),
        done=sum(each.done for each in judges),
        short=sum(row.sheets < row.quorum for row in stand.rows),
        waiting=_waiting(stand),
        abstentions=_abstentions(round_id),
        standing_works=tuple(stand.works()),
        lacking=sum(max(0, row.quorum - row.sheets) for row in stand.rows),
        lowered=len(lowered),
        judged=judged,
    )


def _waiting(stand: Standing) -> tuple[WaitingWork, ...]:
    works = (
        WaitingWork(
            row.work_id, row.code, verdict.step, verdict.difference, stand.totals[row.work_id]
        )
        for row in stand.rows
        if (verdict := stand.found.get(row.work_id)) is not None and verdict.step in FOLLOWS
    )
    return tuple(sorted(works, key=lambda each: (-each.difference, each.code)))


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
    """What is to be assigned now: works without judges, gaps, third and extra markings due."""
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
    wanted |= wanted_extras(contest_round.id, sheets)
    return Problem(
        judges=judge_facts(contest_round, jurors(contest_round.id)),
        works=work_facts(contest_round.id),
        quorum=quorum,
        kept={work_id: tuple(who) for work_id, who in kept.items()},
        barred=frozenset(barred),
        wanted=wanted,
    )
