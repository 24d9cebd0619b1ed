"""Signing in and out, with the growing delay and the second factor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import Connection, Integer, Table, bindparam, case, delete, exists, insert, update

from contest.accounts.models import Grant, Person, SignIn, SignInChallenge, SignInFailure
from contest.accounts.queries.sign_ins import failures_by_key, person_and_known_address
from contest.accounts.refusals import TooManyTries, WrongCredentials
from contest.accounts.rules import (
    failure_key,
    hash_password,
    needs_rehash,
    new_token,
    password_matches,
    read_identifier,
    remaining_delay,
    sign_in_ends,
    token_digest,
)
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import UtcInstant, db
from contest.core.transactions import record_apart

CHALLENGE_LASTS: Final = timedelta(minutes=10)
_NO_WAIT: Final = timedelta()
_SIGN_IN: Final = cast("Table", SignIn.__table__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The result of a right password.

    Attributes:
        token: of the sign-in, or of the challenge while the second factor is missing.
        person: who it is.
        needs_second_factor: whether nobody is signed in yet.
    """

    token: str
    person: Person
    needs_second_factor: bool


def check_delay(*, account: str, address: str, now: datetime) -> bool:
    """Refuse a try that comes too soon after failed ones.

    Args:
        account: key of what is guessed, made by `failure_key`.
        address: network address of the device.
        now: the instant of the request.

    Returns:
        Whether the account has failures that still count.

    Raises:
        TooManyTries: says how long to wait.
    """
    address_key = failure_key("address", address)
    found = failures_by_key([account, address_key], now)
    wait = remaining_delay(found, account_key=account, address_key=address_key, now=now)
    if wait > _NO_WAIT:
        raise TooManyTries(wait)
    return account in found


def record_failure(*, account: str, address: str, now: datetime) -> None:
    """Count a failed try for both keys, apart: the request that failed is rolled back."""
    rows = [{"key": key, "failed_at": now} for key in (account, failure_key("address", address))]

    def write(connection: Connection) -> None:
        connection.execute(insert(SignInFailure), rows)

    record_apart(write)


def forget_failures(*, account: str) -> None:
    """Start counting anew for an account whose owner has come in."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.key == account))


def sign_in(
    *, identifier: str, password: str, device: str, address: str, now: datetime
) -> SignedIn:
    """Sign somebody in by phone number or e-mail address and password.

    The answer and its work are the same for an unknown account, an account without a password,
    a closed one and a wrong password.

    Args:
        identifier: as typed.
        password: as typed.
        device: what the browser says it is.
        address: network address of the device.
        now: the instant of the request.

    Raises:
        TooManyTries: too soon after failed tries; the password was not looked at.
        WrongCredentials: they do not belong together.
    """
    who = read_identifier(identifier)
    person, is_known_here = person_and_known_address(who, address)
    account = _account_key(who.value, address if is_known_here else None)
    has_failed = check_delay(account=account, address=address, now=now)
    usable = person is not None and person.disabled_at is None and person.merged_into_id is None
    kept = person.password_hash if person is not None and usable else None
    if not password_matches(kept, password) or person is None or kept is None:
        record_failure(account=account, address=address, now=now)
        raise WrongCredentials
    if has_failed:
        forget_failures(account=account)
    if needs_rehash(kept):
        person.password_hash = hash_password(password)
    if person.totp_confirmed_at is not None:
        return SignedIn(_challenge(person, now), person, needs_second_factor=True)
    token = open_sign_in(person=person, device=device, address=address, now=now)
    return SignedIn(token, person, needs_second_factor=False)


def _account_key(identifier: str, known_address: str | None) -> str:
    """Under which the failures of an account are counted.

    From an address that the owner has signed in from before they are counted apart, so that a
    stranger elsewhere who keeps guessing does not keep the owner waiting.
    """
    if known_address is not None:
        identifier = f"{identifier}@{known_address}"
    return failure_key("account", identifier)


def _challenge(person: Person, now: datetime) -> str:
    token = new_token()
    db.session.add(
        SignInChallenge(
            token_hash=token_digest(token),
            person_id=person.id,
            created_at=now,
            expires_at=now + CHALLENGE_LASTS,
        )
    )
    db.session.flush()
    return token


_is_staff: Final = exists().where(
    Grant.person_id == bindparam("holder_id", type_=Integer), Grant.ended_at.is_(None)
)
_OPEN: Final = (
    insert(_SIGN_IN)
    .values(
        expires_at=case(
            (_is_staff, bindparam("staff_ends_at", type_=UtcInstant)),
            else_=bindparam("ends_at", type_=UtcInstant),
        )
    )
    .returning(_SIGN_IN.c.id)
)


def open_sign_in(
    *,
    person: Person,
    device: str,
    address: str,
    now: datetime,
    second_factor: bool = False,
) -> str:
    """Sign a person in on a device; returns the cookie's token (the table keeps its digest)."""
    token = new_token()
    traces = {"device": device[:200], "address": address[:64]}
    values = {
        "token_hash": token_digest(token),
        "person_id": person.id,
        "holder_id": person.id,
        "created_at": now,
        "seen_at": now,
        "second_factor_at": now if second_factor else None,
        "ends_at": sign_in_ends(now, is_staff=False),
        "staff_ends_at": sign_in_ends(now, is_staff=True),
    }
    sign_in_id = db.session.connection().execute(_OPEN, {**values, **traces}).scalar_one()
    audit.record(
        "accounts.signed_in",
        actor=None,
        now=now,
        subject=("person", person.id),
        data={"sign_in": sign_in_id, "second_factor": second_factor},
        personal=traces,
    )
    return token


def end_sign_in(*, sign_in_id: int, actor: Actor, now: datetime) -> None:
    """End one of the actor's own sign-ins; ending one twice changes nothing."""
    ended = db.session.execute(
        update(SignIn)
        .where(
            SignIn.id == sign_in_id,
            SignIn.person_id == actor.person_id,
            SignIn.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    if ended.rowcount:  # type: ignore[attr-defined]
        audit.record(
            "accounts.signed_out",
            actor=actor,
            now=now,
            subject=("person", actor.person_id),
            data={"sign_in": sign_in_id},
        )


def end_other_sign_ins(
    *, person: Person, keep_id: int | None, actor: Actor | None, now: datetime
) -> int:
    """End every sign-in of a person but one; returns how many.

    Args:
        person: whose.
        keep_id: the one that stays; None ends all.
        actor: who asks; None when a code or a letter did.
        now: the instant of the request.
    """
    statement = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    if keep_id is not None:
        statement = statement.where(SignIn.id != keep_id)
    ended: int = db.session.execute(statement.values(ended_at=now)).rowcount  # type: ignore[attr-defined]
    if ended:
        audit.record(
            "accounts.other_sign_ins_ended",
            actor=actor,
            now=now,
            subject=("person", person.id),
            data={"count": ended},
        )
    return ended
