"""Tables of the standings of units."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest.contests.models import ScoreStatus
from contest.core.db import Base, JsonData, Points, enum_type


class UnitTerms(Base):
    """How the units of a contest are ranked, in each round and over all of them.

    `keys` are codes in their order, `level` counts from 1 directly below the contest's own unit.
    Units of fewer than `fewest` people get no place. `with_staff` counts who takes no prize for
    their unit. `counted_on` dates the head-counts; empty means the day of the close.
    """

    __tablename__ = "unit_terms"

    contest_id: Mapped[int] = mapped_column(
        ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True
    )
    keys: Mapped[list[str]] = mapped_column(JsonData)
    level: Mapped[int] = mapped_column(default=1)
    fewest: Mapped[int] = mapped_column(default=0)
    with_staff: Mapped[bool] = mapped_column(default=True)
    counted_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("level >= 1", "level"),
        CheckConstraint("fewest >= 0", "fewest"),
    )


class UnitSum(Base):
    """What the people of a single unit did in a rank run, by status; kept with the run.

    `unit_ids` and `unit_path` are the unit's path as it was at registration. `attempts` are
    finished ones (lượt), `points` the sum over the entries.
    """

    __tablename__ = "unit_sum"

    rank_run_id: Mapped[int] = mapped_column(
        ForeignKey("rank_run.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_ids: Mapped[str] = mapped_column(String(400), default="")
    unit_path: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[ScoreStatus] = mapped_column(enum_type(ScoreStatus))
    persons: Mapped[int]
    attempts: Mapped[int]
    entries: Mapped[int]
    points: Mapped[Decimal] = mapped_column(Points)
