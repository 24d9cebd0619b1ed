"""Persons written about: whom the organisers honour, and whom they may choose from."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, select

from contest.contests.models import Round, RoundScore
from contest.core.db import db
from contest.core.paging import Page
from contest.core.vietnamese import fold
from contest.results.models import Honour, PrizeAward
from contest.results.queries.prizes import latest_allocation
from contest.results.queries.runs import latest_run
from contest.results.queries.seal import is_sealed
from contest.submissions.models import (
    BlindCode,
    Subject,
    Work,
    WorkState,
    WorkSubject,
    WorkVersion,
)


def honours(round_id: int) -> list[Honour]:
    """The honoured persons of a round, in their order."""
    return list(
        db.session.scalars(
            select(Honour).where(Honour.round_id == round_id).order_by(Honour.position, Honour.id)
        )
    )


def honour_in(round_id: int, public_id: str) -> Honour | None:
    """A line of the list, by the id of its address."""
    return db.session.scalar(
        select(Honour).where(Honour.round_id == round_id, Honour.public_id == public_id)
    )


@dataclass(frozen=True, slots=True)
class WrittenAbout:
    """Somebody whom essays of a round are about, as organisers may see it now.

    While the codes are closed `label` is the line that judges read, with authors and their units
    masked; afterwards name and unit.

    Attributes:
        key: blind code of the first essay, which stands for the person in forms.
        label: who it is.
        why: what the author wrote as reason; empty while sealed, where it is part of the label.
        codes: blind codes of the essays.
        titles: their titles; empty while sealed.
        place: the best place of the essays; None where none is ranked.
        prizes: how many of them have a prize.
        is_honoured: on the list already.
    """

    key: str
    label: str
    why: str
    codes: tuple[str, ...]
    titles: tuple[str, ...]
    place: int | None
    prizes: int
    is_honoured: bool


@dataclass(frozen=True, slots=True)
class People:
    """Those written about, as far as a page shows them.

    Attributes:
        page: those who fit what was searched for, of the best places first.
        total: how many there are in all.
        honoured: those on the list, by subject.
    """

    page: Page[WrittenAbout]
    total: int
    honoured: dict[int, WrittenAbout]


class _Group(NamedTuple):
    """Essays about one person: the best place of them, how many have a prize, the first code.

    `key` is the subject to whom people have linked them, or one essay's, negative, by itself:
    that two essays are about one person, a person decides.
    """

    key: int
    place: int | None
    prizes: int
    code: str


class _Essay(NamedTuple):
    """What an essay says of its person."""

    key: int
    code: str
    line: str
    title: str
    name: str
    unit: str
    why: str
    subject_name: str | None
    subject_unit: str | None


_KEY: Final = func.coalesce(WorkSubject.subject_id, -Work.id)


def _coded(round_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """A SELECT over the essays of a round that have a code."""
    return (
        select(*columns)
        .select_from(Work)
        .join(BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id))
        .outerjoin(WorkSubject, WorkSubject.work_id == Work.id)
        .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
    )


def _groups(round: Round) -> Select[*tuple[Any, ...]]:
    """The persons as `_Group`s, the best first; grouped and ordered by the database."""
    run, allocation = latest_run(round.id), latest_allocation(round)
    score = (RoundScore.entry_id == Work.entry_id) & (
        RoundScore.rank_run_id == (0 if run is None else run.id)
    )
    award = (PrizeAward.entry_id == Work.entry_id) & (
        PrizeAward.allocation_id == (0 if allocation is None else allocation.id)
    )
    best, code = func.min(RoundScore.place), func.min(BlindCode.code)
    prizes = func.count(PrizeAward.entry_id.distinct())
    return (
        _coded(round.id, _KEY.label("key"), best, prizes.label("prizes"), code)
        .outerjoin(RoundScore, score)
        .outerjoin(PrizeAward, award)
        .group_by(_KEY)
        .order_by(best.is_(None), best, code)
    )


def _essays(round_id: int, keys: Collection[int]) -> defaultdict[int, list[_Essay]]:
    """What the essays about some persons say, by person and code; one statement."""
    about = select(WorkSubject.work_id).where(WorkSubject.subject_id.in_(keys))
    statement = (
        _coded(
            round_id,
            _KEY,
            BlindCode.code,
            BlindCode.subject_line,
            WorkVersion.title,
            WorkVersion.subject_name,
            WorkVersion.subject_unit,
            WorkVersion.subject_reason,
            Subject.full_name,
            Subject.unit_name,
        )
        .join(WorkVersion, WorkVersion.id == BlindCode.version_id)
        .outerjoin(Subject, Subject.id == WorkSubject.subject_id)
        .where(Work.id.in_([-key for key in keys if key < 0]) | Work.id.in_(about))
        .order_by(BlindCode.code)
    )
    found: defaultdict[int, list[_Essay]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row[0]].append(_Essay(*row))
    return found


def _fitting(round_id: int, wanted: Sequence[str], *, sealed: bool) -> list[int]:
    """Keys of the persons of whom every word is told: by label, codes and titles; one statement.

    While the codes are closed only what judges read is looked through.
    """
    if sealed:
        statement = _coded(round_id, _KEY, BlindCode.code, BlindCode.subject_line)
    else:
        statement = (
            _coded(
                round_id,
                _KEY,
                BlindCode.code,
                func.coalesce(Subject.full_name, WorkVersion.subject_name),
                func.coalesce(Subject.unit_name, WorkVersion.subject_unit),
                WorkVersion.title,
            )
            .join(WorkVersion, WorkVersion.id == BlindCode.version_id)
            .outerjoin(Subject, Subject.id == WorkSubject.subject_id)
        )
    told: defaultdict[int, list[str]] = defaultdict(list)
    for key, *words in db.session.execute(statement.order_by(BlindCode.code)):
        told[key] += words
    folded = {key: fold(" ".join(words)) for key, words in told.items()}
    return [key for key, text in folded.items() if all(word in text for word in wanted)]


def people_written_about(
    round: Round,
    query: str = "",
    *,
    honoured: Collection[int] = (),
    winners_only: bool = False,
    page: int = 1,
    size: int = 30,
) -> People:
    """A page of those whom essays of a round are about, and those on the list.

    The database groups and orders; words are read of those who are shown, and of all where words
    are searched for.

    Args:
        round: whose essays.
        query: every word must fit, marks not needed; of a sealed round what judges read.
        honoured: subjects on the list.
        winners_only: only persons of whom an essay has a prize.
        page: from 1.
        size: persons on a page.
    """
    sealed = is_sealed(round)
    grouped = _groups(round)
    fitting = grouped
    wanted = fold(query[:100]).split()
    if wanted:
        fitting = fitting.where(_KEY.in_(_fitting(round.id, wanted, sealed=sealed)))
    if winners_only:
        fitting = fitting.having(func.count(PrizeAward.entry_id) > 0)
    total = _people(round.id)
    found = total if fitting is grouped else db.session.scalar(_counted(fitting)) or 0
    number = min(max(page, 1), max(1, -(-found // size)))
    rows = db.session.execute(fitting.limit(size).offset((number - 1) * size)).all()
    listed = db.session.execute(grouped.where(WorkSubject.subject_id.in_(honoured))).all()
    essays = _essays(round.id, {row.key for row in (*rows, *listed)})

    def person(group: _Group) -> WrittenAbout:
        return _person(group, essays[group.key], sealed=sealed, is_honoured=group.key in honoured)

    return People(
        Page([person(_Group(*row)) for row in rows], number, size, found),
        total,
        {row.key: person(_Group(*row)) for row in listed},
    )


def _people(round_id: int) -> int:
    return db.session.execute(_coded(round_id, func.count(_KEY.distinct()))).scalar_one() or 0


def _counted(statement: Select[*tuple[Any, ...]]) -> Select[int]:
    return select(func.count()).select_from(statement.order_by(None).subquery())


def _label(essay: _Essay, *, sealed: bool) -> str:
    if sealed:
        return essay.line
    unit = essay.subject_unit if essay.subject_name else essay.unit
    return ", ".join(part for part in (essay.subject_name or essay.name, unit) if part)


def _person(
    group: _Group, essays: Sequence[_Essay], *, sealed: bool, is_honoured: bool
) -> WrittenAbout:
    return WrittenAbout(
        key=group.code,
        label=_label(essays[0], sealed=sealed),
        why="" if sealed else essays[0].why,
        codes=tuple(each.code for each in essays),
        titles=() if sealed else tuple(each.title for each in essays),
        place=group.place,
        prizes=group.prizes,
        is_honoured=is_honoured,
    )


def work_of_code(round_id: int, code: str) -> Work | None:
    """The work of a blind code of a round."""
    return db.session.scalar(
        select(Work)
        .join(BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id))
        .where(Work.round_id == round_id, BlindCode.code == code)
    )


def subject_of_work(work_id: int) -> Subject | None:
    """The person a work is linked to."""
    return db.session.scalar(
        select(Subject)
        .join(WorkSubject, WorkSubject.subject_id == Subject.id)
        .where(WorkSubject.work_id == work_id)
        .limit(1)
    )
