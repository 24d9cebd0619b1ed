"""Table of decisions about rounds that contestants are told: extensions and annulments."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models.contests import Round
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type


class RoundDecisionKind(StrEnum):
    """What was decided about a round."""

    EXTENSION = "extension"
    ANNULMENT = "annulment"


class RoundDecision(PublicIdMixin, Base):
    """A decision about a round, with its reason; never changed.

    `told` counts the letters that a job wrote about it, until `told_at`.
    """

    __tablename__ = "round_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    kind: Mapped[RoundDecisionKind] = mapped_column(enum_type(RoundDecisionKind))
    reason: Mapped[str] = mapped_column(Text)
    old_closes_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    new_closes_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
    told: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()
