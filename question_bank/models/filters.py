"""Filters of a bank's list that somebody keeps."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant


class SavedFilter(PublicIdMixin, Base):
    """A filter with a name: its owner's own, or shared with everybody who sees the bank.

    `query` holds the fields of the address, as `{"state": "draft", "q": "nghe an"}`.
    """

    __tablename__ = "saved_filter"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[dict[str, Any]] = mapped_column(JsonData)
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
