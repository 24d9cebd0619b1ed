"""What is kept of a person written about: name and unit, portrait, consents; and forgetting it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select, update

from contest.accounts.models import Unit
from contest.accounts.personal_data import ERASED_NAME
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.files import discard_files, store_file
from contest.core.pictures import CleanPicture
from contest.core.vietnamese import fold, name_sort_key
from contest.submissions.decision_words import forget_about_subject
from contest.submissions.models import (
    ConsentChannel,
    Subject,
    SubjectChange,
    SubjectConsent,
    SubjectPurpose,
)
from contest.submissions.rules.refusals import ConsentInTheFuture, SubjectMoved
from contest.submissions.rules.subjects import CONSENT_WORDS
from contest.submissions.subject_rooms import rooms
from contest.submissions.unit_words import forget_about_subject as forget_words_of_units

_CLOSING: Final = (SubjectPurpose.NAME, SubjectPurpose.ESSAY)


def note(what: str, subject: Subject, *, actor: Actor | None, now: datetime, **data: Any) -> None:
    """Record that something was decided about a person written about."""
    unit = subject.register_unit
    audit.record(
        f"submissions.{what}",
        actor=actor,
        now=now,
        subject=("subject", subject.id),
        scope_id=None if unit is None else unit.scope_id,
        data=data,
    )


def edit_subject(
    *,
    subject: Subject,
    full_name: str,
    unit: Unit | None,
    unit_name: str,
    person_id: int | None,
    portrait_text: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Mend name and unit; essays and what was published keep what they said.

    Args:
        subject: the record.
        full_name: of the person.
        unit: in the tree of units; None where it does not stand there.
        unit_name: as it is to be read; empty takes that of `unit`.
        person_id: of the person's account; None for nobody's.
        portrait_text: what the portrait shows, for those who do not see it.
        actor: who mends it.
        now: the instant of the request.

    Raises:
        SubjectMoved: the record was merged or erased meanwhile.
    """
    _ask_live(subject)
    subject.full_name, subject.name_folded = full_name, fold(full_name)
    subject.sort_key = name_sort_key(full_name)
    subject.unit_id = None if unit is None else unit.id
    subject.unit_name = unit_name or ("" if unit is None else unit.name)
    subject.search_folded = fold(f"{full_name} {subject.unit_name}")
    subject.person_id, subject.portrait_text = person_id, portrait_text
    db.session.flush()
    note("subject_edited", subject, actor=actor, now=now, account=person_id is not None)


def _ask_live(subject: Subject) -> None:
    if subject.merged_into_id is not None or subject.erased_at is not None:
        raise SubjectMoved


def set_subject_portrait(
    *, subject: Subject, picture: CleanPicture | None, actor: Actor, now: datetime
) -> None:
    """Keep a portrait, drawn anew without metadata, or take it away (None)."""
    _ask_live(subject)
    before = subject.portrait_id
    if picture is None:
        subject.portrait_id, subject.portrait_text = None, ""
    else:
        subject.portrait_id = store_file(
            picture.content,
            name=f"portrait.{picture.suffix}",
            media_type=picture.media_type,
            actor=actor,
            now=now,
        ).id
    db.session.flush()
    _discard_portraits([before], now=now)
    note("subject_portrait_set", subject, actor=actor, now=now, there=picture is not None)


def _discard_portraits(file_ids: Collection[int | None], *, now: datetime) -> int:
    """Files that no record shows any more go; after a merger two may have shown one."""
    wanted = {each for each in file_ids if each is not None}
    used = set(
        db.session.scalars(select(Subject.portrait_id).where(Subject.portrait_id.in_(wanted)))
    )
    return discard_files(sorted(wanted - used), now=now)


