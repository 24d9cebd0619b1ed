"""Tables of the persons written about: who they are, what they agreed to, who decided what."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person, Unit
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type
from contest.core.files import StoredFile
from contest.core.vietnamese import fold


def _searched(context: Any) -> str:
    """Name and unit, folded: what a secretary finds a person by."""
    values = context.get_current_parameters()
    return fold(" ".join(values.get(name) or "" for name in ("full_name", "unit_name")))


class Subject(PublicIdMixin, Base):
    """A person written about; essays of several authors and seasons may be linked to one.

    `register_unit_id` is the unit whose contest first told of the person: who keeps its essays
    keeps the record. `person_id` is set where the person has an account. A record that turned out
    to be the same person as another stays, with `merged_into_id`, so that the merger can be undone.

    `consented_at` and `portrait_agreed_at` repeat the standing consents (`SubjectConsent`) to be
    named and to be shown; `withheld_at` says that the person withdrew or refused to be named or
    read about, and closes the essays about them to the public.
    """

    __tablename__ = "subject"

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str] = mapped_column(String(120))
    name_folded: Mapped[str] = mapped_column(String(120), index=True)
    search_folded: Mapped[str] = mapped_column(Text, default=_searched)
    sort_key: Mapped[bytes] = mapped_column(LargeBinary(400))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    register_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    portrait_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    portrait_text: Mapped[str] = mapped_column(String(300), default="")
    consented_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    portrait_agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    withheld_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    erased_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)

    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id])
    register_unit: Mapped[Unit | None] = relationship(foreign_keys=[register_unit_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    portrait: Mapped[StoredFile | None] = relationship()


class WorkSubject(Base):
    """A work is about a subject; linked by a person who decided that they are the same."""

    __tablename__ = "work_subject"

    work_id: Mapped[int] = mapped_column(
        ForeignKey("work.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True, index=True)

    subject: Mapped[Subject] = relationship()


class SubjectPurpose(StrEnum):
    """What a person written about agrees to, each apart."""

    NAME = "name"
    PORTRAIT = "portrait"
    ESSAY = "essay"


class ConsentChannel(StrEnum):
    """How the consent of a person written about reached the organisers."""

    PAPER = "paper"
    LETTER = "letter"
    PHONE = "phone"
    IN_PERSON = "in_person"


class SubjectConsent(PublicIdMixin, Base):
    """A person written about agreed, or refused: to which words, when, how, and who noted it.

    `wording` holds the words themselves. Without `given_on` the person refused from the start;
    then `withdrawn_at` is when that was noted. `kept_where` says where the paper lies.
    """

    __tablename__ = "subject_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    purpose: Mapped[SubjectPurpose] = mapped_column(enum_type(SubjectPurpose))
    wording: Mapped[str] = mapped_column(Text)
    channel: Mapped[ConsentChannel] = mapped_column(enum_type(ConsentChannel))
    given_on: Mapped[date | None] = mapped_column(Date)
    guardian: Mapped[str] = mapped_column(String(120), default="")
    kept_where: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])

    @property
    def stands(self) -> bool:
        """Whether it was given and not withdrawn."""
        return self.given_on is not None and self.withdrawn_at is None


class SubjectChangeKind(StrEnum):
    """What a person decided about persons written about."""

    LINKED = "linked"
    MERGED = "merged"
    SPLIT = "split"
    DISTINCT = "distinct"


class SubjectChange(PublicIdMixin, Base):
    """The trail: who said that two are one, or one is two; every line can be undone.

    Attributes of a line: `subject` is who the essays belong to after it, `other` who had them
    before (None: nobody); of `DISTINCT` simply both, the smaller key first. `work_ids` are the
    essays that changed hands, `carried` what other rooms handed over, keys by code.
    """

    __tablename__ = "subject_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SubjectChangeKind] = mapped_column(enum_type(SubjectChangeKind))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"), index=True)
    work_ids: Mapped[list[int]] = mapped_column(JsonData, default=list)
    carried: Mapped[dict[str, list[int]]] = mapped_column(JsonData, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    subject: Mapped[Subject] = relationship(foreign_keys=[subject_id])
    other: Mapped[Subject | None] = relationship(foreign_keys=[other_id])
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])

    __table_args__ = (Index("ix_subject_change_kind_subject", "kind", "subject_id"),)
