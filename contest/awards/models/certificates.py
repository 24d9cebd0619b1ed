"""Tables of certificates: designs, what was issued in one go, and each certificate."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.contests.models import Contest
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type
from contest.results.models.over import OverOneMixin, over_check


class CertificateKind(StrEnum):
    """What a certificate is given for."""

    PARTICIPATION = "participation"
    PRIZE = "prize"
    HONOUR = "honour"


class CertificateLayout(StrEnum):
    """How the sheet lies."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


class CertificateDesign(PublicIdMixin, Base):
    """How certificates of a contest look and what stands on them.

    `words` may hold `{prize}`, `{contest}`, `{round}` and `{division}`; nothing else in it is more
    than text.
    """

    __tablename__ = "certificate_design"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    kind: Mapped[CertificateKind] = mapped_column(enum_type(CertificateKind))
    layout: Mapped[CertificateLayout] = mapped_column(enum_type(CertificateLayout))
    style: Mapped[str] = mapped_column(String(10), default="none")
    heading: Mapped[str] = mapped_column(String(120))
    above: Mapped[str] = mapped_column(String(200), default="")
    issuer: Mapped[str] = mapped_column(String(200), default="")
    lead: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(80), default="")
    signer_role: Mapped[str] = mapped_column(String(120), default="")
    signer_name: Mapped[str] = mapped_column(String(120), default="")
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcInstant)

    contest: Mapped[Contest] = relationship()

    __table_args__ = (UniqueConstraint("contest_id", "kind"),)


class CertificateBatch(PublicIdMixin, OverOneMixin, Base):
    """Certificates that are issued in one go, over a publication; `look` is the design as it was.

    `zip_file_id` holds one PDF each, `print_file_id` all of them in one.
    """

    __tablename__ = "certificate_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), index=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    kind: Mapped[CertificateKind] = mapped_column(enum_type(CertificateKind))
    look: Mapped[dict[str, Any]] = mapped_column(JsonData)
    issued_on: Mapped[date]
    count: Mapped[int] = mapped_column(default=0)
    job_public_id: Mapped[str | None] = mapped_column(String(16))
    zip_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    print_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (over_check(),)


class Certificate(PublicIdMixin, Base):
    """A certificate with what is printed on it; never changed, only replaced or revoked.

    `recipient` names who it is for within its round and kind ("entry/12/1", "unit/…/7");
    `code` stands in the QR code. Without a round it is given over the totals. `replaced_by_id`
    makes it *corrected*, `revoked_at` *revoked*.
    """

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("certificate_batch.id"), index=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[CertificateKind] = mapped_column(enum_type(CertificateKind))
    recipient: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int]
    serial: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(16), unique=True)
    # Of a unit prize the name of the unit, which may be longer than that of a person.
    full_name: Mapped[str] = mapped_column(String(200))
    unit_name: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(String(200), default="")
    issued_on: Mapped[date]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_reason: Mapped[str] = mapped_column(Text, default="")

    batch: Mapped[CertificateBatch] = relationship()
    contest: Mapped[Contest] = relationship()
    replaced_by: Mapped["Certificate | None"] = relationship(remote_side="Certificate.id")

    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        Index("ix_certificate_round_kind", "round_id", "kind"),
    )
