"""What the file of essays and marks is made of, in parts that are read one after the other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from contest.accounts.models import Person
from contest.core.db import db
from contest.judging.models import (
    Criterion,
    Juror,
    MarkSheet,
    Resolution,
    ResolutionMethod,
    SheetMark,
    SheetNote,
    SheetState,
)
from contest.judging.queries.marks import latest_resolutions
from contest.submissions.models import BlindCode, WorkAuthor, WorkVersion
from contest.submissions.queries import essay_round
from contest.submissions.rules.entry_forms import Field, entry_form


@dataclass(frozen=True, slots=True)
class ExportedWork:
    """A work as the judges read it.

    `authors`, `units` and `hidden` are empty while codes are sealed; `hidden` holds the answers
    that judges are not shown, by the key of their field.
    """

    work_id: int
    code: str
    title: str
    subject_line: str
    word_count: int
    body_text: str
    authors: str = ""
    units: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportedMark:
    """The mark in force of a work."""

    points: Decimal
    method: ResolutionMethod
    difference: str
    minutes: str


@dataclass(frozen=True, slots=True)
class ExportedSheet:
    """A mark sheet with the newest mark of each criterion."""

    code: str
    marking: int
    juror_id: int
    judge: str
    state: SheetState
    marks: Mapping[int, Decimal]
    total: Decimal | None
    comment: str
    reason: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExportedNote:
    """A note in the margin, with the passage on which it stands."""

    code: str
    judge: str
    passage: str
    body: str
    criterion: str


def export_order(round_id: int) -> list[int]:
    """Keys of the works that have a code, in the order of their codes: it tells nothing."""
    return list(
        db.session.scalars(
            select(BlindCode.work_id).where(BlindCode.round_id == round_id).order_by(BlindCode.code)
        )
    )


def exported_works(
    round_id: int, work_ids: Sequence[int], *, with_authors: bool
) -> list[ExportedWork]:
    """Some works in the order of their codes; authors only once the code table was opened.

    So are answers that judges are not shown: a telephone number tells who wrote it.
    """
    authors: Mapping[int, tuple[str, str]] = _authors(work_ids) if with_authors else {}
    hidden = _hidden(round_id, work_ids) if with_authors else {}
    rows = db.session.execute(
        select(
            BlindCode.work_id,
            BlindCode.code,
            BlindCode.title,
            BlindCode.subject_line,
            BlindCode.word_count,
            BlindCode.body_text,
        )
        .where(BlindCode.round_id == round_id, BlindCode.work_id.in_(work_ids))
        .order_by(BlindCode.code)
    )
    return [
        ExportedWork(*row, *authors.get(row.work_id, ("", "")), hidden.get(row.work_id, {}))
        for row in rows
    ]


def _hidden(round_id: int, work_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    rows = db.session.execute(
        select(BlindCode.work_id, WorkVersion.private_answers)
        .join(WorkVersion, WorkVersion.id == BlindCode.version_id)
        .where(BlindCode.round_id == round_id, BlindCode.work_id.in_(work_ids))
    )
    return dict(rows.all())


def hidden_fields(round_id: int) -> list[Field]:
    """The typed fields of a round's entry form that judges are not shown, in order."""
    essay = essay_round(round_id)
    further = [] if essay is None else entry_form(essay).further
    return [each for each in further if not each.shown]


def _authors(work_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    names: dict[int, list[str]] = {}
    units: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(WorkAuthor.work_id, WorkAuthor.full_name, WorkAuthor.unit_name)
        .where(WorkAuthor.work_id.in_(work_ids))
        .order_by(WorkAuthor.work_id, WorkAuthor.position)
    )
    for work_id, name, unit in rows:
        names.setdefault(work_id, []).append(name)
        if unit and unit not in units.setdefault(work_id, []):
            units[work_id].append(unit)
    return {each: ("; ".join(names[each]), "; ".join(units.get(each, []))) for each in names}


def exported_marks(round_id: int) -> dict[int, ExportedMark]:
    """The mark in force of each work that has one."""
    return {each.work_id: _mark(each) for each in latest_resolutions(round_id)}


def _mark(resolution: Resolution) -> ExportedMark:
    detail = resolution.detail
    return ExportedMark(
        resolution.points,
        resolution.method,
        str(detail.get("difference", "")),
        str(detail.get("minutes", "")),
    )


def exported_sheets(round_id: int, work_ids: Collection[int]) -> list[ExportedSheet]:
    """The sheets of some works, by code and marking, in two statements."""
    rows = db.session.execute(
        select(
            MarkSheet.id,
            BlindCode.code,
            MarkSheet.marking,
            MarkSheet.juror_id,
            Person.full_name,
            MarkSheet.state,
            MarkSheet.total,
            MarkSheet.comment,
            MarkSheet.reason,
            MarkSheet.done_at,
        )
        .join(
            BlindCode,
            (BlindCode.work_id == MarkSheet.work_id) & (BlindCode.round_id == MarkSheet.round_id),
        )
        .join(Juror, Juror.id == MarkSheet.juror_id)
        .join(Person, Person.id == Juror.person_id)
        .where(MarkSheet.round_id == round_id, MarkSheet.work_id.in_(work_ids))
        .order_by(BlindCode.code, MarkSheet.marking, MarkSheet.id)
    ).all()
    marks = _newest(round_id, work_ids)
    return [
        ExportedSheet(
            row.code,
            row.marking,
            row.juror_id,
            row.full_name,
            row.state,
            marks.get(row.id, {}),
            row.total,
            row.comment,
            row.reason,
            row.done_at,
        )
        for row in rows
    ]


def _newest(round_id: int, work_ids: Collection[int]) -> dict[int, dict[int, Decimal]]:
    found: dict[int, dict[int, Decimal]] = {}
    rows = db.session.execute(
        select(SheetMark.sheet_id, SheetMark.criterion_id, SheetMark.points)
        .join(MarkSheet, MarkSheet.id == SheetMark.sheet_id)
        .where(MarkSheet.round_id == round_id, MarkSheet.work_id.in_(work_ids))
        .order_by(SheetMark.edit)
    )
    for sheet_id, criterion_id, points in rows:
        found.setdefault(sheet_id, {})[criterion_id] = points  # a later edit takes its place
    return found


def exported_notes(round_id: int, work_ids: Collection[int]) -> list[ExportedNote]:
    """The notes of judges on some works, by code and place."""
    rows = db.session.execute(
        select(
            BlindCode.code,
            Person.full_name,
            BlindCode.body_text,
            SheetNote.start,
            SheetNote.end,
            SheetNote.body,
            Criterion.name,
        )
        .join(MarkSheet, MarkSheet.id == SheetNote.sheet_id)
        .join(
            BlindCode,
            (BlindCode.work_id == MarkSheet.work_id) & (BlindCode.round_id == MarkSheet.round_id),
        )
        .join(Juror, Juror.id == MarkSheet.juror_id)
        .join(Person, Person.id == Juror.person_id)
        .outerjoin(Criterion, Criterion.id == SheetNote.criterion_id)
        .where(
            MarkSheet.round_id == round_id,
            MarkSheet.work_id.in_(work_ids),
            SheetNote.removed_at.is_(None),
        )
        .order_by(BlindCode.code, SheetNote.start, SheetNote.id)
    )
    return [
        ExportedNote(
            code=row.code,
            judge=row.full_name,
            passage=row.body_text[row.start : row.end],
            body=row.body,
            criterion=row.name or "",
        )
        for row in rows
    ]
