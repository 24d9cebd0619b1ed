"""Who beside its own unit works with a bank."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Scope
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type


class ShareRight(StrEnum):
    """What those with whom a bank is shared may do: each right brings reading."""

    READ = "read"
    WRITE = "write"
    REVIEW = "review"


class BankShare(PublicIdMixin, Base):
    """A bank lent to a unit or a contest: whoever runs that one has the right on the bank."""

    __tablename__ = "bank_share"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    scope_id: Mapped[int] = mapped_column(ForeignKey("scope.id"), index=True)
    right: Mapped[ShareRight] = mapped_column(enum_type(ShareRight))
    shared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    shared_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    scope: Mapped[Scope] = relationship(lazy="joined")

    __table_args__ = (
        Index(
            "uq_bank_share_active",
            "bank_id",
            "scope_id",
            "right",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
