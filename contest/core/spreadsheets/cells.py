"""What a spreadsheet is made of once it has been read: sheets, rows with real numbers, cells."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from contest.core.errors import InvalidInput, Words
from contest.core.vietnamese import LegacyEncoding, PartialDate, squeeze

_ALPHABET_SIZE = 26


class UnreadableFile(InvalidInput):
    """A file that cannot be read at all; `code` names the reason, `message` says what to do."""

    def __init__(self, code: str, message: Words) -> None:
        super().__init__(message)
        self.code = code


class CellKind(StrEnum):
    """What stands in a cell, as far as the file tells."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    ERROR = "error"
    UNCALCULATED = "uncalculated"


class Cell(NamedTuple):
    """A cell that is not empty.

    `text` is what a person sees in it (NFC, line breaks kept, numbers and dates the Vietnamese
    way); `number` and `date` are set for those kinds; `font` is set when the cell is drawn in a
    legacy font and `capitals` when that font has capitals only.
    """

    text: str
    kind: CellKind = CellKind.TEXT
    number: float | None = None
    date: PartialDate | None = None
    font: LegacyEncoding | None = None
    capitals: bool = False

    @property
    def line(self) -> str:
        """The text trimmed, each run of white space as one space."""
        return squeeze(self.text)


class Row(NamedTuple):
    """A row that is not empty: its number in the sheet (or first line in the text file)."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False


class Merge(NamedTuple):
    """A merged range, columns from 0, rows from 1, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows()` reads it from the file, row by row, each time it is called.

    Cells of hidden columns are given too; `hidden_columns` says which they are. `pictures` says
    how many pictures lie on it: they are not read.
    """

    name: str
    read_rows: Callable[[], Iterator[Row]]
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    merges: Sequence[Merge] = ()
    pictures: int = 0

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not empty, in order."""
        return self.read_rows()


@dataclass(frozen=True)
class Workbook:
    """A file that has been opened. `format`: xlsx or csv (any delimited text)."""

    format: Literal["xlsx", "csv"]
    sheets: Sequence[Sheet] = field(default_factory=tuple)

    @property
    def has_sheets(self) -> bool:
        """Do places in it have a sheet and a row (rather than a line)?"""
        return self.format == "xlsx"


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0: 0 → A, 27 → AB."""
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, _ALPHABET_SIZE)
        letters = chr(ord("A") + place) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the column, counted from 0, of its letters: A → 0, AB → 27."""
    number = 0
    for letter in letters:
        number = number * _ALPHABET_SIZE + ord(letter) - ord("A") + 1
    return number - 1
