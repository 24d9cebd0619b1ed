"""Tables of rank runs and of the scores in them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models.contests import Entry, Round
from contest.core.db import Base, JsonData, Points, PublicIdMixin, UtcInstant, enum_type


class RankRun(PublicIdMixin, Base):
    """A ranking made at an instant: frozen disqualifications, N and keys; never changed.

    `facts` holds what the round's kind recorded with it (N per division, pool digest, seed of
    the draw of lots), `digest` the SHA-256 over keys, facts and scores.
    """

    __tablename__ = "rank_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    keys: Mapped[list[str]] = mapped_column(JsonData)
    facts: Mapped[dict[str, Any]] = mapped_column(JsonData)
    entries: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()

    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        UniqueConstraint("id", "round_id"),
    )


class ScoreStatus(StrEnum):
    """Whether an entry is ranked and may win."""

    RANKED = "ranked"
    NO_PRIZE = "no_prize"
    DISQUALIFIED = "disqualified"


class RoundScore(Base):
    """The score of an entry in a rank run. Keys are integers where smaller is better.

    `place` is the competition rank within the division (1 2 2 4), empty when not ranked.
    """

    __tablename__ = "round_score"

    rank_run_id: Mapped[int] = mapped_column(primary_key=True)
    # Without an index of its own, which a million rows would pay for: who looks for an entry knows
    # the run, and entries are never deleted.
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    round_id: Mapped[int]
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    points: Mapped[Decimal] = mapped_column(Points)
    max_points: Mapped[Decimal] = mapped_column(Points)
    key_1: Mapped[int | None] = mapped_column(BigInteger)
    key_2: Mapped[int | None] = mapped_column(BigInteger)
    key_3: Mapped[int | None] = mapped_column(BigInteger)
    key_4: Mapped[int | None] = mapped_column(BigInteger)
    key_5: Mapped[int | None] = mapped_column(BigInteger)
    key_6: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[ScoreStatus] = mapped_column(enum_type(ScoreStatus))
    place: Mapped[int | None]

    entry: Mapped[Entry] = relationship()

    __table_args__ = (
        # One key for run and round together: PostgreSQL looks up each key for each row written.
        ForeignKeyConstraint(["rank_run_id", "round_id"], ["rank_run.id", "rank_run.round_id"]),
        Index("ix_round_score_run_place", "rank_run_id", "division_id", "place"),
        {"sqlite_with_rowid": False},
    )
