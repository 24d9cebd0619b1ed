"""Persons written about: whom the organisers honour, and whom they may choose from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

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


@dataclass(frozen=True, slots=True)
class _Essay:
    """An essay without its words."""

    work_id: int
    entry_id: int
    code: str
    subject_id: int | None


@dataclass(slots=True)
class _Group:
    """Essays about one person."""

    essays: list[_Essay]
    place: int | None = None
    prizes: int = 0

    @property
    def order(self) -> tuple[bool, int, str]:
        return self.place is None, self.place or 0, self.essays[0].code

    @property
    def subject_id(self) -> int | None:
        return self.essays[0].subject_id


@dataclass(frozen=True, slots=True)
class _Words:
    line: str
    title: str
    name: str
    unit: str
    why: str
    subject_name: str | None
    subject_unit: str | None


def _coded(round_id: int, *columns: Any) -> Any:
    """A SELECT over the essays of a round that have a code, by code."""
    return (
        select(Work.id, *columns)
        .join(BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id))
        .outerjoin(WorkSubject, WorkSubject.work_id == Work.id)
        .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
        .order_by(BlindCode.code)
    )


def _groups(round: Round) -> list[_Group]:
    """Essays that people have linked to one person together, others singly; the best first.

    That two essays are about one person, a person decides.
    """
    groups: dict[tuple[str, int], _Group] = {}
    columns = (Work.entry_id, BlindCode.code, WorkSubject.subject_id)
    for row in db.session.execute(_coded(round.id, *columns)):
        essay = _Essay(*row)
        key = ("w", essay.work_id) if essay.subject_id is None else ("s", essay.subject_id)
        groups.setdefault(key, _Group([])).essays.append(essay)
    places, winning = _places(round), _winning(round.id)
    for group in groups.values():
        ranked = [places[each.entry_id] for each in group.essays if each.entry_id in places]
        group.place = min(ranked, default=None)
        group.prizes = sum(each.entry_id in winning for each in group.essays)
    return sorted(groups.values(), key=lambda group: group.order)


def _words(round_id: int, groups: Sequence[_Group]) -> dict[int, _Words]:
    """What essays say of their person, by work; one statement."""
    statement = (
        _coded(
            round_id,
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
        .where(Work.id.in_([each.work_id for group in groups for each in group.essays]))
    )
    return {work_id: _Words(*rest) for work_id, *rest in db.session.execute(statement)}


def _places(round: Round) -> dict[int, int]:
    run = latest_run(round.id)
    if run is None:
        return {}
    rows = db.session.execute(
        select(RoundScore.entry_id, RoundScore.place).where(
            RoundScore.rank_run_id == run.id, RoundScore.place.is_not(None)
        )
    )
    return {entry_id: place for entry_id, place in rows if place is not None}


def _winning(round_id: int) -> set[int]:
    allocation = latest_allocation(round_id)
    if allocation is None:
        return set()
    return set(
        db.session.scalars(
            select(PrizeAward.entry_id).where(PrizeAward.allocation_id == allocation.id)
        )
    )


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

    Only what is shown is read with its words; all are where words are searched for.

    Args:
        round: whose essays.
        query: every word must fit, marks not needed; of a sealed round what judges read.
        honoured: subjects on the list.
        winners_only: only persons of whom an essay has a prize.
        page: from 1.
        size: persons on a page.
    """
    sealed = is_sealed(round)
    groups = _groups(round)
    fitting = [group for group in groups if group.prizes or not winners_only]
    listed = [group for group in groups if group.subject_id in honoured]
    wanted = fold(query[:100]).split()
    words: dict[int, _Words] = {}
    if wanted:
        words = _words(round.id, groups)
        fitting = [group for group in fitting if _fits(group, words, wanted, sealed=sealed)]
    number = min(max(page, 1), max(1, -(-len(fitting) // size)))
    shown = fitting[(number - 1) * size : number * size]
    words = words or _words(round.id, [*shown, *listed])

    def person(group: _Group) -> WrittenAbout:
        return _person(group, words, sealed=sealed, is_honoured=group.subject_id in honoured)

    return People(
        Page([person(group) for group in shown], number, size, len(fitting)),
        len(groups),
        {group.subject_id: person(group) for group in listed if group.subject_id is not None},
    )


def _label(words: _Words, *, sealed: bool) -> str:
    if sealed:
        return words.line
    unit = words.subject_unit if words.subject_name else words.unit
    return ", ".join(part for part in (words.subject_name or words.name, unit) if part)


def _fits(group: _Group, words: dict[int, _Words], wanted: Sequence[str], *, sealed: bool) -> bool:
    told = [_label(words[group.essays[0].work_id], sealed=sealed)]
    told += [each.code for each in group.essays]
    if not sealed:
        told += [words[each.work_id].title for each in group.essays]
    text = fold(" ".join(told))
    return all(word in text for word in wanted)


def _person(
    group: _Group, words: dict[int, _Words], *, sealed: bool, is_honoured: bool
) -> WrittenAbout:
    first = words[group.essays[0].work_id]
    return WrittenAbout(
        key=group.essays[0].code,
        label=_label(first, sealed=sealed),
        why="" if sealed else first.why,
        codes=tuple(each.code for each in group.essays),
        titles=() if sealed else tuple(words[each.work_id].title for each in group.essays),
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
