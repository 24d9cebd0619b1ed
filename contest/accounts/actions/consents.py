"""Giving and withdrawing consent."""

from datetime import datetime

from sqlalchemy import select, update

from contest.accounts.consent_texts import ConsentWords, current_words
from contest.accounts.models import Consent, ConsentPurpose, ConsentText, Person, Scope
from contest.accounts.queries.consents import live_consent
from contest.accounts.refusals import AlreadyEnded
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db, insert_once
from contest.core.i18n import LANGUAGES


def record_consent(
    *,
    person: Person,
    purpose: ConsentPurpose,
    scope: Scope | None,
    channel: str,
    locale: str,
    now: datetime,
) -> Consent:
    """Keep that a person agreed: to which words, when, through what.

    Args:
        person: who agreed.
        purpose: to what.
        scope: a contest's scope; None for the platform as a whole.
        channel: through what, as "web", "paper", "roster".
        locale: the language in which the words were shown.
        now: the instant of the request.

    Returns:
        The consent; the one in force when the same words were agreed to already.
    """
    shown = locale if locale in LANGUAGES else "vi"
    words = _text_row(current_words(purpose), shown)
    scope_id = None if scope is None else scope.id
    known = live_consent(person.id, purpose, scope_id)
    if known is not None and known[1].version == words.version:
        return known[0]
    if known is not None:
        known[0].withdrawn_at = now
    consent = Consent(
        person_id=person.id,
        purpose=purpose,
        text_id=words.id,
        scope_id=scope_id,
        channel=channel,
        given_at=now,
    )
    db.session.add(consent)
    db.session.flush()
    audit.record(
        "accounts.consent_given",
        actor=None,
        now=now,
        subject=("person", person.id),
        scope_id=scope_id,
        data={
            "purpose": purpose.value,
            "version": words.version,
            "digest": words.digest,
            "channel": channel,
        },
    )
    return consent


def withdraw_consent(*, consent: Consent, actor: Actor, now: datetime) -> None:
    """End a consent; that it was given, and when, stays on record.

    Raises:
        AlreadyEnded: it was withdrawn before.
    """
    ended = db.session.execute(
        update(Consent)
        .where(Consent.id == consent.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise AlreadyEnded
    audit.record(
        "accounts.consent_withdrawn",
        actor=actor,
        now=now,
        subject=("person", consent.person_id),
        scope_id=consent.scope_id,
        data={"purpose": consent.purpose.value, "consent": consent.id},
    )


def _text_row(words: ConsentWords, locale: str) -> ConsentText:
    """The row of these words, made when they are agreed to for the first time."""
    wanted = select(ConsentText).where(
        ConsentText.purpose == words.purpose,
        ConsentText.version == words.version,
        ConsentText.locale == locale,
    )
    known = db.session.scalar(wanted)
    if known is not None:
        return known
    # Two people may be the first at the same moment.
    db.session.execute(
        insert_once(ConsentText, db.engine.dialect.name)
        .values(
            purpose=words.purpose,
            version=words.version,
            locale=locale,
            body=words.body(locale),
            digest=words.digest(locale),
        )
        .on_conflict_do_nothing()
    )
    return db.session.scalars(wanted).one()
