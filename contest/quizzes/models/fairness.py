"""Tables of fairness: signs found in a round, notes about people, verification of winners."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Entry, Round
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type


class FairnessSign(StrEnum):
    """What stands out about an attempt."""

    FAST = "fast"
    ALIKE = "alike"
    DEVICE = "device"
    PREDICTIONS = "predictions"
    FOCUS = "focus"


class FairnessReport(Base):
    """The latest search of a round for signs; made again, it replaces the one before.

    `figures` counts what was looked at and what was found, by sign.
    """

    __tablename__ = "fairness_report"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    attempts: Mapped[int]
    people: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JsonData)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()


class FairnessFinding(PublicIdMixin, Base):
    """One sign about one entry, with its figures; kept for 90 days.

    `strength` orders findings of one sign, in thousandths. `group` names those found together,
    under a key that nobody keeps; `other_entry_id` is the second of a pair.
    """

    __tablename__ = "fairness_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    other_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    sign: Mapped[FairnessSign] = mapped_column(enum_type(FairnessSign))
    strength: Mapped[int]
    group: Mapped[str] = mapped_column("group_name", String(24), default="")
    figures: Mapped[dict[str, Any]] = mapped_column(JsonData)
    found_at: Mapped[datetime] = mapped_column(UtcInstant, index=True)

    __table_args__ = (Index("ix_fairness_finding_round", "round_id", "entry_id"),)


class FairnessNote(PublicIdMixin, Base):
    """What somebody wrote after looking at an entry's signs; never changed."""

    __tablename__ = "fairness_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    settles: Mapped[bool] = mapped_column(default=False)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (Index("ix_fairness_note_round", "round_id", "entry_id"),)


class VerificationOutcome(StrEnum):
    """What a verification round showed; nothing follows from it by itself."""

    CONFIRMED = "confirmed"
    DOUBTFUL = "doubtful"
    ABSENT = "absent"


class Verification(PublicIdMixin, Base):
    """An invitation of a winner to answer again under the organisers' eyes, and what it showed.

    `right_count` of `question_count` questions were right there.
    """

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    held_at: Mapped[datetime] = mapped_column(UtcInstant)
    words: Mapped[str] = mapped_column(Text)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcInstant)
    outcome: Mapped[VerificationOutcome | None] = mapped_column(enum_type(VerificationOutcome))
    right_count: Mapped[int | None]
    question_count: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    entry: Mapped[Entry] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "entry_id"),)
