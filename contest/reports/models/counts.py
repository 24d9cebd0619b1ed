"""Counts prepared for reports, and the words that all figures share."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, UtcInstant


class Qualifier(StrEnum):
    """How a figure from an older report was written; a counted figure has none."""

    ABOUT = "about"
    MORE_THAN = "more_than"
    ALMOST = "almost"


class Measure(StrEnum):
    """What a figure counts. `participation_rate` is in thousandths."""

    CONTESTS = "contests"
    PERSONS = "persons"
    ATTEMPTS = "attempts"
    ENTRIES = "entries"
    ESSAYS = "essays"
    PRIZES = "prizes"
    SUBJECTS_HONOURED = "subjects_honoured"
    COMMENDATIONS = "commendations"
    LEADERS = "leaders"
    MODELS = "models"
    PARTICIPATION_RATE = "participation_rate"


class ParticipationCount(Base):
    """What the people of one unit, as it stood in its tree then, did in one round.

    `round_id` is empty for a contest without rounds. `held_on` is the local day on which the round
    opened: it decides into which period the row falls. `members` holds the keys of the persons as
    ascending little-endian 32-bit numbers, so that persons of many rounds and units are counted
    once.
    """

    __tablename__ = "participation_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_ids: Mapped[str] = mapped_column(String(400))
    held_on: Mapped[date]
    persons: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=0)
    entries: Mapped[int] = mapped_column(default=0)
    essays: Mapped[int] = mapped_column(default=0)
    members: Mapped[bytes] = mapped_column(LargeBinary)
    built_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (Index("ix_participation_count_held_on", "held_on"),)
