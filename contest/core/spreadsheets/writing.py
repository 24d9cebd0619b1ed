"""Tables written as Excel and CSV files, row by row: memory does not grow with the rows.

Every text is written as a text: whatever it begins with, no spreadsheet runs it as a formula. In
an Excel file the type says it; in CSV, where there are no types, an apostrophe does.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Any, BinaryIO, Final, Self
from zipfile import ZIP_DEFLATED, ZipFile

from contest.core.later import later

xlsxwriter = later("xlsxwriter")


TableCell = str | int | float | None
MOST_TEXT: Final = 32_767
CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK: Final = "\ufeff"
_HANDED_ON: Final = 60_000
"""Signs of a CSV file that are handed on at once."""
_MOST_NAME: Final = 31
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, the words of its columns, its rows, and the widths in signs.

    `is_edited` is for tables that people fill in or send back: all cells are text cells whose
    lines break, so that a code keeps its zeros and a long text can be read.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[TableCell]]
    widths: Sequence[int] = ()
    is_edited: bool = False


def typed_day(day: date | None) -> str:
    """A day as registers read it again, whatever the language of the page: 19/5/2018."""
    return "" if day is None else f"{day.day}/{day.month}/{day.year}"


def safe_text(value: TableCell) -> TableCell:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """A table as CSV, part by part, with the mark by which Excel knows UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(_MARK)
    writer.writerow([safe_text(words) for words in sheet.columns])
    for row in sheet.rows:
        writer.writerow(["" if cell is None else safe_text(cell) for cell in row])
        if buffer.tell() > _HANDED_ON:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def write_csv_archive(target: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write each table as a CSV file of its name into a zip archive."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for sheet in sheets:
            with archive.open(f"{sheet.name.translate(_FORBIDDEN)}.csv", "w") as member:
                for part in csv_lines(sheet):
                    member.write(part.encode())


def write_xlsx(target: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write tables into an Excel file, one sheet after the other."""
    with XlsxWriter(target) as book:
        for sheet in sheets:
            book.sheet(sheet.name, sheet.columns, sheet.widths, is_edited=sheet.is_edited)
            book.rows(sheet.rows)


def sheet_name(name: str) -> str:
    """A name that Excel accepts for a sheet."""
    return name.translate(_FORBIDDEN).strip(" '")[:_MOST_NAME] or "1"


def in_cells(text: str) -> Iterator[str]:
    """A text in parts that fit into cells; one empty part for an empty text."""
    yield text[:MOST_TEXT]
    for start in range(MOST_TEXT, len(text), MOST_TEXT):
        yield text[start : start + MOST_TEXT]


@dataclass
class XlsxWriter:
    """An Excel file under way. Sheets are written one after the other, rows in order.

    with XlsxWriter(target) as book:
        book.sheet("Works", ["Code", "Mark"], widths=[12, 8])
        book.rows([["K7M-4PX", 8.5]])
    """

    target: BinaryIO
    _book: Any = field(init=False)
    _page: Any = field(init=False, default=None)
    _next_row: int = field(init=False, default=0)
    _format: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._book = xlsxwriter.Workbook(self.target, _OPTIONS)
        self._head = self._book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self._edited = self._book.add_format(
            {"text_wrap": True, "valign": "top", "num_format": "@"}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del error, trace
        if kind is None:
            self._book.close()

    def sheet(
        self,
        name: str,
        columns: Sequence[str],
        widths: Sequence[int] = (),
        *,
        is_edited: bool = False,
    ) -> None:
        """Begin a sheet with the words of its columns; the one before is finished.

        See `Sheet` for what is meant.
        """
        self._format = self._edited if is_edited else None
        self._page = self._book.add_worksheet(sheet_name(name))
        for position, width in enumerate(widths):
            self._page.set_column(position, position, width)
        for position, words in enumerate(columns):
            self._page.write_string(0, position, words, self._head)
        self._page.freeze_panes(1, 0)
        self._next_row = 1

    def rows(self, rows: Iterable[Sequence[TableCell]]) -> None:
        """Write rows below those written so far."""
        for row in rows:
            for position, cell in enumerate(row):
                if isinstance(cell, str):
                    self._page.write_string(
                        self._next_row, position, cell[:MOST_TEXT], self._format
                    )
                elif cell is not None:
                    self._page.write_number(self._next_row, position, cell, self._format)
            self._next_row += 1
