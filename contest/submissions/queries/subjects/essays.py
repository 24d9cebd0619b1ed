"""Essays about a person, here and elsewhere, and those that nobody has linked yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, exists, func, select

from contest.contests.models import Contest, Round
from contest.core.access import Actor
from contest.core.db import contains_folded, db
from contest.core.vietnamese import fold
from contest.submissions.models import (
    Subject,
    Work,
    WorkAuthor,
    WorkState,
    WorkSubject,
    WorkVersion,
)
from contest.submissions.queries.subjects.keeping import covered
from contest.submissions.queries.subjects.likeness import _given_name, _known
from contest.submissions.rules.subjects import Known, likeness

_CANDIDATES: Final = 500
_PROPOSED: Final = 20


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
            _essays().where(Work.id.in_(mine), Round.contest_id.in_(covered(actor)))
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
                Round.contest_id.not_in(covered(actor)),
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
            Round.contest_id.in_(covered(actor)),
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
            Round.contest_id.in_(covered(actor)),
            ~exists().where(WorkSubject.work_id == Work.id),
        )
    )
