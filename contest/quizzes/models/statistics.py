"""Tables of item statistics: what a round's paper and each of its questions did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Round
from contest.core.db import Base, JsonData, UtcInstant


class RoundStatistic(Base):
    """Statistics of a closed round over everybody's first attempt.

    `figures` are the fields of `question_bank.statistics.PaperFigures`; `thirds` how many attempts
    stand in the bottom, middle and top third. `same_paper` says that all had the same questions.
    `regrade_number` is the correction after which they were made.
    """

    __tablename__ = "round_statistic"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    attempts: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JsonData)
    thirds: Mapped[list[int]] = mapped_column(JsonData)
    same_paper: Mapped[bool]
    regrade_number: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()


class ItemStatistic(Base):
    """What a question did in a round.

    `figures` are the fields of `ItemFigures`; `sums` the exact sums behind them, in
    ten-thousandths, so that several rounds add up; `options` the table by thirds,
    `[[part of an answer, bottom, middle, top], …]`, an empty part for no answer. `parts` are the
    gaps or members of the question in their order: `{"figures", "right", "answered"}`, the latter
    two as counts of the thirds.
    """

    __tablename__ = "item_statistic"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("question.id"), primary_key=True, index=True
    )
    revision_id: Mapped[int] = mapped_column(ForeignKey("question_revision.id"))
    attempts: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JsonData)
    sums: Mapped[dict[str, Any]] = mapped_column(JsonData)
    options: Mapped[list[list[Any]]] = mapped_column(JsonData)
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)

    round: Mapped[Round] = relationship()
