"""Attempts as their owner sees them, and what a start depends on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Integer,
    String,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from contest.contests.models import Contest, Entry, Round
from contest.contests.rules import ids_of_path
from contest.core.db import db
from contest.quizzes.models import (
    Attempt,
    ExtraTime,
    LedgerLine,
    MovedWindow,
    QuestionReport,
)
from contest.quizzes.queries.sittings import Sitting
from contest.quizzes.rules.answers import Answer, fold
from contest.quizzes.rules.timing import AttemptPhase, Held, phase_at
from question_bank.queries import revisions


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt without its paper: what a start and the list of attempts look at."""

    id: int
    public_id: str
    ordinal: int
    writer: int
    deadline_at: datetime
    grace_until: datetime
    submitted_at: datetime | None
    started_at: datetime

    def phase(self, now: datetime) -> AttemptPhase:
        """Where it stands at an instant."""
        return phase_at(self.submitted_at, self.deadline_at, self.grace_until, now)

    def is_running(self, now: datetime) -> bool:
        """Whether its owner can still answer."""
        return self.phase(now) in {AttemptPhase.RUNNING, AttemptPhase.GRACE}

    @property
    def held(self) -> Held:
        """What the next start looks at."""
        return Held(self.started_at, self.submitted_at)


@dataclass(frozen=True, slots=True)
class OwnAttempt:
    """A person's own attempt, as far as opening it elsewhere and handing it in look at it."""

    line: AttemptLine
    round_number: int
    scope_id: int


_public_id: Final = bindparam("public_id", type_=String)
_person_id: Final = bindparam("person_id", type_=Integer)
_attempt_id: Final = bindparam("attempt_id", type_=BigInteger)
_round_id: Final = bindparam("round_id", type_=Integer)
_entry_id: Final = bindparam("entry_id", type_=Integer)
_IS_OWN: Final = (Attempt.public_id == _public_id, Attempt.person_id == _person_id)
LINE: Final = (
    Attempt.id,
    Attempt.public_id,
    Attempt.ordinal,
    Attempt.writer,
    Attempt.deadline_at,
    Attempt.grace_until,
    Attempt.submitted_at,
    Attempt.started_at,
)
_OWN_ATTEMPT: Final = (
    select(*LINE, Round.number, Contest.scope_id)
    .join(Round, Round.id == Attempt.round_id)
    .join(Contest, Contest.id == Round.contest_id)
    .where(*_IS_OWN)
)
_OF_ENTRY: Final = (
    select(*LINE)
    .where(Attempt.round_id == _round_id, Attempt.entry_id == _entry_id)
    .order_by(Attempt.ordinal)
)
_LEDGER: Final = (
    select(LedgerLine.slot, LedgerLine.answer, LedgerLine.epoch, LedgerLine.sequence)
    .add_columns(LedgerLine.received_at)
    .where(LedgerLine.round_id == _round_id, LedgerLine.attempt_id == _attempt_id)
    .order_by(LedgerLine.epoch, LedgerLine.sequence)
)
_PAPERS: Final = (
    select(Attempt.paper)
    .join(Round, Round.id == Attempt.round_id)
    .where(
        Attempt.person_id == _person_id,
        Round.contest_id == bindparam("contest_id", type_=Integer),
    )
)


def own_attempt(person_id: int, public_id: str) -> OwnAttempt | None:
    """An attempt of this person without its paper, or None."""
    row: Sequence[Any] | None = (
        db.session.connection()
        .execute(_OWN_ATTEMPT, {"public_id": public_id, "person_id": person_id})
        .one_or_none()
    )
    if row is None:
        return None
    return OwnAttempt(AttemptLine(*row[: len(LINE)]), *row[len(LINE) :])


def attempts_of(person_id: int, round_id: int) -> list[Attempt]:
    """A person's attempts in a round, in order."""
    return list(
        db.session.scalars(
            select(Attempt)
            .where(Attempt.round_id == round_id, Attempt.person_id == person_id)
            .order_by(Attempt.ordinal)
        )
    )


def attempts_of_entry(entry_id: int, round_id: int) -> tuple[AttemptLine, ...]:
    """An entry's attempts in a round, in order."""
    rows = db.session.execute(_OF_ENTRY, {"round_id": round_id, "entry_id": entry_id})
    return tuple(AttemptLine(*row) for row in rows)


