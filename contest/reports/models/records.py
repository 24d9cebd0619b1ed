"""Records beside the contests run here: older contests, models and projects."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Unit
from contest.contests.models import ContestKind
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type


class ContestRecord(PublicIdMixin, Base):
    """A contest that was not run here, typed in or imported, so that a table of years is whole.

    `entries` and `persons` are what the older report says, each with its qualifier
    (a value of `Qualifier`, or empty).
    """

    __tablename__ = "contest_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_ids: Mapped[str] = mapped_column(String(400))
    title: Mapped[str] = mapped_column(String(300))
    title_folded: Mapped[str] = mapped_column(String(300))
    kind: Mapped[ContestKind] = mapped_column(enum_type(ContestKind))
    held_from: Mapped[date]
    held_to: Mapped[date]
    organiser: Mapped[str] = mapped_column(String(300), default="")
    categories: Mapped[str] = mapped_column(String(300), default="")
    entries: Mapped[int | None]
    entries_qualifier: Mapped[str] = mapped_column(String(20), default="")
    persons: Mapped[int | None]
    persons_qualifier: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    import_id: Mapped[int | None] = mapped_column(ForeignKey("register_import.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        CheckConstraint("held_to >= held_from", "dates"),
        CheckConstraint("entries IS NULL OR entries >= 0", "entries"),
        CheckConstraint("persons IS NULL OR persons >= 0", "persons"),
        Index("ix_contest_record_held_from", "held_from"),
    )


class ProjectKind(StrEnum):
    """An emulation project (công trình thi đua) or a model (mô hình "Dân vận khéo")."""

    PROJECT = "project"
    MODEL = "model"


class ProjectCategory(StrEnum):
    """The field of a project or model."""

    PARTY_BUILDING = "party_building"
    AGENCY_BUILDING = "agency_building"
    RESOLUTION = "resolution"
    BREAKTHROUGH = "breakthrough"
    ADMINISTRATIVE_REFORM = "administrative_reform"
    ECONOMY = "economy"
    CULTURE_SOCIETY = "culture_society"
    SECURITY = "security"
    POLITICAL_SYSTEM = "political_system"
    OTHER = "other"


class ProjectState(StrEnum):
    """How far a project is."""

    REGISTERED = "registered"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class Project(PublicIdMixin, Base):
    """A model or project that a unit has registered; its appraisal comes later."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_ids: Mapped[str] = mapped_column(String(400))
    kind: Mapped[ProjectKind] = mapped_column(enum_type(ProjectKind))
    category: Mapped[ProjectCategory] = mapped_column(enum_type(ProjectCategory))
    title: Mapped[str] = mapped_column(String(300))
    title_folded: Mapped[str] = mapped_column(String(300))
    objective: Mapped[str] = mapped_column(Text, default="")
    road_map: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ProjectState] = mapped_column(
        enum_type(ProjectState), default=ProjectState.REGISTERED
    )
    registered_on: Mapped[date] = mapped_column(index=True)
    finished_on: Mapped[date | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("register_import.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship()
