"""Who may be the same person: proposals, which a person decides."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, or_, select

from contest.contests.models import Contest
from contest.core.access import Actor
from contest.core.db import contains_folded, db
from contest.core.paging import Page
from contest.core.vietnamese import fold
from contest.submissions.models import (
    Subject,
    SubjectChange,
    SubjectChangeKind,
)
from contest.submissions.queries.subjects.keeping import live, seen, told_in
from contest.submissions.rules.subjects import Known, Likeness, bare_name, likely_pairs, likeness

_CANDIDATES: Final = 500
_PROPOSED: Final = 20


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
        .where(live(), seen(actor), Subject.id != subject.id, or_(*near))
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
            live(),
            or_(Subject.register_unit_id == register_unit_id, Subject.id.in_(told_in(same))),
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
        .where(live(), seen(actor))
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
