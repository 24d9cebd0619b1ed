"""Reading .xlsx in one streaming pass.

What tells a question from a mistake is not in the values alone: fonts (legacy encodings), number
formats (what the person saw), hidden rows and columns, merged cells, formulas without a stored
result. The fast readers give values only, so the sheet is parsed here, once, in flat memory.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from lxml import etree

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets.cells import (
    Cell,
    CellKind,
    Merge,
    Row,
    Sheet,
    UnreadableFile,
    Workbook,
    column_number,
)
from contest.core.spreadsheets.containers import damaged, open_part, read_chunk, too_large
from contest.core.spreadsheets.number_formats import (
    BUILT_IN,
    NumberFormat,
    number_cell,
    read_format,
)
from contest.core.spreadsheets.xml import Attributes, children, parse_part, stream_part
from contest.core.vietnamese import LegacyEncoding, legacy_font, nfc, parse_date_vi
from contest.core.vietnamese.dates import BadDate

MAX_ROWS: Final = 200_000
MAX_COLUMN: Final = 16_384
_MAX_SHARED_STRINGS: Final = 3_000_000
_MAX_MERGES: Final = 100_000

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?"'
)
_REFERENCE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_LONGEST_MERGE = 200
_CHUNK = 1024 * 1024
_TRUE = ("1", "true", "on")


class Style(NamedTuple):
    """What a cell's style says: its number format, and its font when that is a legacy one."""

    format: NumberFormat = NumberFormat()
    font: LegacyEncoding | None = None
    capitals: bool = False


class SharedText(NamedTuple):
    """A text with the legacy font of its runs; `plain` when a run takes the cell's own font."""

    text: str
    font: LegacyEncoding | None = None
    capitals: bool = False
    plain: bool = True


@dataclass
class Book:
    """What all sheets of a workbook share."""

    archive: zipfile.ZipFile
    texts: list[SharedText] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    from_1904: bool = False


