"""Tables of people, units, scopes, grants, consents and sign-in."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.core.access import Role
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type


class ScopeKind(StrEnum):
    """What a scope belongs to."""

    SYSTEM = "system"
    UNIT = "unit"
    CONTEST = "contest"
    BANK = "bank"


class Scope(Base):
    """A place where grants are given; a grant holds on the scope and on all below it.

    `path` holds the ids from the root to this scope, as "/1/5/12/", so that "below" is a
    comparison of prefixes on both databases.
    """

    __tablename__ = "scope"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ScopeKind] = mapped_column(enum_type(ScopeKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("scope.id"), index=True)
    path: Mapped[str] = mapped_column(String(400), index=True)

    __table_args__ = (
        Index(
            "uq_scope_system",
            "kind",
            unique=True,
            sqlite_where=text("kind = 'system'"),
            postgresql_where=text("kind = 'system'"),
        ),
    )


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


class BirthPrecision(StrEnum):
    """How much of a birth date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Person(PublicIdMixin, Base):
    """A person, with or without a password (a roster's people come without)."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str] = mapped_column(String(120))
    name_folded: Mapped[str] = mapped_column(String(120), index=True)
    sort_key: Mapped[bytes] = mapped_column(LargeBinary(400), index=True)
    form_of_address: Mapped[str] = mapped_column(String(20), default="")
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    birth_date: Mapped[date | None]
    birth_precision: Mapped[BirthPrecision | None] = mapped_column(enum_type(BirthPrecision))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    locale: Mapped[str] = mapped_column(String(8), default="vi")
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    totp_last_counter: Mapped[int | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    erased_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit | None] = relationship()


class SignIn(PublicIdMixin, Base):
    """A signed-in device. The cookie carries the token, the table its SHA-256."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    seen_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    device: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")


class SignInChallenge(Base):
    """A right password that still waits for the second factor; nobody is signed in by it."""

    __tablename__ = "sign_in_challenge"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    person: Mapped[Person] = relationship()


class SignInFailure(Base):
    """A failed sign-in, by digest of what was typed and of the address: for the growing delay."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    failed_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (Index("ix_sign_in_failure_key_failed_at", "key", "failed_at"),)


class RecoveryCode(Base):
    """A one-time code that stands in for the second factor."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class CodePurpose(StrEnum):
    """What a one-time code allows."""

    ACTIVATION = "activation"
    RESET = "reset"
    MAIL_RESET = "mail_reset"


class OneTimeCode(Base):
    """A printable activation code or a code to choose a new password; stored as a digest."""

    __tablename__ = "one_time_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[CodePurpose] = mapped_column(enum_type(CodePurpose))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    batch: Mapped[str] = mapped_column(String(40), default="", index=True)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Grant(PublicIdMixin, Base):
    """A person holds a role on a scope and on everything below it."""

    __tablename__ = "grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role))
    scope_id: Mapped[int] = mapped_column(ForeignKey("scope.id"), index=True)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    scope: Mapped[Scope] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        Index(
            "uq_grant_active",
            "person_id",
            "role",
            "scope_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class ConsentPurpose(StrEnum):
    """What a person agrees to, each apart."""

    TAKE_PART = "take_part"
    PUBLISH_NAME = "publish_name"
    PUBLISH_PHOTO = "publish_photo"
    PUBLISH_ESSAY = "publish_essay"
    REUSE = "reuse"
    CONTACT = "contact"


class ConsentText(Base):
    """A version of the words that people agreed to; never changed."""

    __tablename__ = "consent_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_type(ConsentPurpose))
    version: Mapped[int]
    locale: Mapped[str] = mapped_column(String(8))
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("purpose", "version", "locale"),)


class Consent(PublicIdMixin, Base):
    """A person agreed to a text at an instant through a channel, perhaps for one contest only.

    `scope_id` is the contest's scope; empty means the platform as a whole.
    """

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_type(ConsentPurpose))
    text_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    scope_id: Mapped[int | None] = mapped_column(ForeignKey("scope.id"), index=True)
    channel: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    scope: Mapped[Scope | None] = relationship()


class PersonMerge(Base):
    """Two records were one person; what was moved, so that it can be explained."""

    __tablename__ = "person_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_at: Mapped[datetime] = mapped_column(UtcInstant)
    moved: Mapped[dict[str, int]] = mapped_column(JsonData)


class NotDuplicate(Base):
    """A person decided that two similar records are two people; they are not proposed again."""

    __tablename__ = "not_duplicate"

    low_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    decided_by_id: Mapped[int] = mapped_column(Integer)
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)


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
