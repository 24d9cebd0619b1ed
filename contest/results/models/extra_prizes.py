"""Tables of prizes beside the levels: for units (giải tập thể), and side prizes (giải phụ)."""

from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, PublicIdMixin, enum_type
from contest.results.models.over import OverMixin, over_check
from contest.results.models.prizes import TiePolicy


class Measure(StrEnum):
    """By what a prize beside the levels is given; the first six rank units, the others people."""

    STANDING = "standing"
    PERSONS = "persons"
    ATTEMPTS = "attempts"
    RATIO = "ratio"
    MEAN = "mean"
    WINNERS = "winners"
    YOUNGEST = "youngest"
    OLDEST = "oldest"
    EARLIEST_PERFECT = "earliest_perfect"
    BY_HAND = "by_hand"


UNIT_MEASURES: Final = frozenset(
    {
        Measure.STANDING,
        Measure.PERSONS,
        Measure.ATTEMPTS,
        Measure.RATIO,
        Measure.MEAN,
        Measure.WINNERS,
    }
)


class ExtraPrize(PublicIdMixin, OverMixin, Base):
    """So many prizes for units or for single people, beside the levels; set before the opening.

    They are given over the whole round (or contest), whatever its divisions. Unit prizes of one
    measure and one `fewest` are levels of one order: a unit gets one of them. `fewest` leaves
    units of fewer people without a place; empty means what the order of units says. `money` is in
    đồng. `terms` are the words of the rules, for a prize that the council gives by hand.
    """

    __tablename__ = "extra_prize"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), index=True
    )
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    position: Mapped[int]
    measure: Mapped[Measure] = mapped_column(enum_type(Measure))
    name: Mapped[str] = mapped_column(String(120))
    quota: Mapped[int]
    money: Mapped[int] = mapped_column(BigInteger, default=0)
    tie_policy: Mapped[TiePolicy] = mapped_column(enum_type(TiePolicy), default=TiePolicy.STOP)
    fewest: Mapped[int | None]
    terms: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        UniqueConstraint("contest_id", "position"),
        over_check(),
        CheckConstraint("quota >= 1", "quota"),
        CheckConstraint("money >= 0", "money"),
        CheckConstraint("fewest IS NULL OR fewest >= 0", "fewest"),
    )

    @property
    def is_for_units(self) -> bool:
        """Whether units get it."""
        return self.measure in UNIT_MEASURES
