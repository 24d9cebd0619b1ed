"""Tables as files for spreadsheets, in answer to a request or kept by a job."""

import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, BinaryIO, Final, cast

from flask import Response, send_file

from contest.core import jobs
from contest.core.files import as_file, store_file
from contest.core.retention import FILE_JOBS
from contest.core.spreadsheets.writing import (
    CSV_TYPE,
    XLSX_TYPE,
    Sheet,
    csv_lines,
    write_csv_archive,
    write_xlsx,
)
from contest.core.transactions import end_read, unit_of_work

_IN_MEMORY: Final = 4_000_000
_NARROWEST: Final = 10
_WIDEST: Final = 60
_TYPES: Final = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE, "zip": "application/zip"}


def send_sheets(sheets: Sequence[Sheet], *, kind: str, name: str) -> Response:
    """Tables as a file to keep: all of them in Excel or as a zip of CSV files, the first in CSV.

    Args:
        sheets: the tables.
        kind: `csv`, `xlsx` or `zip`.
        name: of the file, without its end.
    """
    target: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (closed when sent)
    if kind == "csv":
        for part in csv_lines(sheets[0]):
            target.write(part.encode())
    elif kind == "zip":
        write_csv_archive(target, sheets)
    else:
        write_xlsx(target, sheets)
    target.seek(0)
    # No tag: it would be that of a file made anew each time.
    response = send_file(target, mimetype=_TYPES[kind], etag=False)
    return as_file(response, name=f"{name}.{kind}")


def file_task(kind: str, *, page: str) -> Callable[[jobs.Task], jobs.Task]:
    """Register the function of jobs that make a file for who asked, with `file_id` in the report.

    The file and what was asked for are forgotten after some days (`made_files`); the job's page
    then leads back to where it was asked for.

    Args:
        kind: of the job.
        page: endpoint of the page where the file is asked for; its values stand in the address
            of the file as well.
    """
    FILE_JOBS[kind] = page
    return jobs.task(kind)


def keep_sheet(sheet: Sheet, *, kind: str, name: str, now: datetime) -> int:
    """Write a table into a file of the storage, for a job of `file_task`; returns the file's key.

    Reading the rows ends before the file is kept.

    Args:
        sheet: the table.
        kind: `csv` or `xlsx`.
        name: of the file.
        now: the instant of the job.
    """
    with tempfile.TemporaryFile() as target:
        if kind == "csv":
            target.writelines(part.encode() for part in csv_lines(sheet))
        else:
            write_xlsx(cast("BinaryIO", target), [sheet])
        end_read()
        target.seek(0)
        media_type = CSV_TYPE if kind == "csv" else XLSX_TYPE
        with unit_of_work():
            stored = store_file(
                target.read(), name=name, media_type=media_type, actor=None, now=now
            )
            return stored.id


def send_table(table: Sequence[Sequence[str]], *, kind: str, name: str, sheet: str) -> Response:
    """One table that is in memory, as wide as its words; see `send_sheets`.

    Args:
        table: lines of cells; the first one holds the words of the columns.
        kind: `csv` or `xlsx`.
        name: of the file, without its end.
        sheet: name of the sheet in an Excel file.
    """
    columns, *rows = table
    widths = [
        min(max(_NARROWEST, max(len(line[place]) for line in table) + 2), _WIDEST)
        for place in range(len(columns))
    ]
    return send_sheets([Sheet(sheet, columns, rows, widths, is_edited=True)], kind=kind, name=name)
