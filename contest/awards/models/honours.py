"""The honour roll: pages about those who were honoured."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person, Unit
from contest.core.db import Base, PublicIdMixin, UtcInstant
from contest.core.files import StoredFile
from contest.submissions.models import Subject


class HonourProfile(PublicIdMixin, Base):
    """A person or collective on the honour roll, with portrait and story.

    What the public reads depends on consent: without `name_agreed_at` a person stands there by
    initials and without story; a minor also needs `guardian_agreed_at`. The portrait needs
    `photo_agreed_at`. `level`, `year` and `theme` repeat the highest and latest commendation for
    the filters; `search_folded` is name and unit as they are searched, of what the public may read.
    """

    __tablename__ = "honour_profile"

    id: Mapped[int] = mapped_column(primary_key=True)
    register_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    recipient_kind: Mapped[str] = mapped_column(String(20))
    full_name: Mapped[str] = mapped_column(String(200))
    search_folded: Mapped[str] = mapped_column(String(500), default="")
    sort_key: Mapped[bytes] = mapped_column(LargeBinary(600))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_name: Mapped[str] = mapped_column(String(300), default="")
    unit_ids: Mapped[str] = mapped_column(String(400), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    portrait_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    portrait_text: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(String(300), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    theme: Mapped[str] = mapped_column(String(120), default="")
    theme_folded: Mapped[str] = mapped_column(String(120), default="")
    level: Mapped[str] = mapped_column(String(20), default="")
    year: Mapped[int | None]
    is_minor: Mapped[bool] = mapped_column(default=False)
    name_agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    photo_agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    guardian_agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    published_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id])
    register_unit: Mapped[Unit] = relationship(foreign_keys=[register_unit_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    subject: Mapped[Subject | None] = relationship()
    portrait: Mapped[StoredFile | None] = relationship()

    # Searches and filters of the roll read this index alone, which is a fifth of the table.
    __table_args__ = (
        Index(
            "ix_honour_profile_roll",
            "year",
            "sort_key",
            "published_at",
            "level",
            "theme_folded",
            "person_id",
            "search_folded",
        ),
    )
