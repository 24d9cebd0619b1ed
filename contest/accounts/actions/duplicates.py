"""Two records that are one person, or are not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from contest.accounts.actions.codes import withdraw_codes
from contest.accounts.actions.signing_in import end_other_sign_ins
from contest.accounts.merging import Follower, followers, register_follower
from contest.accounts.models import Consent, NotDuplicate, Person, PersonMerge
from contest.accounts.queries.duplicates import grants_of
from contest.accounts.refusals import CannotMerge
from contest.accounts.rules import may_give
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class MergeLine:
    """A line of the preview: what moves and how much of it."""

    label: Words
    count: int


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merger would do.

    Attributes:
        lines: what moves from the merged record.
        takes_phone: the kept record gets the phone number of the other.
        takes_email: the same for the e-mail address.
        takes_password: the same for the password.
        takes_birth: the same for the birth date.
        takes_unit: the same for the unit.
        obstacles: why it cannot be done; empty when it can.
    """

    lines: list[MergeLine]
    takes_phone: bool
    takes_email: bool
    takes_password: bool
    takes_birth: bool
    takes_unit: bool
    obstacles: list[Words]
    warnings: list[Words]


def preview_merge(*, kept: Person, merged: Person, actor: Actor) -> MergePreview:
    """What would move, and what stands in the way. Nothing is changed."""
    lines = [MergeLine(item.label, item.count(merged.id)) for item in followers()]
    obstacles: list[Words] = []
    for item in followers():
        obstacles.extend(item.obstacles(kept.id, merged.id))
    if any(not may_give(actor, grant.role, grant.scope.path) for grant in grants_of(merged.id)):
        obstacles.append(_l("The record to be dissolved holds roles that you may not give."))
    if actor.person_id == merged.id:
        obstacles.append(_l("You cannot dissolve the record you are signed in with."))
    return MergePreview(
        lines=[line for line in lines if line.count],
        takes_phone=kept.phone is None and merged.phone is not None,
        takes_email=kept.email is None and merged.email is not None,
        takes_password=kept.password_hash is None and merged.password_hash is not None,
        takes_birth=kept.birth_date is None and merged.birth_date is not None,
        takes_unit=kept.unit_id is None and merged.unit_id is not None,
        obstacles=obstacles,
        warnings=[words for item in followers() for words in item.warnings(kept.id, merged.id)],
    )


def merge_people(*, kept: Person, merged: Person, actor: Actor, now: datetime) -> None:
    """Make one record of two: everything of `merged` goes over to `kept`.

    Raises:
        CannotMerge: with the sentence that says why.
    """
    if kept.id == merged.id or merged.merged_into_id is not None:
        raise CannotMerge
    preview = preview_merge(kept=kept, merged=merged, actor=actor)
    if preview.obstacles:
        raise CannotMerge(preview.obstacles[0])
    moved = {item.code: item.move(kept.id, merged.id, now) for item in followers()}
    end_other_sign_ins(person=merged, keep_id=None, actor=actor, now=now)
    withdraw_codes(person=merged, now=now)
    phone, email = merged.phone, merged.email
    merged.phone = merged.email = None
    db.session.flush()  # the numbers are unique: they must be free before they are taken
    _take_over(kept, merged, preview, phone, email)
    merged.password_hash = merged.totp_secret = merged.totp_confirmed_at = None
    merged.disabled_at = merged.disabled_at or now
    merged.merged_into_id = kept.id
    db.session.add(
        PersonMerge(
            kept_id=kept.id,
            merged_id=merged.id,
            merged_by_id=actor.person_id,
            merged_at=now,
            moved=moved,
        )
    )
    db.session.flush()
    audit.record(
        "accounts.people_merged",
        actor=actor,
        now=now,
        subject=("person", kept.id),
        data={"merged": merged.id, "moved": moved},
        personal={"full_name": merged.full_name, "phone": phone, "email": email},
    )


def _take_over(
    kept: Person, merged: Person, preview: MergePreview, phone: str | None, email: str | None
) -> None:
    if preview.takes_phone:
        kept.phone = phone
    if preview.takes_email:
        kept.email = email
    if preview.takes_password:
        kept.password_hash = merged.password_hash
        kept.totp_secret = merged.totp_secret
        kept.totp_confirmed_at = merged.totp_confirmed_at
        kept.totp_last_counter = merged.totp_last_counter
    if preview.takes_birth:
        kept.birth_date, kept.birth_precision = merged.birth_date, merged.birth_precision
    if preview.takes_unit:
        kept.unit_id = merged.unit_id


def say_not_duplicate(*, one: Person, other: Person, actor: Actor, now: datetime) -> None:
    """Keep that two similar records are two people: they are not proposed again."""
    low, high = sorted((one.id, other.id))
    if db.session.get(NotDuplicate, (low, high)) is None:
        db.session.add(
            NotDuplicate(low_id=low, high_id=high, decided_by_id=actor.person_id, decided_at=now)
        )
        db.session.flush()
        audit.record(
            "accounts.not_duplicate",
            actor=actor,
            now=now,
            subject=("person", low),
            data={"other": high},
        )


def _count_grants(person_id: int) -> int:
    return len(grants_of(person_id))


def _move_grants(kept_id: int, merged_id: int, now: datetime) -> int:
    held = {(grant.role, grant.scope_id) for grant in grants_of(kept_id)}
    moved = 0
    for grant in grants_of(merged_id):
        if (grant.role, grant.scope_id) in held:
            grant.ended_at = now
        else:
            grant.person_id = kept_id
            moved += 1
    db.session.flush()
    return moved


def _count_consents(person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(Consent).where(Consent.person_id == person_id)
        )
        or 0
    )


def _move_consents(kept_id: int, merged_id: int, now: datetime) -> int:
    del now
    moved: int = db.session.execute(
        update(Consent).where(Consent.person_id == merged_id).values(person_id=kept_id)
    ).rowcount  # type: ignore[attr-defined]
    return moved


register_follower(Follower("grants", _l("Roles"), _count_grants, _move_grants))
register_follower(Follower("consents", _l("Consents"), _count_consents, _move_consents))
