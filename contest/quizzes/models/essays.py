"""Tables of essay answers in quizzes: what waits for a person to mark it, and every mark given."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.core.db import Base, BigKey, Points, PublicIdMixin, UtcInstant
from contest.quizzes.models.attempts import Attempt


class EssayAnswer(PublicIdMixin, Base):
    """The answer of an ended attempt to an essay question, under a code that names nobody.

    What was written stands in the attempt. `points` is the mark that counts, None while there is
    none; `version` counts the lines of `EssayMark`, so that a stale tab changes nothing.
    """

    __tablename__ = "essay_answer"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    attempt_id: Mapped[int] = mapped_column(BigKey, ForeignKey("attempt.id"))
    slot: Mapped[int]
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    code: Mapped[str] = mapped_column(String(9))
    version: Mapped[int] = mapped_column(default=0)
    points: Mapped[Decimal | None] = mapped_column(Points)
    comment: Mapped[str] = mapped_column(Text, default="")
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    marked_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    attempt: Mapped[Attempt] = relationship()

    __table_args__ = (
        UniqueConstraint("attempt_id", "slot"),
        Index("ix_essay_answer_queue", "round_id", "code"),
        CheckConstraint("points IS NULL OR points >= 0", "points"),
    )


class EssayMark(Base):
    """A mark that somebody gave; append-only.

    Without points it says why earlier marks no longer count: late answers changed what is read.
    """

    __tablename__ = "essay_mark"

    answer_id: Mapped[int] = mapped_column(BigKey, ForeignKey("essay_answer.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[Decimal | None] = mapped_column(Points)
    comment: Mapped[str] = mapped_column(Text, default="")
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    marked_at: Mapped[datetime] = mapped_column(UtcInstant)
