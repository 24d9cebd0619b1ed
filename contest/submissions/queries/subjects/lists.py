"""The list of persons written about, narrowed, sorted and counted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from contest.contests.models import Contest, ContestKind, Round
from contest.core.access import Actor
from contest.core.db import contains_folded, db
from contest.core.paging import Page
from contest.core.vietnamese import fold, one_line
from contest.submissions.models import (
    Subject,
    Work,
    WorkSubject,
)
from contest.submissions.queries.subjects.keeping import covered, live, seen, told_in
from contest.submissions.subject_rooms import rooms

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
        .where(Work.advanced_from_id.is_(None), Round.contest_id.in_(covered(actor)))
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
        .where(essays > 1 if wanted.several else live())
        .order_by(*orders.get(sort, orders["name"]))
    )


def _conditions(actor: Actor, wanted: SubjectFilter) -> Iterator[ColumnElement[bool]]:
    yield live()
    yield seen(actor)
    if one_line(wanted.text):
        yield contains_folded(Subject.search_folded, fold(one_line(wanted.text)))
    if wanted.contest_id is not None:
        yield Subject.id.in_(told_in(select(Contest.id).where(Contest.id == wanted.contest_id)))
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
            Contest.id.in_(covered(actor)),
            exists().where(Round.contest_id == Contest.id, Round.kind == ContestKind.ESSAY),
        )
        .order_by(Contest.created_at.desc(), Contest.id.desc())
    )
    return [(slug, key, title) for slug, key, title in rows]
