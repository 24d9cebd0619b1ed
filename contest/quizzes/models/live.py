"""Tables of a running round: counters that a job keeps, what workers refused, the public board."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, JsonData, UtcInstant


class BoardShown(StrEnum):
    """Whether everybody sees how many take part while a round is open."""

    NOTHING = "nothing"
    UNTIL_FREEZE = "until_freeze"
    ALWAYS = "always"


class RoundPulse(Base):
    """The counters of a quiz round at an instant, so that a look at them counts nothing.

    `saves` are answers received in the minute before. Attempts up to `base_id` are counted in
    `base_started` and `base_persons` once for all; the next pulse counts only those after it.
    """

    __tablename__ = "round_pulse"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcInstant, primary_key=True)
    open_attempts: Mapped[int]
    started: Mapped[int]
    persons: Mapped[int]
    saves: Mapped[int]
    base_id: Mapped[int] = mapped_column(BigInteger)
    base_started: Mapped[int]
    base_persons: Mapped[int]


class UnitPulse(Base):
    """How many people of a unit are registered and have begun a round, counted now and then."""

    __tablename__ = "unit_pulse"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True)
    unit_path: Mapped[str] = mapped_column(Text)
    registered: Mapped[int]
    persons: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(UtcInstant)


class SaveMeter(Base):
    """What one worker did with saves in a quarter of a minute."""

    __tablename__ = "save_meter"

    at: Mapped[datetime] = mapped_column(UtcInstant, primary_key=True)
    worker: Mapped[str] = mapped_column(String(16), primary_key=True)
    received: Mapped[int]
    refused: Mapped[int]
    failed: Mapped[int]


class PublicBoard(Base):
    """What the public board of a round shows, as it was stored; nothing is counted at a look.

    `frozen_at` says since when it stands still.
    """

    __tablename__ = "public_board"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JsonData)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_final: Mapped[bool] = mapped_column(default=False)


class WaitingPlace(Base):
    """Somebody who waits to begin because the set number of open attempts is reached.

    `arrived_at` gives the order and never changes; `seen_at` is the last look at the page, and who
    has not looked for a while is passed by until they come back.
    """

    __tablename__ = "waiting_place"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    arrived_at: Mapped[datetime] = mapped_column(UtcInstant)
    seen_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (Index("ix_waiting_place_order", "round_id", "arrived_at"),)
