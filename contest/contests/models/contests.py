"""Tables of contests, rounds and their keys, registrations, entries and disqualifications."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import BirthPrecision, Person, Scope, Unit
from contest.core.db import Base, JsonData, Points, PublicIdMixin, UtcInstant, enum_type


class ContestKind(StrEnum):
    """What is done in a contest or a round."""

    QUIZ = "quiz"
    ESSAY = "essay"
    STAGE = "stage"
    STORY = "story"


class Unawarded(StrEnum):
    """What becomes of a prize that nobody gets in a round.

    It lapses, goes on to the next round, or is given over the totals of the contest.
    """

    LAPSE = "lapse"
    NEXT_ROUND = "next_round"
    OVERALL = "overall"


class Stage(StrEnum):
    """Where a round, and so its contest, stands; the codes are the same everywhere."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    MARKING = "marking"
    DECIDED = "decided"
    PUBLISHED = "published"


class Contest(Base):
    """A contest of a unit, made of rounds.

    A contest whose `announced_at` is empty is a draft of the wizard: only its organisers see it.
    `best_rounds` says how many of a person's rounds count in the total; empty = all.
    """

    __tablename__ = "contest"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    title_folded: Mapped[str] = mapped_column(String(300))
    kind: Mapped[ContestKind] = mapped_column(enum_type(ContestKind))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    scope_id: Mapped[int] = mapped_column(ForeignKey("scope.id"), unique=True)
    summary: Mapped[str] = mapped_column(Text, default="")
    subject_matter: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(Text, default="")
    rules_text: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    open_to_all_units: Mapped[bool] = mapped_column(default=True)
    self_registration: Mapped[bool] = mapped_column(default=True)
    exclude_staff: Mapped[bool] = mapped_column(default=True)
    one_prize_per_person: Mapped[bool] = mapped_column(default=True)
    unawarded: Mapped[Unawarded] = mapped_column(enum_type(Unawarded), default=Unawarded.LAPSE)
    best_rounds: Mapped[int | None]
    wizard_step: Mapped[str] = mapped_column(String(40), default="basics")
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    announced_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    unit: Mapped[Unit] = relationship()
    scope: Mapped[Scope] = relationship(lazy="joined")
    rounds: Mapped[list["Round"]] = relationship(
        order_by="Round.number", back_populates="contest", lazy="selectin"
    )
    divisions: Mapped[list["Division"]] = relationship(
        order_by="Division.position", lazy="selectin", cascade="all, delete-orphan"
    )
    eligible_units: Mapped[list["ContestUnit"]] = relationship(cascade="all, delete-orphan")


class ContestUnit(Base):
    """A branch of units whose people may take part."""

    __tablename__ = "contest_unit"

    contest_id: Mapped[int] = mapped_column(
        ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)

    unit: Mapped[Unit] = relationship(lazy="joined")


class Division(PublicIdMixin, Base):
    """A group (bảng) in which people are ranked apart, found by age on the first day."""

    __tablename__ = "division"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(
        ForeignKey("contest.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]

    __table_args__ = (UniqueConstraint("contest_id", "position"),)


class Round(PublicIdMixin, Base):
    """A round (vòng, kỳ, tuần) with its window and stage. A practice round is never ranked.

    An annulled round keeps its stage and what happened in it, but counts for nothing any more.
    """

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ContestKind] = mapped_column(enum_type(ContestKind))
    stage: Mapped[Stage] = mapped_column(enum_type(Stage), default=Stage.PLANNED)
    is_practice: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closes_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    marked_by: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[datetime | None] = mapped_column(UtcInstant)
    published_by: Mapped[datetime | None] = mapped_column(UtcInstant)
    opened_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    annulled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    weight: Mapped[Decimal] = mapped_column(Points, default=Decimal(1))

    contest: Mapped[Contest] = relationship(back_populates="rounds")
    rank_keys: Mapped[list["RankKey"]] = relationship(
        order_by="RankKey.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR closes_at > opens_at", "window"),
        Index("ix_round_stage_closes_at", "stage", "closes_at"),
    )


class RankKey(Base):
    """The n-th thing by which a round's entries are compared (a code of the key registry)."""

    __tablename__ = "rank_key"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        CheckConstraint("position BETWEEN 1 AND 6", "position"),
    )


class RegistrationSource(StrEnum):
    """How a person came into a contest."""

    SELF = "self"
    ROSTER = "roster"


class Registration(PublicIdMixin, Base):
    """A person in a contest, with name, birth date, unit and unit path as they were then.

    `unit_path` holds the names from the unit upwards, joined by " › ", `unit_folded` the same
    for the search; `unit_ids` the same as ids "/12/5/1/", so that the branch can be counted
    "as then".
    """

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    name_folded: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[bytes] = mapped_column(LargeBinary(400))
    birth_date: Mapped[date | None]
    birth_precision: Mapped[BirthPrecision | None] = mapped_column(enum_type(BirthPrecision))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_path: Mapped[str] = mapped_column(Text, default="")
    unit_folded: Mapped[str] = mapped_column(Text, default="")
    unit_ids: Mapped[str] = mapped_column(String(400), default="")
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    source: Mapped[RegistrationSource] = mapped_column(enum_type(RegistrationSource))
    registered_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    contest: Mapped[Contest] = relationship()
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit | None] = relationship()
    division: Mapped[Division | None] = relationship()

    __table_args__ = (
        UniqueConstraint("contest_id", "person_id"),
        Index("ix_registration_contest_name", "contest_id", "sort_key"),
        Index("ix_registration_contest_unit", "contest_id", "unit_id"),
    )


class Entry(PublicIdMixin, Base):
    """What competes and is ranked; in a quiz one for each registration."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    ordinal: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    registration: Mapped[Registration] = relationship()

    __table_args__ = (UniqueConstraint("registration_id", "ordinal"),)


class Disqualification(PublicIdMixin, Base):
    """A decision that an entry is not ranked, in one round or (no round) in the whole contest.

    `evidence` are the signs that were chosen for it, as they stood then: `[{"sign", "words"}]`,
    without the names of others. `told_at` says when the letter was written.
    """

    __tablename__ = "disqualification"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)
    told_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    lifted_reason: Mapped[str] = mapped_column(Text, default="")

    entry: Mapped[Entry] = relationship()
