"""Works without their mark: what each waits for, counted and paged by the database."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from contest.contests.models import Round
from contest.core.db import db
from contest.core.paging import PAGE_SIZE, Page
from contest.judging.models import (
    Criterion,
    JudgedRound,
    LoweredQuorum,
    MarkSheet,
    Resolution,
    SheetState,
)
from contest.judging.queries.marks import criteria_apart
from contest.judging.queries.rounds import judged_round, quorums
from contest.judging.rules.adjudication import Limits, Step, Verdict, resolve
from contest.judging.rules.sheets import LIVE, UNDONE, scale_of
from contest.submissions.models import BlindCode, Screening, Work
from contest.submissions.queries.marking import is_passed

NO_CODE: Final = "–"


class Why(StrEnum):
    """Why a work has no mark yet."""

    SHORT = "short"
    MARKING = "marking"
    THIRD = "third"
    DISCUSS = "discuss"
    PANEL = "panel"


FOLLOWS: Final = {Step.THIRD: Why.THIRD, Step.DISCUSS: Why.DISCUSS, Step.PANEL: Why.PANEL}


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


class Row(NamedTuple):
    """A work without its mark: its sheets that count, and how many of them are finished."""

    work_id: int
    code: str
    sheets: int
    done: int
    quorum: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Works without their mark that wait for somebody other than judges who have their sheets.

    Attributes:
        rows: by code.
        found: what the finished sheets of a work amount to, where all are finished.
        totals: of the same works.
    """

    rows: tuple[Row, ...]
    found: Mapping[int, Verdict]
    totals: Mapping[int, tuple[Decimal, ...]]

    def works(self) -> list[OpenWork]:
        """The works, and what each waits for."""
        return [
            OpenWork(row.work_id, row.code, self._why(row), row.done, row.quorum)
            for row in self.rows
        ]

    def _why(self, row: Row) -> Why:
        verdict = self.found.get(row.work_id)
        why = Why.MARKING if row.sheets >= row.quorum else Why.SHORT
        return why if verdict is None else FOLLOWS.get(verdict.step, why)


def limits_of(judged: JudgedRound, criteria: list[Criterion]) -> Limits:
    """A round's limits on its scale."""
    return Limits(scale_of(criteria), judged.agree_limit, judged.third_limit, judged.spread_limit)


def work_counts(round_id: int) -> tuple[int, int]:
    """How many works are to be marked, and how many of them have their mark."""
    total, open_ones = db.session.execute(
        select(func.count(), func.count().filter(_no_mark(Work.id, round_id)))
        .select_from(Work)
        .join(Screening, Screening.work_id == Work.id)
        .where(Work.round_id == round_id, is_passed())
    ).one()
    return total, total - open_ones


def standing(judged: JudgedRound, lowered: Mapping[int, int]) -> Standing:
    """The works that wait for somebody other than judges at work; two statements.

    What judges are marking is left to the database to count: a season has a thousand of them.

    Args:
        judged: the round.
        lowered: by work, the fewer markings with which it is content.
    """
    asked, sheets, done, quorum = _asked(judged)
    rows = [
        Row(*row) for row in db.session.execute(asked.where((sheets < quorum) | (done == sheets)))
    ]
    rows.sort(key=lambda row: (row.code, row.work_id))
    return Standing(tuple(rows), *_finished(judged, lowered))


