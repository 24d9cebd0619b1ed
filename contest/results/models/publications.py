"""Tables of published results, and of those that wait for their instant."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type
from contest.results.models.over import OverOneMixin, over_check


class Publication(PublicIdMixin, OverOneMixin, Base):
    """A published result of a round, or of the totals of a contest: never changed.

    `snapshot` holds everything that the public page and the downloads show, `digest` is its
    SHA-256. A correction is a new publication that says why.
    """

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    rank_run_id: Mapped[int | None] = mapped_column(ForeignKey("rank_run.id"))
    total_run_id: Mapped[int | None] = mapped_column(ForeignKey("total_run.id"))
    # Large, and read once for each process: lists of publications do without it.
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonData, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    audit_head: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decision_number: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date | None]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        UniqueConstraint("contest_id", "number"),
        over_check(),
        CheckConstraint("(rank_run_id IS NULL) = (round_id IS NULL)", "rank_run"),
        CheckConstraint("(total_run_id IS NULL) = (contest_id IS NULL)", "total_run"),
    )


class ScheduleState(StrEnum):
    """What became of a scheduled publication."""

    WAITING = "waiting"
    PUBLISHED = "published"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class ScheduledPublication(PublicIdMixin, OverOneMixin, Base):
    """A decided result that appears at an instant; one of a round, or of the totals, waits.

    `expected_body` is the digest of what was looked at, as it is on the day of `due_at`: another
    list is never published by a job. `problem` says why it was stopped.
    """

    __tablename__ = "scheduled_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    expected_body: Mapped[str] = mapped_column(String(64))
    expected_number: Mapped[int]
    decision_number: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ScheduleState] = mapped_column(
        enum_type(ScheduleState), default=ScheduleState.WAITING
    )
    problem: Mapped[str] = mapped_column(Text, default="")
    scheduled_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scheduled_at: Mapped[datetime] = mapped_column(UtcInstant)
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (
        over_check(),
        Index(
            "uq_scheduled_publication_totals",
            "contest_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "uq_scheduled_publication_waiting",
            "round_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
