"""Tables of signatures under a decision."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type
from contest.results.models.over import OverMixin, over_check


class SignRole(StrEnum):
    """Who signs a list of prizes, in this order."""

    SECRETARY = "secretary"
    CHIEF_JUDGE = "chief_judge"
    CHAIR = "chair"


class Signatory(OverMixin, Base):
    """Somebody who must sign the decision of a round, or over the totals, before it is published.

    Without signatories no signature is needed.
    """

    __tablename__ = "signatory"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    role: Mapped[SignRole] = mapped_column(enum_type(SignRole))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")

    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("round_id", "role"),
        UniqueConstraint("contest_id", "role"),
        over_check(),
    )


class Signature(PublicIdMixin, Base):
    """Somebody has signed a decision: `digest` is that of the allocation they looked at.

    It is never changed; a decision taken again needs new ones.
    """

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    role: Mapped[SignRole] = mapped_column(enum_type(SignRole))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (UniqueConstraint("allocation_id", "role"),)
