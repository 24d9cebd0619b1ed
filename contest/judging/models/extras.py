"""Tables of what stands beside the markings: checks, calibration, remarks passed on."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, JsonData, PublicIdMixin, UtcInstant, enum_type


class ExtraPurpose(StrEnum):
    """Why a work that has its mark is marked once more."""

    CHECK = "check"
    BAND = "band"


class ExtraMarking(Base):
    """A work that has its mark is marked once more: as a check, or near the cut of a shortlist.

    `marking` is the number of the sheet that this asks for; its total never enters the mark in
    force by itself. `seed` is that of the draw by which the work was chosen. Where nobody of the
    jury may mark it once more, people leave it out, with the reason.
    """

    __tablename__ = "extra_marking"

    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), primary_key=True)
    purpose: Mapped[ExtraPurpose] = mapped_column(enum_type(ExtraPurpose), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    marking: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64), default="")
    called_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime] = mapped_column(UtcInstant)
    left_out_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    left_out_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    left_out_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (UniqueConstraint("work_id", "marking"),)


class CalibrationEssay(PublicIdMixin, Base):
    """An essay that every judge of a round marks first, to compare with its reference marks.

    `reference` holds points as text for each criterion, in the order of the rubric; `words` says
    why these marks. It is no entry: nobody competes with it.
    """

    __tablename__ = "calibration_essay"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    body_text: Mapped[str] = mapped_column(Text)
    reference: Mapped[list[str]] = mapped_column(JsonData)
    words: Mapped[str] = mapped_column(Text, default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (CheckConstraint("position >= 1", "position"),)


class CalibrationMark(Base):
    """What a judge gave a calibration essay, once: points as text, in the order of the rubric."""

    __tablename__ = "calibration_mark"

    essay_id: Mapped[int] = mapped_column(ForeignKey("calibration_essay.id"), primary_key=True)
    juror_id: Mapped[int] = mapped_column(ForeignKey("juror.id"), primary_key=True, index=True)
    points: Mapped[list[str]] = mapped_column(JsonData)
    marked_at: Mapped[datetime] = mapped_column(UtcInstant)


class PassedRemark(Base):
    """A remark of a sheet as it may reach the authors: chosen and, where needed, shortened."""

    __tablename__ = "passed_remark"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheet.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    chosen_at: Mapped[datetime] = mapped_column(UtcInstant)
