"""Importing: a file is staged row by row, shown, and takes effect in one unit or not at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import (
    Table,
    bindparam,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)

from contest.core.access import Actor
from contest.core.db import db
from contest.core.files import store_file
from question_bank import queries
from question_bank.actions.accepting import accept_import
from question_bank.actions.media import keep_media
from question_bank.actions.questions import Content
from question_bank.formats import (
    AUTO,
    FileFormat,
    ImportReport,
    UnreadableFile,
    collect,
    find_format,
)
from question_bank.models import (
    Bank,
    ImportState,
    Question,
    QuestionImport,
    QuestionImportRow,
)
from question_bank.rules import ExternalIdTaken, ImportEnded
from question_bank.staging import FileView, Staging, in_batches, ready_columns

Row: Final = QuestionImportRow
ROWS: Final = cast("Table", QuestionImportRow.__table__)
_BATCH: Final = 1_000
_MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "moodle-xml": "application/xml",
    "gift": "text/plain",
    "aiken": "text/plain",
}


def begin_import(
    *,
    bank: Bank,
    file_name: str,
    content: bytes,
    file_format: FileFormat,
    whole: bool = False,
    actor: Actor | None,
    now: datetime,
) -> QuestionImport:
    """Keep an uploaded file and open an import of it, whose rows are read next.

    `whole` asks that it is taken with all its rows or not at all.
    """
    media_type = _MEDIA_TYPES.get(file_format.code, "application/octet-stream")
    stored = store_file(content, name=file_name, media_type=media_type, actor=actor, now=now)
    question_import = QuestionImport(
        bank_id=bank.id,
        file_id=stored.id,
        file_name=file_name[-255:],
        format=file_format.code,
        state=ImportState.READING,
        layout={"whole": True} if whole else {},
        created_by_id=None if actor is None else actor.person_id,
        created_at=now,
    )
    db.session.add(question_import)
    db.session.flush()
    return question_import


def import_file(
    *,
    bank: Bank,
    content: bytes,
    file_name: str,
    code: str = AUTO,
    approve: bool = False,
    actor: Actor | None,
    now: datetime,
) -> ImportReport:
    """Read a whole file and take every good row, duplicates too, in the present transaction.

    For commands, samples and seeds; ``approve`` puts the questions into use at once. Nothing is
    taken when no row is good. Returns the reader's report. Raises ``UnreadableFile``.
    """
    file_format = find_format(content, code)
    items = list(file_format.read(content))
    report = collect(file_format.code, items)
    question_import = begin_import(
        bank=bank,
        file_name=file_name,
        content=content,
        file_format=file_format,
        actor=actor,
        now=now,
    )
    for batch in in_batches(Staging().rows(items)):
        stage_batch(import_id=question_import.id, rows=batch)
    finish_reading(question_import=question_import, layout={}, now=now)
    choose_duplicates(question_import=question_import, chosen=True)
    if report.questions:
        accept_import(
            bank=bank, question_import=question_import, approve=approve, actor=actor, now=now
        )
    return report


def read_import(*, question_import: QuestionImport, content: bytes, now: datetime) -> None:
    """Read a small file in the present transaction; an unreadable one is said to be so."""
    code = question_import.format
    view = FileView.open(content, code)
    staging = Staging(view.layout())
    try:
        for batch in in_batches(staging.rows(view.items(content, code))):
            stage_batch(import_id=question_import.id, rows=batch)
    except UnreadableFile as unreadable:
        forget_rows(question_import=question_import)
        fail_reading(question_import=question_import, problem=unreadable.words, now=now)
        return
    wrong = queries.rows_with_errors(question_import.id)
    show_cells(import_id=question_import.id, cells=list(view.cells(wrong)))
    finish_reading(question_import=question_import, layout=staging.summary(), now=now)


def forget_rows(*, question_import: QuestionImport) -> None:
    """Delete the staged rows of an import: a file that is read again starts anew."""
    db.session.execute(delete(Row).where(Row.import_id == question_import.id))


def stage_batch(*, import_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Insert staged rows; in a job each batch is a unit of work of its own.

    The media that rows bring are kept with the bank until the import is dropped.
    """
    values = [{**row, "import_id": import_id} for row in rows]
    media = [medium for row in values for medium in row.pop("media", ())]
    if media:
        found = db.session.get_one(QuestionImport, import_id)
        keep_media(
            bank_id=found.bank_id,
            media=media,
            import_id=import_id,
            actor=None,
            now=found.created_at,
        )
    db.session.connection().execute(insert(ROWS), values)


def show_cells(*, import_id: int, cells: Sequence[tuple[str, int, dict[str, Any]]]) -> None:
    """Keep with rows that have errors what stands in the file, for the preview."""
    statement = (
        update(ROWS)
        .where(
            Row.import_id == import_id,
            Row.sheet == bindparam("on_sheet"),
            Row.row == bindparam("in_row"),
        )
        .values(cells=bindparam("texts"))
    )
    rows = [{"on_sheet": sheet, "in_row": row, "texts": texts} for sheet, row, texts in cells]
    if rows:
        db.session.connection().execute(statement, rows)


