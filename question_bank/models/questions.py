"""Tables of questions, their immutable revisions, tags and comments."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.core.db import Base, JsonData, Points, PublicIdMixin, UtcInstant, enum_type
from contest.core.full_text import index_words
from question_bank.models.banks import Bank, Topic


class Difficulty(StrEnum):
    """Four levels: NB/dễ, TH/trung bình, VD/khó, VDC/rất khó."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    VERY_HARD = "very_hard"


class QuestionState(StrEnum):
    """Steps of a question's review."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    RETIRED = "retired"


class Question(PublicIdMixin, Base):
    """A question; what it says stands in its revisions, of which `revision_id` is the current."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    external_id: Mapped[str | None] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[QuestionState] = mapped_column(enum_type(QuestionState))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    difficulty: Mapped[Difficulty] = mapped_column(enum_type(Difficulty))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("question_source.id"), index=True)
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_revision.id", use_alter=True)
    )
    search_folded: Mapped[str] = mapped_column(Text)
    stem_digest: Mapped[str] = mapped_column(String(64))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    bank: Mapped[Bank] = relationship()
    topic: Mapped[Topic | None] = relationship()
    revision: Mapped["QuestionRevision | None"] = relationship(
        foreign_keys=[revision_id], post_update=True
    )
    tags: Mapped[list["QuestionTag"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        Index(
            "uq_question_external_id",
            "bank_id",
            "external_id",
            unique=True,
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_question_bank_state", "bank_id", "state", "topic_id", "difficulty"),
        Index("ix_question_stem_digest", "bank_id", "stem_digest"),
        Index("ix_question_changed", "bank_id", "revision_id"),
        Index("ix_question_author", "bank_id", "created_by_id"),
        Index("ix_question_written", "bank_id", "state", "revision_id"),
    )


class QuestionRevision(PublicIdMixin, Base):
    """What a question said at a time; never changed, so that old papers stay what they were.

    `body` is the kind's own JSON; for choices
    `{"options": [{"id", "text", "fixed"}], "key": [ids], "scoring"}`.
    """

    __tablename__ = "question_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    stem: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JsonData)
    explanation: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    mark: Mapped[Decimal] = mapped_column(Points, default=Decimal(1))
    digest: Mapped[str] = mapped_column(String(64))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    question: Mapped[Question] = relationship(foreign_keys=[question_id])

    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("mark >= 0", "mark"),
    )


class QuestionTag(Base):
    """A tag of a question; tags `enemy:…` mark questions that must not meet in one paper."""

    __tablename__ = "question_tag"

    question_id: Mapped[int] = mapped_column(
        ForeignKey("question.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)


class QuestionComment(PublicIdMixin, Base):
    """A reviewer's or author's words about a revision of a question, open until resolved."""

    __tablename__ = "question_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[QuestionState] = mapped_column(enum_type(QuestionState))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcInstant)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("question_revision.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


QUESTION_WORDS: Final = index_words(
    "question", "search_folded", within="bank_id", places=("state", "difficulty", "kind")
)
"""Questions are searched by the words of `search_folded`, and listed by them within a bank."""