def _unescape(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return nfc(text.replace("\r\n", "\n").replace("\r", "\n"))


def _font(name: str) -> tuple[LegacyEncoding | None, bool]:
    encoding = legacy_font(name)
    return encoding, encoding is LegacyEncoding.TCVN3 and name.strip().upper().endswith("H")


# ── parts shared by all sheets ──────────────────────────────────────────────────────────────


class _TextCollector:
    """Collects the runs of one text: `t` elements, outside phonetic hints."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.listening = False
        self.phonetic = False
        self.fonts: list[str] = []
        self.runs = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "t":
            self.listening = not self.phonetic
        elif name == "r":
            self.runs += 1
        elif name == "rPh":
            self.phonetic = True
        elif name == "rFont":
            self.fonts.append(attributes.get("val", ""))

    def end(self, name: str) -> None:
        if name == "t":
            self.listening = False
        elif name == "rPh":
            self.phonetic = False

    def hear(self, text: str) -> None:
        if self.listening:
            self.pieces.append(text)

    def take(self) -> SharedText:
        """Return the text collected so far and start anew."""
        text = _unescape("".join(self.pieces))
        font: LegacyEncoding | None = None
        capitals = False
        for name in self.fonts:
            encoding, only_capitals = _font(name)
            if encoding is not None:
                font, capitals = encoding, only_capitals
                break
        plain = not self.runs or len(self.fonts) < self.runs
        self.pieces, self.fonts, self.runs = [], [], 0
        return SharedText(text, font, capitals, plain)


def _read_shared_texts(archive: zipfile.ZipFile, name: str) -> list[SharedText]:
    texts: list[SharedText] = []
    collector = _TextCollector()

    def end(name: str) -> None:
        collector.end(name)
        if name == "si":
            texts.append(collector.take())

    for _chunk in stream_part(archive, name, start=collector.start, end=end, text=collector.hear):
        if len(texts) > _MAX_SHARED_STRINGS:
            raise too_large()
    return texts


def _read_styles(archive: zipfile.ZipFile, name: str) -> list[Style]:
    root = parse_part(archive, name)
    codes = {
        int(fmt.get("numFmtId", "-1")): fmt.get("formatCode", "")
        for fmt in children(root, "numFmts", "numFmt")
    }
    fonts = [
        next((_font(part.get("val", "")) for part in children(font, "name")), (None, False))
        for font in children(root, "fonts", "font")
    ]
    formats: dict[int, NumberFormat] = {}
    styles = []
    for xf in children(root, "cellXfs", "xf"):
        number = int(xf.get("numFmtId", "0"))
        if number not in formats:
            formats[number] = read_format(codes.get(number, BUILT_IN.get(number, "")))
        place = int(xf.get("fontId", "0"))
        font, capitals = fonts[place] if 0 <= place < len(fonts) else (None, False)
        styles.append(Style(formats[number], font, capitals))
    return styles


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id → (kind, path in the container) of a part's relations."""
    folder, _slash, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    found = {}
    for relation in children(parse_part(archive, path), "Relationship"):
        target = relation.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        steps: list[str] = []
        for step in whole.split("/"):
            if step == "..":
                del steps[-1:]
            elif step not in ("", "."):
                steps.append(step)
        kind = relation.get("Type", "").rpartition("/")[2]
        found[relation.get("Id", "")] = (kind, "/".join(steps))
    return found


# ── one sheet ───────────────────────────────────────────────────────────────────────────────


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
        self.style = Style()
        self.value: list[str] = []
        self.in_value = False
        self.has_formula = False
        self.inline = _TextCollector()
        self.columns: dict[str, int] = {}
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
        if attributes.get("hidden") in _TRUE:
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.hidden_columns.update(range(first - 1, min(last, MAX_COLUMN)))

    def _start_row(self, attributes: Attributes) -> None:
        number = int(attributes.get("r", self.number + 1))
        if number <= self.number:
            raise damaged()
        self.number = number
        self.row_hidden = attributes.get("hidden") in _TRUE
        self.cells = {}
        self.column = -1

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self.columns.get(letters)
            if column is None:
                if not _REFERENCE.fullmatch(reference):
                    raise damaged()
                column = self.columns[letters] = column_number(letters)
            self.column = column
        if self.column >= MAX_COLUMN:
            raise damaged()
        self.kind = attributes.get("t", "n")
        place = int(attributes.get("s", "0"))
        styles = self.book.styles
        self.style = styles[place] if 0 <= place < len(styles) else Style()
        self.value = []
        self.has_formula = False

    def _end_cell(self) -> None:
        cell = self._cell("".join(self.value))
        self.kind = ""
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
            return self._text(SharedText(_unescape(value)))
        if self.kind == "b":
            return Cell("TRUE" if value.strip() in _TRUE else "FALSE", CellKind.BOOLEAN)
        if self.kind == "e":
            return Cell(value, CellKind.ERROR)
        if self.kind == "d":
            return self._iso_date(value)
        return number_cell(float(value), self.style.format, from_1904=self.book.from_1904)

    def _shared(self, value: str) -> Cell:
        place = int(value)
        if not 0 <= place < len(self.book.texts):
            raise damaged()
        return self._text(self.book.texts[place])

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


def _rows(book: Book, part: str) -> Iterator[Row]:
    reader = _SheetReader(book)
    count = 0
    for _chunk in stream_part(
        book.archive, part, start=reader.start, end=reader.end, text=reader.hear
    ):
        ready, reader.rows = reader.rows, []
        count += len(ready)
        if count > MAX_ROWS:
            raise too_large()
        yield from ready
        if reader.done:
            return


def _hidden_columns(book: Book, part: str) -> frozenset[int]:
    """Read as far as the first row: column settings stand before it."""
    reader = _SheetReader(book)
    for _chunk in stream_part(
        book.archive, part, start=reader.start, end=reader.end, text=reader.hear
    ):
        if reader.number or reader.done:
            break
    return frozenset(reader.hidden_columns)


def _merges(book: Book, part: str) -> tuple[Merge, ...]:
    """Find the merged ranges, which stand behind all rows, without parsing the rows."""
    merges: list[Merge] = []
    tail = b""
    with open_part(book.archive, part) as stream:
        while chunk := read_chunk(stream, _CHUNK):
            window = tail + chunk
            cut = len(window) - _LONGEST_MERGE if len(chunk) == _CHUNK else len(window)
            taken = 0
            for found in _MERGE.finditer(window):
                if found.end() <= cut or len(chunk) < _CHUNK:
                    merges.append(_merge(found))
                    taken = found.end()
            tail = window[max(taken, cut) :]
            if len(merges) > _MAX_MERGES:
                raise too_large()
    return tuple(merges)


def _merge(found: re.Match[bytes]) -> Merge:
    first_column = column_number(found[1].decode())
    last_column = column_number((found[3] or found[1]).decode())
    first_row = int(found[2])
    return Merge(first_row, int(found[4] or first_row), first_column, last_column)


# ── the workbook ────────────────────────────────────────────────────────────────────────────


def read_xlsx(archive: zipfile.ZipFile) -> Workbook:
    """Return the sheets of an opened container. Raises UnreadableFile."""
    try:
        return _workbook(archive)
    except (ValueError, LookupError) as reason:
        raise damaged() from reason


def _workbook(archive: zipfile.ZipFile) -> Workbook:
    main = next(
        (path for kind, path in _relations(archive, "").values() if kind == "officeDocument"),
        "xl/workbook.xml",
    )
    root = parse_part(archive, main)
    relations = _relations(archive, main)
    parts = dict(relations.values())
    book = Book(archive)
    if "sharedStrings" in parts:
        book.texts = _read_shared_texts(archive, parts["sharedStrings"])
    if "styles" in parts:
        book.styles = _read_styles(archive, parts["styles"])
    book.from_1904 = any(
        properties.get("date1904") in _TRUE for properties in children(root, "workbookPr")
    )
    sheets = tuple(
        _sheet(book, element, relations) for element in children(root, "sheets", "sheet")
    )
    readable = tuple(sheet for sheet in sheets if sheet is not None)
    if not readable:
        raise UnreadableFile("no_sheets", _l("This workbook has no sheet with cells."))
    return Workbook("xlsx", readable)


def _sheet(
    book: Book, element: etree._Element, relations: dict[str, tuple[str, str]]
) -> Sheet | None:
    relation = next(
        (value for key, value in element.attrib.items() if str(key).endswith("}id")), ""
    )
    kind, part = relations[str(relation)]
    if kind != "worksheet":
        return None
    return Sheet(
        name=nfc(element.get("name", "")),
        read_rows=partial(_rows, book, part),
        hidden=element.get("state", "visible") != "visible",
        hidden_columns=_hidden_columns(book, part),
        merges=_merges(book, part),
    )
