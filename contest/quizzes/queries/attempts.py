"""Attempts as their owner sees them, and what a start depends on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Integer,
    ScalarSelect,
    String,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from contest.contests.models import Contest, Entry, Registration, Round, Stage
from contest.contests.rules import ids_of_path
from contest.core.db import db
from contest.quizzes.models import (
    Attempt,
    ClosedBy,
    ExtraTime,
    LedgerLine,
    MovedWindow,
    Pause,
    QuestionReport,
    QuizRound,
    ResultShown,
)
from contest.quizzes.rules.answers import Answer, Folded, fold
from contest.quizzes.rules.sections import (
    HeldSection,
    Present,
    Span,
    held_sections,
    present_at,
    read_spans,
)
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


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt with what its pages show around it, from one SELECT."""

    id: int
    public_id: str
    round_id: int
    entry_id: int
    ordinal: int
    paper: list[dict[str, Any]]
    writer: int
    one_way: bool | None
    sections: list[dict[str, int]] | None
    started_at: datetime
    deadline_at: datetime
    grace_until: datetime
    submitted_at: datetime | None
    closed_by: ClosedBy | None
    answers: dict[str, list[str]] | None
    answers_digest: str | None
    receipt_code: str | None
    points: Decimal | None
    max_points: Decimal | None
    correct_count: int | None
    question_count: int
    prediction: int | None
    working_ms: int | None
    dropped_count: int
    contest_slug: str
    contest_title: str
    contest_scope_id: int
    round_number: int
    round_title: str
    round_stage: Stage
    is_practice: bool
    opens_at: datetime | None
    closes_at: datetime | None
    marked_by: datetime | None
    published_by: datetime | None
    one_page: bool
    focus_recorded: bool
    prediction_asked: bool
    result_shown: ResultShown
    attempts_allowed: int | None
    grace_seconds: int
    annulled_at: datetime | None
    seed_digest: str | None
    registration_code: str
    full_name: str
    unit_path: str
    pause_from_at: datetime | None
    pause_until_at: datetime | None

    def clock_at(self, now: datetime) -> datetime:
        """What its clock counts from: the end of the pause while one is on, else `now`."""
        if self.pause_from_at is None or self.pause_until_at is None:
            return now
        return self.pause_until_at if self.pause_from_at <= now < self.pause_until_at else now

    @property
    def revision_ids(self) -> list[int]:
        """Pinned revisions in the paper's order, without the slot of the prediction."""
        return [slot["r"] for slot in self.paper if "r" in slot]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Its sections with a time limit of their own; empty where the paper is one whole."""
        return read_spans(self.sections)

    @property
    def held_sections(self) -> list[HeldSection]:
        """What became of each section of a finished attempt."""
        return held_sections(
            self.spans, self.question_count, self.folded.answers, self.submitted_at
        )

    def present(self, now: datetime) -> Present:
        """The section in which it stands at an instant; the whole paper where there are none."""
        return present_at(self.spans, len(self.paper), self.deadline_at, self.grace_until, now)

    def reached(self, now: datetime) -> int:
        """The last slot that its owner has been shown by now: sections open one after another."""
        return self.present(self.submitted_at or now).last

    @property
    def has_essays(self) -> bool:
        """Whether people mark some of its answers."""
        return any("e" in slot for slot in self.paper)

    @property
    def folded(self) -> Folded:
        """The answers of a finished attempt."""
        return Folded(
            {int(slot): tuple(answer) for slot, answer in (self.answers or {}).items()},
            self.prediction,
        )


_OWN: Final = (
    Attempt.id,
    Attempt.public_id,
    Attempt.round_id,
    Attempt.entry_id,
    Attempt.ordinal,
    Attempt.paper,
    Attempt.writer,
    Attempt.one_way,
    Attempt.sections,
    Attempt.started_at,
    Attempt.deadline_at,
    Attempt.grace_until,
    Attempt.submitted_at,
    Attempt.closed_by,
    Attempt.answers,
    Attempt.answers_digest,
    Attempt.receipt_code,
    Attempt.points,
    Attempt.max_points,
    Attempt.correct_count,
    Attempt.question_count,
    Attempt.prediction,
    Attempt.working_ms,
    Attempt.dropped_count,
)


def _last_pause(column: InstrumentedAttribute[datetime]) -> ScalarSelect[datetime]:
    """Of the pause that ends last among those that gave the attempt time.

    Those are of its unit and of units above it, decided since it began: who begins in a pause that
    is known already has the means to, and an ordinary clock.
    """
    reaches = literal("%/") + cast(Pause.unit_id, String) + literal("/%")
    return (
        select(column)
        .where(
            Pause.round_id == Attempt.round_id,
            Pause.decided_at >= Attempt.started_at,
            Registration.unit_ids.like(reaches),
        )
        .order_by(Pause.until_at.desc(), Pause.id)
        .limit(1)
        .correlate(Attempt, Registration)
        .scalar_subquery()
    )


_SITTING: Final = (
    select(
        *_OWN,
        Contest.slug.label("contest_slug"),
        Contest.title.label("contest_title"),
        Contest.scope_id.label("contest_scope_id"),
        Round.number.label("round_number"),
        Round.title.label("round_title"),
        Round.stage.label("round_stage"),
        Round.is_practice,
        Round.opens_at,
        Round.closes_at,
        Round.marked_by,
        Round.published_by,
        QuizRound.one_page,
        QuizRound.focus_recorded,
        QuizRound.prediction_asked,
        QuizRound.result_shown,
        QuizRound.attempts_allowed,
        QuizRound.grace_seconds,
        Round.annulled_at,
        QuizRound.seed_digest,
        Registration.code.label("registration_code"),
        Registration.full_name,
        Registration.unit_path,
        _last_pause(Pause.from_at).label("pause_from_at"),
        _last_pause(Pause.until_at).label("pause_until_at"),
    )
    .join(Round, Round.id == Attempt.round_id)
    .join(Contest, Contest.id == Round.contest_id)
    .join(QuizRound, QuizRound.round_id == Attempt.round_id)
    .join(Entry, Entry.id == Attempt.entry_id)
    .join(Registration, Registration.id == Entry.registration_id)
)


_public_id: Final = bindparam("public_id", type_=String)
_person_id: Final = bindparam("person_id", type_=Integer)
_attempt_id: Final = bindparam("attempt_id", type_=BigInteger)
_round_id: Final = bindparam("round_id", type_=Integer)
_entry_id: Final = bindparam("entry_id", type_=Integer)
_IS_OWN: Final = (Attempt.public_id == _public_id, Attempt.person_id == _person_id)
_OWN_SITTING: Final = _SITTING.where(*_IS_OWN)
_SITTING_BY_CODE: Final = _SITTING.where(Attempt.receipt_code == bindparam("code", type_=String))
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


def own_sitting(person_id: int, public_id: str) -> Sitting | None:
    """An attempt of this person with what stands around it, or None."""
    row = (
        db.session.connection()
        .execute(_OWN_SITTING, {"public_id": public_id, "person_id": person_id})
        .one_or_none()
    )
    return None if row is None else Sitting(*row)


def sitting_by_receipt(code: str) -> Sitting | None:
    """The finished attempt with a receipt code, whoever asks; what of it is shown is narrow."""
    row = db.session.execute(_SITTING_BY_CODE, {"code": code}).one_or_none()
    return None if row is None else Sitting(*row)


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


_LEDGERS: Final = (
    select(LedgerLine.attempt_id, LedgerLine.slot, LedgerLine.answer)
    .where(
        LedgerLine.round_id.in_(bindparam("round_ids", expanding=True)),
        LedgerLine.attempt_id.in_(bindparam("attempt_ids", expanding=True)),
    )
    .order_by(LedgerLine.attempt_id, LedgerLine.epoch, LedgerLine.sequence)
)


def ledgers(attempt_ids: Sequence[int], round_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """The last saved answer by slot of many attempts, as the ledger keeps it."""
    rows = db.session.connection().execute(
        _LEDGERS, {"round_ids": list(round_ids), "attempt_ids": list(attempt_ids)}
    )
    found: dict[int, dict[int, str]] = {each: {} for each in attempt_ids}
    for attempt_id, slot, answer in rows.all():  # one by one they cost three times as much
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
