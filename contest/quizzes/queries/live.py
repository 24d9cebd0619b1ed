"""The live view: counting for the pulse, and reading what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import case, func, select

from contest.contests.models import Contest, ContestKind, Entry, Registration, Round, Stage
from contest.core.db import db
from contest.core.mail import Channel, Mail
from contest.core.paging import Page, paginate
from contest.quizzes.models import (
    Attempt,
    BoardShown,
    LedgerLine,
    PublicBoard,
    QuizRound,
    RoundPulse,
    SaveMeter,
    UnitPulse,
)
from contest.quizzes.rules.live import error_share

_SETTLED: Final = timedelta(seconds=60)
_MINUTE: Final = timedelta(minutes=1)
_LATEST: Final = 40
LINGERS: Final = timedelta(minutes=10)
"""So long after its close a round is still counted: attempts end, late starts go on."""


def rounds_alive(now: datetime) -> Sequence[Round]:
    """Quiz rounds that are open, or closed a few minutes ago."""
    return db.session.scalars(
        select(Round)
        .join(QuizRound, QuizRound.round_id == Round.id)
        .where(
            Round.kind == ContestKind.QUIZ,
            (Round.stage == Stage.OPEN)
            | ((Round.stage == Stage.CLOSED) & (Round.closed_at > now - LINGERS)),
        )
        .order_by(Round.id)
    ).all()


def last_pulse(round_id: int) -> RoundPulse | None:
    """The latest counters of a round."""
    return db.session.scalar(
        select(RoundPulse)
        .where(RoundPulse.round_id == round_id)
        .order_by(RoundPulse.at.desc())
        .limit(1)
    )


def counted_pulse(round_id: int, before: RoundPulse | None, now: datetime) -> dict[str, Any]:
    """The values of a new pulse; attempts older than a minute at the last one are not read again.

    An attempt with a lower id may commit later than one with a higher; a minute is longer than any
    transaction, so that nothing slips below the base.
    """
    base_id, started, persons = 0, 0, 0
    if before is not None:
        base_id, started, persons = before.base_id, before.base_started, before.base_persons
    is_first, is_old = Attempt.ordinal == 1, Attempt.started_at < now - _SETTLED
    row = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((is_first, 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_old, 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_first & is_old, 1), else_=0)), 0),
            func.max(case((is_old, Attempt.id))),
        ).where(Attempt.round_id == round_id, Attempt.id > base_id)
    ).one()
    return {
        "round_id": round_id,
        "at": now,
        "open_attempts": _open(round_id),
        "started": started + row[0],
        "persons": persons + row[1],
        "saves": _saves(round_id, now),
        "base_id": base_id if row[4] is None else row[4],
        "base_started": started + row[2] if row[4] is not None else started,
        "base_persons": persons + row[3] if row[4] is not None else persons,
    }


def _open(round_id: int) -> int:
    return int(
        db.session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(Attempt.round_id == round_id, Attempt.submitted_at.is_(None))
        )
        or 0
    )


def _saves(round_id: int, now: datetime) -> int:
    """Answers of the last minute, of attempts that are open or ended in it."""
    total = 0
    for ended in (Attempt.submitted_at.is_(None), Attempt.submitted_at > now - _MINUTE):
        total += int(
            db.session.scalar(
                select(func.count())
                .select_from(Attempt)
                .join(
                    LedgerLine,
                    (LedgerLine.round_id == Attempt.round_id)
                    & (LedgerLine.attempt_id == Attempt.id),
                )
                .where(Attempt.round_id == round_id, ended, LedgerLine.received_at > now - _MINUTE)
            )
            or 0
        )
    return total


def counted_units(round_id: int, contest_id: int, now: datetime) -> list[dict[str, Any]]:
    """Registered people and those who have begun, by unit; people without a unit stand apart."""
    unit = func.coalesce(Registration.unit_id, 0)
    rows = db.session.execute(
        select(
            unit,
            func.max(Registration.unit_path),
            func.count(),
            func.count(Attempt.id),
        )
        .select_from(Registration)
        .join(Entry, (Entry.registration_id == Registration.id) & (Entry.ordinal == 1))
        .outerjoin(
            Attempt,
            (Attempt.entry_id == Entry.id)
            & (Attempt.round_id == round_id)
            & (Attempt.ordinal == 1),
        )
        .where(Registration.contest_id == contest_id, Registration.withdrawn_at.is_(None))
        .group_by(unit)
        .order_by(unit)
    )
    return [
        {
            "round_id": round_id,
            "unit_id": unit_id,
            "unit_path": path or "",
            "registered": registered,
            "persons": persons,
            "counted_at": now,
        }
        for unit_id, path, registered, persons in rows
    ]


def units_counted_at(round_id: int) -> datetime | None:
    """When the units of a round were last counted."""
    return db.session.scalar(
        select(UnitPulse.counted_at).where(UnitPulse.round_id == round_id).limit(1)
    )


def busiest_units(round_id: int, most: int) -> list[UnitPulse]:
    """The units with the most people in a round."""
    return list(
        db.session.scalars(
            select(UnitPulse)
            .where(UnitPulse.round_id == round_id, UnitPulse.persons > 0, UnitPulse.unit_id > 0)
            .order_by(UnitPulse.persons.desc(), UnitPulse.unit_path)
            .limit(most)
        )
    )


@dataclass(frozen=True, slots=True)
class LiveView:
    """What organisers watch, read from counters alone.

    `line` holds the latest pulses, oldest first, for the picture; `error_share` is of the saves of
    the last minutes on all workers, None while nobody saves.
    """

    latest: RoundPulse
    line: tuple[RoundPulse, ...]
    units_all: int
    units_silent: int
    error_share: float | None
    refused: int

    @property
    def saves_per_second(self) -> float:
        """Answers a second, over the last minute."""
        return self.latest.saves / 60

    @property
    def submitted(self) -> int:
        """Attempts that have ended."""
        return self.latest.started - self.latest.open_attempts


def live_view(round_id: int, now: datetime) -> LiveView | None:
    """The counters of a round in three statements, however many people take part; or None."""
    pulses = db.session.scalars(
        select(RoundPulse)
        .where(RoundPulse.round_id == round_id)
        .order_by(RoundPulse.at.desc())
        .limit(_LATEST)
    ).all()
    if not pulses:
        return None
    units = db.session.execute(
        select(
            func.count(), func.coalesce(func.sum(case((UnitPulse.persons == 0, 1), else_=0)), 0)
        ).where(UnitPulse.round_id == round_id, UnitPulse.unit_id > 0)
    ).one()
    sums = db.session.execute(
        select(
            *(
                func.coalesce(func.sum(column), 0)
                for column in (SaveMeter.received, SaveMeter.refused, SaveMeter.failed)
            )
        ).where(SaveMeter.at > now - 5 * _MINUTE)
    ).one()
    return LiveView(
        latest=pulses[0],
        line=tuple(reversed(pulses)),
        units_all=units[0],
        units_silent=units[1],
        error_share=error_share(sums[0], sums[1], sums[2]),
        refused=sums[1],
    )


@dataclass(frozen=True, slots=True)
class Reminded:
    """Reminders of a round before its close: how many were written, left, went to a phone."""

    written: int
    sent: int
    by_text: int


def reminded(round_id: int) -> Reminded:
    """What became of a round's reminders, as far as letters are still kept."""
    row = db.session.execute(
        select(
            func.count(),
            func.count(Mail.sent_at),
            func.coalesce(func.sum(case((Mail.channel == Channel.TEXT, 1), else_=0)), 0),
        ).where(Mail.key.startswith(f"reminder-{round_id}-"))
    ).one()
    return Reminded(*row)


