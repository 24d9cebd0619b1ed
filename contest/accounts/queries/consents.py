"""Consents: who agreed to what."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from contest.accounts.models import Consent, ConsentPurpose, ConsentText
from contest.core.db import db

_PART = 500


def _on(scope_id: int | None) -> ColumnElement[bool]:
    return Consent.scope_id.is_(None) if scope_id is None else Consent.scope_id == scope_id


def has_consent(person_id: int, purpose: ConsentPurpose, scope_id: int | None) -> bool:
    """Whether a person agrees, on exactly this scope (a contest's; None for the platform)."""
    return person_id in consents_of([person_id], purpose, scope_id)


def consents_of(
    person_ids: Collection[int], purpose: ConsentPurpose, scope_id: int | None
) -> set[int]:
    """Those of many persons who agree, on exactly this scope."""
    found: set[int] = set()
    everybody = sorted(person_ids)
    for start in range(0, len(everybody), _PART):
        found.update(
            db.session.scalars(
                select(Consent.person_id).where(
                    Consent.person_id.in_(everybody[start : start + _PART]),
                    Consent.purpose == purpose,
                    Consent.withdrawn_at.is_(None),
                    _on(scope_id),
                )
            )
        )
    return found


def purposes_agreed(person_id: int, scope_id: int | None) -> set[ConsentPurpose]:
    """Everything a person agrees to on exactly this scope, in one SELECT."""
    return set(
        db.session.scalars(
            select(Consent.purpose).where(
                Consent.person_id == person_id, Consent.withdrawn_at.is_(None), _on(scope_id)
            )
        )
    )


def live_consent(
    person_id: int, purpose: ConsentPurpose, scope_id: int | None
) -> tuple[Consent, ConsentText] | None:
    """The consent in force and the words agreed to, or None."""
    row = db.session.execute(
        select(Consent, ConsentText)
        .join(ConsentText, ConsentText.id == Consent.text_id)
        .where(
            Consent.person_id == person_id,
            Consent.purpose == purpose,
            Consent.withdrawn_at.is_(None),
            _on(scope_id),
        )
        .order_by(Consent.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """A consent as the account page shows it."""

    consent: Consent
    text: ConsentText


def own_consents(person_id: int) -> list[OwnConsent]:
    """Everything a person has agreed to, in force first, newest first."""
    rows = db.session.execute(
        select(Consent, ConsentText)
        .join(ConsentText, ConsentText.id == Consent.text_id)
        .where(Consent.person_id == person_id)
        .order_by(Consent.withdrawn_at.is_not(None), Consent.given_at.desc(), Consent.id.desc())
    )
    return [OwnConsent(row[0], row[1]) for row in rows]


def own_consent(person_id: int, public_id: str) -> Consent | None:
    """One of a person's own consents that is in force."""
    return db.session.scalar(
        select(Consent).where(
            Consent.public_id == public_id,
            Consent.person_id == person_id,
            Consent.withdrawn_at.is_(None),
        )
    )
