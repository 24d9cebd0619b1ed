"""Persons written about: list, page, who may be the same, and the trail of decisions."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from contest.accounts.models import Scope, Unit
from contest.accounts.queries.units import below
from contest.contests.models import Contest, ContestKind, Round
from contest.core.access import Actor, Permission
from contest.core.db import contains_folded, db
from contest.core.paging import Page
from contest.core.vietnamese import fold, one_line
from contest.submissions.models import (
    Subject,
    SubjectChange,
    SubjectChangeKind,
    SubjectConsent,
    Work,
    WorkAuthor,
    WorkState,
    WorkSubject,
    WorkVersion,
)
from contest.submissions.rules.subjects import Known, Likeness, bare_name, likely_pairs, likeness
from contest.submissions.subject_rooms import Mention, rooms

KEEPER: Final = Permission.MANAGE_REGISTRATIONS
_CANDIDATES: Final = 500
_PROPOSED: Final = 20
CONSENT_STATES: Final = ("agreed", "open", "withheld")
SORTS: Final = ("name", "essays", "newest")


@dataclass(frozen=True, slots=True)
class SubjectFilter:
    """What narrows the list.

    Attributes:
        text: of name or unit, marks aside.
        contest_id: written about in this contest.
        consent: one of `CONSENT_STATES`; empty for all.
        several: only who stands in more than one essay.
    """

    text: str = ""
    contest_id: int | None = None
    consent: str = ""
    several: bool = False


class SubjectRow(NamedTuple):
    """A line of the list; counts are those of contests that the reader keeps."""

    subject: Subject
    essays: int
    authors: int
    contests: int


@dataclass(frozen=True, slots=True)
class EssayAbout:
    """An essay about a person, as the secretary reads it: never with its blind code."""

    work_id: int
    public_id: str
    title: str
    authors: str
    contest: str
    slug: str
    round_number: int
    round_title: str
    submitted_at: datetime | None
    subject_name: str
    subject_unit: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who may be the same person."""

    subject: Subject
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two records that may be one."""

    first: Subject
    second: Subject
    likeness: Likeness


def _covered(actor: Actor) -> Select[int]:
    """Contests whose essays the person keeps."""
    return (
        select(Contest.id)
        .join(Scope, Scope.id == Contest.scope_id)
        .where(below(Scope.path, actor.scopes_where(KEEPER)))
    )


def _told_in(contests: Select[int]) -> Select[int]:
    """Subjects of essays in these contests."""
    return (
        select(WorkSubject.subject_id)
        .join(Work, Work.id == WorkSubject.work_id)
        .join(Round, Round.id == Work.round_id)
        .where(Round.contest_id.in_(contests))
    )


def _seen(actor: Actor) -> ColumnElement[bool]:
    register = (
        select(Unit.id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(below(Scope.path, actor.scopes_where(KEEPER)))
    )
    return or_(Subject.register_unit_id.in_(register), Subject.id.in_(_told_in(_covered(actor))))


def _live() -> ColumnElement[bool]:
    return and_(Subject.merged_into_id.is_(None), Subject.erased_at.is_(None))


def _rows(actor: Actor, wanted: SubjectFilter, sort: str) -> Select[*tuple[Any, ...]]:
    counted = (
        select(
            WorkSubject.subject_id,
            func.count(Work.id).label("essays"),
            func.count(func.distinct(Work.person_id)).label("authors"),
            func.count(func.distinct(Round.contest_id)).label("contests"),
        )
        .join(Work, Work.id == WorkSubject.work_id)
        .join(Round, Round.id == Work.round_id)
        .where(Work.advanced_from_id.is_(None), Round.contest_id.in_(_covered(actor)))
        .group_by(WorkSubject.subject_id)
        .subquery()
    )
    essays = func.coalesce(counted.c.essays, 0)
    orders: dict[str, tuple[Any, ...]] = {
        "name": (Subject.sort_key, Subject.id),
        "essays": (essays.desc(), Subject.sort_key, Subject.id),
        "newest": (Subject.created_at.desc(), Subject.id.desc()),
    }
    return (
        select(
            Subject,
            essays,
            func.coalesce(counted.c.authors, 0),
            func.coalesce(counted.c.contests, 0),
        )
        .outerjoin(counted, counted.c.subject_id == Subject.id)
        .where(*_conditions(actor, wanted))
        .where(essays > 1 if wanted.several else _live())
        .order_by(*orders.get(sort, orders["name"]))
    )


def _conditions(actor: Actor, wanted: SubjectFilter) -> Iterator[ColumnElement[bool]]:
    yield _live()
    yield _seen(actor)
    if one_line(wanted.text):
        yield contains_folded(Subject.search_folded, fold(one_line(wanted.text)))
    if wanted.contest_id is not None:
        yield Subject.id.in_(_told_in(select(Contest.id).where(Contest.id == wanted.contest_id)))
    if wanted.consent == "agreed":
        yield Subject.consented_at.is_not(None)
    elif wanted.consent == "withheld":
        yield Subject.withheld_at.is_not(None)
    elif wanted.consent == "open":
        yield and_(Subject.consented_at.is_(None), Subject.withheld_at.is_(None))


def subject_page(
    actor: Actor, wanted: SubjectFilter, *, sort: str = "name", page: int = 1, size: int = 50
) -> Page[SubjectRow]:
    """One page of the persons written about whom the reader keeps, in two statements."""
    total = (
        db.session.scalar(
            select(func.count()).select_from(_rows(actor, wanted, sort).order_by(None).subquery())
        )
        or 0
    )
    number = min(max(1, page), max(1, -(-total // size)))
    rows = db.session.execute(_rows(actor, wanted, sort).limit(size).offset((number - 1) * size))
    return Page([SubjectRow(*row) for row in rows], number, size, total)


def all_subjects(actor: Actor, wanted: SubjectFilter, *, sort: str = "name") -> list[SubjectRow]:
    """Everybody of the list, for a file."""
    return [SubjectRow(*row) for row in db.session.execute(_rows(actor, wanted, sort))]


def honour_counts(subject_ids: Sequence[int]) -> Counter[int]:
    """How often each stands in other rooms: honoured, on the honour roll."""
    total: Counter[int] = Counter()
    for room in rooms():
        total.update(room.count(subject_ids))
    return total


def essay_contests(actor: Actor) -> list[tuple[str, int, str]]:
    """Slug, key and title of the essay contests that the person keeps, newest first."""
    rows = db.session.execute(
        select(Contest.slug, Contest.id, Contest.title)
        .where(
            Contest.id.in_(_covered(actor)),
            exists().where(Round.contest_id == Contest.id, Round.kind == ContestKind.ESSAY),
        )
        .order_by(Contest.created_at.desc(), Contest.id.desc())
    )
    return [(slug, key, title) for slug, key, title in rows]


def kept_subject(actor: Actor, public_id: str) -> Subject | None:
    """A person written about whom the reader keeps; one merged into another too."""
    return db.session.scalar(
        select(Subject)
        .where(Subject.public_id == public_id, _seen(actor))
        .options(
            joinedload(Subject.unit),
            joinedload(Subject.person),
            joinedload(Subject.register_unit).joinedload(Unit.scope),
        )
    )


def subject_by_id(subject_id: int) -> Subject | None:
    """A record by its key, without asking who wants it: for following a merger."""
    return db.session.get(Subject, subject_id)


def may_decide(actor: Actor, subject: Subject) -> bool:
    """Whether the person may change the record: it is their unit's, or all essays are theirs."""
    unit = subject.register_unit
    if unit is not None and actor.may(KEEPER, unit.scope.path):
        return True
    mine = set(_contests_about(subject.id))
    return bool(mine) and mine <= set(db.session.scalars(_covered(actor)))