def open_works(
    contest_round: Round, *, show: str = "", page: int = 1
) -> tuple[Page[OpenWork], dict[str, int]]:
    """A page of the works without their mark, by code; and how many wait for what.

    Args:
        contest_round: being marked.
        show: only those that wait for this, a value of `Why`; empty for all.
        page: from 1; a number behind the last gives the last.
    """
    judged = judged_round(contest_round.id)
    if judged is None:
        return Page([], 1, PAGE_SIZE, 0), {why.value: 0 for why in Why}
    works, settled = work_counts(contest_round.id)
    known = standing(judged, quorums(contest_round.id)).works()
    counts = {why.value: sum(each.why is why for each in known) for why in Why}
    at_work = works - settled - len(known)
    counts[Why.MARKING.value] += at_work
    listed = [each for each in known if show in {"", each.why.value}]
    is_mixed = show in {"", Why.MARKING.value}
    total = len(listed) + (at_work if is_mixed else 0)
    number = min(page, max(1, -(-total // PAGE_SIZE)))
    start = (number - 1) * PAGE_SIZE
    if is_mixed:
        items = _among_those_at_work(judged, listed, is_all=not show, start=start)
    else:
        items = listed[start : start + PAGE_SIZE]
    return Page(items, number, PAGE_SIZE, total), counts


def _among_those_at_work(
    judged: JudgedRound, listed: Sequence[OpenWork], *, is_all: bool, start: int
) -> list[OpenWork]:
    """A page of works that judges are marking, with the listed ones among them; two statements.

    The places of a page are found first, so that sheets are counted for its works alone.
    """
    known = {each.work_id: each for each in listed}
    places = _places(judged)
    if not is_all:
        asked, sheets, done, quorum = _asked(judged)
        at_work = asked.where((sheets >= quorum) & (done < sheets)).with_only_columns(Work.id)
        places = places.where(Work.id.in_(at_work) | Work.id.in_(known))
    page = places.order_by(func.coalesce(BlindCode.code, NO_CODE), Work.id)
    ids = list(db.session.scalars(page.limit(PAGE_SIZE).offset(start)))
    rows = {row[0]: Row(*row) for row in db.session.execute(_asked(judged, ids)[0])}
    return [
        known.get(work_id) or OpenWork(work_id, row.code, Why.MARKING, row.done, row.quorum)
        for work_id in ids
        if (row := rows.get(work_id)) is not None
    ]


def _places(judged: JudgedRound) -> Select[int]:
    """Keys of the works without their mark, joined to their codes."""
    here = BlindCode.round_id == Work.round_id
    return (
        select(Work.id)
        .join(Screening, Screening.work_id == Work.id)
        .outerjoin(BlindCode, (BlindCode.work_id == Work.id) & here)
        .where(Work.round_id == judged.round_id, is_passed(), _no_mark(Work.id, judged.round_id))
    )


def open_work(contest_round: Round, work_id: int | None) -> OpenWork | None:
    """One work, where it has no mark yet."""
    judged = judged_round(contest_round.id)
    if judged is None or work_id is None:
        return None
    asked, *_counts = _asked(judged, [work_id])
    rows = tuple(Row(*row) for row in db.session.execute(asked))
    stand = Standing(rows, *_finished(judged, quorums(contest_round.id)))
    return next(iter(stand.works()), None)


_Count = ColumnElement[int]


def _asked(
    judged: JudgedRound, work_ids: Collection[int] | None = None
) -> tuple[Select[*tuple[Any, ...]], _Count, _Count, _Count]:
    """Works without their mark, or some of them, as `Row`s.

    Then their sheets, finished ones and quorum, to choose by.
    """
    counted = (
        select(
            MarkSheet.work_id,
            func.count().label("sheets"),
            func.count().filter(MarkSheet.state == SheetState.DONE).label("done"),
        )
        .where(MarkSheet.round_id == judged.round_id, MarkSheet.state.in_(LIVE))
        .group_by(MarkSheet.work_id)
    )
    places = _places(judged)
    if work_ids is not None:
        counted = counted.where(MarkSheet.work_id.in_(work_ids))
        places = places.where(Work.id.in_(work_ids))
    live = counted.subquery()
    newest = (
        select(func.max(LoweredQuorum.id))
        .where(LoweredQuorum.round_id == judged.round_id)
        .group_by(LoweredQuorum.work_id)
    )
    sheets = func.coalesce(live.c.sheets, 0)
    done = func.coalesce(live.c.done, 0)
    quorum = func.coalesce(LoweredQuorum.quorum, judged.marks_per_work)
    asked = (
        places.with_only_columns(
            Work.id, func.coalesce(BlindCode.code, NO_CODE), sheets, done, quorum
        )
        .outerjoin(live, live.c.work_id == Work.id)
        .outerjoin(LoweredQuorum, (LoweredQuorum.work_id == Work.id) & LoweredQuorum.id.in_(newest))
    )
    return asked, sheets, done, quorum


def _no_mark(work_id: InstrumentedAttribute[int], round_id: int) -> ColumnElement[bool]:
    # Not correlated: both databases look through the marks of the round once.
    return work_id.not_in(select(Resolution.work_id).where(Resolution.round_id == round_id))


def _finished(
    judged: JudgedRound, lowered: Mapping[int, int]
) -> tuple[dict[int, Verdict], dict[int, tuple[Decimal, ...]]]:
    """What the sheets of works without a mark amount to where all are finished; and the totals."""
    round_id = judged.round_id
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
    apart = criteria_apart(judged)
    found = {
        work_id: resolve(
            each,
            lowered.get(work_id) or judged.marks_per_work,
            limits,
            judged.resolution,
            apart.get(work_id, Decimal(0)),
        )
        for work_id, each in totals.items()
    }
    return found, totals
