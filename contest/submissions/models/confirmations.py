"""Tables of the confirmation by units: that person and deeds are real ("người thật, việc thật")."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person, Unit
from contest.contests.models import Round
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type


class ConfirmationDemand(Base):
    """A round asks the units of its authors to confirm works, until an instant."""

    __tablename__ = "confirmation_demand"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()


class ConfirmationLetter(PublicIdMixin, Base):
    """A letter with a link by which a unit without an account confirms the works of its people."""

    __tablename__ = "confirmation_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship()


class ConfirmationOutcome(StrEnum):
    """What a unit says about a work."""

    CONFIRMED = "confirmed"
    RETURNED = "returned"


class UnitConfirmation(PublicIdMixin, Base):
    """What a unit said about a version of a work; the newest counts. Never shown to judges.

    By a person with a right on the unit (`decided_by_id`), or by letter: then `signed_as` is the
    name that was written.
    """

    __tablename__ = "unit_confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("work_version.id"))
    outcome: Mapped[ConfirmationOutcome] = mapped_column(enum_type(ConfirmationOutcome))
    remark: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("confirmation_letter.id"))
    signed_as: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
    is_current: Mapped[bool] = mapped_column(default=True)

    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    __table_args__ = (
        Index(
            "uq_unit_confirmation_current",
            "work_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )
