"""Changes of many questions at once, with what stood there before, so that they can be undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type
from question_bank.models.banks import Bank


class BulkState(StrEnum):
    """Where a change of many questions stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class BulkChange(PublicIdMixin, Base):
    """A change of many questions: planned, looked at, carried out, perhaps undone.

    `wanted` holds what is asked for: `{"topic": 5, "difficulty": "hard", "tags_add": [...],
    "tags_remove": [...], "source": 3, "state": "retired"}`, each only when it is to change.
    """

    __tablename__ = "bulk_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[BulkState] = mapped_column(enum_type(BulkState))
    wanted: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    questions: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    job_public_id: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    undone_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    bank: Mapped[Bank] = relationship()


class BulkChangeRow(Base):
    """A question of such a change, with its values before; null until it was changed."""

    __tablename__ = "bulk_change_row"

    change_id: Mapped[int] = mapped_column(
        ForeignKey("bulk_change.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(
        ForeignKey("question.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    refusal: Mapped[str] = mapped_column(String(300), default="")
