"""Tables of what people ask about their own data."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models.people import Person
from contest.accounts.models.units import Unit
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type


class RequestKind(StrEnum):
    """What a person asks for about their own data."""

    COPY = "copy"
    CORRECTION = "correction"
    OBJECTION = "objection"
    ERASURE = "erasure"


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SubjectRequest(PublicIdMixin, Base):
    """A person asks for a copy, a correction, less use or the erasure of their own data.

    `unit_id` is the person's unit when it was filed: whoever looks after its people answers. A
    copy is answered by a job, which keeps the archive as `file_id` until `file_until`. `words`
    are the person's own and are blanked by an erasure; `answer` is what was written to them.
    """

    __tablename__ = "subject_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(enum_type(RequestKind))
    state: Mapped[RequestState] = mapped_column(
        enum_type(RequestState), default=RequestState.RECEIVED
    )
    words: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    filed_at: Mapped[datetime] = mapped_column(UtcInstant)
    confirm_due_at: Mapped[datetime] = mapped_column(UtcInstant)
    finish_due_at: Mapped[datetime] = mapped_column(UtcInstant)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    finished_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    file_until: Mapped[datetime | None] = mapped_column(UtcInstant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (
        Index(
            "uq_subject_request_open",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=text("state IN ('received', 'confirmed')"),
            postgresql_where=text("state IN ('received', 'confirmed')"),
        ),
        Index("ix_subject_request_state_finish_due_at", "state", "finish_due_at"),
    )
