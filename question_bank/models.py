"""Tables of banks, topics, questions, their immutable revisions, and staged imports."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Scope, Unit
from contest.core.db import Base, JsonData, Points, PublicIdMixin, UtcInstant, enum_type


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


class Bank(Base):
    """A question bank, owned by a unit."""

    __tablename__ = "bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    scope_id: Mapped[int] = mapped_column(ForeignKey("scope.id"), unique=True)
    two_person_review: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship()
    scope: Mapped[Scope] = relationship(lazy="joined")


class Topic(PublicIdMixin, Base):
    """A topic of a bank; topics form a tree."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[bytes] = mapped_column(LargeBinary(600))

    __table_args__ = (
        Index(
            "uq_topic_root_name",
            "bank_id",
            "name_folded",
            unique=True,
            sqlite_where=text("parent_id IS NULL"),
            postgresql_where=text("parent_id IS NULL"),
        ),
        Index(
            "uq_topic_child_name",
            "bank_id",
            "parent_id",
            "name_folded",
            unique=True,
            sqlite_where=text("parent_id IS NOT NULL"),
            postgresql_where=text("parent_id IS NOT NULL"),
        ),
    )


class Question(PublicIdMixin, Base):
    """A question; what it says stands in its revisions, of which `revision_id` is the current."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    external_id: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[QuestionState] = mapped_column(enum_type(QuestionState))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    difficulty: Mapped[Difficulty] = mapped_column(enum_type(Difficulty))
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


class QuestionComment(Base):
    """A reviewer's or author's words about a question, with the step they belong to."""

    __tablename__ = "question_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[QuestionState] = mapped_column(enum_type(QuestionState))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcInstant)


class ImportState(StrEnum):
    """Where a staged import stands."""

    READING = "reading"
    READY = "ready"
    TAKEN = "taken"
    DROPPED = "dropped"
    UNREADABLE = "unreadable"


class QuestionImport(PublicIdMixin, Base):
    """An uploaded file of questions, read into rows that take effect only when accepted."""

    __tablename__ = "question_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    format: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[ImportState] = mapped_column(enum_type(ImportState))
    accepted: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    flagged: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    layout: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    job_public_id: Mapped[str | None] = mapped_column(String(16))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    bank: Mapped[Bank] = relationship()


class QuestionImportRow(Base):
    """One row of a staged import: the question read from it, or what is wrong, cell by cell.

    `cells` holds the texts as they stand in the file, for the preview. The columns from `kind` on
    are the question made ready, so that accepting is a handful of INSERT … SELECT statements.
    """

    __tablename__ = "question_import_row"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("question_import.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str] = mapped_column(String(120), default="")
    row: Mapped[int]
    cells: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    errors: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)
    is_good: Mapped[bool]
    is_flagged: Mapped[bool] = mapped_column(default=False)
    is_chosen: Mapped[bool] = mapped_column(default=False)
    target_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"))
    twin_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"))
    twin_row: Mapped[int | None]
    external_id: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str | None] = mapped_column(String(40))
    topic_name: Mapped[str] = mapped_column(String(400), default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id", ondelete="SET NULL"))
    difficulty: Mapped[Difficulty | None] = mapped_column(enum_type(Difficulty))
    stem: Mapped[str | None] = mapped_column(Text)
    body: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    explanation: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str] | None] = mapped_column(JsonData)
    mark: Mapped[Decimal | None] = mapped_column(Points)
    search_folded: Mapped[str | None] = mapped_column(Text)
    stem_digest: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))
    public_id: Mapped[str | None] = mapped_column(String(16))
    revision_public_id: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (Index("ix_question_import_row_stem_digest", "import_id", "stem_digest"),)
