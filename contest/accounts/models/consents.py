"""Tables of consents and of the words agreed to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models.scopes import Scope
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type


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
