"""Tables of prizes, their allocation, and publications."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Division, Entry, RankRun, Round
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type


class PrizeCode(StrEnum):
    """Levels of prizes, from the highest."""

    SPECIAL = "special"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    CONSOLATION = "consolation"


class TiePolicy(StrEnum):
    """What happens when a tie stands across the line of a level's quota."""

    EXPAND = "expand"
    SHRINK = "shrink"
    STOP = "stop"


class PrizeLevel(PublicIdMixin, Base):
    """So many prizes of a level in a round (for each division if the contest has some).

    `money` is in đồng.
    """

    __tablename__ = "prize_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    code: Mapped[PrizeCode] = mapped_column(enum_type(PrizeCode))
    name: Mapped[str] = mapped_column(String(120))
    quota: Mapped[int]
    money: Mapped[int] = mapped_column(BigInteger, default=0)
    tie_policy: Mapped[TiePolicy] = mapped_column(enum_type(TiePolicy), default=TiePolicy.STOP)

    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        CheckConstraint("quota >= 1", "quota"),
        CheckConstraint("money >= 0", "money"),
    )


class Allocation(PublicIdMixin, Base):
    """Prizes given over a rank run, with the trace that says why; decided by a person.

    A decision taken again is a new allocation that says in `reason` why.
    """

    __tablename__ = "allocation"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    rank_run_id: Mapped[int] = mapped_column(ForeignKey("rank_run.id"), index=True)
    number: Mapped[int]
    trace: Mapped[list[dict[str, Any]]] = mapped_column(JsonData)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)

    rank_run: Mapped[RankRun] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "number"),)


class PrizeAward(Base):
    """An entry receives a prize of a level."""

    __tablename__ = "prize_award"

    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("prize_level.id"))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    place: Mapped[int]
    money: Mapped[int] = mapped_column(BigInteger, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")

    level: Mapped[PrizeLevel] = relationship(lazy="joined")
    entry: Mapped[Entry] = relationship()
    division: Mapped[Division | None] = relationship()


class Publication(PublicIdMixin, Base):
    """A published result: a snapshot with a digest that is never changed.

    `snapshot` holds everything that the public page and the downloads show. A correction is a
    new publication that says why.
    """

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    rank_run_id: Mapped[int] = mapped_column(ForeignKey("rank_run.id"))
    # Large, and read once for each process: lists of publications do without it.
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonData, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    audit_head: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decision_number: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date | None]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "number"),)
