"""The register of commendations: who was honoured, by whom, when, for what; and files read into it.

A row is a recognition (lượt). Persons (người) are counted by `recipient_key`, which is the same for
the same recipient on every level.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person, Unit
from contest.awards.models.honours import HonourProfile
from contest.contests.models import Contest
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type


class Level(StrEnum):
    """Who honours, from near to far. `city` is a province or a city directly under the centre."""

    BASE = "base"
    DISTRICT = "district"
    BLOC = "bloc"
    CITY = "city"
    MINISTRY = "ministry"
    PRIME_MINISTER = "prime_minister"


class AwardForm(StrEnum):
    """Forms of award. Prizes of contests are none of them."""

    COMMENDATION = "commendation"
    LETTER = "letter"
    COMMENDATION_PAPER = "commendation_paper"
    MERIT_CERTIFICATE = "merit_certificate"
    EMULATION_TITLE = "emulation_title"
    EMULATION_FLAG = "emulation_flag"
    MEDAL = "medal"
    ORDER = "order"


class RecipientKind(StrEnum):
    """Collective or individual (tập thể, cá nhân)."""

    COLLECTIVE = "collective"
    INDIVIDUAL = "individual"


class Commendation(PublicIdMixin, Base):
    """A recipient in a decision.

    `register_unit_id` is the unit in whose register the row stands: who looks after it may change
    it. `unit_id` is the recipient (a collective) or the recipient's unit, or the register's where
    the recipient's is not in the tree; `unit_name` its name and `unit_ids` the path of ids "/12/5/"
    as they were. Award period (`period_from` to `period_to`) and decision date are two facts.
    `recipient_key` tells recipients apart; `decision_key` is the number without its separators.
    """

    __tablename__ = "commendation"

    id: Mapped[int] = mapped_column(primary_key=True)
    register_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    level: Mapped[Level] = mapped_column(enum_type(Level))
    form: Mapped[AwardForm] = mapped_column(enum_type(AwardForm))
    recipient_kind: Mapped[RecipientKind] = mapped_column(enum_type(RecipientKind))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("honour_profile.id"), index=True)
    recipient_name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[bytes] = mapped_column(LargeBinary(600))
    recipient_key: Mapped[str] = mapped_column(String(300), index=True)
    position: Mapped[str] = mapped_column(String(200), default="")
    unit_name: Mapped[str] = mapped_column(String(300), default="")
    unit_folded: Mapped[str] = mapped_column(String(300), default="")
    unit_ids: Mapped[str] = mapped_column(String(400), default="")
    decision_number: Mapped[str] = mapped_column(String(80))
    decision_key: Mapped[str] = mapped_column(String(80), index=True)
    decided_on: Mapped[date] = mapped_column(index=True)
    issuer: Mapped[str] = mapped_column(String(200), default="")
    period_from: Mapped[date | None]
    period_to: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    theme: Mapped[str] = mapped_column(String(120), default="")
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), index=True)
    is_leader: Mapped[bool] = mapped_column(default=False)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("register_import.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_reason: Mapped[str] = mapped_column(Text, default="")

    register_unit: Mapped[Unit] = relationship(foreign_keys=[register_unit_id])
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    contest: Mapped[Contest | None] = relationship()
    profile: Mapped[HonourProfile | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "period_to IS NULL OR period_from IS NULL OR period_to >= period_from", "period"
        ),
        Index(
            "uq_commendation_decision_recipient",
            "decision_key",
            "decided_on",
            "recipient_key",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        # Reports count from this index alone, which is a fifth of the table.
        Index(
            "ix_commendation_counted",
            "decided_on",
            "revoked_at",
            "level",
            "recipient_kind",
            "is_leader",
            "unit_id",
            "unit_ids",
            "recipient_key",
        ),
    )


class ImportState(StrEnum):
    """Where a file for a register stands."""

    READY = "ready"
    TAKEN = "taken"
    DISCARDED = "discarded"


class RegisterImport(PublicIdMixin, Base):
    """A file read for a register and shown before it is taken, wholly or not at all.

    `register` names which one (`commendations`, `contests`, `projects`). `rows` hold what was
    typed, what it means (`values`) and `notes` with level, column and message; `outcome` the
    counts once taken.
    """

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    state: Mapped[ImportState] = mapped_column(enum_type(ImportState), default=ImportState.READY)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    taken_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship()
