"""Table of printed papers: one draw under several paper codes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Round
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant


class PrintedPaper(PublicIdMixin, Base):
    """A fixed paper for print, with its codes (mã đề); never changed.

    `papers` is `[{"code", "slots": [{"r": revision id, "o": [option ids]}]}]`; the first code has
    the order of the draw. `seed` gives the same papers again from the same bank. `head` holds the
    words above the questions (issuer, subject, minutes).
    """

    __tablename__ = "printed_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    seed: Mapped[str] = mapped_column(String(64))
    head: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    papers: Mapped[list[dict[str, Any]]] = mapped_column(JsonData)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "number"),)
