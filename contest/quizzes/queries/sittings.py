"""An attempt with what its pages show around it, as its owner sees it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    Integer,
    ScalarSelect,
    String,
    bindparam,
    cast,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from contest.contests.models import Contest, Entry, Registration, Round, Stage
from contest.core.db import db
from contest.quizzes.models import (
    Attempt,
    ClosedBy,
    Pause,
    QuizRound,
    ResultShown,
)
from contest.quizzes.rules.answers import Folded
from contest.quizzes.rules.sections import (
    HeldSection,
    Present,
    Span,
    held_sections,
    present_at,
    read_spans,
)


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


_OWN_SITTING: Final = _SITTING.where(
    Attempt.public_id == bindparam("public_id", type_=String),
    Attempt.person_id == bindparam("person_id", type_=Integer),
)
_SITTING_BY_CODE: Final = _SITTING.where(Attempt.receipt_code == bindparam("code", type_=String))


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
