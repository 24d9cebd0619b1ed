"""Tables of rubrics, juries, assignments, mark sheets and what they were resolved to."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person, Unit
from contest.contests.models import Round
from contest.core.db import Base, JsonData, Points, PublicIdMixin, UtcInstant, enum_type
from contest.submissions.models import Work


class ResolutionRule(StrEnum):
    """How the marks of a work become one; chosen beforehand, and printed in the rules."""

    PROTOCOL = "protocol"
    MEAN = "mean"
    THIRD = "third"
    MEAN_OF_THREE = "mean_of_three"
    CLOSEST = "closest"
    MEDIAN = "median"
    TRIMMED = "trimmed"
    WITHOUT_FAR = "without_far"


class JudgedRound(Base):
    """How a round is marked. Limits are fractions of the scale, as ten-thousandths.

    With `reminds_late` judges whose sheets are late get a letter each morning. `lot_seed` is the
    seed of lots where it was fixed beforehand; else each ranking draws and records its own.

    `check_share` of the works is marked once more (chấm kiểm tra), always with the `check_top` best
    in it; 0 means that nothing is checked. `source_round_id` names the round whose shortlist of
    `shortlist_size` works is marked here (sơ khảo → chung khảo). With `gives_comments` chosen
    remarks of judges may reach the authors, never who wrote them. With `by_criterion` two marks
    are held against the limits on each criterion too, as fractions of its points.
    """

    __tablename__ = "judged_round"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    marks_per_work: Mapped[int] = mapped_column(default=2)
    resolution: Mapped[ResolutionRule] = mapped_column(
        enum_type(ResolutionRule), default=ResolutionRule.PROTOCOL
    )
    agree_limit: Mapped[Decimal] = mapped_column(Points, default=Decimal("0.10"))
    third_limit: Mapped[Decimal] = mapped_column(Points, default=Decimal("0.15"))
    spread_limit: Mapped[Decimal] = mapped_column(Points, default=Decimal("0.25"))
    marks_due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    reminds_late: Mapped[bool] = mapped_column(default=False)
    lot_seed: Mapped[str] = mapped_column(String(64), default="")
    check_share: Mapped[Decimal] = mapped_column(Points, default=Decimal(0))
    check_top: Mapped[int] = mapped_column(default=3)
    source_round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    shortlist_size: Mapped[int | None]
    gives_comments: Mapped[bool] = mapped_column(default=False)
    by_criterion: Mapped[bool] = mapped_column(default=False)

    round: Mapped[Round] = relationship(foreign_keys=[round_id])
    criteria: Mapped[list["Criterion"]] = relationship(
        order_by="Criterion.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("marks_per_work BETWEEN 1 AND 9", "marks_per_work"),
        CheckConstraint("check_top >= 0", "check_top"),
        CheckConstraint("shortlist_size IS NULL OR shortlist_size >= 1", "shortlist_size"),
    )


class Criterion(PublicIdMixin, Base):
    """A criterion of the rubric. `bands`: `[{"from", "to", "words"}]` from the best downwards."""

    __tablename__ = "criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(
        ForeignKey("judged_round.round_id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    max_points: Mapped[Decimal] = mapped_column(Points)
    step: Mapped[Decimal] = mapped_column(Points, default=Decimal("0.25"))
    is_main: Mapped[bool] = mapped_column(default=False)
    bands: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)

    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        CheckConstraint("max_points > 0", "max_points"),
        CheckConstraint("step > 0 AND step <= max_points", "step"),
    )


class JurorState(StrEnum):
    """Where an invitation stands."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"


class Juror(PublicIdMixin, Base):
    """A judge of a round. `capacity` limits the works; empty means an equal share."""

    __tablename__ = "juror"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[JurorState] = mapped_column(enum_type(JurorState), default=JurorState.INVITED)
    is_chief: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int | None]
    invited_at: Mapped[datetime] = mapped_column(UtcInstant)
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    left_reason: Mapped[str] = mapped_column(Text, default="")
    reminded_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "person_id"),)