def silent_units(round_id: int, page: int) -> Page[UnitPulse]:
    """Units of which nobody has begun, those with the most registered people first."""
    return paginate(
        select(UnitPulse)
        .where(UnitPulse.round_id == round_id, UnitPulse.persons == 0, UnitPulse.unit_id > 0)
        .order_by(UnitPulse.registered.desc(), UnitPulse.unit_path),
        page=page,
    )


@dataclass(frozen=True, slots=True)
class BoardPlace:
    """A round of an announced contest, as far as its board looks at it."""

    contest_slug: str
    contest_title: str
    round_id: int
    number: int
    title: str
    stage: Stage
    closes_at: datetime | None
    shown: BoardShown
    freeze_minutes: int


def board_place(slug: str, number: int) -> BoardPlace | None:
    """Where a public board stands; nothing about who takes part is read."""
    row = db.session.execute(
        select(
            Contest.slug,
            Contest.title,
            Round.id,
            Round.number,
            Round.title,
            Round.stage,
            Round.closes_at,
            QuizRound.board_shown,
            QuizRound.board_freeze_minutes,
        )
        .join(Round, Round.contest_id == Contest.id)
        .join(QuizRound, QuizRound.round_id == Round.id)
        .where(
            Contest.slug == slug,
            Contest.announced_at.is_not(None),
            Round.number == number,
            Round.annulled_at.is_(None),
        )
    ).one_or_none()
    return None if row is None else BoardPlace(*row)


def stored_board(round_id: int) -> PublicBoard | None:
    """What the board of a round shows."""
    return db.session.get(PublicBoard, round_id)
