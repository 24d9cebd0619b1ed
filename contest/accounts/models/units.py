"""Tables of units: their trees, what followed them, their head-counts."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models.scopes import Scope
from contest.core.db import Base, PublicIdMixin, enum_type


class UnitKind(StrEnum):
    """Kinds of units of the Vietnamese system."""

    ADMINISTRATIVE = "administrative"
    PARTY_COMMITTEE = "party_committee"
    PARTY_CELL = "party_cell"
    BLOC = "bloc"
    MASS_ORG = "mass_org"
    AGENCY = "agency"
    SCHOOL = "school"
    ENTERPRISE = "enterprise"
    OTHER = "other"


class UnitTree(StrEnum):
    """The separate trees in which units stand."""

    ADMINISTRATIVE = "administrative"
    PARTY = "party"
    YOUTH = "youth"
    OTHER = "other"


class Unit(PublicIdMixin, Base):
    """An organisation, office, school or cell; kept for ever, with the dates it existed."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(200), index=True)
    sort_key: Mapped[bytes] = mapped_column(LargeBinary(600))
    kind: Mapped[UnitKind] = mapped_column(enum_type(UnitKind))
    tree: Mapped[UnitTree] = mapped_column(enum_type(UnitTree))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    scope_id: Mapped[int] = mapped_column(ForeignKey("scope.id"), unique=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    scope: Mapped[Scope] = relationship(lazy="joined")
    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id")

    __table_args__ = (
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", "dates"
        ),
    )


class UnitSuccession(Base):
    """Unit `from_unit` went over into `to_unit` on a date, by a decision."""

    __tablename__ = "unit_succession"

    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    happened_on: Mapped[date]
    decision: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (CheckConstraint("from_unit_id <> to_unit_id", "not_itself"),)


class UnitHeadcount(Base):
    """How many people a unit had on a date (its branch included)."""

    __tablename__ = "unit_headcount"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    counted_on: Mapped[date] = mapped_column(primary_key=True)
    persons: Mapped[int]

    __table_args__ = (CheckConstraint("persons >= 0", "persons"),)
