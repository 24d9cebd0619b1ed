"""The waiting room: when a round holds as many open attempts as it may, people begin by arrival."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Update, delete, func, select, update

from contest.core.clock import micros
from contest.core.db import db, insert_once
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.core.transactions import record_apart
from contest.quizzes.models import Attempt, WaitingPlace

PATIENCE: Final = timedelta(minutes=2)
"""Who has not looked for so long is passed by, and keeps the time of their arrival."""


class MustWait(RuleBroken):
    """The round holds as many open attempts as it may, or others came first."""

    message = _l("Very many people are in the quiz right now; you have a place in the queue.")


@dataclass(frozen=True, slots=True)
class Queued:
    """A place in the queue: `ahead` people begin before, of `waiting` who wait.

    `latest_at` is when the turn comes if everybody uses the whole time; None when it has come.
    `ticket` is signed: it tells place and arrival in a form that only this server can have made.
    """

    ahead: int
    waiting: int
    arrived_at: datetime
    may_begin: bool
    ticket: str
    latest_at: datetime | None


def check_turn(*, round_id: int, entry_id: int, most_open: int, now: datetime) -> None:
    """Let an entry begin when it is its turn.

    Two starts at the same moment on PostgreSQL may both be let in: the number can be passed by as
    many as there are server threads.

    Raises:
        MustWait: it is not.
    """
    free = most_open - _open_attempts(round_id, most_open)
    arrived_at = _arrived_at(round_id, entry_id)
    if free <= 0 or _ahead(round_id, entry_id, arrived_at, now) >= free:
        raise MustWait
    db.session.execute(
        delete(WaitingPlace).where(
            WaitingPlace.round_id == round_id, WaitingPlace.entry_id == entry_id
        )
    )


def take_place(*, round_id: int, entry_id: int, now: datetime) -> None:
    """Stand in the queue; who stands there already keeps the time of their arrival."""
    db.session.execute(
        insert_once(WaitingPlace.__table__, db.engine.dialect.name)
        .values(round_id=round_id, entry_id=entry_id, arrived_at=now, seen_at=now)
        .on_conflict_do_update(index_elements=["round_id", "entry_id"], set_={"seen_at": now})
    )


def _seen(round_id: int, entry_id: int, now: datetime) -> Update:
    return (
        update(WaitingPlace)
        .where(WaitingPlace.round_id == round_id, WaitingPlace.entry_id == entry_id)
        .values(seen_at=now)
    )


def look_again(*, round_id: int, entry_id: int, now: datetime) -> None:
    """Keep that somebody still waits, in a unit of its own: the page is asked for by GET."""

    def write(connection: Connection) -> None:
        connection.execute(_seen(round_id, entry_id, now))

    record_apart(write)


def place_of(
    *,
    round_id: int,
    entry_id: int,
    most_open: int,
    limit: timedelta,
    secret: str,
    now: datetime,
) -> Queued | None:
    """Where an entry stands in the queue, or None.

    Args:
        round_id: of the round.
        entry_id: who waits.
        most_open: how many open attempts the round may hold.
        limit: the time of an attempt.
        secret: with which tickets are signed.
        now: the instant of the request.
    """
    arrived_at = _arrived_at(round_id, entry_id)
    if arrived_at is None:
        return None
    ahead = _ahead(round_id, entry_id, arrived_at, now)
    free = most_open - _open_attempts(round_id, most_open)
    may_begin = ahead < free
    return Queued(
        ahead=ahead,
        waiting=_waiting(round_id, now),
        arrived_at=arrived_at,
        may_begin=may_begin,
        ticket=ticket_of(secret, round_id, entry_id, arrived_at),
        latest_at=None if may_begin else _latest(round_id, ahead - max(free, 0), most_open, limit),
    )


def ticket_of(secret: str, round_id: int, entry_id: int, arrived_at: datetime) -> str:
    """The signed ticket of a place, like 7F3A-09BC-55D1: an HMAC over round, entry and arrival."""
    words = f"{round_id}:{entry_id}:{micros(arrived_at)}".encode()
    found = hmac.digest(secret.encode(), b"quiz-ticket:" + words, hashlib.sha256).hex()[:12].upper()
    return f"{found[:4]}-{found[4:8]}-{found[8:]}"


def _open_attempts(round_id: int, most: int) -> int:
    """Open attempts of a round, counted no further than `most`, from the partial index."""
    some = (
        select(Attempt.id)
        .where(Attempt.round_id == round_id, Attempt.submitted_at.is_(None))
        .limit(most)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _latest(round_id: int, before: int, most_open: int, limit: timedelta) -> datetime | None:
    """When the place after `before` others becomes free if nobody hands in before the end.

    The open attempts end one after another; who begins then ends a whole time later.
    """
    turn, place = divmod(before, most_open)
    ends = db.session.scalar(
        select(Attempt.grace_until)
        .where(Attempt.round_id == round_id, Attempt.submitted_at.is_(None))
        .order_by(Attempt.grace_until)
        .offset(place)
        .limit(1)
    )
    return None if ends is None else ends + turn * limit


def _arrived_at(round_id: int, entry_id: int) -> datetime | None:
    """When an entry came to the queue; None for a newcomer."""
    return db.session.scalar(
        select(WaitingPlace.arrived_at).where(
            WaitingPlace.round_id == round_id, WaitingPlace.entry_id == entry_id
        )
    )


def _ahead(round_id: int, entry_id: int, arrived_at: datetime | None, now: datetime) -> int:
    """Who waits, looked lately, and arrived before this entry; for a newcomer everybody."""
    if arrived_at is None:
        return _waiting(round_id, now)
    earlier = (WaitingPlace.arrived_at < arrived_at) | (
        (WaitingPlace.arrived_at == arrived_at) & (WaitingPlace.entry_id < entry_id)
    )
    return (
        db.session.scalar(
            select(func.count())
            .select_from(WaitingPlace)
            .where(
                WaitingPlace.round_id == round_id, WaitingPlace.seen_at > now - PATIENCE, earlier
            )
        )
        or 0
    )


def _waiting(round_id: int, now: datetime) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(WaitingPlace)
            .where(WaitingPlace.round_id == round_id, WaitingPlace.seen_at > now - PATIENCE)
        )
        or 0
    )