def _contests_about(subject_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(Round.contest_id)
            .join(Work, Work.round_id == Round.id)
            .join(WorkSubject, WorkSubject.work_id == Work.id)
            .where(WorkSubject.subject_id == subject_id)
            .distinct()
        )
    )


def _essays() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Work.id,
            Work.public_id,
            WorkVersion.title,
            Contest.title,
            Contest.slug,
            Round.number,
            Round.title,
            Work.submitted_at,
            WorkVersion.subject_name,
            WorkVersion.subject_unit,
        )
        .join(Round, Round.id == Work.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .join(
            WorkVersion,
            WorkVersion.id == func.coalesce(Work.submitted_version_id, Work.version_id),
        )
        .where(Work.advanced_from_id.is_(None), Work.state == WorkState.SUBMITTED)
        .order_by(Work.submitted_at.desc(), Work.id.desc())
    )


def _told(rows: Sequence[Any]) -> list[EssayAbout]:
    names: dict[int, list[str]] = {row[0]: [] for row in rows}
    authors = db.session.execute(
        select(WorkAuthor.work_id, WorkAuthor.full_name)
        .where(WorkAuthor.work_id.in_(names))
        .order_by(WorkAuthor.work_id, WorkAuthor.position)
    )
    for work_id, name in authors:
        names[work_id].append(name)
    return [EssayAbout(row[0], row[1], row[2], ", ".join(names[row[0]]), *row[3:]) for row in rows]


