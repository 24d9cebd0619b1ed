"""Tables written as Excel files, row by row: memory does not grow with the rows.

Every text is written as a text: whatever it begins with, no spreadsheet runs it as a formula.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from contest.core.later import later

xlsxwriter = later("xlsxwriter")


TableCell = str | int | float | None
MOST_TEXT: Final = 32_767
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_NAME: Final = 31
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


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

    def __post_init__(self) -> None:
        self._book = xlsxwriter.Workbook(self.target, _OPTIONS)
        self._head = self._book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
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

    def sheet(self, name: str, columns: Sequence[str], widths: Sequence[int] = ()) -> None:
        """Begin a sheet with the words of its columns; the one before is finished."""
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
                    self._page.write_string(self._next_row, position, cell[:MOST_TEXT])
                elif cell is not None:
                    self._page.write_number(self._next_row, position, cell)
            self._next_row += 1
