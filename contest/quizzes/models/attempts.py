"""Tables of attempts: the sitting itself, the ledger of its answers, time and reports."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Unit
from contest.contests.models import Entry, Round
from contest.core.db import (
    Base,
    BigKey,
    JsonData,
    Points,
    PublicIdMixin,
    UtcInstant,
    enum_type,
)


class ClosedBy(StrEnum):
    """Who ended an attempt."""

    PERSON = "person"
    SERVER = "server"


class Attempt(PublicIdMixin, Base):
    """One sitting of a quiz (lượt thi).

    `paper` holds the slots in order, counted from 0: `{"r": revision id, "o": [option ids]}`,
    with `"m": 1` where an answer may have several parts and `"t": 1` where words are typed (both
    where a question is made of parts), `"e": 1` where a person marks what was written, and `"i"`:
    revision ids of information that stands before the question; the last slot is `{"p": 1}` when
    the prediction question is asked. `seen` holds the question ids the
    draw knew the person had met. `writer` is the epoch of the device that may save. `answers` is
    the fold of the ledger, `{"slot": [parts of the answer]}` without the prediction, written on
    submit or close. `dropped_count` of the questions were taken out of the marking later.
    `pauses` are the stretches for which its clock stood still by decision, `[[from, until], …]` in
    microseconds, none over another; `working_ms` leaves them out.
    """

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ordinal: Mapped[int]
    paper: Mapped[list[dict[str, Any]]] = mapped_column(JsonData)
    seen: Mapped[list[int]] = mapped_column(JsonData, default=list)
    writer: Mapped[int] = mapped_column(default=0)
    # Questions are answered in their order, see `actions.saves`; None stands for any order.
    one_way: Mapped[bool | None]
    # Sections with a time limit of their own, see `rules.sections.write_spans`; None without.
    sections: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonData)
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    deadline_at: Mapped[datetime] = mapped_column(UtcInstant)
    grace_until: Mapped[datetime] = mapped_column(UtcInstant)
    pauses: Mapped[list[list[int]] | None] = mapped_column(JsonData)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_by: Mapped[ClosedBy | None] = mapped_column(enum_type(ClosedBy))
    answers: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    answers_digest: Mapped[str | None] = mapped_column(String(64))
    receipt_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    points: Mapped[Decimal | None] = mapped_column(Points)
    max_points: Mapped[Decimal | None] = mapped_column(Points)
    correct_count: Mapped[int | None]
    question_count: Mapped[int]
    dropped_count: Mapped[int] = mapped_column(default=0)
    prediction: Mapped[int | None]
    working_ms: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    device: Mapped[str] = mapped_column(String(200), default="")

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()

    __table_args__ = (
        UniqueConstraint("round_id", "entry_id", "ordinal"),
        Index(
            "uq_attempt_open",
            "round_id",
            "entry_id",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index(
            "ix_attempt_overdue",
            "grace_until",
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index("ix_attempt_round_submitted", "round_id", "submitted_at"),
    )


class LedgerLine(Base):
    """An answer as it was received; append-only.

    The key begins with the round so that the table can be partitioned by it. `answer` is a JSON
    list of strings: option ids, or the digits of the prediction; empty when the person took the
    answer back. `away` counts how often the page had been left by then under this epoch, where the
    round records it; None stands for never.
    """

    __tablename__ = "answer_ledger"

    round_id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    away: Mapped[int | None]

    __table_args__ = (
        ForeignKeyConstraint(["attempt_id"], ["attempt.id"]),
        {"sqlite_with_rowid": False},
    )


class LateEvidence(Base):
    """What a queue brought after deadline and grace: kept, and counted only by a decision."""

    __tablename__ = "late_evidence"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    epoch: Mapped[int]
    sequence: Mapped[int]
    slot: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    # The decision by which it counts; see `models.decisions`.
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("late_ruling.id"), index=True)

    __table_args__ = (UniqueConstraint("attempt_id", "epoch", "sequence"),)


class ExtraTime(PublicIdMixin, Base):
    """A recorded decision: more time for an entry or for the people of a branch of units."""

    __tablename__ = "extra_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    seconds: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (
        CheckConstraint("seconds > 0", "seconds"),
        CheckConstraint("entry_id IS NOT NULL OR unit_id IS NOT NULL", "whose"),
    )


class ReportOutcome(StrEnum):
    """What became of a report: the question stood, or it was changed."""

    ANSWERED = "answered"
    CHANGED = "changed"


class QuestionReport(PublicIdMixin, Base):
    """A contestant's word that a question of the paper is wrong or unclear; open until settled."""

    __tablename__ = "question_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"), index=True)
    slot: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime] = mapped_column(UtcInstant)
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reply: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[ReportOutcome | None] = mapped_column(enum_type(ReportOutcome))

    __table_args__ = (UniqueConstraint("attempt_id", "slot"),)
