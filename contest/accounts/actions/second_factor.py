"""The second factor: six digits that change every half minute, and codes for a lost phone."""

import hmac
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import delete, insert, or_, update

from contest.accounts import letters
from contest.accounts.actions.signing_in import (
    SignedIn,
    check_delay,
    end_other_sign_ins,
    forget_failures,
    open_sign_in,
    record_failure,
)
from contest.accounts.models import Person, RecoveryCode, SignIn, SignInChallenge
from contest.accounts.queries.sign_ins import live_challenge
from contest.accounts.refusals import WrongCode, WrongSecondFactor
from contest.accounts.rules import code_digest, failure_key, new_code, print_code
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.sealing import seal, unseal

RECOVERY_CODES: Final = 10
_STEP_SECONDS: Final = 30
_DRIFT: Final = (0, -1, 1)
_DIGITS: Final = 6
_ISSUER: Final = "Gương Sáng"
_PURPOSE: Final = "second factor"


def prepare_second_factor(*, person: Person) -> str:
    """The secret that a phone has to learn; it counts only once a code has confirmed it.

    The table keeps it sealed.
    """
    secret = _secret_of(person)
    if secret is None or person.totp_confirmed_at is not None:
        secret = pyotp.random_base32()
        person.totp_secret = seal(secret, purpose=_PURPOSE)
        person.totp_confirmed_at = None
        db.session.flush()
    return secret


def _secret_of(person: Person) -> str | None:
    return unseal(person.totp_secret, purpose=_PURPOSE)


def key_to_type(*, person: Person) -> str:
    """The secret for a phone that cannot read the QR code, in groups of four letters."""
    secret = _secret_of(person) or ""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def enrolment_address(*, person: Person) -> str:
    """What the QR code holds, for the app on the phone."""
    name = person.email or person.phone or person.full_name
    secret = _secret_of(person) or ""
    return str(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER))


def _use_digits(person: Person, typed: str, now: datetime) -> bool:
    """Claim the step that the digits belong to; each step is good for one sign-in only."""
    digits = "".join(typed.split())
    secret = _secret_of(person)
    if secret is None or len(digits) != _DIGITS or not digits.isdecimal():
        return False
    clock = int(now.timestamp()) // _STEP_SECONDS
    generator = pyotp.TOTP(secret)
    for drift in _DRIFT:
        expected = generator.generate_otp(clock + drift)
        if hmac.compare_digest(expected.encode(), digits.encode()):
            return _claim_step(person, clock + drift)
    return False


def _claim_step(person: Person, step: int) -> bool:
    claimed = db.session.execute(
        update(Person)
        .where(
            Person.id == person.id,
            or_(Person.totp_last_counter.is_(None), Person.totp_last_counter < step),
        )
        .values(totp_last_counter=step)
    )
    return bool(claimed.rowcount)  # type: ignore[attr-defined]


def _use_recovery_code(person: Person, typed: str, now: datetime) -> bool:
    used = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.code_hash == code_digest(typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return bool(used.rowcount)  # type: ignore[attr-defined]


def turn_on_second_factor(*, person: Person, digits: str, actor: Actor, now: datetime) -> list[str]:
    """Confirm that the phone knows the secret; returns recovery codes, shown this once.

    The device in hand counts as confirmed, all others are signed out.

    Raises:
        WrongSecondFactor: the digits do not come from this secret, or were used.
    """
    if person.totp_confirmed_at is not None or not _use_digits(person, digits, now):
        raise WrongSecondFactor
    person.totp_confirmed_at = now
    db.session.execute(
        update(SignIn).where(SignIn.id == actor.sign_in_id).values(second_factor_at=now)
    )
    end_other_sign_ins(person=person, keep_id=actor.sign_in_id, actor=actor, now=now)
    codes = renew_recovery_codes(person=person, actor=actor, now=now)
    audit.record("accounts.second_factor_on", actor=actor, now=now, subject=("person", person.id))
    letters.send_second_factor_changed(person=person, is_on=True, now=now)
    return codes


def renew_recovery_codes(*, person: Person, actor: Actor, now: datetime) -> list[str]:
    """Ten new codes for a lost phone; the old ones stop working. Shown this once."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = [print_code(new_code()) for _ in range(RECOVERY_CODES)]
    db.session.execute(
        insert(RecoveryCode),
        [{"person_id": person.id, "code_hash": code_digest(code)} for code in codes],
    )
    audit.record(
        "accounts.recovery_codes_renewed", actor=actor, now=now, subject=("person", person.id)
    )
    return codes


def turn_off_second_factor(*, person: Person, actor: Actor, now: datetime) -> None:
    """Sign in by password alone again; the caller has asked for the password."""
    person.totp_secret = None
    person.totp_confirmed_at = None
    person.totp_last_counter = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    db.session.flush()
    audit.record("accounts.second_factor_off", actor=actor, now=now, subject=("person", person.id))
    letters.send_second_factor_changed(person=person, is_on=False, now=now)


def confirm_sign_in(
    *, token: str, typed: str, device: str, address: str, now: datetime
) -> SignedIn:
    """Finish a sign-in with six digits or a recovery code.

    Args:
        token: of the challenge that the right password gave.
        typed: digits or recovery code.
        device: what the browser says it is.
        address: network address of the device.
        now: the instant of the request.

    Raises:
        WrongCode: the challenge is over; sign in again.
        TooManyTries: too soon after wrong tries.
        WrongSecondFactor: not right, or used before.
    """
    challenge = live_challenge(token, now)
    if challenge is None:
        raise WrongCode
    person = challenge.person
    account = failure_key("second", person.public_id)
    check_delay(account=account, address=address, now=now)
    if not (_use_digits(person, typed, now) or _use_recovery_code(person, typed, now)):
        record_failure(account=account, address=address, now=now)
        raise WrongSecondFactor
    _claim_challenge(challenge, now)
    forget_failures(account=account)
    opened = open_sign_in(
        person=person, device=device, address=address, now=now, second_factor=True
    )
    return SignedIn(opened, person, needs_second_factor=False)


def _claim_challenge(challenge: SignInChallenge, now: datetime) -> None:
    claimed = db.session.execute(
        update(SignInChallenge)
        .where(SignInChallenge.id == challenge.id, SignInChallenge.used_at.is_(None))
        .values(used_at=now)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        raise WrongCode
