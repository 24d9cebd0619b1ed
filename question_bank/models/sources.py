"""What questions cite: laws, resolutions, books, and for how long they hold."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, PublicIdMixin, UtcInstant


class QuestionSource(PublicIdMixin, Base):
    """A document that questions of a bank cite.

    `citation` is how it is written in the questions' own source line, `valid_to` the last day on
    which it holds; a question whose document has lapsed is flagged.
    """

    __tablename__ = "question_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    citation: Mapped[str] = mapped_column(String(300))
    citation_folded: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (
        UniqueConstraint("bank_id", "citation_folded"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", "dates"
        ),
    )
