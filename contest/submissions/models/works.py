"""Tables of essay rounds, works with their versions and files, and the code table."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person
from contest.contests.models import Entry, Round
from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type
from contest.core.files import StoredFile
from contest.core.vietnamese import fold
from contest.submissions.models.entry_forms import FormField


class EssayRound(Base):
    """How an essay round is held: what is called for, the entry form, and the limits.

    `fields` is the form as the organiser built it (`rules.entry_forms.entry_form` reads it); where
    there are none it is that of an essay. A round that does not take works (`takes_works`) gets
    them from an earlier one.
    """

    __tablename__ = "essay_round"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    call_text: Mapped[str] = mapped_column(Text, default="")
    pledge_text: Mapped[str] = mapped_column(Text, default="")
    min_words: Mapped[int] = mapped_column(default=0)
    max_words: Mapped[int] = mapped_column(default=1200)
    max_pictures: Mapped[int] = mapped_column(default=5)
    document_allowed: Mapped[bool] = mapped_column(default=True)
    subject_required: Mapped[bool] = mapped_column(default=True)
    coauthors_allowed: Mapped[bool] = mapped_column(default=True)
    entries_per_author: Mapped[int] = mapped_column(default=1)
    grace_seconds: Mapped[int] = mapped_column(default=300)
    takes_works: Mapped[bool] = mapped_column(default=True)

    round: Mapped[Round] = relationship()
    fields: Mapped[list[FormField]] = relationship(
        order_by=FormField.position, cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("max_words BETWEEN 1 AND 100000", "max_words"),
        CheckConstraint("min_words BETWEEN 0 AND max_words", "min_words"),
        CheckConstraint("max_pictures BETWEEN 0 AND 200", "max_pictures"),
        CheckConstraint("entries_per_author BETWEEN 1 AND 100", "entries_per_author"),
        CheckConstraint("grace_seconds BETWEEN 0 AND 86400", "grace"),
    )


class WorkState(StrEnum):
    """Where a work stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class Work(PublicIdMixin, Base):
    """An essay of an entry in a round.

    `edit` rises with every save: a second tab or person that saves over an older one is told,
    never merged silently. `submitted_version_id` is what is judged. `identity_hints` holds what
    stood in the head and foot of an uploaded document (names, telephone numbers): it was left
    out of the text, and is masked where the text repeats it.

    `advanced_from_id` names the work of an earlier round that came onto the shortlist: this one is
    the same text under another code.

    `late_until` and `late_reason` come with a code of the late door; `came_late` says that it was
    handed in after the deadline, by such a code or with a late postmark. A work on paper has
    `entered_by_id`, who typed it in, the day of its postmark, and where the paper lies.
    """

    __tablename__ = "work"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[WorkState] = mapped_column(enum_type(WorkState), default=WorkState.DRAFT)
    edit: Mapped[int] = mapped_column(default=0)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("work_version.id", use_alter=True))
    submitted_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("work_version.id", use_alter=True)
    )
    submitted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    receipt_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    receipt_digest: Mapped[str | None] = mapped_column(String(64))
    pledged_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    identity_hints: Mapped[list[str]] = mapped_column(JsonData, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    advanced_from_id: Mapped[int | None] = mapped_column(ForeignKey("work.id"), index=True)
    late_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    came_late: Mapped[bool] = mapped_column(default=False)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    postmarked_on: Mapped[date | None] = mapped_column(Date)
    kept_where: Mapped[str] = mapped_column(String(200), default="")

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    entered_by: Mapped[Person | None] = relationship(foreign_keys=[entered_by_id])
    version: Mapped["WorkVersion | None"] = relationship(
        foreign_keys=[version_id], post_update=True
    )
    submitted_version: Mapped["WorkVersion | None"] = relationship(
        foreign_keys=[submitted_version_id], post_update=True
    )
    authors: Mapped[list["WorkAuthor"]] = relationship(
        order_by="WorkAuthor.position", cascade="all, delete-orphan"
    )
    files: Mapped[list["WorkFile"]] = relationship(
        order_by="WorkFile.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("round_id", "entry_id"),
        Index("ix_work_round_state", "round_id", "state"),
    )

    @property
    def is_on_paper(self) -> bool:
        """Whether a secretary entered it from paper."""
        return self.entered_by_id is not None


def _searched(context: Any) -> str:
    """Title and person written about, folded: what a secretary finds a work by."""
    values = context.get_current_parameters()
    names = ("title", "subject_name", "subject_unit")
    return fold(" ".join(values.get(name) or "" for name in names))


class WorkVersion(PublicIdMixin, Base):
    """What a work said at a time; never changed.

    `body_html` is cleaned HTML: the text with every other field that judges are shown, under its
    name; `body_text` the same as plain text, by which copies and names of authors are found.
    `answers` holds the fields as typed, by key, and under `body` the text alone where the form has
    more to show; `private_answers` those that judges are not shown. `subject_*` hold the person
    written about as typed. `save_key` is the random name that the page gave to the save: by it a
    page whose answer was lost knows its own text.
    """

    __tablename__ = "work_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300), default="")
    word_count: Mapped[int] = mapped_column(default=0)
    subject_name: Mapped[str] = mapped_column(String(120), default="")
    subject_unit: Mapped[str] = mapped_column(String(200), default="")
    subject_reason: Mapped[str] = mapped_column(Text, default="")
    subject_shown: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[str] = mapped_column(String(64))
    is_autosave: Mapped[bool] = mapped_column(default=False)
    save_key: Mapped[str] = mapped_column(String(32), default="")
    search_folded: Mapped[str] = mapped_column(Text, default=_searched)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)
    # Last: SQLite walks through everything that stands before what a list reads.
    answers: Mapped[dict[str, str]] = mapped_column(JsonData, default=dict)
    private_answers: Mapped[dict[str, str]] = mapped_column(JsonData, default=dict)
    body_html: Mapped[str] = mapped_column(Text, default="")
    body_text: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (UniqueConstraint("work_id", "number"),)


