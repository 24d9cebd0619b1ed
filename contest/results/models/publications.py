"""Table of published results."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Round
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant


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
