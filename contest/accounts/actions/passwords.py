"""Accounts created by their owners, and passwords: chosen, changed, forgotten."""

from collections.abc import Callable, Collection
from datetime import datetime

from contest.accounts import letters
from contest.accounts.actions.codes import CODE_LASTS, claim_code, withdraw_codes
from contest.accounts.actions.consents import record_consent
from contest.accounts.actions.people import contact_taken, create_person
from contest.accounts.actions.signing_in import (
    check_delay,
    end_other_sign_ins,
    forget_failures,
    record_failure,
)
from contest.accounts.models import CodePurpose, ConsentPurpose, OneTimeCode, Person, Unit
from contest.accounts.queries.people import grant_lines, person_by_identifier
from contest.accounts.queries.sign_ins import live_code, live_mail_token
from contest.accounts.refusals import ContactTaken, WrongCode, WrongPassword
from contest.accounts.rules import (
    Identifier,
    IdentifierKind,
    failure_key,
    hash_password,
    new_token,
    password_matches,
    read_identifier,
    token_digest,
)
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import PartialDate


def create_account(
    *,
    full_name: str,
    contact: Identifier,
    password: str,
    birth: PartialDate | None,
    unit: Unit | None,
    consents: Collection[ConsentPurpose],
    locale: str,
    reset_page: str,
    now: datetime,
) -> None:
    """Create the account of somebody who asks for it.

    Nothing is returned and nobody is signed in, so that the answer is the same when the phone
    number or the address has an account already: then nothing changes, and its owner gets a
    letter. The new owner proves the password by signing in.

    Args:
        full_name: one word is enough.
        contact: phone number or e-mail address.
        password: in clear.
        birth: as far as it is known.
        unit: where they belong.
        consents: what they agreed to, on the platform as a whole.
        locale: the language of the page.
        reset_page: full address of the page for a forgotten password, for the letter.
        now: the instant of the request.
    """
    password_hash = hash_password(password)  # before anything is known: it takes the longest
    owner = person_by_identifier(contact)
    if owner is not None:
        letters.send_already_registered(person=owner, link=reset_page, now=now)
        audit.record(
            "accounts.creation_met_account", actor=None, now=now, subject=("person", owner.id)
        )
        return
    person = create_person(
        full_name=full_name,
        phone=contact.value if contact.kind is IdentifierKind.PHONE else None,
        email=contact.value if contact.kind is IdentifierKind.EMAIL else None,
        birth=birth,
        unit=unit,
        password_hash=password_hash,
        locale=locale,
        actor=None,
        now=now,
    )
    for purpose in consents:
        record_consent(
            person=person, purpose=purpose, scope=None, channel="web", locale=locale, now=now
        )


def check_code(*, code: str, address: str, now: datetime) -> OneTimeCode:
    """Look at a typed code without using it.

    Args:
        code: as typed.
        address: network address of the device; wrong codes make it wait.
        now: the instant of the request.

    Raises:
        TooManyTries: too many wrong codes came from this address.
        WrongCode: it cannot be used.
    """
    account = failure_key("code-from", address)
    check_delay(account=account, address=address, now=now)
    found = live_code(code, now)
    if found is None or _is_for_staff(found):
        record_failure(account=account, address=address, now=now)
        raise WrongCode
    return found


def _is_for_staff(code: OneTimeCode) -> bool:
    """A new-password code whose owner has become staff since: it would give the role away."""
    return code.purpose is CodePurpose.RESET and bool(grant_lines(code.person_id))


def activate(
    *,
    code: str,
    phone: str | None,
    email: str | None,
    password: str,
    consents: Collection[ConsentPurpose],
    locale: str,
    address: str,
    now: datetime,
) -> Person:
    """Use an activation code: the person chooses how to sign in and a password.

    Args:
        code: as typed.
        phone: in E.164.
        email: any case.
        password: in clear.
        consents: what they agreed to.
        locale: the language of the page.
        address: network address of the device.
        now: the instant of the request.

    Raises:
        TooManyTries, WrongCode: the code cannot be used; of two uses at once, one succeeds.
        ContactTaken: the phone number or the address belongs to another account.
    """
    found = check_code(code=code, address=address, now=now)
    person = found.person
    if found.purpose is not CodePurpose.ACTIVATION or person.password_hash is not None:
        raise WrongCode
    if contact_taken(phone=phone, email=email, but=person.id):
        record_failure(account=failure_key("code-from", address), address=address, now=now)
        raise ContactTaken
    claim_code(code=found, now=now)
    person.phone = phone or person.phone
    person.email = email or person.email
    person.locale = locale
    _set_password(person, password, kind="accounts.activated", now=now)
    for purpose in consents:
        record_consent(
            person=person, purpose=purpose, scope=None, channel="web", locale=locale, now=now
        )
    return person