class WorkAuthor(Base):
    """An author of a work, the first being who handed it in; co-authors may have no account."""

    __tablename__ = "work_author"

    work_id: Mapped[int] = mapped_column(
        ForeignKey("work.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(120))
    name_folded: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str] = mapped_column(String(200), default="")


class WorkFileKind(StrEnum):
    """What a file of a work is."""

    PICTURE = "picture"
    DOCUMENT = "document"


class WorkFile(PublicIdMixin, Base):
    """A file of a work: `original` as handed in, `clean` without metadata, which judges fetch.

    `field_key` names the field of the form that it was added to; empty: the pictures of the text
    and the document read into it. `shown` says whether judges see it: a picture drawn anew, of a
    document its words (`text_html`).
    """

    __tablename__ = "work_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id", ondelete="CASCADE"), index=True)
    kind: Mapped[WorkFileKind] = mapped_column(enum_type(WorkFileKind))
    position: Mapped[int]
    field_key: Mapped[str] = mapped_column(String(20), default="")
    shown: Mapped[bool] = mapped_column(default=True)
    text_html: Mapped[str] = mapped_column(Text, default="")
    media_type: Mapped[str] = mapped_column(String(120))
    original_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    clean_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    caption: Mapped[str] = mapped_column(String(300), default="")
    alternative_text: Mapped[str] = mapped_column(String(300), default="")
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    original: Mapped[StoredFile] = relationship(foreign_keys=[original_id])
    clean: Mapped[StoredFile | None] = relationship(foreign_keys=[clean_id])


class ScreeningOutcome(StrEnum):
    """What the secretary decided about a work before marking."""

    PASSED = "passed"
    RETURNED = "returned"
    INELIGIBLE = "ineligible"


class Screening(PublicIdMixin, Base):
    """A decision of the screening; the newest counts."""

    __tablename__ = "screening"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("work_version.id"))
    outcome: Mapped[ScreeningOutcome] = mapped_column(enum_type(ScreeningOutcome))
    reasons: Mapped[list[str]] = mapped_column(JsonData, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)
    is_current: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        Index(
            "uq_screening_current",
            "work_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )


class BlindCode(Base):
    """The code table: which code stands for which work in a round.

    Read by the secretary alone; every reading is an audit event.

    Beside the code stands all that a judge reads, with names of authors and units masked:
    `captions` by the public id of the file (caption, alternative text), `masked` what was found
    (`kind`, `found`, `place`, `done`). It is made anew while nobody has marked.
    """

    __tablename__ = "blind_code"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("work_version.id"))
    code: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(300), default="")
    subject_line: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text)
    body_text: Mapped[str] = mapped_column(Text)
    word_count: Mapped[int] = mapped_column(default=0)
    captions: Mapped[dict[str, list[str]]] = mapped_column(JsonData, default=dict)
    masked: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (UniqueConstraint("round_id", "code"),)


class Unsealing(Base):
    """The code table of a round was opened: by two people, when; refused while a mark is open."""

    __tablename__ = "unsealing"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    unsealed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unsealed_at: Mapped[datetime] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(Text, default="")


class UnsealingRequest(PublicIdMixin, Base):
    """Somebody asks that the codes of a round be opened; another person has to agree.

    The newest request that was not withdrawn counts; `digest` is that of the decision on prizes
    over which it was made.
    """

    __tablename__ = "unsealing_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class NearDuplicate(PublicIdMixin, Base):
    """Two works share passages; a flag for people to judge, never a refusal.

    `share_a` is the part of work a's shingles that stand in b, as ten-thousandths; `spans` the
    matched passages as character ranges of the plain texts of `version_a` and `version_b`, those
    that were compared: a work may have been handed in anew since.
    """

    __tablename__ = "near_duplicate"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    work_a_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    work_b_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    version_a_id: Mapped[int] = mapped_column(ForeignKey("work_version.id"))
    version_b_id: Mapped[int] = mapped_column(ForeignKey("work_version.id"))
    share_a: Mapped[int]
    share_b: Mapped[int]
    spans: Mapped[list[list[int]]] = mapped_column(JsonData)
    found_at: Mapped[datetime] = mapped_column(UtcInstant)
    verdict: Mapped[str] = mapped_column(String(20), default="")
    verdict_note: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    version_a: Mapped[WorkVersion] = relationship(foreign_keys=version_a_id)
    version_b: Mapped[WorkVersion] = relationship(foreign_keys=version_b_id)

    __table_args__ = (UniqueConstraint("work_a_id", "work_b_id"),)

    @property
    def compared(self) -> str:
        """Names the two texts that were compared: a verdict is about these and no others."""
        return f"{self.version_a.public_id}.{self.version_b.public_id}"
