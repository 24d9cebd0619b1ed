"""Rows of a sheet: the handlers of one streaming pass."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from contest.core.spreadsheets.cells import Cell, CellKind, Row, column_number
from contest.core.spreadsheets.containers import MAX_ROWS, damaged, too_large
from contest.core.spreadsheets.number_formats import number_cell
from contest.core.spreadsheets.xlsx.styles import Style
from contest.core.spreadsheets.xlsx.texts import PLAIN_RUN, SharedText, TextCollector, unescape
from contest.core.spreadsheets.xml import PLAIN_TEXT, Attributes, Plain, stream_part
from contest.core.vietnamese import parse_date_vi
from contest.core.vietnamese.dates import BadDate

MAX_COLUMN: Final = 16_384
TRUE: Final = ("1", "true", "on")
_DIGITS: Final = "0123456789"
_NO_STYLE: Final = Style()
_REFERENCE: Final = re.compile("([A-Z]{1,3})([0-9]{1,7})")
# A row as the office programs write it: cells with a value, an inline text or only a style. Cells
# with formulas, and rows with anything else, are for the handlers.
_PLAIN_CELL: Final = (
    rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]++")?(?: t="[A-Za-z]++")?'
    rb"(?:/>|>(?:<v>" + PLAIN_TEXT + rb"</v>|<is>" + PLAIN_RUN + rb"</is>)?</c>)"
)
_PLAIN_ROW: Final = re.compile(
    rb'<row r="([0-9]{1,7})"((?: [a-zA-Z:0-9]++="[^"<>&]*+")*+)>((?:' + _PLAIN_CELL + rb")*+)</row>"
)
_HIDDEN_ROW: Final = re.compile(rb' hidden="([^"]*)"')
_CELL_PARTS: Final = re.compile(
    '<c r="([A-Z]++)[0-9]++"(?: s="([0-9]++)")?(?: t="([A-Za-z]++)")?'
    "(?:/>|>(?:<v>([^<]*)</v>|<is><t[^>]*>([^<]*)</t></is>)?</c>)"
)


@dataclass
class Book:
    """What all sheets of a workbook share."""

    archive: zipfile.ZipFile
    texts: list[str | SharedText] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    from_1904: bool = False


class _SheetReader:
    """Handlers for one pass over a sheet; finished rows wait in `rows`."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rows: list[Row] = []
        self.hidden_columns: set[int] = set()
        self.cells: dict[int, Cell] = {}
        self.number = 0
        self.row_hidden = False
        self.column = -1
        self.kind = ""
        self.style = _NO_STYLE
        self.value: list[str] = []
        self.in_value = False
        self.has_formula = False
        self.inline = TextCollector()
        self.columns: dict[str, int] = {}
        self.styles = {str(place): style for place, style in enumerate(book.styles)}
        self.plain_styles = {place for place, style in self.styles.items() if style.font is None}
        if self.styles.get("0", _NO_STYLE).font is None:
            self.plain_styles.add("")
        self.done = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self.in_value = True
        elif name == "f":
            self.has_formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "col":
            self._column_settings(attributes)
        elif self.kind == "inlineStr":
            self.inline.start(name, attributes)

    def end(self, name: str) -> None:
        if name == "v":
            self.in_value = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            if self.cells:
                self.rows.append(Row(self.number, self.cells, self.row_hidden))
        elif name == "sheetData":
            self.done = True
        elif self.kind == "inlineStr":
            self.inline.end(name)

    def hear(self, text: str) -> None:
        if self.in_value:
            self.value.append(text)
        elif self.kind == "inlineStr":
            self.inline.hear(text)

    def _column_settings(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in TRUE:
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.hidden_columns.update(range(first - 1, min(last, MAX_COLUMN)))

    def _start_row(self, attributes: Attributes) -> None:
        number = int(attributes.get("r", self.number + 1))
        if number <= self.number:
            raise damaged()
        self.number = number
        self.row_hidden = attributes.get("hidden") in TRUE
        self.cells = {}
        self.column = -1

    def take(self, found: re.Match[bytes]) -> None:
        """Take a whole row of plain cells."""
        hidden = _HIDDEN_ROW.search(found[2])
        state = hidden[1].decode() if hidden else ""
        self._start_row({"r": found[1].decode(), "hidden": state})
        texts, columns, cells, plain = self.book.texts, self.columns, self.cells, self.plain_styles
        count = len(texts)
        for letters, style, kind, value, inline in _CELL_PARTS.findall(found[3].decode()):
            self.column = columns[letters] if letters in columns else self._column(letters)
            if kind == "s" and style in plain:
                # Nearly every cell of a file.
                place = int(value)
                shared = texts[place] if 0 <= place < count else None
                if isinstance(shared, str):
                    if shared and not shared.isspace():
                        cells[self.column] = Cell(shared)
                    continue
            self.style, self.has_formula = self.styles.get(style or "0", _NO_STYLE), False
            self.kind = kind or "n"
            if inline:
                self.inline.pieces.append(inline)
            self._keep(self._cell(value))
        self.kind = ""
        if self.cells:
            self.rows.append(Row(self.number, self.cells, self.row_hidden))

    def _column(self, letters: str) -> int:
        column = column_number(letters)
        if column >= MAX_COLUMN:
            raise damaged()
        self.columns[letters] = column
        return column

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            letters = reference.rstrip(_DIGITS)
            column = self.columns.get(letters)
            if column is None:
                if not _REFERENCE.fullmatch(reference):
                    raise damaged()
                column = self._column(letters)
            self.column = column
        if self.column >= MAX_COLUMN:
            raise damaged()
        self.kind = attributes.get("t", "n")
        self.style = self.styles.get(attributes.get("s", "0"), _NO_STYLE)
        self.value = []
        self.has_formula = False

    def _end_cell(self) -> None:
        cell = self._cell("".join(self.value))
        self.kind = ""
        self._keep(cell)

    def _keep(self, cell: Cell | None) -> None:
        if cell is not None and (cell.kind is not CellKind.TEXT or cell.text.strip()):
            self.cells[self.column] = cell

    def _cell(self, value: str) -> Cell | None:
        if self.kind == "s":
            return self._shared(value)
        if self.kind == "inlineStr":
            return self._text(self.inline.take())
        if not value:
            return (
                Cell("", CellKind.UNCALCULATED) if self.has_formula and self.kind != "str" else None
            )
        if self.kind == "str":
            return self._text(SharedText(unescape(value)))
        if self.kind == "b":
            return Cell("TRUE" if value.strip() in TRUE else "FALSE", CellKind.BOOLEAN)
        if self.kind == "e":
            return Cell(value, CellKind.ERROR)
        if self.kind == "d":
            return self._iso_date(value)
        return number_cell(float(value), self.style.format, from_1904=self.book.from_1904)

    def _shared(self, value: str) -> Cell:
        place = int(value)
        if not 0 <= place < len(self.book.texts):
            raise damaged()
        shared = self.book.texts[place]
        return self._text(SharedText(shared) if isinstance(shared, str) else shared)

    def _text(self, shared: SharedText) -> Cell:
        font, capitals = shared.font, shared.capitals
        if font is None and shared.plain:
            font, capitals = self.style.font, self.style.capitals
        return Cell(shared.text, CellKind.TEXT, None, None, font, capitals)

    @staticmethod
    def _iso_date(value: str) -> Cell:
        try:
            known = parse_date_vi(value)
        except BadDate:
            return Cell(value)
        day = known.date
        return Cell(f"{day.day}/{day.month}/{day.year}", CellKind.DATE, None, known)


def read_rows(book: Book, part: str) -> Iterator[Row]:
    """Yield the rows of a sheet that are not empty. Raises UnreadableFile."""
    reader = _SheetReader(book)
    count = 0
    for _chunk in stream_part(
        book.archive,
        part,
        start=reader.start,
        end=reader.end,
        text=reader.hear,
        plain=Plain(b"<row ", _PLAIN_ROW, reader.take),
    ):
        ready, reader.rows = reader.rows, []
        count += len(ready)
        if count > MAX_ROWS:
            raise too_large()
        yield from ready
        if reader.done:
            return


def hidden_columns(book: Book, part: str) -> frozenset[int]:
    """Read as far as the first row: column settings stand before it."""
    reader = _SheetReader(book)
    for _chunk in stream_part(
        book.archive, part, start=reader.start, end=reader.end, text=reader.hear
    ):
        if reader.number or reader.done:
            break
    return frozenset(reader.hidden_columns)
