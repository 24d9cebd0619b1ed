"""Tables of signing in: sign-ins, second factor, failures and codes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models.people import Person
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type


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
