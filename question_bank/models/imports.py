"""Tables of files of questions, staged until they are accepted."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.core.db import Base, JsonData, Points, PublicIdMixin, UtcInstant, enum_type
from question_bank.models.banks import Bank
from question_bank.models.questions import Difficulty


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

    `cells` holds the texts as they stand in the file, for the preview; `original` what stands there
    word for word, where the file is no table. `lacks_words` says that a picture or sound of the row
    has no words for people who do not see or hear it. The columns from `kind` on
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
    original: Mapped[str] = mapped_column(Text, default="")
    lacks_words: Mapped[bool] = mapped_column(default=False)
    external_id: Mapped[str | None] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200), default="")
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
