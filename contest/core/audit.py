"""The record of what was done: events, and the sealer that chains them.

An action inserts its event in its own transaction, unchained: a chain there would make every
request wait for the one before. A job numbers committed events every few seconds and chains
their digests. The digest covers a salted hash of the personal part, so that erasing a person's
data does not break the chain.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ForeignKey, Index, String, Table, func, insert, null, select, update
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.access import Actor
from contest.core.clock import micros
from contest.core.db import Base, BigKey, JsonData, UtcInstant, db

FIRST_DIGEST: Final = "0" * 64
UNSEALED_LIMIT: Final = timedelta(minutes=1)
_BATCH: Final = 1_000


class AuditEvent(Base):
    """Something that was done: by whom, when, to what. `personal` may be erased later."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UtcInstant)
    kind: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[int | None]
    scope_id: Mapped[int | None]
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None] = mapped_column(BigKey)
    data: Mapped[dict[str, Any]] = mapped_column(JsonData)
    personal: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    personal_hash: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str] = mapped_column(String(32))

    __table_args__ = (
        Index("ix_audit_event_subject", "subject_kind", "subject_id"),
        Index("ix_audit_event_scope_id", "scope_id", "id"),
    )


class AuditSeal(Base):
    """The place of an event in the chain: its number and the digest up to it."""

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(BigKey, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcInstant)


_INSERT: Final = insert(cast("Table", AuditEvent.__table__))


_CANONICAL: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: the same bytes for the same content."""
    return _CANONICAL.encode(value).encode()


def sha256_hex(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _personal_hash(salt: str, personal: Mapping[str, Any] | None) -> str:
    return sha256_hex(salt.encode() + canonical_json(personal or {}))


def event_values(
    kind: str,
    *,
    actor: Actor | None,
    now: datetime,
    subject: tuple[str, int] | None = None,
    scope_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The columns of an event, for inserting many at once or apart from the session."""
    salt = secrets.token_hex(16)
    return {
        "happened_at": now,
        "kind": kind,
        "actor_id": None if actor is None else actor.person_id,
        "scope_id": scope_id,
        "subject_kind": subject[0] if subject else "",
        "subject_id": subject[1] if subject else None,
        "data": dict(data or {}),
        "personal": dict(personal) if personal else None,
        "personal_hash": _personal_hash(salt, personal),
        "salt": salt,
    }


def record(
    kind: str,
    *,
    actor: Actor | None,
    now: datetime,
    subject: tuple[str, int] | None = None,
    scope_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> None:
    """Write an event in the present transaction.

    Args:
        kind: room and verb, as "quizzes.attempt_submitted".
        actor: who did it; None for the server itself.
        now: the instant of the request.
        subject: table and key of what it was done to.
        scope_id: the scope whose staff may read the event.
        data: what else is needed to understand it; nothing about persons.
        personal: names, numbers, addresses; may be erased later without breaking the chain.
    """
    # Through the table, in the form that the driver prepares: an entity's way takes twice as long.
    db.session.flush()
    db.session.connection().execute(
        _INSERT,
        event_values(
            kind,
            actor=actor,
            now=now,
            subject=subject,
            scope_id=scope_id,
            data=data,
            personal=personal,
        ),
    )


def record_many(events: Iterable[dict[str, Any]]) -> None:
    """Write many events made by `event_values` in the present transaction."""
    rows = list(events)
    if rows:
        db.session.execute(insert(AuditEvent), rows)


def _link(previous: str, number: int, event: AuditEvent) -> str:
    return sha256_hex(
        canonical_json(
            {
                "previous": previous,
                "number": number,
                "id": event.id,
                "at": micros(event.happened_at),
                "kind": event.kind,
                "actor": event.actor_id,
                "scope": event.scope_id,
                "subject": [event.subject_kind, event.subject_id],
                "data": event.data,
                "personal": event.personal_hash,
            }
        )
    )


def forget_personal(subject_kind: str, subject_ids: Collection[int]) -> int:
    """Erase the personal part of all events about some subjects; the chain still holds.

    Returns:
        How many events had one.
    """
    erased: int = db.session.execute(
        update(AuditEvent)
        .where(
            AuditEvent.subject_kind == subject_kind,
            AuditEvent.subject_id.in_(subject_ids),
            AuditEvent.personal.is_not(None),
        )
        .values(personal=null())
    ).rowcount  # type: ignore[attr-defined]
    return erased


def head() -> str:
    """The digest at the end of the chain: it goes into every publication."""
    digest = db.session.scalar(select(AuditSeal.digest).order_by(AuditSeal.number.desc()).limit(1))
    return FIRST_DIGEST if digest is None else digest


def seal_events(*, now: datetime) -> int:
    """Number and chain the committed events that are not sealed yet.

    Events may be committed out of the order of their ids; they are sealed in the order in which
    the sealer finds them. Two sealers at once collide on the number, and one of them fails whole.

    Returns:
        How many were sealed (at most 1,000; call again while it returns that many).
    """
    last = db.session.execute(
        select(AuditSeal.number, AuditSeal.digest).order_by(AuditSeal.number.desc()).limit(1)
    ).first()
    number, digest = (0, FIRST_DIGEST) if last is None else (last.number, last.digest)
    waiting = db.session.scalars(
        select(AuditEvent)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.number.is_(None))
        .order_by(AuditEvent.id)
        .limit(_BATCH)
    ).all()
    for event in waiting:
        number += 1
        digest = _link(digest, number, event)
        db.session.add(AuditSeal(number=number, event_id=event.id, digest=digest, sealed_at=now))
    db.session.flush()
    return len(waiting)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the chain found.

    Attributes:
        events: sealed events.
        head: digest at the end.
        broken: numbers of seals whose digest or personal part does not agree.
        gaps: numbers that are missing.
        unsealed: events waiting for longer than a minute.
    """

    events: int
    head: str
    broken: list[int]
    gaps: list[int]
    unsealed: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, taken away or left unsealed."""
        return not (self.broken or self.gaps or self.unsealed)


def verify_chain(*, now: datetime) -> ChainReport:
    """Recompute the chain from the first event."""
    digest, expected, broken, gaps, count = FIRST_DIGEST, 0, [], [], 0
    rows: Iterable[Any] = db.session.execute(
        select(AuditSeal, AuditEvent)
        .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .order_by(AuditSeal.number)
        .execution_options(yield_per=_BATCH)
    )
    seal: AuditSeal
    event: AuditEvent | None
    for seal, event in rows:
        expected += 1
        while expected < seal.number:
            gaps.append(expected)
            expected += 1
        count += 1
        tampered = event is None or (
            event.personal is not None
            and event.personal_hash != _personal_hash(event.salt, event.personal)
        )
        if tampered or _link(digest, seal.number, event) != seal.digest:
            broken.append(seal.number)
        digest = seal.digest
    unsealed = db.session.scalar(
        select(func.count())
        .select_from(AuditEvent)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.number.is_(None), AuditEvent.happened_at < now - UNSEALED_LIMIT)
    )
    return ChainReport(count, digest, broken, gaps, unsealed or 0)