def reset_by_code(*, code: str, password: str, address: str, now: datetime) -> Person:
    """Use a code from a unit coordinator to choose a new password.

    Raises:
        TooManyTries, WrongCode: as in `activate`.
    """
    found = check_code(code=code, address=address, now=now)
    if found.purpose is not CodePurpose.RESET:
        raise WrongCode
    claim_code(code=found, now=now)
    _set_password(found.person, password, kind="accounts.password_reset_by_code", now=now)
    return found.person


def request_reset(*, identifier: str, reset_link: Callable[[str], str], now: datetime) -> None:
    """Send a link for a new password to the owner, when there is one with an e-mail address.

    The caller's answer is the same in every case.

    Args:
        identifier: phone number or e-mail address as typed.
        reset_link: makes the full address from the token.
        now: the instant of the request.
    """
    token = new_token()
    person = person_by_identifier(read_identifier(identifier))
    usable = person is not None and person.disabled_at is None and person.merged_into_id is None
    if person is None or not usable or not person.email:
        return
    until = now + CODE_LASTS[CodePurpose.MAIL_RESET]
    db.session.add(
        OneTimeCode(
            code_hash=token_digest(token),
            purpose=CodePurpose.MAIL_RESET,
            person_id=person.id,
            issued_at=now,
            expires_at=until,
        )
    )
    letters.send_reset_link(person=person, link=reset_link(token), until=until, now=now)
    audit.record("accounts.reset_requested", actor=None, now=now, subject=("person", person.id))


def reset_by_mail(*, token: str, password: str, now: datetime) -> Person:
    """Choose a new password with the link of a letter.

    Raises:
        WrongCode: the link was used, has expired or never existed.
    """
    found = live_mail_token(token, now)
    if found is None or found.purpose is not CodePurpose.MAIL_RESET:
        raise WrongCode
    claim_code(code=found, now=now)
    _set_password(found.person, password, kind="accounts.password_reset_by_mail", now=now)
    return found.person


def _set_password(person: Person, password: str, *, kind: str, now: datetime) -> None:
    """A new password without the old one: every device is signed out, every code ends."""
    person.password_hash = hash_password(password)
    db.session.flush()
    withdraw_codes(person=person, now=now)
    end_other_sign_ins(person=person, keep_id=None, actor=None, now=now)
    for contact in (person.phone, person.email):
        if contact:
            forget_failures(account=failure_key("account", contact))
    audit.record(kind, actor=None, now=now, subject=("person", person.id))
    if kind != "accounts.activated":
        letters.send_password_changed(person=person, now=now)


def change_password(
    *, person: Person, present: str, password: str, address: str, actor: Actor, now: datetime
) -> None:
    """Change one's own password; the device in hand stays signed in, all others do not.

    Raises:
        TooManyTries: too soon after wrong tries.
        WrongPassword: the present password was not right.
    """
    check_present_password(person=person, present=present, address=address, now=now)
    person.password_hash = hash_password(password)
    db.session.flush()
    withdraw_codes(person=person, now=now)
    end_other_sign_ins(person=person, keep_id=actor.sign_in_id, actor=actor, now=now)
    audit.record("accounts.password_changed", actor=actor, now=now, subject=("person", person.id))
    letters.send_password_changed(person=person, now=now)


def check_present_password(*, person: Person, present: str, address: str, now: datetime) -> None:
    """Ask for the password again before something dangerous.

    Raises:
        TooManyTries: too soon after wrong tries.
        WrongPassword: it was not right.
    """
    account = failure_key("own", person.public_id)
    check_delay(account=account, address=address, now=now)
    if not password_matches(person.password_hash, present):
        record_failure(account=account, address=address, now=now)
        raise WrongPassword
    forget_failures(account=account)
