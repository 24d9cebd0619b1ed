"""Tables of corrections after the close: rulings on questions, and attempts marked anew."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Entry, Round
from contest.core.db import Base, BigKey, JsonData, Points, PublicIdMixin, UtcInstant, enum_type


class RulingKind(StrEnum):
    """What is decided about a question of a closed round."""

    KEY = "key"
    ALSO = "also"
    DROP = "drop"
    FULL = "full"


class RegradeState(StrEnum):
    """Where a correction stands: being marked, shown, applied or given up."""

    MARKING = "marking"
    READY = "ready"
    APPLIED = "applied"
    DROPPED = "dropped"


class Regrade(PublicIdMixin, Base):
    """A correction of a closed round: first marked aside and shown, then applied as a whole.

    `rulings` is `{"revision id": {"kind", "bodies": [bodies whose keys count]}}`, `base_number` the
    correction on top of which it was marked. `preview` holds the counts of who moves, `digest` the
    SHA-256 over what was shown. Papers and answers keep what they were.
    """

    __tablename__ = "regrade"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    state: Mapped[RegradeState] = mapped_column(enum_type(RegradeState))
    base_number: Mapped[int] = mapped_column(default=0)
    rulings: Mapped[dict[str, Any]] = mapped_column(JsonData)
    preview: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    digest: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    job_public_id: Mapped[str | None] = mapped_column(String(16))
    old_run_id: Mapped[int | None] = mapped_column(ForeignKey("rank_run.id"))
    new_run_id: Mapped[int | None] = mapped_column(ForeignKey("rank_run.id"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    applied_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()

    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        Index(
            "uq_regrade_open",
            "round_id",
            unique=True,
            sqlite_where=text("state IN ('marking', 'ready')"),
            postgresql_where=text("state IN ('marking', 'ready')"),
        ),
    )


class RegradeMark(Base):
    """An attempt whose marks a correction changes, as it would count; kept after the applying."""

    __tablename__ = "regrade_mark"

    regrade_id: Mapped[int] = mapped_column(
        ForeignKey("regrade.id", ondelete="CASCADE"), primary_key=True
    )
    attempt_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("attempt.id"), primary_key=True, index=True
    )
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    points: Mapped[Decimal] = mapped_column(Points)
    max_points: Mapped[Decimal] = mapped_column(Points)
    correct_count: Mapped[int]
    dropped_count: Mapped[int]


class RegradeMove(Base):
    """An entry that a correction moves, with place, points and prize before and after."""

    __tablename__ = "regrade_move"

    regrade_id: Mapped[int] = mapped_column(
        ForeignKey("regrade.id", ondelete="CASCADE"), primary_key=True
    )
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    old_place: Mapped[int | None]
    new_place: Mapped[int | None]
    old_points: Mapped[Decimal | None] = mapped_column(Points)
    new_points: Mapped[Decimal | None] = mapped_column(Points)
    old_prize: Mapped[str] = mapped_column(String(120), default="")
    new_prize: Mapped[str] = mapped_column(String(120), default="")
    is_prize_changed: Mapped[bool] = mapped_column(default=False)

    entry: Mapped[Entry] = relationship()

    __table_args__ = (
        Index("ix_regrade_move_order", "regrade_id", "is_prize_changed", "new_place"),
    )
