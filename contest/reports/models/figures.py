"""Figures that people type in: targets, and figures of older reports."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Unit
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type
from contest.reports.models.counts import Measure, Qualifier


class Target(PublicIdMixin, Base):
    """What a unit with its branch set out to reach in a period (chỉ tiêu).

    `value` is a count, or thousandths for the participation rate.
    """

    __tablename__ = "report_target"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    measure: Mapped[Measure] = mapped_column(enum_type(Measure))
    period_from: Mapped[date]
    period_to: Mapped[date]
    value: Mapped[int]
    source: Mapped[str] = mapped_column(String(200), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        CheckConstraint("period_to >= period_from", "period"),
        CheckConstraint("value >= 0", "value"),
        UniqueConstraint("unit_id", "measure", "period_from", "period_to"),
    )


class ReportedFigure(PublicIdMixin, Base):
    """A figure typed in from an older report, with the word that stood before it."""

    __tablename__ = "reported_figure"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    measure: Mapped[Measure] = mapped_column(enum_type(Measure))
    period_from: Mapped[date]
    period_to: Mapped[date]
    value: Mapped[int]
    qualifier: Mapped[Qualifier | None] = mapped_column(enum_type(Qualifier))
    source: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        CheckConstraint("period_to >= period_from", "period"),
        CheckConstraint("value >= 0", "value"),
    )
