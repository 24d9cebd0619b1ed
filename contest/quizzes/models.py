"""Tables of quiz rounds, their frozen pool, attempts, and the ledger of answers."""

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
from question_bank.models import Bank, Difficulty, Topic


class LateStart(StrEnum):
    """What time is left to somebody who begins shortly before the close."""

    FULL_TIME = "full_time"
    CUT_AT_CLOSE = "cut_at_close"


class CountingRule(StrEnum):
    """Which of a person's attempts counts in a round."""

    BEST = "best"
    FIRST = "first"
    LAST = "last"


class ResultShown(StrEnum):
    """What contestants see of their own attempt before the round closes."""

    NOTHING = "nothing"
    POINTS = "points"


class QuizRound(Base):
    """How a quiz round is held. Pool, seed and settings are frozen when the round opens."""

    __tablename__ = "quiz_round"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    bank_id: Mapped[int | None] = mapped_column(ForeignKey("bank.id"))
    time_limit_seconds: Mapped[int] = mapped_column(default=900)
    attempts_allowed: Mapped[int | None] = mapped_column(default=1)
    counting: Mapped[CountingRule] = mapped_column(
        enum_type(CountingRule), default=CountingRule.BEST
    )
    late_start: Mapped[LateStart] = mapped_column(enum_type(LateStart), default=LateStart.FULL_TIME)
    grace_seconds: Mapped[int] = mapped_column(default=60)
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    one_page: Mapped[bool] = mapped_column(default=False)
    approved_only: Mapped[bool] = mapped_column(default=True)
    result_shown: Mapped[ResultShown] = mapped_column(
        enum_type(ResultShown), default=ResultShown.NOTHING
    )
    prediction_asked: Mapped[bool] = mapped_column(default=True)
    prediction_per_division: Mapped[bool] = mapped_column(default=False)
    pool_digest: Mapped[str | None] = mapped_column(String(64))
    seed: Mapped[str | None] = mapped_column(String(64))
    seed_digest: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()
    bank: Mapped[Bank | None] = relationship()
    blueprint: Mapped[list["BlueprintCell"]] = relationship(
        order_by="BlueprintCell.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("time_limit_seconds BETWEEN 30 AND 86400", "time_limit"),
        CheckConstraint("grace_seconds BETWEEN 0 AND 3600", "grace"),
        CheckConstraint("attempts_allowed IS NULL OR attempts_allowed >= 1", "attempts"),
    )


class BlueprintCell(Base):
    """So many questions of a topic (or any) and a difficulty (or any)."""

    __tablename__ = "blueprint_cell"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("quiz_round.round_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    difficulty: Mapped[Difficulty | None] = mapped_column(enum_type(Difficulty))
    count: Mapped[int]

    topic: Mapped[Topic | None] = relationship()

    __table_args__ = (CheckConstraint("count >= 1", "count"),)


class PoolQuestion(Base):
    """A question as it stood when the round opened, with its rank of former use."""

    __tablename__ = "pool_question"

    round_id: Mapped[int] = mapped_column(ForeignKey("quiz_round.round_id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    topic_id: Mapped[int | None]
    difficulty: Mapped[Difficulty] = mapped_column(enum_type(Difficulty))
    use_rank: Mapped[int]
    enemies: Mapped[list[str]] = mapped_column(JsonData)
    above: Mapped[list[int]] = mapped_column(JsonData, default=list)


class QuestionUse(Base):
    """In how many papers of a settled round a question stood; feeds later use ranks."""

    __tablename__ = "question_use"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("question.id"), primary_key=True, index=True
    )
    papers: Mapped[int]


class ClosedBy(StrEnum):
    """Who ended an attempt."""

    PERSON = "person"
    SERVER = "server"


class Attempt(PublicIdMixin, Base):
    """One sitting of a quiz (lượt thi).

    `paper` holds the slots in order, counted from 0: `{"r": revision id, "o": [option ids]}`,
    with `"m": 1` where an answer may have several parts and `"t": 1` where words are typed; the
    last slot is `{"p": 1}` when the prediction question is asked. `seen` holds the question ids the
    draw knew the person had met. `writer` is the epoch of the device that may save. `answers` is
    the fold of the ledger, `{"slot": [parts of the answer]}` without the prediction, written on
    submit or close.
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
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    deadline_at: Mapped[datetime] = mapped_column(UtcInstant)
    grace_until: Mapped[datetime] = mapped_column(UtcInstant)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_by: Mapped[ClosedBy | None] = mapped_column(enum_type(ClosedBy))
    answers: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    answers_digest: Mapped[str | None] = mapped_column(String(64))
    receipt_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    points: Mapped[Decimal | None] = mapped_column(Points)
    max_points: Mapped[Decimal | None] = mapped_column(Points)
    correct_count: Mapped[int | None]
    question_count: Mapped[int]
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
    answer back.
    """

    __tablename__ = "answer_ledger"

    round_id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (
        ForeignKeyConstraint(["attempt_id"], ["attempt.id"]),
        {"sqlite_with_rowid": False},
    )


class LateEvidence(Base):
    """What a queue brought after deadline and grace: kept, and counted only by a decision."""

    __tablename__ = "late_evidence"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    epoch: Mapped[int]
    sequence: Mapped[int]
    slot: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcInstant)

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
