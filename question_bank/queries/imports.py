"""Imports: the file that waits, its rows, and how many of which sort."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased

from contest.core.db import db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import fold, one_line
from question_bank.models import (
    ImportState,
    Question,
    QuestionImport,
    QuestionImportRow,
    QuestionRevision,
    QuestionState,
)

_AT_ONCE: Final = 1_000


class RowSort(StrEnum):
    """The tabs of a preview."""

    ALL = "all"
    USABLE = "usable"
    ERRORS = "errors"
    DUPLICATES = "duplicates"


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows of an import stand where.

    ``usable``: good and no duplicates; ``chosen``: what accepting would take; ``updates``: chosen
    rows that change a question of the bank, ``unchanged`` those that change nothing.
    """

    total: int
    usable: int
    errors: int
    duplicates: int
    chosen: int
    updates: int
    unchanged: int

    @property
    def left(self) -> int:
        """How many rows would stay behind."""
        return self.total - self.chosen


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of a preview; ``twin`` names the question of the bank that it repeats."""

    row: QuestionImportRow
    twin_code: str
    twin_public_id: str
    updates: bool


def import_in(bank_id: int, public_id: str) -> QuestionImport | None:
    """Return an import of this bank, or None."""
    return db.session.scalar(
        select(QuestionImport).where(
            QuestionImport.bank_id == bank_id, QuestionImport.public_id == public_id
        )
    )


def import_by_id(import_id: int) -> QuestionImport | None:
    """Return an import whoever asks: for jobs, which carry its id."""
    return db.session.get(QuestionImport, import_id)


def waiting_import(bank_id: int) -> QuestionImport | None:
    """Return the newest import that is being read or waits to be accepted, or None."""
    return db.session.scalar(
        select(QuestionImport)
        .where(
            QuestionImport.bank_id == bank_id,
            QuestionImport.state.in_((ImportState.READING, ImportState.READY)),
        )
        .order_by(QuestionImport.id.desc())
        .limit(1)
    )


def row_counts(import_id: int) -> RowCounts:
    """Return the figures of a preview in one statement."""
    row = QuestionImportRow
    current = aliased(QuestionRevision)

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    unchanged = and_(row.is_chosen, row.target_id.is_not(None), current.digest == row.digest)
    found = db.session.execute(
        select(
            func.count().label("total"),
            count(and_(row.is_good, ~row.is_flagged)).label("usable"),
            count(~row.is_good).label("errors"),
            count(and_(row.is_good, row.is_flagged)).label("duplicates"),
            count(and_(row.is_chosen)).label("chosen"),
            count(and_(row.is_chosen, row.target_id.is_not(None))).label("targets"),
            count(unchanged).label("unchanged"),
        )
        .select_from(row)
        .outerjoin(Question, Question.id == row.target_id)
        .outerjoin(current, current.id == Question.revision_id)
        .where(row.import_id == import_id)
    ).one()
    unchanged_rows = int(found.unchanged)
    return RowCounts(
        total=int(found.total),
        usable=int(found.usable),
        errors=int(found.errors),
        duplicates=int(found.duplicates),
        chosen=int(found.chosen),
        updates=int(found.targets) - unchanged_rows,
        unchanged=unchanged_rows,
    )


def preview_rows(
    import_id: int, sort: RowSort, *, page: int = 1, size: int = 100
) -> Page[PreviewRow]:
    """Return one page of a preview, in the order of the file."""
    row = QuestionImportRow
    conditions: dict[RowSort, ColumnElement[bool]] = {
        RowSort.ALL: true(),
        RowSort.USABLE: and_(row.is_good, ~row.is_flagged),
        RowSort.ERRORS: ~row.is_good,
        RowSort.DUPLICATES: and_(row.is_good, row.is_flagged),
    }
    twin = aliased(Question)
    found = paginate(
        select(row, twin.external_id, twin.public_id)
        .outerjoin(twin, twin.id == row.twin_id)
        .where(row.import_id == import_id, conditions[sort])
        .order_by(row.position),
        page=page,
        size=size,
    )
    rows = [
        PreviewRow(item[0], item[1] or "", item[2] or "", item[0].target_id is not None)
        for item in found.items
    ]
    return Page(rows, found.number, found.size, found.total)


def import_row(import_id: int, position: int) -> QuestionImportRow | None:
    """Return one row of an import, or None."""
    return db.session.get(QuestionImportRow, (import_id, position))


def rows_with_errors(import_id: int) -> dict[str, list[int]]:
    """Return the row numbers of rows with errors, by sheet."""
    row = QuestionImportRow
    found: dict[str, list[int]] = {}
    for sheet, number in db.session.execute(
        select(row.sheet, row.row).where(row.import_id == import_id, ~row.is_good)
    ):
        found.setdefault(sheet, []).append(number)
    return found


def rows_left(import_id: int) -> list[QuestionImportRow]:
    """Return the rows that accepting would leave behind, for the file of rejected rows."""
    return list(
        db.session.scalars(
            select(QuestionImportRow)
            .where(
                QuestionImportRow.import_id == import_id,
                or_(~QuestionImportRow.is_good, ~QuestionImportRow.is_chosen),
            )
            .order_by(QuestionImportRow.position)
        )
    )


def all_rows(import_id: int) -> list[QuestionImportRow]:
    """Return every row of an import in the order of the file, for its report."""
    return list(
        db.session.scalars(
            select(QuestionImportRow)
            .where(QuestionImportRow.import_id == import_id)
            .order_by(QuestionImportRow.position)
        )
    )


def topic_names_chosen(import_id: int) -> list[str]:
    """Return the names of topics among the rows to be accepted, in the order of the file."""
    row = QuestionImportRow
    return list(
        db.session.scalars(
            select(row.topic_name)
            .where(row.import_id == import_id, row.is_chosen, row.topic_name != "")
            .group_by(row.topic_name)
            .order_by(func.min(row.position))
        )
    )


def convertible_rows(import_id: int) -> list[int]:
    """Return the positions of rows held back for their font whose conversion is a question."""
    row = QuestionImportRow
    return list(
        db.session.scalars(
            select(row.position)
            .where(row.import_id == import_id, ~row.is_good, row.digest.is_not(None))
            .order_by(row.position)
        )
    )


def code_in_import(import_id: int, external_id: str, except_position: int) -> bool:
    """Does another good row of the import carry this code?"""
    row = QuestionImportRow
    found = select(row.position).where(
        row.import_id == import_id,
        row.external_id == external_id,
        row.is_good,
        row.position != except_position,
    )
    return db.session.scalar(found.limit(1)) is not None


def twins_of_rows(bank_id: int, import_id: int, position: int | None = None) -> dict[int, int]:
    """Return by position the question of the bank that a good row repeats.

    Repeating means the same stem without marks and signs, and at least half of the options: many
    questions ask "Which of these is right?".
    """
    row = QuestionImportRow
    statement = (
        select(row.position, row.body, Question.id, QuestionRevision.body.label("known"))
        .join(Question, and_(Question.bank_id == bank_id, Question.stem_digest == row.stem_digest))
        .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
        .where(
            row.import_id == import_id,
            row.is_good,
            Question.state != QuestionState.RETIRED,
            or_(row.target_id.is_(None), Question.id != row.target_id),
        )
        .order_by(row.position, Question.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    if position is not None:
        statement = statement.where(row.position == position)
    found: dict[int, int] = {}
    for pair in db.session.execute(statement):
        if pair.position not in found and _mostly_same(pair.body, pair.known):
            found[pair.position] = pair.id
    return found


def _mostly_same(body: dict[str, Any], known: dict[str, Any]) -> bool:
    own, other = (
        {fold(one_line(option["text"])) for option in one.get("options", ())}
        for one in (body, known)
    )
    return 2 * len(own & other) >= len(own)
