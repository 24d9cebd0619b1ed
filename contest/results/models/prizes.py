"""Tables of prizes, honoured persons and the decisions about them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Division, Entry, RankRun
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type
from contest.results.models.over import OverMixin, OverOneMixin, Ranking, over_check
from contest.results.models.totals import TotalRun
from contest.submissions.models import Subject

PLACES_SHOWN: Final = 20


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


class PrizeLevel(PublicIdMixin, OverMixin, Base):
    """So many prizes of a level in a round, or over the totals of a contest.

    Each division has its own if the contest has some.

    `money` is in đồng.
    """

    __tablename__ = "prize_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), index=True
    )
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[PrizeCode] = mapped_column(enum_type(PrizeCode))
    name: Mapped[str] = mapped_column(String(120))
    quota: Mapped[int]
    money: Mapped[int] = mapped_column(BigInteger, default=0)
    tie_policy: Mapped[TiePolicy] = mapped_column(enum_type(TiePolicy), default=TiePolicy.STOP)

    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        UniqueConstraint("contest_id", "position"),
        over_check(),
        CheckConstraint("quota >= 1", "quota"),
        CheckConstraint("money >= 0", "money"),
    )


class PrizeTerms(OverMixin, Base):
    """Limits on the prizes of a round or of the totals, and what is shown of marks and places.

    `per_author` and `per_unit` say how many prizes at most an author, or all authors of a unit
    at the reporting level, may get in each division; empty means no limit. `shows_criteria` lets
    authors read the mean mark of each criterion beside their own place. `places_shown` is how
    many places of the totals everybody reads; of rounds only winners are named.
    """

    __tablename__ = "prize_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), unique=True
    )
    contest_id: Mapped[int | None] = mapped_column(
        ForeignKey("contest.id", ondelete="CASCADE"), unique=True
    )
    per_author: Mapped[int | None]
    per_unit: Mapped[int | None]
    shows_criteria: Mapped[bool] = mapped_column(default=False)
    places_shown: Mapped[int] = mapped_column(default=PLACES_SHOWN)

    __table_args__ = (
        over_check(),
        CheckConstraint("places_shown >= 1", "places_shown"),
        CheckConstraint("per_author IS NULL OR per_author >= 1", "per_author"),
        CheckConstraint("per_unit IS NULL OR per_unit >= 1", "per_unit"),
    )


class Honour(PublicIdMixin, Base):
    """A person written about whom the organisers honour, beside the prizes (domain: S0-3).

    `citation` says why. `agreed_at` is when the organisers noted that the person agrees to be
    named; without it the public reads initials, and no citation.
    """

    __tablename__ = "honour"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    position: Mapped[int]
    full_name: Mapped[str] = mapped_column(String(120))
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    citation: Mapped[str] = mapped_column(Text, default="")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcInstant)

    subject: Mapped[Subject] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "subject_id"),)


class Allocation(PublicIdMixin, OverOneMixin, Base):
    """Prizes given over a ranking, with the trace that says why; decided by a person.

    The ranking is the rank run of a round, or a total run of a contest.

    A decision taken again is a new allocation that says in `reason` why.
    """

    __tablename__ = "allocation"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    rank_run_id: Mapped[int | None] = mapped_column(ForeignKey("rank_run.id"), index=True)
    total_run_id: Mapped[int | None] = mapped_column(ForeignKey("total_run.id"))
    number: Mapped[int]
    trace: Mapped[list[dict[str, Any]]] = mapped_column(JsonData)
    # The honoured persons as they were when the prizes were decided.
    honours: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)
    # Unit prizes and side prizes as they were given, each with its own trace (rules.extra_prizes).
    extras: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)

    rank_run: Mapped[RankRun | None] = relationship()
    total_run: Mapped[TotalRun | None] = relationship()

    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        UniqueConstraint("contest_id", "number"),
        over_check(),
        CheckConstraint("(rank_run_id IS NULL) = (round_id IS NULL)", "rank_run"),
        CheckConstraint("(total_run_id IS NULL) = (contest_id IS NULL)", "total_run"),
    )

    @property
    def ranking(self) -> Ranking:
        """The places over which the prizes are given."""
        found = self.rank_run or self.total_run
        if found is None:  # pragma: no cover  (a constraint forbids it)
            raise LookupError(self.id)
        return found


class PrizeAward(Base):
    """An entry receives a prize of a level.

    Over totals the first entry of a registration stands for all that the person did.
    """

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
