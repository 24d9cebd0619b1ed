"""Tables of decisions about time: pauses, moved windows, late answers that count."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Unit
from contest.contests.models import Entry
from contest.core.db import Base, PublicIdMixin, UtcInstant

_WHOSE = "entry_id IS NOT NULL OR unit_id IS NOT NULL"


class Pause(PublicIdMixin, Base):
    """A decision that the clocks of a unit stood still from one instant to another.

    Every attempt that was open then gets back the part of its time that fell into the pause.
    """

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    from_at: Mapped[datetime] = mapped_column(UtcInstant)
    until_at: Mapped[datetime] = mapped_column(UtcInstant)
    attempts: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (CheckConstraint("until_at > from_at", "span"),)


class MovedWindow(PublicIdMixin, Base):
    """A decision that an entry or a unit may begin until another instant; the latest one holds."""

    __tablename__ = "moved_window"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    closes_at: Mapped[datetime] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)

    entry: Mapped[Entry | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (CheckConstraint(_WHOSE, "whose"),)


class LateRuling(PublicIdMixin, Base):
    """A decision that answers which came too late count, for an entry or a unit.

    `attempts` are those that had such answers, `changed` those whose points it changed.
    """

    __tablename__ = "late_ruling"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (CheckConstraint(_WHOSE, "whose"),)