def entry_of(registration_id: int) -> Entry | None:
    """The entry with which a registration competes in quizzes."""
    return db.session.scalar(
        select(Entry).where(Entry.registration_id == registration_id, Entry.ordinal == 1)
    )


def decided_for(round_id: int, entry_id: int, unit_ids: str) -> tuple[timedelta, datetime | None]:
    """What recorded decisions give an entry: extra time, summed, and where its close was moved.

    `unit_ids` are the registration's units as they were, "/12/5/1/"; decisions about an entry and
    about any of its units reach it. Of moved closes the latest decision holds.
    """
    units = list(ids_of_path(unit_ids))
    seconds = (
        select(func.coalesce(func.sum(ExtraTime.seconds), 0))
        .where(
            ExtraTime.round_id == round_id,
            or_(ExtraTime.entry_id == entry_id, ExtraTime.unit_id.in_(units)),
        )
        .scalar_subquery()
    )
    moved = (
        select(MovedWindow.closes_at)
        .where(
            MovedWindow.round_id == round_id,
            or_(MovedWindow.entry_id == entry_id, MovedWindow.unit_id.in_(units)),
        )
        .order_by(MovedWindow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    extra, closes_at = db.session.execute(select(seconds, moved)).one()
    return timedelta(seconds=int(extra)), closes_at


def seen_questions(person_id: int, contest_id: int) -> frozenset[int]:
    """Questions that stood in this person's earlier papers of a contest."""
    papers = db.session.scalars(_PAPERS, {"person_id": person_id, "contest_id": contest_id}).all()
    met = {slot["r"] for paper in papers for slot in paper if "r" in slot}
    return frozenset(each.question_id for each in revisions(met).values())


_OF_ATTEMPTS: Final = (
    LedgerLine.round_id.in_(bindparam("round_ids", expanding=True)),
    LedgerLine.attempt_id.in_(bindparam("attempt_ids", expanding=True)),
)
_AS_RECEIVED: Final = (LedgerLine.epoch, LedgerLine.sequence)
_LEDGERS: Final = (
    select(LedgerLine.attempt_id, LedgerLine.slot, LedgerLine.answer)
    .where(*_OF_ATTEMPTS)
    .order_by(LedgerLine.attempt_id, *_AS_RECEIVED)
)
# One row an attempt: twenty cost Python three times what the database needs to join them.
_JOINED_LEDGERS: Final = (
    select(
        LedgerLine.attempt_id,
        func.array_agg(aggregate_order_by(LedgerLine.slot, *_AS_RECEIVED)),
        func.array_agg(aggregate_order_by(LedgerLine.answer, *_AS_RECEIVED)),
    )
    .where(*_OF_ATTEMPTS)
    .group_by(LedgerLine.attempt_id)
)


def ledgers(attempt_ids: Sequence[int], round_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """The last saved answer by slot of many attempts, as the ledger keeps it."""
    which = {"round_ids": list(round_ids), "attempt_ids": list(attempt_ids)}
    found: dict[int, dict[int, str]] = {each: {} for each in attempt_ids}
    connection = db.session.connection()
    if connection.dialect.name == "postgresql" and len(attempt_ids) > 1:
        for attempt_id, slots, texts in connection.execute(_JOINED_LEDGERS, which).all():
            found[attempt_id] = dict(zip(slots, texts, strict=True))
        return found
    for attempt_id, slot, answer in connection.execute(_LEDGERS, which).all():
        found[attempt_id][slot] = answer
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """What stands in an attempt's ledger now.

    `reached` is the last slot for which anything was received; where there is no way back, the
    page stands there.
    """

    answers: dict[int, Answer]
    last_received_at: datetime | None
    last_sequence: int
    reached: int


def progress(sitting: Sitting) -> Progress:
    """The answers received so far (the prediction in the last slot), and the latest save."""
    rows = (
        db.session.connection()
        .execute(_LEDGER, {"round_id": sitting.round_id, "attempt_id": sitting.id})
        .all()
    )
    return Progress(
        fold((row.slot, row.answer) for row in rows),
        max((row.received_at for row in rows), default=None),
        max((row.sequence for row in rows if row.epoch == sitting.writer), default=0),
        max((row.slot for row in rows), default=0),
    )


def reported_slots(attempt_id: int) -> dict[int, QuestionReport]:
    """A person's reports of questions of one attempt, by slot."""
    rows = db.session.scalars(select(QuestionReport).where(QuestionReport.attempt_id == attempt_id))
    return {report.slot: report for report in rows}
