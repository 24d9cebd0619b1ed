"""Questions of a bank that say the same, and what was decided about them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type


class DuplicateState(StrEnum):
    """What was decided about a pair of questions."""

    OPEN = "open"
    BOTH_KEPT = "both_kept"
    RETIRED = "retired"
    SAME = "same"


class DuplicatePair(PublicIdMixin, Base):
    """Two questions with the same words (`is_exact`) or nearly the same.

    `share` is the part of the shorter one's runs of words that the other has, in thousandths. What
    was decided stays: the pair is not shown again, however often the bank is searched. `SAME`
    keeps both and makes them enemies: they never stand in one paper.
    """

    __tablename__ = "duplicate_pair"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(
        ForeignKey("question.id", ondelete="CASCADE"), index=True
    )
    is_exact: Mapped[bool]
    share: Mapped[int]
    state: Mapped[DuplicateState] = mapped_column(enum_type(DuplicateState))
    found_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", "order"),
        Index("ix_duplicate_pair_bank", "bank_id", "state", "share"),
    )
