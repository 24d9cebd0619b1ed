"""Spreadsheets as people bring them: .xlsx and delimited text, found out by content."""

from contest.core.spreadsheets.cells import (
    Cell,
    CellKind,
    Merge,
    Row,
    Sheet,
    UnreadableFile,
    Workbook,
    column_letters,
)
from contest.core.spreadsheets.containers import is_zip, open_container
from contest.core.spreadsheets.delimited import NotUnicode, read_delimited
from contest.core.spreadsheets.notes import Level, Place, RowNote
from contest.core.spreadsheets.xlsx import read_xlsx

__all__ = [
    "Cell",
    "CellKind",
    "Level",
    "Merge",
    "NotUnicode",
    "Place",
    "Row",
    "RowNote",
    "Sheet",
    "UnreadableFile",
    "Workbook",
    "column_letters",
    "read_workbook",
]


def read_workbook(data: bytes) -> Workbook:
    """Open a spreadsheet by its content, whatever its name says.

    Raises UnreadableFile with one clear sentence when it cannot be read. Rows are read when they
    are asked for, so that damage further on is raised there.
    """
    if is_zip(data):
        return read_xlsx(open_container(data))
    return read_delimited(data)