class Conflict(PublicIdMixin, Base):
    """A judge declares that works of a unit, or about or by a name, are not theirs to mark."""

    __tablename__ = "conflict"

    id: Mapped[int] = mapped_column(primary_key=True)
    juror_id: Mapped[int] = mapped_column(ForeignKey("juror.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_name: Mapped[str] = mapped_column(String(120), default="")
    name_folded: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (CheckConstraint("unit_id IS NOT NULL OR name_folded <> ''", "what"),)


class AssignmentRun(PublicIdMixin, Base):
    """Who marks what, made from a seed: the certificate lets anybody replay it."""

    __tablename__ = "assignment_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    input_digest: Mapped[str] = mapped_column(String(64))
    certificate: Mapped[dict[str, Any]] = mapped_column(JsonData)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (UniqueConstraint("round_id", "number"),)


class SheetState(StrEnum):
    """Where a mark sheet stands."""

    TODO = "todo"
    OPEN = "open"
    DONE = "done"
    ABSTAINED = "abstained"
    MOVED = "moved"


class MarkSheet(PublicIdMixin, Base):
    """A judge's sheet for a work (phiếu chấm). `marking` counts 1 to k, then the third.

    `position` is this judge's own stable order; `edit` rises with each save, so that a stale tab
    is told. `total` is the sum of the newest mark of each criterion.
    """

    __tablename__ = "mark_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    juror_id: Mapped[int] = mapped_column(ForeignKey("juror.id"))
    marking: Mapped[int]
    position: Mapped[int]
    state: Mapped[SheetState] = mapped_column(enum_type(SheetState), default=SheetState.TODO)
    edit: Mapped[int] = mapped_column(default=0)
    total: Mapped[Decimal | None] = mapped_column(Points)
    comment: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    assigned_at: Mapped[datetime] = mapped_column(UtcInstant)
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    juror: Mapped[Juror] = relationship()
    work: Mapped[Work] = relationship()

    __table_args__ = (
        UniqueConstraint("work_id", "juror_id"),
        Index("ix_mark_sheet_juror_position", "juror_id", "position"),
        Index("ix_mark_sheet_round_work", "round_id", "work_id"),
        # Sheets are counted by state on every page of the marking, without reading them.
        Index("ix_mark_sheet_round_state", "round_id", "state", "work_id"),
    )


class SheetMark(Base):
    """A mark that a judge gave a criterion; append-only, the highest `edit` counts."""

    __tablename__ = "sheet_mark"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheet.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    edit: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[Decimal] = mapped_column(Points)
    marked_at: Mapped[datetime] = mapped_column(UtcInstant)


class SheetRemark(Base):
    """The general remark of a sheet as it was saved; append-only, the highest `edit` counts."""

    __tablename__ = "sheet_remark"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheet.id"), primary_key=True)
    edit: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcInstant)


class RefusedSave(PublicIdMixin, Base):
    """What a judge sent that could not be saved: kept apart, never counted, never thrown away.

    `reason` names the refusal (an older tab, a closed marking, a lost role); `seen_edit` is the
    edit that the page had seen. The same content of a sheet is kept once.
    """

    __tablename__ = "refused_save"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheet.id"))
    reason: Mapped[str] = mapped_column(String(40))
    seen_edit: Mapped[int]
    marks: Mapped[dict[str, str]] = mapped_column(JsonData)
    comment: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    refused_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (UniqueConstraint("sheet_id", "digest"),)


class SheetNote(PublicIdMixin, Base):
    """A note in the margin on a passage of the blind text (character range)."""

    __tablename__ = "sheet_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheet.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    criterion_id: Mapped[int | None] = mapped_column(ForeignKey("criterion.id"))
    written_at: Mapped[datetime] = mapped_column(UtcInstant)
    removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (CheckConstraint('start >= 0 AND "end" > start', "range"),)


class ResolutionMethod(StrEnum):
    """How the marks of a work became one."""

    MEAN = "mean"
    AGREED = "agreed"
    EQUAL_PAIR = "equal_pair"
    MEAN_OF_THREE = "mean_of_three"
    THIRD = "third"
    CLOSEST = "closest"
    MEDIAN = "median"
    TRIMMED = "trimmed"
    WITHOUT_FAR = "without_far"
    CHIEF = "chief"
    PANEL = "panel"
    APPEAL = "appeal"


class Resolution(PublicIdMixin, Base):
    """The official mark of a work in a round, with how it came about.

    A later one takes its place without changing it.
    """

    __tablename__ = "resolution"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    number: Mapped[int]
    method: Mapped[ResolutionMethod] = mapped_column(enum_type(ResolutionMethod))
    points: Mapped[Decimal] = mapped_column(Points)
    detail: Mapped[dict[str, Any]] = mapped_column(JsonData)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (UniqueConstraint("work_id", "number"),)


class LoweredQuorum(PublicIdMixin, Base):
    """A work is content with fewer markings than its round asks for, by a decision with a name.

    The newest decision of a work counts.
    """

    __tablename__ = "lowered_quorum"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    quorum: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (CheckConstraint("quorum >= 1", "quorum"),)


class JuryListState(StrEnum):
    """Where an imported list of judges stands."""

    READY = "ready"
    TAKEN = "taken"
    DISCARDED = "discarded"


class JuryList(PublicIdMixin, Base):
    """A list of judges from a spreadsheet, kept for the preview until somebody decides.

    `rows`: what stands in each row and what is said about it; `outcome`: what taking it did.
    """

    __tablename__ = "jury_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    state: Mapped[JuryListState] = mapped_column(
        enum_type(JuryListState), default=JuryListState.READY
    )
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JsonData)
    remarks: Mapped[list[str]] = mapped_column(JsonData, default=list)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    taken_at: Mapped[datetime | None] = mapped_column(UtcInstant)