def record_subject_consent(
    *,
    subject: Subject,
    purposes: Collection[SubjectPurpose],
    given_on: date | None,
    channel: ConsentChannel,
    guardian: str,
    kept_where: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> list[SubjectConsent]:
    """Note what a person written about agreed to, each purpose apart; or that they refuse.

    Nothing is published by it: honoured persons and the honour roll are opened there.

    Args:
        subject: the record.
        purposes: what was agreed to, or refused.
        given_on: the day on the paper; None for a refusal.
        channel: how it reached the organisers.
        guardian: who agreed with and for a minor.
        kept_where: where the paper lies.
        actor: who notes it.
        now: the instant of the request.
        today: its day.

    Raises:
        SubjectMoved: the record was merged or erased meanwhile.
        ConsentInTheFuture: the day is yet to come.
    """
    _ask_live(subject)
    if given_on is not None and given_on > today:
        raise ConsentInTheFuture
    rows = [
        SubjectConsent(
            subject_id=subject.id,
            purpose=purpose,
            wording=CONSENT_WORDS[purpose],
            channel=channel,
            given_on=given_on,
            guardian=guardian,
            kept_where=kept_where,
            recorded_by_id=actor.person_id,
            recorded_at=now,
            withdrawn_at=None if given_on is not None else now,
            withdrawn_by_id=None if given_on is not None else actor.person_id,
        )
        for purpose in purposes
    ]
    db.session.add_all(rows)
    db.session.flush()
    told = [each.value for each in purposes]
    if given_on is None:
        for row in rows:
            _end_standing(subject, row.purpose, actor=actor, now=now)
    renew_consents(subject)
    what = "subject_consent_recorded" if given_on is not None else "subject_refused"
    note(what, subject, actor=actor, now=now, purposes=told, channel=channel.value)
    return rows


def withdraw_subject_consent(
    *, consent: SubjectConsent, subject: Subject, actor: Actor, now: datetime
) -> None:
    """The person agrees no longer; what rested on it closes at once, in every room."""
    if not consent.stands:
        return
    _end_standing(subject, consent.purpose, actor=actor, now=now)
    renew_consents(subject)
    note("subject_consent_withdrawn", subject, actor=actor, now=now, purpose=consent.purpose.value)


def _end_standing(
    subject: Subject, purpose: SubjectPurpose, *, actor: Actor, now: datetime
) -> None:
    db.session.execute(
        update(SubjectConsent)
        .where(
            SubjectConsent.subject_id == subject.id,
            SubjectConsent.purpose == purpose,
            SubjectConsent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now, withdrawn_by_id=actor.person_id)
        .execution_options(synchronize_session="fetch")
    )
    for room in rooms():
        room.withdraw(subject.id, purpose.value, now)


def renew_consents(subject: Subject) -> None:
    """Repeat the standing consents in the record, where lists and publications read them."""
    db.session.flush()
    rows = db.session.scalars(
        select(SubjectConsent)
        .where(SubjectConsent.subject_id == subject.id)
        .order_by(SubjectConsent.id)
    ).all()
    standing = {row.purpose: row.recorded_at for row in rows if row.stands}
    ended = [
        row.withdrawn_at
        for row in rows
        if row.purpose in _CLOSING and row.purpose not in standing and row.withdrawn_at is not None
    ]
    subject.consented_at = standing.get(SubjectPurpose.NAME)
    subject.portrait_agreed_at = standing.get(SubjectPurpose.PORTRAIT)
    subject.withheld_at = max(ended, default=None)
    db.session.flush()


def erase_subject(*, subject: Subject, actor: Actor | None, now: datetime) -> int:
    """Forget a person written about: name, unit, portrait and papers go, in every room.

    The record stays without them, so that counts hold and judges' conflicts stay explained.
    Essays are their authors' texts and stay in the record of the marking; they are closed to the
    public.

    Args:
        subject: the record, with all that was merged into it.
        actor: who does it; None for the rule of retention.
        now: the instant.

    Returns:
        How many records were erased.
    """
    mine = db.session.scalars(
        select(Subject).where((Subject.id == subject.id) | (Subject.merged_into_id == subject.id))
    ).all()
    for each in mine:
        _erase_one(each, now=now)
        note("subject_erased", each, actor=actor, now=now)
    return len(mine)


def _erase_one(subject: Subject, *, now: datetime) -> None:
    for room in rooms():
        room.erase(subject.id, now)
    portrait, subject.portrait_id, subject.portrait_text = subject.portrait_id, None, ""
    subject.full_name, subject.name_folded = ERASED_NAME, fold(ERASED_NAME)
    subject.sort_key, subject.search_folded = name_sort_key(ERASED_NAME), fold(ERASED_NAME)
    subject.unit_name, subject.unit_id, subject.person_id = "", None, None
    subject.erased_at = now
    db.session.execute(
        update(SubjectConsent)
        .where(SubjectConsent.subject_id == subject.id)
        .values(guardian="", kept_where="")
    )
    db.session.execute(
        update(SubjectChange)
        .where((SubjectChange.subject_id == subject.id) | (SubjectChange.other_id == subject.id))
        .values(reason="")
    )
    forget_words_of_units(subject.id)
    forget_about_subject(subject.id)
    subject.consented_at = subject.portrait_agreed_at = None
    subject.withheld_at = now
    db.session.flush()
    _discard_portraits([portrait], now=now)
