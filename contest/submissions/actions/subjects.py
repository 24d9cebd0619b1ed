"""Who is who among the persons written about: linking, merging, splitting, and taking it back."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import fold, name_sort_key
from contest.submissions.actions.subject_records import note, renew_consents
from contest.submissions.models import (
    Subject,
    SubjectChange,
    SubjectChangeKind,
    SubjectConsent,
    Work,
    WorkSubject,
)
from contest.submissions.rules.refusals import (
    AlreadyUndone,
    CannotMerge,
    NothingToSplit,
    SubjectMoved,
    TwoAccounts,
)
from contest.submissions.subject_rooms import rooms

_CONSENTS = "consents"
_PORTRAIT = "portrait"
_ACCOUNT = "account"


def new_subject(
    *, full_name: str, unit_name: str, register_unit_id: int | None, now: datetime
) -> Subject:
    """A record of a person written about, not yet linked to any essay."""
    made = Subject(
        full_name=full_name,
        name_folded=fold(full_name),
        sort_key=name_sort_key(full_name),
        unit_name=unit_name,
        register_unit_id=register_unit_id,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def link_subject(*, work: Work, subject: Subject | None, actor: Actor, now: datetime) -> Subject:
    """Say who the person written about is: somebody known, or a new person.

    Matches are proposed by name and unit; that two essays are about one person, a person decides.
    The copies of the essay in later rounds follow it.

    Args:
        work: the essay.
        subject: who it is; None makes a new record from what the author typed.
        actor: who decides.
        now: the instant of the request.
    """
    version = work.submitted_version or work.version
    held = _holders([work.id])
    chosen = subject or new_subject(
        full_name=version.subject_name if version is not None else "",
        unit_name=version.subject_unit if version is not None else "",
        register_unit_id=work.round.contest.unit_id,
        now=now,
    )
    if held == {chosen.id}:
        return chosen
    before = min(held, default=None)
    moved = _family([work.id])
    db.session.execute(delete(WorkSubject).where(WorkSubject.work_id.in_(moved)))
    db.session.add_all(WorkSubject(work_id=each, subject_id=chosen.id) for each in moved)
    if subject is not None or before is not None:
        _change(
            SubjectChangeKind.LINKED,
            chosen,
            other_id=before,
            work_ids=moved,
            actor=actor,
            now=now,
        )
    db.session.flush()
    audit.record(
        "submissions.subject_linked",
        actor=actor,
        now=now,
        subject=("work", work.id),
        scope_id=work.round.contest.scope_id,
        data={"linked": chosen.id},
    )
    return chosen


def _holders(work_ids: Collection[int]) -> set[int]:
    return set(
        db.session.scalars(select(WorkSubject.subject_id).where(WorkSubject.work_id.in_(work_ids)))
    )


def _family(work_ids: Collection[int]) -> list[int]:
    """These works with their copies in later rounds, however far they came."""
    found, fresh = set(work_ids), set(work_ids)
    while fresh:
        copies = select(Work.id).where(Work.advanced_from_id.in_(fresh))
        fresh = set(db.session.scalars(copies)) - found
        found |= fresh
    return sorted(found)


def _change(
    kind: SubjectChangeKind,
    subject: Subject,
    *,
    other_id: int | None,
    work_ids: Sequence[int] = (),
    carried: dict[str, list[int]] | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> SubjectChange:
    made = SubjectChange(
        kind=kind,
        subject_id=subject.id,
        other_id=other_id,
        work_ids=list(work_ids),
        carried={code: keys for code, keys in (carried or {}).items() if keys},
        reason=reason,
        made_by_id=actor.person_id,
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _works_of(subject_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(WorkSubject.work_id)
            .where(WorkSubject.subject_id == subject_id)
            .order_by(WorkSubject.work_id)
        )
    )


def _pass_works(work_ids: Collection[int], from_id: int, to_id: int | None) -> None:
    """Essays that still belong to one record go to another, or to nobody."""
    going = set(work_ids) & set(_works_of(from_id))
    there = set() if to_id is None else set(_works_of(to_id))
    db.session.execute(
        delete(WorkSubject).where(WorkSubject.work_id.in_(going), WorkSubject.subject_id == from_id)
    )
    if to_id is not None:
        db.session.add_all(
            WorkSubject(work_id=each, subject_id=to_id) for each in sorted(going - there)
        )
    db.session.flush()


def _pass_consents(from_id: int, to_id: int, keys: Collection[int] | None) -> list[int]:
    mine = select(SubjectConsent.id).where(SubjectConsent.subject_id == from_id)
    if keys is not None:
        mine = mine.where(SubjectConsent.id.in_(keys))
    going = list(db.session.scalars(mine.order_by(SubjectConsent.id)))
    db.session.execute(
        update(SubjectConsent).where(SubjectConsent.id.in_(going)).values(subject_id=to_id)
    )
    return going


def merge_subjects(
    *, kept: Subject, merged: Subject, reason: str, actor: Actor, now: datetime
) -> SubjectChange:
    """Decide that two records are one person; essays, consents and honours go to the first.

    Args:
        kept: whose name and unit stay.
        merged: is no longer listed; the trail gives it back.
        reason: how it is known.
        actor: who decides.
        now: the instant of the request.

    Raises:
        SubjectMoved: one of them was merged or erased meanwhile, or they are one already.
        TwoAccounts: they are linked to the accounts of two people.
        CannotMerge: another room stands in the way, with its sentence.
    """
    if kept.id == merged.id or not (_is_live(kept) and _is_live(merged)):
        raise SubjectMoved
    if None not in {kept.person_id, merged.person_id} and kept.person_id != merged.person_id:
        raise TwoAccounts
    for room in rooms():
        for words in room.obstacles(kept.id, merged.id):
            raise CannotMerge(words)
    works = _works_of(merged.id)
    _pass_works(works, merged.id, kept.id)
    carried = {room.code: room.hand_over(merged.id, kept.id, None) for room in rooms()}
    carried[_CONSENTS] = _pass_consents(merged.id, kept.id, None)
    if kept.portrait_id is None and merged.portrait_id is not None:
        kept.portrait_id, kept.portrait_text = merged.portrait_id, merged.portrait_text
        carried[_PORTRAIT] = [merged.portrait_id]
    if kept.person_id is None and merged.person_id is not None:
        kept.person_id = merged.person_id
        carried[_ACCOUNT] = [merged.person_id]
    merged.merged_into_id = kept.id
    made = _change(
        SubjectChangeKind.MERGED,
        kept,
        other_id=merged.id,
        work_ids=works,
        carried=carried,
        reason=reason,
        actor=actor,
        now=now,
    )
    renew_consents(kept)
    renew_consents(merged)
    note("subjects_merged", kept, actor=actor, now=now, merged=merged.id, works=len(works))
    return made


def _is_live(subject: Subject) -> bool:
    return subject.merged_into_id is None and subject.erased_at is None


def split_subject(
    *,
    subject: Subject,
    work_ids: Collection[int],
    full_name: str,
    unit_name: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Subject:
    """Decide that some essays of a record are about somebody else, who gets a record.

    Consents, portrait and honours stay where they are: they were given by the one who is known.

    Args:
        subject: of whom the essays were thought to tell.
        work_ids: the essays about the other; at least one stays.
        full_name: of the other.
        unit_name: likewise.
        reason: how it is known.
        actor: who decides.
        now: the instant of the request.

    Returns:
        The new record.

    Raises:
        SubjectMoved: the record was merged or erased meanwhile.
        NothingToSplit: no essay of theirs was chosen, or all of them.
    """
    if not _is_live(subject):
        raise SubjectMoved
    mine = set(_works_of(subject.id))
    going = set(_family(set(work_ids) & mine)) & mine
    if not going or going == mine:
        raise NothingToSplit
    other = new_subject(
        full_name=full_name,
        unit_name=unit_name,
        register_unit_id=subject.register_unit_id,
        now=now,
    )
    _pass_works(going, subject.id, other.id)
    _change(
        SubjectChangeKind.SPLIT,
        other,
        other_id=subject.id,
        work_ids=sorted(going),
        reason=reason,
        actor=actor,
        now=now,
    )
    note("subject_split", subject, actor=actor, now=now, made=other.id, works=len(going))
    return other


def mark_distinct(*, one: Subject, other: Subject, actor: Actor, now: datetime) -> SubjectChange:
    """Decide that two who look alike are two persons; they are not proposed again."""
    first, second = sorted((one, other), key=lambda each: each.id)
    made = _change(SubjectChangeKind.DISTINCT, first, other_id=second.id, actor=actor, now=now)
    note("subjects_distinct", first, actor=actor, now=now, other=second.id)
    return made


def undo_change(*, change: SubjectChange, actor: Actor, now: datetime) -> None:
    """Take a decision back: what still stands where it was put goes where it was before.

    Args:
        change: a line of the trail.
        actor: who takes it back.
        now: the instant of the request.

    Raises:
        AlreadyUndone: somebody did so before.
        SubjectMoved: one of the records was merged further or erased; that has to be undone first.
    """
    subject, other = change.subject, change.other
    if not _is_live(subject) or (other is not None and other.erased_at is not None):
        raise SubjectMoved
    claimed: int = db.session.execute(
        update(SubjectChange)
        .where(SubjectChange.id == change.id, SubjectChange.undone_at.is_(None))
        .values(undone_at=now, undone_by_id=actor.person_id)
    ).rowcount  # type: ignore[attr-defined]
    if not claimed:
        raise AlreadyUndone
    if change.kind is not SubjectChangeKind.DISTINCT:
        _pass_works(change.work_ids, subject.id, None if other is None else other.id)
    if change.kind is SubjectChangeKind.MERGED and other is not None:
        _give_back(change, subject, other)
    if change.kind is SubjectChangeKind.SPLIT and other is not None and not _works_of(subject.id):
        subject.merged_into_id = other.id
    db.session.flush()
    note("subject_change_undone", subject, actor=actor, now=now, kind=change.kind.value)


def _give_back(change: SubjectChange, kept: Subject, merged: Subject) -> None:
    for room in rooms():
        room.hand_over(kept.id, merged.id, change.carried.get(room.code, []))
    _pass_consents(kept.id, merged.id, change.carried.get(_CONSENTS, []))
    if kept.portrait_id in change.carried.get(_PORTRAIT, []):
        kept.portrait_id, kept.portrait_text = None, ""
    if kept.person_id in change.carried.get(_ACCOUNT, []):
        kept.person_id = None
    merged.merged_into_id = None
    renew_consents(kept)
    renew_consents(merged)