def finish_reading(
    *, question_import: QuestionImport, layout: dict[str, Any], now: datetime
) -> None:
    """Compare the staged rows with the bank and with each other, and open the preview."""
    compare_rows(question_import=question_import)
    counts = queries.row_counts(question_import.id)
    question_import.layout = {**(question_import.layout or {}), **layout}
    question_import.accepted = counts.usable + counts.duplicates
    question_import.rejected = counts.errors
    question_import.flagged = counts.duplicates
    question_import.state = ImportState.READY
    question_import.finished_at = now
    db.session.flush()


def compare_rows(*, question_import: QuestionImport, position: int | None = None) -> None:
    """Find for each good row the question that it updates and those that it repeats.

    A row whose code is known updates that question. A row that repeats another (the same stem
    without marks) is flagged and left out until somebody chooses it. ``position`` limits the
    comparison to one row, after it was mended.
    """
    import_id, bank_id = question_import.id, question_import.bank_id
    here = [Row.import_id == import_id, Row.is_good]
    if position is not None:
        here.append(Row.position == position)
    known = (
        select(Question.id)
        .where(Question.bank_id == bank_id, Question.external_id == Row.external_id)
        .scalar_subquery()
    )
    # Of many thousand rows of a new file few change: only those are written.
    _set([*here, Row.target_id.is_distinct_from(known)], target_id=known)
    found = queries.twins_of_rows(bank_id, import_id, position)
    _set([*here, Row.twin_id.is_not(None)], twin_id=None)
    _set_twins(import_id, found)
    repeats = case((or_(Row.twin_id.is_not(None), Row.twin_row.is_not(None)), True), else_=False)
    differs = or_(Row.is_flagged != repeats, Row.is_chosen == repeats)
    _set([*here, differs], is_flagged=repeats, is_chosen=~repeats)


def _set_twins(import_id: int, twins: dict[int, int]) -> None:
    if not twins:
        return
    statement = (
        update(ROWS)
        .where(Row.import_id == import_id, Row.position == bindparam("at"))
        .values(twin_id=bindparam("twin"))
    )
    rows = [{"at": position, "twin": question_id} for position, question_id in twins.items()]
    db.session.connection().execute(statement, rows)


def _set(conditions: Sequence[Any], **values: Any) -> None:
    db.session.execute(
        update(Row).where(*conditions).values(**values).execution_options(synchronize_session=False)
    )


def fail_reading(*, question_import: QuestionImport, problem: str, now: datetime) -> None:
    """Say that the file cannot be read; it is kept, and nothing is imported."""
    question_import.state = ImportState.UNREADABLE
    question_import.problem = problem
    question_import.finished_at = now
    db.session.flush()


def choose_row(*, question_import: QuestionImport, position: int, chosen: bool) -> None:
    """Take a duplicate after all, or leave a row out. A row with errors is never taken."""
    _open_or_refuse(question_import)
    db.session.execute(
        update(Row)
        .where(Row.import_id == question_import.id, Row.position == position, Row.is_good)
        .values(is_chosen=chosen)
        .execution_options(synchronize_session=False)
    )


def choose_duplicates(*, question_import: QuestionImport, chosen: bool) -> None:
    """Take all duplicates, or leave all of them out."""
    _open_or_refuse(question_import)
    _set([Row.import_id == question_import.id, Row.is_good, Row.is_flagged], is_chosen=chosen)


def convert_rows(*, question_import: QuestionImport, position: int | None = None) -> int:
    """Agree to the shown conversion of a row in a legacy font, or of all such rows.

    Returns how many rows became usable.
    """
    _open_or_refuse(question_import)
    positions = queries.convertible_rows(question_import.id)
    agreed = [place for place in positions if position in (None, place)]
    for place in agreed:
        here = [Row.import_id == question_import.id, Row.position == place]
        _set(here, is_good=True, errors=[])
        compare_rows(question_import=question_import, position=place)
    return len(agreed)


def mend_row(
    *,
    question_import: QuestionImport,
    row: QuestionImportRow,
    content: Content,
    topic_name: str,
) -> str | None:
    """Put a mended question in the place of a row with errors, and choose it.

    Returns None, or what is still wrong with its code.
    """
    _open_or_refuse(question_import)
    columns = ready_columns(
        kind_code=content.kind,
        stem=content.stem,
        body=content.body,
        difficulty=content.difficulty,
        topic_name=topic_name,
        explanation=content.explanation,
        source=content.source,
        tags=content.tags,
        external_id=content.external_id,
        mark=content.mark,
        name=content.name,
    )
    code = columns["external_id"]
    if code and queries.code_in_import(question_import.id, code, row.position):
        return ExternalIdTaken().words
    here = [Row.import_id == question_import.id, Row.position == row.position]
    lacks = queries.undescribed(question_import.bank_id, [columns["stem"], columns["body"]])
    _set(here, **columns, lacks_words=lacks, is_good=True, errors=[], twin_row=None)
    compare_rows(question_import=question_import, position=row.position)
    _set(here, is_chosen=True)
    return None


def _open_or_refuse(question_import: QuestionImport) -> None:
    if question_import.state is not ImportState.READY:
        raise ImportEnded
