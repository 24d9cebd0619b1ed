"""Tables of quiz rounds: how one is held, what its papers are made of, its frozen pool."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Round
from contest.core.db import Base, JsonData, Points, UtcInstant, enum_type
from contest.quizzes.models.live import BoardShown
from question_bank.models import Bank, Difficulty, Topic


class LateStart(StrEnum):
    """What time is left to somebody who begins shortly before the close."""

    FULL_TIME = "full_time"
    CUT_AT_CLOSE = "cut_at_close"


class CountingRule(StrEnum):
    """Which of a person's attempts counts in a round, or the mean of all; see `rules.counting`."""

    BEST = "best"
    FIRST = "first"
    LAST = "last"
    MEAN = "mean"


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
    attempts_allowed: Mapped[int | None]
    attempts_per_day: Mapped[int | None]
    attempt_delay_seconds: Mapped[int] = mapped_column(default=0)
    counting: Mapped[CountingRule] = mapped_column(
        enum_type(CountingRule), default=CountingRule.BEST
    )
    late_start: Mapped[LateStart] = mapped_column(enum_type(LateStart), default=LateStart.FULL_TIME)
    grace_seconds: Mapped[int] = mapped_column(default=60)
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    one_page: Mapped[bool] = mapped_column(default=False)
    # No way back: an answer is refused once something was received for a later question.
    one_way: Mapped[bool] = mapped_column(default=False)
    # Sections with a time limit of their own, see `rules.sections`; `time_limit_seconds` is then
    # their sum.
    sections: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonData)
    approved_only: Mapped[bool] = mapped_column(default=True)
    result_shown: Mapped[ResultShown] = mapped_column(
        enum_type(ResultShown), default=ResultShown.NOTHING
    )
    prediction_asked: Mapped[bool] = mapped_column(default=True)
    # Whether pages tell how often they were left; contestants read so before the start.
    focus_recorded: Mapped[bool] = mapped_column(default=False)
    # Whether everybody sees how many take part while it is open; see `models.live`.
    board_shown: Mapped[BoardShown] = mapped_column(
        enum_type(BoardShown), default=BoardShown.NOTHING
    )
    board_freeze_minutes: Mapped[int] = mapped_column(default=60)
    # With more open attempts than this, people wait for their turn; None for no limit.
    most_open: Mapped[int | None]
    prediction_per_division: Mapped[bool] = mapped_column(default=False)
    same_paper: Mapped[bool] = mapped_column(default=False)
    # What stands in every paper by hand; see `rules.set_questions`.
    set_questions: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)
    # Marks of essay answers are multiples of it.
    essay_step: Mapped[Decimal] = mapped_column(Points, default=Decimal("0.25"))
    # How questions count after the close, by revision id; see `models.regrades`.
    rulings: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    regrade_number: Mapped[int] = mapped_column(default=0)
    pool_digest: Mapped[str | None] = mapped_column(String(64))
    seed: Mapped[str | None] = mapped_column(String(64))
    seed_digest: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    # The attempts of the round when the use of its questions was counted last.
    use_counted: Mapped[int | None]

    round: Mapped[Round] = relationship()
    bank: Mapped[Bank | None] = relationship()
    blueprint: Mapped[list["BlueprintCell"]] = relationship(
        order_by="BlueprintCell.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("time_limit_seconds BETWEEN 30 AND 86400", "time_limit"),
        CheckConstraint("grace_seconds BETWEEN 0 AND 3600", "grace"),
        CheckConstraint("attempts_allowed IS NULL OR attempts_allowed >= 1", "attempts"),
        CheckConstraint("attempts_per_day IS NULL OR attempts_per_day >= 1", "per_day"),
        CheckConstraint("attempt_delay_seconds BETWEEN 0 AND 604800", "delay"),
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
    """A question as it stood when the round opened, with its rank of former use.

    What `is_set` was put into every paper by hand; it is never drawn.
    """

    __tablename__ = "pool_question"

    round_id: Mapped[int] = mapped_column(ForeignKey("quiz_round.round_id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    topic_id: Mapped[int | None]
    difficulty: Mapped[Difficulty] = mapped_column(enum_type(Difficulty))
    use_rank: Mapped[int]
    enemies: Mapped[list[str]] = mapped_column(JsonData)
    above: Mapped[list[int]] = mapped_column(JsonData, default=list)
    is_set: Mapped[bool] = mapped_column(default=False)


class QuestionUse(Base):
    """In how many papers of a settled round a question stood; feeds later use ranks."""

    __tablename__ = "question_use"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("question.id"), primary_key=True, index=True
    )
    papers: Mapped[int]
