"""Nominations: a unit proposes somebody, the units above give their opinion, a council decides."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person, Unit
from contest.awards.models.commendations import AwardForm, Commendation, Level, RecipientKind
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type
from contest.core.files import StoredFile


class NominationState(StrEnum):
    """Where a nomination stands. `returned` waits for the unit that proposed."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    LISTED = "listed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Nomination(PublicIdMixin, Base):
    """A person or collective proposed for an award.

    `unit_id` proposes; `at_unit_id` is the unit whose opinion is awaited. `achievement_key` is the
    achievement without marks and signs, by which an earlier award for the same is found.
    """

    __tablename__ = "nomination"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    at_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    state: Mapped[NominationState] = mapped_column(
        enum_type(NominationState), default=NominationState.DRAFT
    )
    recipient_kind: Mapped[RecipientKind] = mapped_column(enum_type(RecipientKind))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    recipient_name: Mapped[str] = mapped_column(String(200))
    recipient_key: Mapped[str] = mapped_column(String(300), index=True)
    position: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[Level] = mapped_column(enum_type(Level))
    form: Mapped[AwardForm] = mapped_column(enum_type(AwardForm))
    achievement: Mapped[str] = mapped_column(String(300))
    achievement_key: Mapped[str] = mapped_column(String(300), index=True)
    account: Mapped[str] = mapped_column(Text, default="")
    is_leader: Mapped[bool] = mapped_column(default=False)
    edit: Mapped[int] = mapped_column(default=0)
    commendation_id: Mapped[int | None] = mapped_column(ForeignKey("commendation.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    at_unit: Mapped[Unit] = relationship(foreign_keys=[at_unit_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    commendation: Mapped[Commendation | None] = relationship()
    steps: Mapped[list["NominationStep"]] = relationship(
        order_by="NominationStep.number", cascade="all, delete-orphan"
    )
    files: Mapped[list["NominationFile"]] = relationship(
        order_by="NominationFile.id", cascade="all, delete-orphan"
    )


class NominationVerdict(StrEnum):
    """What a unit or the council did with a nomination."""

    SUBMITTED = "submitted"
    FORWARDED = "forwarded"
    RETURNED = "returned"
    LISTED = "listed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class NominationStep(Base):
    """A step on the way upwards, with the opinion; never changed."""

    __tablename__ = "nomination_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id", ondelete="CASCADE"))
    number: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    verdict: Mapped[NominationVerdict] = mapped_column(enum_type(NominationVerdict))
    opinion: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship()
    made_by: Mapped[Person | None] = relationship()

    __table_args__ = (UniqueConstraint("nomination_id", "number"),)


class NominationFile(PublicIdMixin, Base):
    """A document of the achievement file (hồ sơ thành tích)."""

    __tablename__ = "nomination_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(
        ForeignKey("nomination.id", ondelete="CASCADE"), index=True
    )
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime] = mapped_column(UtcInstant)

    file: Mapped[StoredFile] = relationship()
