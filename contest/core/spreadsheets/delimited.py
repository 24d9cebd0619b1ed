"""Reading CSV and other delimited text: UTF-8, or UTF-16 with its mark; nothing is guessed."""

import csv
import io
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets.cells import Cell, Row, Sheet, UnreadableFile, Workbook
from contest.core.spreadsheets.containers import MAX_ROWS, too_large
from contest.core.vietnamese import nfc

_BYTE_ORDER_MARKS: Final = (
    (b"\xff\xfe\x00\x00", ""),
    (b"\x00\x00\xfe\xff", ""),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_DELIMITERS: Final = ";,\t|"
_SAMPLE: Final = 200
_LONGEST_FIELD: Final = 1_000_000
_PIECE: Final = 1024 * 1024


class NotUnicode(UnreadableFile):
    """Bytes that are not the encoding they should be; `offset` counts from 0."""

    def __init__(self, *, offset: int, byte: int, line: int) -> None:
        super().__init__(
            "not_utf8",
            _l(
                "The text is not UTF-8: the first wrong byte is 0x%(byte)s at position %(offset)s "
                "(line %(line)s). In Excel choose Save As → “CSV UTF-8” and try again.",
                byte=f"{byte:02X}",
                offset=offset,
                line=line,
            ),
        )
        self.offset, self.byte, self.line = offset, byte, line


def encoding_of(data: bytes) -> str:
    """Return the encoding of a text, all of it checked: UTF-8 (mark or not), or UTF-16 with a mark.

    Raises NotUnicode with the position of the first byte that does not fit.
    """
    encoding = "utf-8"
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            encoding = name
            break
    if not encoding:
        raise NotUnicode(offset=0, byte=data[0], line=1)
    _check(data, encoding)
    return encoding


def _check(data: bytes, encoding: str) -> None:
    """Decode piece by piece: the whole text would take several times the file in memory."""
    decoder = getincrementaldecoder(encoding)()
    line = 1
    for start in range(0, len(data), _PIECE):
        held = len(decoder.getstate()[0])
        piece = data[start : start + _PIECE]
        try:
            text = decoder.decode(piece, final=start + _PIECE >= len(data))
        except UnicodeDecodeError as reason:
            line += reason.object[: reason.start].decode(encoding, "replace").count("\n")
            offset = start - held + reason.start
            raise NotUnicode(offset=offset, byte=data[offset], line=line) from reason
        if "\x00" in text:
            before = text[: text.index("\x00")]
            offset = start - held + len(before.encode(encoding))
            raise NotUnicode(offset=offset, byte=0, line=line + before.count("\n"))
        line += text.count("\n")


@dataclass(frozen=True, slots=True)
class _Text:
    """Delimited text that has been checked; each reading decodes it anew, line by line."""

    data: bytes
    encoding: str

    def lines(self) -> Iterator[str]:
        with io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="") as text:
            for number, line in enumerate(text):
                yield line if number else line.removeprefix("\ufeff")

    def records(self, delimiter: str, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
        """Yield (first line, fields) of each record; a record may span lines."""
        reader = csv.reader(self.lines(), delimiter=delimiter, strict=strict)
        line = 1
        for fields in reader:
            yield line, fields
            line = reader.line_num + 1

    def spread(self, delimiter: str) -> float:
        """Say how evenly a delimiter cuts: share of the commonest width × width."""
        try:
            sample = [
                len(fields)
                for _line, fields in islice(self.records(delimiter, strict=False), _SAMPLE)
                if any(field.strip() for field in fields)
            ]
        except csv.Error:
            return 0
        if not sample:
            return 0
        (width, times), *_others = Counter(sample).most_common(1)
        return times / len(sample) * (width - 1)


def _delimiter(text: _Text) -> tuple[str, bool]:
    """Return the delimiter and whether the first line only names it (Excel's "sep=;")."""
    line = next(text.lines(), "")
    first = line.strip().strip('"')
    if first.casefold().startswith("sep=") and len(first) == len("sep=") + 1:
        return first[-1], True
    if line.startswith("sep=\t"):
        return "\t", True
    return max(_DELIMITERS, key=text.spread), False


def quotes_do_not_match(line: int) -> Words:
    """Say that a quoted cell is not closed; `line` is where the last good record begins."""
    return _l(
        "The quotation marks do not match in the record after line %(line)s. "
        "Write a quotation mark inside a quoted cell twice.",
        line=line,
    )


def _cell_too_long(line: int) -> Words:
    return _l(
        "The record after line %(line)s holds a cell of more than a million characters. "
        "Shorten it and try again.",
        line=line,
    )


def hides_formula(field: str) -> bool:
    """Does an apostrophe keep spreadsheets from reading this text as a formula or a number?"""
    return field.startswith("'") and field.lstrip("'").startswith(("=", "+", "-", "@"))


def _rows(text: _Text, delimiter: str, *, named: bool) -> Iterator[Row]:
    line = 0
    count = 0
    try:
        for line, fields in text.records(delimiter, strict=True):
            cells = {
                column: Cell(nfc(field[1:] if hides_formula(field) else field))
                for column, field in enumerate(fields)
                if field and not field.isspace()
            }
            if cells and not (named and line == 1):
                count += 1
                yield Row(line, cells)
            if count > MAX_ROWS:
                raise too_large()
    except csv.Error as reason:
        # The reader has no codes; this is how CPython begins the sentence.
        if str(reason).startswith("field larger than field limit"):
            raise UnreadableFile("cell_too_long", _cell_too_long(line)) from reason
        raise UnreadableFile("broken_quotes", quotes_do_not_match(line)) from reason


def read_delimited(data: bytes) -> Workbook:
    """Return delimited text as a workbook of one sheet without a name. Raises UnreadableFile."""
    csv.field_size_limit(_LONGEST_FIELD)
    text = _Text(data, encoding_of(data))
    delimiter, named = _delimiter(text)
    return Workbook("csv", (Sheet("", partial(_rows, text, delimiter, named=named)),))
