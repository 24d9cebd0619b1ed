"""Persons written about: whom the organisers honour, and whom they may choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

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
        subject_id: where a person was linked.
        is_honoured: on the list already.
    """

    key: str
    label: str
    why: str
    codes: tuple[str, ...]
    titles: tuple[str, ...]
    place: int | None
    prizes: int
    subject_id: int | None
    is_honoured: bool


@dataclass(frozen=True, slots=True)
class _Row:
    work_id: int
    entry_id: int
    code: str
    line: str
    title: str
    name: str
    unit: str
    why: str
    subject_id: int | None
    subject_name: str | None
    subject_unit: str | None


def _rows(round_id: int) -> list[_Row]:
    found = db.session.execute(
        select(
            Work.id,
            Work.entry_id,
            BlindCode.code,
            BlindCode.subject_line,
            WorkVersion.title,
            WorkVersion.subject_name,
            WorkVersion.subject_unit,
            WorkVersion.subject_reason,
            Subject.id,
            Subject.full_name,
            Subject.unit_name,
        )
        .join(BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id))
        .join(WorkVersion, WorkVersion.id == BlindCode.version_id)
        .outerjoin(WorkSubject, WorkSubject.work_id == Work.id)
        .outerjoin(Subject, Subject.id == WorkSubject.subject_id)
        .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
        .order_by(BlindCode.code)
    )
    return [_Row(*row) for row in found]


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


def written_about(round: Round) -> list[WrittenAbout]:
    """Everybody whom essays of a round are about: those of the best places first.

    Essays that people have linked to one person stand together; others singly, because that two
    of them are about one person, a person decides.
    """
    sealed = is_sealed(round)
    places, winning = _places(round), _winning(round.id)
    known = {honour.subject_id for honour in honours(round.id)}
    groups: dict[tuple[str, int], list[_Row]] = {}
    for row in _rows(round.id):
        key = ("s", row.subject_id) if row.subject_id is not None else ("w", row.work_id)
        groups.setdefault(key, []).append(row)
    found = [_person(rows, places, winning, known, sealed=sealed) for rows in groups.values()]
    return sorted(found, key=lambda one: (one.place is None, one.place or 0, one.key))


def _person(
    rows: Sequence[_Row],
    places: dict[int, int],
    winning: set[int],
    known: set[int],
    *,
    sealed: bool,
) -> WrittenAbout:
    first = rows[0]
    ranked = [places[row.entry_id] for row in rows if row.entry_id in places]
    name = first.subject_name or first.name
    unit = first.subject_unit if first.subject_name else first.unit
    return WrittenAbout(
        key=first.code,
        label=first.line if sealed else ", ".join(part for part in (name, unit) if part),
        why="" if sealed else first.why,
        codes=tuple(row.code for row in rows),
        titles=() if sealed else tuple(row.title for row in rows),
        place=min(ranked, default=None),
        prizes=sum(row.entry_id in winning for row in rows),
        subject_id=first.subject_id,
        is_honoured=first.subject_id is not None and first.subject_id in known,
    )


def found_people(
    people: Sequence[WrittenAbout], query: str, *, winners_only: bool, page: int, size: int = 30
) -> Page[WrittenAbout]:
    """A page of those who fit every word, marks not needed."""
    wanted = fold(query[:100]).split()
    fitting = [
        one
        for one in people
        if (one.prizes or not winners_only)
        and all(word in fold(" ".join((one.label, *one.codes, *one.titles))) for word in wanted)
    ]
    last = max(1, -(-len(fitting) // size))
    number = min(max(page, 1), last)
    start = (number - 1) * size
    return Page(fitting[start : start + size], number, size, len(fitting))


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
