"""The honour roll: a profile of somebody who was commended, its consents, its publication."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from contest.awards.models import Commendation, HonourProfile, RecipientKind
from contest.awards.queries.honours import honours_of
from contest.awards.refusals import WrongCommendation
from contest.awards.rules.commendations import HIGHEST_FIRST
from contest.awards.rules.honours import searched
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.files import store_file
from contest.core.i18n import lazy_gettext as _l
from contest.core.pictures import CleanPicture
from contest.core.vietnamese import fold
from contest.submissions.models import Subject

_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class ProfileValues:
    """What is told about somebody, and what they agreed to.

    Attributes:
        summary: one sentence for lists.
        story: the whole.
        theme: of the movement.
        is_minor: under 18; then the guardian has to agree as well.
        name_agreed: the person agrees to be named, with the story.
        photo_agreed: the person agrees to the portrait.
        guardian_agreed: of a minor.
    """

    summary: str
    story: str
    theme: str
    is_minor: bool
    name_agreed: bool
    photo_agreed: bool
    guardian_agreed: bool
    portrait_text: str = ""


def open_profile(*, commendation: Commendation, actor: Actor, now: datetime) -> HonourProfile:
    """Make the profile of a recipient, with all their commendations of the register; or find it.

    Honoured persons of essays with the same name and unit are linked, so that the essays about
    them can be read there.

    Args:
        commendation: of the recipient.
        actor: who keeps the register.
        now: the instant of the request.

    Raises:
        WrongCommendation: it was revoked.
    """
    if commendation.revoked_at is not None:
        raise WrongCommendation(_l("A revoked commendation cannot stand on the honour roll."))
    if commendation.profile is not None:
        return commendation.profile
    made = HonourProfile(
        register_unit_id=commendation.register_unit_id,
        recipient_kind=commendation.recipient_kind.value,
        full_name=commendation.recipient_name,
        sort_key=commendation.sort_key,
        unit_id=commendation.unit_id,
        unit_name=commendation.unit_name,
        unit_ids=commendation.unit_ids,
        person_id=commendation.person_id,
        theme=commendation.theme,
        theme_folded=fold(commendation.theme),
        subject_id=_subject_id(commendation),
        created_by_id=actor.person_id,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    commendation.profile_id = made.id
    db.session.flush()
    follow_commendations(
        register_unit_id=commendation.register_unit_id, recipient_keys=[commendation.recipient_key]
    )
    db.session.refresh(commendation, ["profile_id", "profile"])
    _record("honour_profile_opened", made, actor=actor, now=now)
    return made


def _subject_id(commendation: Commendation) -> int | None:
    if commendation.recipient_kind is not RecipientKind.INDIVIDUAL:
        return None
    return db.session.scalar(
        select(Subject.id)
        .where(
            Subject.name_folded == commendation.name_folded,
            Subject.full_name == commendation.recipient_name,
            Subject.unit_id == commendation.unit_id,
        )
        .order_by(Subject.id)
        .limit(1)
    )


def edit_profile(
    *, profile: HonourProfile, values: ProfileValues, actor: Actor, now: datetime
) -> None:
    """Change what is told; a consent keeps the instant at which it was first noted.

    Args:
        profile: of the roll.
        values: the story and the consents.
        actor: who keeps the register.
        now: the instant of the request.
    """
    profile.summary, profile.story = values.summary, values.story
    profile.theme, profile.theme_folded = values.theme, fold(values.theme)
    profile.portrait_text = values.portrait_text
    profile.is_minor = values.is_minor
    profile.name_agreed_at = _noted(profile.name_agreed_at, now, agreed=values.name_agreed)
    profile.photo_agreed_at = _noted(profile.photo_agreed_at, now, agreed=values.photo_agreed)
    profile.guardian_agreed_at = _noted(
        profile.guardian_agreed_at, now, agreed=values.guardian_agreed
    )
    _renew(profile)
    _record("honour_profile_edited", profile, actor=actor, now=now)


def _noted(known: datetime | None, now: datetime, *, agreed: bool) -> datetime | None:
    return (known or now) if agreed else None


def set_portrait(
    *, profile: HonourProfile, picture: CleanPicture, actor: Actor, now: datetime
) -> None:
    """Keep a portrait; the public sees it once the person has agreed to it."""
    stored = store_file(
        picture.content,
        name=f"portrait.{picture.suffix}",
        media_type=picture.media_type,
        actor=actor,
        now=now,
    )
    profile.portrait_id = stored.id
    db.session.flush()
    _record("honour_portrait_set", profile, actor=actor, now=now)


def publish_profile(
    *, profile: HonourProfile, published: bool, actor: Actor, now: datetime
) -> None:
    """Put a profile on the public roll, or take it off."""
    profile.published_at = (profile.published_at or now) if published else None
    _renew(profile)
    what = "honour_published" if published else "honour_taken_off"
    _record(what, profile, actor=actor, now=now)


def follow_commendations(*, register_unit_id: int, recipient_keys: Collection[str]) -> None:
    """Bring profiles up to date after commendations were entered or revoked.

    Args:
        register_unit_id: of the register.
        recipient_keys: of the recipients; those without a profile are passed over.
    """
    row = Commendation
    keys = sorted(recipient_keys)
    for start in range(0, len(keys), _BATCH):
        mine = (
            row.register_unit_id == register_unit_id,
            row.recipient_key.in_(keys[start : start + _BATCH]),
        )
        known = db.session.execute(
            select(row.profile_id, row.recipient_key)
            .where(*mine, row.profile_id.is_not(None))
            .distinct()
        ).all()
        for profile_id, key in known:
            db.session.execute(
                update(row)
                .where(row.register_unit_id == register_unit_id, row.recipient_key == key)
                .values(profile_id=profile_id)
                .execution_options(synchronize_session=False)
            )
            _renew(db.session.get_one(HonourProfile, profile_id))


def _renew(profile: HonourProfile) -> None:
    """What lists and searches read: highest level, latest year, searched words."""
    honours = honours_of(profile.id)
    levels = {each.level for each in honours}
    profile.level = next((each.value for each in HIGHEST_FIRST if each in levels), "")
    profile.year = max((each.decided_on.year for each in honours), default=None)
    profile.search_folded = searched(profile)
    db.session.flush()


def _record(what: str, profile: HonourProfile, *, actor: Actor, now: datetime) -> None:
    audit.record(
        f"awards.{what}",
        actor=actor,
        now=now,
        subject=("honour_profile", profile.id),
        scope_id=profile.register_unit.scope_id,
        data={"agreed": profile.name_agreed_at is not None, "minor": profile.is_minor},
    )
