"""Tables as files: Excel in constant memory, CSV that Excel opens with its marks.

Texts are written as texts. A text that a spreadsheet would take for a formula gets an apostrophe
in CSV, where there are no types; in Excel files the type says it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from contest.core.later import later

xlsxwriter = later("xlsxwriter")


Cell = str | int | float | None
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK: Final = "\ufeff"
_MOST_NAME: Final = 31
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_MOST_TEXT: Final = 32_767

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, the words of its columns, their widths in signs, and its rows."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()


def safe_text(value: Cell) -> Cell:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """A table as CSV, line by line, with the mark by which Excel knows UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(_MARK)
    writer.writerow([safe_text(words) for words in sheet.columns])
    for row in sheet.rows:
        writer.writerow(["" if cell is None else safe_text(cell) for cell in row])
        if buffer.tell() > 60_000:  # noqa: PLR2004  (signs handed on at once)
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def write_xlsx(target: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write tables into an Excel file, row by row: memory does not grow with the rows."""
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet_name(sheet.name)), sheet, head)
    book.close()


def sheet_name(name: str) -> str:
    """A name that Excel accepts for a sheet."""
    return name.translate(_FORBIDDEN).strip(" '")[:_MOST_NAME] or "1"


def _write_sheet(page: Any, sheet: Sheet, head: Any) -> None:
    for position, width in enumerate(sheet.widths):
        page.set_column(position, position, width)
    for position, words in enumerate(sheet.columns):
        page.write_string(0, position, words, head)
    page.freeze_panes(1, 0)
    for number, row in enumerate(sheet.rows, 1):
        for position, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, position, cell[:_MOST_TEXT])
            elif cell is not None:
                page.write_number(number, position, cell)