def essays_about(actor: Actor, subject_id: int) -> list[EssayAbout]:
    """The essays about a person in contests that the reader keeps, the latest first."""
    mine = select(WorkSubject.work_id).where(WorkSubject.subject_id == subject_id)
    return _told(
        db.session.execute(
            _essays().where(Work.id.in_(mine), Round.contest_id.in_(_covered(actor)))
        ).all()
    )


def essays_elsewhere(actor: Actor, subject_id: int) -> int:
    """How many essays about a person stand in contests that the reader does not keep."""
    return (
        db.session.scalar(
            select(func.count(Work.id))
            .join(WorkSubject, WorkSubject.work_id == Work.id)
            .join(Round, Round.id == Work.round_id)
            .where(
                WorkSubject.subject_id == subject_id,
                Work.advanced_from_id.is_(None),
                Round.contest_id.not_in(_covered(actor)),
            )
        )
        or 0
    )


def essays_without_subject(actor: Actor, subject: Subject) -> list[EssayAbout]:
    """Essays that nobody has linked and that may be about a person, by name and unit as typed."""
    linked = exists().where(WorkSubject.work_id == Work.id)
    known = _known(subject)
    rows = db.session.execute(
        _essays()
        .where(
            ~linked,
            Round.contest_id.in_(_covered(actor)),
            contains_folded(WorkVersion.search_folded, _given_name(subject.name_folded)),
        )
        .limit(_CANDIDATES)
    ).all()
    found = [
        row
        for row in rows
        if likeness(known, Known(0, fold(row.subject_name), unit=fold(row.subject_unit)))
    ]
    return _told(found[:_PROPOSED])


def unlinked_essay(actor: Actor, public_id: str) -> Work | None:
    """An essay about which nobody has said yet whom it tells of, in a contest of the reader."""
    return db.session.scalar(
        select(Work)
        .join(Round, Round.id == Work.round_id)
        .where(
            Work.public_id == public_id,
            Work.state == WorkState.SUBMITTED,
            Round.contest_id.in_(_covered(actor)),
            ~exists().where(WorkSubject.work_id == Work.id),
        )
    )


def _known(subject: Subject) -> Known:
    return Known(subject.id, subject.name_folded, subject.unit_id, fold(subject.unit_name))


def _given_name(folded: str) -> str:
    words = bare_name(folded).split()
    return words[-1] if words else ""


def _alike(known: Known, candidates: Select[Any]) -> list[Proposal]:
    found = []
    for each in db.session.scalars(candidates.limit(_CANDIDATES)):
        how = likeness(known, _known(each))
        if how is not None:
            found.append(Proposal(each, how))
    return sorted(found, key=lambda one: (one.likeness, one.subject.id))[:_PROPOSED]


def similar_subjects(actor: Actor, subject: Subject) -> list[Proposal]:
    """Who may be the same person, most alike first, without whom somebody told apart from them."""
    told = distinct_pairs(subject.id)
    near = [contains_folded(Subject.name_folded, _given_name(subject.name_folded))]
    if subject.unit_id is not None:
        near.append(Subject.unit_id == subject.unit_id)
    found = _alike(
        _known(subject),
        select(Subject)
        .where(_live(), _seen(actor), Subject.id != subject.id, or_(*near))
        .order_by(Subject.name_folded != subject.name_folded, Subject.id),
    )
    return [
        each
        for each in found
        if (min(subject.id, each.subject.id), max(subject.id, each.subject.id)) not in told
    ]


