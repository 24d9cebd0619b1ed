"""Tables of rosters while they are read, looked at and taken over."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ForeignKey,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models.contests import Contest
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type


class RosterState(StrEnum):
    """Where an uploaded roster stands."""

    READING = "reading"
    UNREADABLE = "unreadable"
    READY = "ready"
    TAKING = "taking"
    TAKEN = "taken"
    DISCARDED = "discarded"


class RosterImport(PublicIdMixin, Base):
    """An uploaded roster, read and shown before its good rows are taken.

    `unit_choices` says for each spelling of a unit which unit it means, 0 = a new one; a spelling
    that is not there waits for a choice. `layout` holds what the reader found: columns of each
    sheet, groups of spellings, remarks on whole sheets. `outcome` holds the counts once taken.
    `job_public_id` is the job that reads or takes a long one, `problem` why it cannot be read.
    """

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    state: Mapped[RosterState] = mapped_column(enum_type(RosterState), default=RosterState.READY)
    accepted: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    format: Mapped[str] = mapped_column(String(10), default="xlsx")
    layout: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    unit_choices: Mapped[dict[str, int]] = mapped_column(JsonData, default=dict)
    job_public_id: Mapped[str | None] = mapped_column(String(16))
    problem: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    taken_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    contest: Mapped[Contest] = relationship()


class RowFate(StrEnum):
    """What taking the roster will do with a row."""

    NEW = "new"
    KNOWN = "known"
    REGISTERED = "registered"
    TWICE = "twice"
    REFUSED = "refused"
    WAITING = "waiting"


class RosterImportRow(Base):
    """One row of a roster: the person read from it, or what is wrong in which cell.

    `person` holds what was read (`name`, `birth`, `phone_e164`, `email`, `unit`, `position`) and
    under `typed` what stood in the cells; `errors` notes with `level`, `role`, `column`,
    `message`. `unit` repeats the spelling of the unit for counting. `fate` is what taking the
    roster would do with the row, `fate_words` why. A row in a legacy font holds under `converted`
    what its cells would say in Unicode, until somebody agrees.
    """

    __tablename__ = "roster_import_row"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("roster_import.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str] = mapped_column(String(120), default="")
    row: Mapped[int]
    person: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    errors: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)
    unit: Mapped[str] = mapped_column(Text, default="")
    is_good: Mapped[bool]
    is_flagged: Mapped[bool] = mapped_column(default=False)
    is_legacy: Mapped[bool] = mapped_column(default=False)
    fate: Mapped[RowFate | None] = mapped_column(enum_type(RowFate))
    fate_words: Mapped[str] = mapped_column(Text, default="")
