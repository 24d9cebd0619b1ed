"""Tables of appeals (phúc khảo)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person
from contest.contests.models import Entry, Round
from contest.core.db import Base, Points, PublicIdMixin, UtcInstant, enum_type


class AppealTerms(Base):
    """When somebody may ask for a second look at a result, and from what difference on it moves.

    `threshold` is in points of the round; a smaller difference leaves the mark as it is.
    """

    __tablename__ = "appeal_terms"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    opens_at: Mapped[datetime] = mapped_column(UtcInstant)
    closes_at: Mapped[datetime] = mapped_column(UtcInstant)
    threshold: Mapped[Decimal] = mapped_column(Points, default=Decimal("0.5"))

    __table_args__ = (CheckConstraint("closes_at > opens_at", "window"),)


class AppealState(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    MARKING = "marking"
    DECIDED = "decided"


class Appeal(PublicIdMixin, Base):
    """Somebody asks for a second look at their result (phúc khảo); it costs nothing.

    `official` is the mark when it was filed, `result` what stands after; `answer` is the letter.
    """

    __tablename__ = "appeal"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    state: Mapped[AppealState] = mapped_column(enum_type(AppealState), default=AppealState.FILED)
    body: Mapped[str] = mapped_column(Text)
    official: Mapped[Decimal] = mapped_column(Points)
    result: Mapped[Decimal | None] = mapped_column(Points)
    answer: Mapped[str] = mapped_column(Text, default="")
    filed_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()
    marks: Mapped[list["AppealMark"]] = relationship(order_by="AppealMark.position")

    __table_args__ = (UniqueConstraint("round_id", "entry_id"),)


class AppealMark(Base):
    """A re-marking of an appeal: by whom, and the mark once it is given."""

    __tablename__ = "appeal_mark"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    points: Mapped[Decimal | None] = mapped_column(Points)
    marked_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("appeal_id", "person_id"),
        CheckConstraint("position BETWEEN 1 AND 3", "position"),
    )
