"""Tables of the entry form: fields, late doors, confirmations by units."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type


class FieldKind(StrEnum):
    """What is asked for by a field of the entry form."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"
    PICTURE = "picture"
    PERSON = "person"


class EntryField(PublicIdMixin, Base):
    """A field that the organiser adds to the entry form of a round, beside title and text.

    `limits`: `{"most_words", "least", "most", "choices", "most_bytes", "decimals"}` as the kind
    has them. What judges may see (`is_shown`) is masked like the text.
    """

    __tablename__ = "entry_field"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(
        ForeignKey("essay_round.round_id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[FieldKind] = mapped_column(enum_type(FieldKind))
    label: Mapped[str] = mapped_column(String(200))
    hint: Mapped[str] = mapped_column(String(500), default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    is_shown: Mapped[bool] = mapped_column(default=True)
    limits: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)

    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        CheckConstraint("position >= 1", "position"),
    )


class LateDoor(PublicIdMixin, Base):
    """A code by which one person may hand in after the deadline, with the reason why."""

    __tablename__ = "late_door"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    until: Mapped[datetime] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    opened_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class UnitVerdict(StrEnum):
    """What a unit says of the work of one of its members."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


class UnitConfirmation(PublicIdMixin, Base):
    """The author's unit confirms that people and deeds are real, or says why not; newest counts."""

    __tablename__ = "unit_confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("work_version.id"))
    verdict: Mapped[UnitVerdict] = mapped_column(enum_type(UnitVerdict))
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
    is_current: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        Index(
            "uq_unit_confirmation_current",
            "work_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )
