"""Tables of totals over the rounds of a contest."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Contest, Registration
from contest.core.db import Base, JsonData, Points, PublicIdMixin, UtcInstant


class TotalRun(PublicIdMixin, Base):
    """Standings of a contest over its rounds, made at an instant; never changed.

    `terms` holds the rounds with weight, rank run and its digest, and what a missed round means;
    `digest` is the SHA-256 over terms and exact totals.
    """

    __tablename__ = "total_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]
    terms: Mapped[dict[str, Any]] = mapped_column(JsonData)
    people: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    contest: Mapped[Contest] = relationship()

    __table_args__ = (UniqueConstraint("contest_id", "number"),)


class TotalScore(Base):
    """The total of a registration. Places are found from exact fractions, not from `points`.

    `points` is the total rounded half-up to a ten-thousandth, for reading; `parts` has for each
    round of the terms `[points, most points, weighted points]` as texts, or null when the person
    did not take part or was not ranked. `place` is empty where the terms leave them unranked.
    """

    __tablename__ = "total_score"

    total_run_id: Mapped[int] = mapped_column(ForeignKey("total_run.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id"), primary_key=True, index=True
    )
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    points: Mapped[Decimal] = mapped_column(Points)
    taken: Mapped[int]
    place: Mapped[int | None]
    parts: Mapped[list[list[str] | None]] = mapped_column(JsonData)

    registration: Mapped[Registration] = relationship()

    __table_args__ = (Index("ix_total_score_run_place", "total_run_id", "division_id", "place"),)
