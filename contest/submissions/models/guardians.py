"""Guardians of authors under 18, without whom their essays are not published."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type
from contest.submissions.models.subjects import ConsentChannel


class GuardianConsent(PublicIdMixin, Base):
    """A guardian agreed that an essay of a child is published: to which words, when, how.

    It belongs to an author of a work, and goes with the author. `kept_where` says where the paper
    lies.
    """

    __tablename__ = "guardian_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int]
    position: Mapped[int]
    guardian: Mapped[str] = mapped_column(String(120))
    relation: Mapped[str] = mapped_column(String(80))
    wording: Mapped[str] = mapped_column(Text)
    channel: Mapped[ConsentChannel] = mapped_column(enum_type(ConsentChannel))
    given_on: Mapped[date] = mapped_column(Date)
    kept_where: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])

    __table_args__ = (
        ForeignKeyConstraint(
            ["work_id", "position"],
            ["work_author.work_id", "work_author.position"],
            ondelete="CASCADE",
        ),
        Index("ix_guardian_consent_author", "work_id", "position"),
    )
