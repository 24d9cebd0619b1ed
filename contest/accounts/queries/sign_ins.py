"""Signed-in devices, failed tries and one-time codes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, String, and_, bindparam, exists, func, select, update

from contest.accounts.models import (
    Grant,
    OneTimeCode,
    Person,
    RecoveryCode,
    Scope,
    SignIn,
    SignInChallenge,
    SignInFailure,
)
from contest.accounts.rules import (
    FAILURE_WINDOW,
    Failures,
    Identifier,
    IdentifierKind,
    code_digest,
    token_digest,
)
from contest.accounts.rules.people import SEEN_EVERY
from contest.core.access import Actor, GrantLine
from contest.core.db import db
from contest.core.transactions import record_apart

_ACTOR: Final = (
    select(
        SignIn.id.label("sign_in_id"),
        SignIn.seen_at,
        SignIn.second_factor_at,
        Person.id.label("person_id"),
        Person.public_id,
        Person.full_name,
        Person.locale,
        Grant.role,
        Scope.path,
    )
    .select_from(SignIn)
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(Grant, and_(Grant.person_id == Person.id, Grant.ended_at.is_(None)))
    .outerjoin(Scope, Scope.id == Grant.scope_id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > bindparam("now", type_=SignIn.expires_at.type),
        Person.disabled_at.is_(None),
    )
    .order_by(Grant.id)
)


def load_actor(token: str, now: datetime) -> Actor | None:
    """Who is signed in with this token, from one SELECT; None when nobody is.

    Notes apart, at most every five minutes, that the device was seen.
    """
    found = db.session.connection().execute(_ACTOR, {"token_hash": token_digest(token), "now": now})
    rows = found.all()
    if not rows:
        return None
    first = rows[0]
    if now - first.seen_at > SEEN_EVERY:
        _note_seen(first.sign_in_id, now)
    return _actor(rows, token)


def _actor(rows: Collection[Any], token: str) -> Actor:
    first = next(iter(rows))
    return Actor(
        person_id=first.person_id,
        public_id=first.public_id,
        full_name=first.full_name,
        locale=first.locale,
        sign_in_id=first.sign_in_id,
        second_factor=first.second_factor_at is not None,
        grants=tuple(GrantLine(row.role, row.path) for row in rows if row.role is not None),
        token=token,
    )


def _note_seen(sign_in_id: int, now: datetime) -> None:
    def write(connection: Connection) -> None:
        connection.execute(
            update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at < now).values(seen_at=now)
        )

    record_apart(write)


_address: Final = bindparam("address", type_=String)
_BY_CONTACT: Final = {
    kind: select(
        Person,
        exists().where(
            SignIn.person_id == Person.id, SignIn.address == _address, SignIn.address != ""
        ),
    ).where(column == bindparam("contact", type_=String))
    for kind, column in (
        (IdentifierKind.PHONE, Person.phone),
        (IdentifierKind.EMAIL, Person.email),
    )
}
_FAILURES: Final = (
    select(SignInFailure.key, func.count(), func.max(SignInFailure.failed_at))
    .where(
        SignInFailure.key.in_(bindparam("keys", type_=String, expanding=True)),
        SignInFailure.failed_at > bindparam("since", type_=SignInFailure.failed_at.type),
    )
    .group_by(SignInFailure.key)
)


def person_and_known_address(who: Identifier, address: str) -> tuple[Person | None, bool]:
    """Who this is, and whether they have signed in from an address before; from one SELECT."""
    if who.kind not in _BY_CONTACT:
        return None, False
    values = {"contact": who.value, "address": address}
    row = db.session.execute(_BY_CONTACT[who.kind], values).one_or_none()
    return (None, False) if row is None else (row[0], bool(row[1]))


def failures_by_key(keys: Collection[str], now: datetime) -> dict[str, Failures]:
    """Failed tries inside the window, by key."""
    values = {"keys": list(keys), "since": now - FAILURE_WINDOW}
    rows = db.session.connection().execute(_FAILURES, values)
    return {key: Failures(count, last_at) for key, count, last_at in rows}


def live_sign_ins(person_id: int, now: datetime) -> list[SignIn]:
    """The devices a person is signed in on, last seen first."""
    return list(
        db.session.scalars(
            select(SignIn)
            .where(
                SignIn.person_id == person_id,
                SignIn.ended_at.is_(None),
                SignIn.expires_at > now,
            )
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        )
    )


def own_sign_in(person_id: int, public_id: str) -> SignIn | None:
    """One of a person's own devices that is still signed in."""
    return db.session.scalar(
        select(SignIn).where(
            SignIn.public_id == public_id,
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
        )
    )


def live_challenge(token: str, now: datetime) -> SignInChallenge | None:
    """A right password that waits for the second factor, or None."""
    return db.session.scalar(
        select(SignInChallenge).where(
            SignInChallenge.token_hash == token_digest(token),
            SignInChallenge.used_at.is_(None),
            SignInChallenge.expires_at > now,
        )
    )


def live_code(code: str, now: datetime) -> OneTimeCode | None:
    """A printed code that can still be used, however it was typed, or None."""
    return _live(code_digest(code), now)


def live_mail_token(token: str, now: datetime) -> OneTimeCode | None:
    """The right to choose a new password that a letter's link carries, or None."""
    return _live(token_digest(token), now)


def _live(digest: str, now: datetime) -> OneTimeCode | None:
    return db.session.scalar(
        select(OneTimeCode)
        .join(Person, Person.id == OneTimeCode.person_id)
        .where(
            OneTimeCode.code_hash == digest,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.withdrawn_at.is_(None),
            OneTimeCode.expires_at > now,
            Person.disabled_at.is_(None),
        )
    )


def unused_recovery_codes(person_id: int) -> int:
    """How many recovery codes a person has left."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )
