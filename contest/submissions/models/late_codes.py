"""Table of the late door: codes by which one work may still be handed in after the deadline."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person, Unit
from contest.core.db import Base, PublicIdMixin, UtcInstant


class LateCode(PublicIdMixin, Base):
    """A code for one use, for a person or for anybody of a unit and below, with its reason.

    `used_*` is set once, by conditional UPDATE; `work_id` is the work that it opened.
    """

    __tablename__ = "late_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str] = mapped_column(Text)
    valid_until: Mapped[datetime] = mapped_column(UtcInstant)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    work_id: Mapped[int | None] = mapped_column(ForeignKey("work.id"), index=True)

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    unit: Mapped[Unit | None] = relationship()
    issued_by: Mapped[Person] = relationship(foreign_keys=[issued_by_id])
    used_by: Mapped[Person | None] = relationship(foreign_keys=[used_by_id])

    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", "for_person_or_unit"),
    )