def subjects_like(full_name: str, unit_name: str, register_unit_id: int) -> list[Subject]:
    """Whom an essay may be about, of those whom the same organisation keeps, most alike first.

    Args:
        full_name: as the author typed it.
        unit_name: likewise.
        register_unit_id: the unit that holds the contest.
    """
    if not fold(full_name):
        return []
    known = Known(0, fold(full_name), unit=fold(unit_name))
    same = select(Contest.id).where(Contest.unit_id == register_unit_id)
    proposed = _alike(
        known,
        select(Subject)
        .where(
            _live(),
            or_(Subject.register_unit_id == register_unit_id, Subject.id.in_(_told_in(same))),
            contains_folded(Subject.name_folded, _given_name(known.name)),
        )
        .order_by(Subject.name_folded != known.name, Subject.id),
    )
    return [each.subject for each in proposed]


def distinct_pairs(subject_id: int | None = None) -> set[tuple[int, int]]:
    """Pairs of whom somebody decided that they are two persons, smaller key first."""
    statement = select(SubjectChange.subject_id, SubjectChange.other_id).where(
        SubjectChange.kind == SubjectChangeKind.DISTINCT, SubjectChange.undone_at.is_(None)
    )
    if subject_id is not None:
        statement = statement.where(
            or_(SubjectChange.subject_id == subject_id, SubjectChange.other_id == subject_id)
        )
    return {(low, high) for low, high in db.session.execute(statement) if high is not None}


def proposed_pairs(actor: Actor, *, page: int = 1, size: int = 20) -> Page[LikelyPair]:
    """All who may be one person, most alike first."""
    rows = db.session.execute(
        select(Subject.id, Subject.name_folded, Subject.unit_id, Subject.unit_name)
        .where(_live(), _seen(actor))
        .order_by(Subject.id)
    )
    known = [Known(key, name, unit_id, fold(unit)) for key, name, unit_id, unit in rows]
    pairs = likely_pairs(known, distinct_pairs())
    number = min(max(1, page), max(1, -(-len(pairs) // size)))
    shown = pairs[(number - 1) * size : number * size]
    ids = {key for pair in shown for key in (pair.low, pair.high)}
    by_id = {
        each.id: each for each in db.session.scalars(select(Subject).where(Subject.id.in_(ids)))
    }
    lines = [LikelyPair(by_id[pair.low], by_id[pair.high], pair.likeness) for pair in shown]
    return Page(lines, number, size, len(pairs))


def trail_of(subject_id: int) -> list[SubjectChange]:
    """What people decided about a record, the latest first."""
    return list(
        db.session.scalars(
            select(SubjectChange)
            .where(
                or_(SubjectChange.subject_id == subject_id, SubjectChange.other_id == subject_id)
            )
            .options(
                joinedload(SubjectChange.subject),
                joinedload(SubjectChange.other),
                joinedload(SubjectChange.made_by),
            )
            .order_by(SubjectChange.id.desc())
        )
    )


def kept_change(actor: Actor, public_id: str) -> SubjectChange | None:
    """A line of the trail about records that the person keeps."""
    other = aliased(Subject)
    mine = select(Subject.id).where(_seen(actor))
    return db.session.scalar(
        select(SubjectChange)
        .outerjoin(other, other.id == SubjectChange.other_id)
        .where(
            SubjectChange.public_id == public_id,
            or_(SubjectChange.subject_id.in_(mine), SubjectChange.other_id.in_(mine)),
        )
    )


def consents_of_subject(subject_id: int) -> list[SubjectConsent]:
    """What a person written about agreed to and refused, the latest first."""
    return list(
        db.session.scalars(
            select(SubjectConsent)
            .where(SubjectConsent.subject_id == subject_id)
            .options(joinedload(SubjectConsent.recorded_by))
            .order_by(SubjectConsent.id.desc())
        )
    )


def mentions_of(subject_id: int) -> list[Mention]:
    """Where a person written about stands in other rooms, the latest first."""
    found = [each for room in rooms() for each in room.mentions(subject_id)]
    return sorted(found, key=lambda each: each.at, reverse=True)
