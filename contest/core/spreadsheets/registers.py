"""Lists that offices keep (decisions, contests, projects): a header, then one thing in each row.

What the columns mean is given by their headings; what is wrong is said at the cell. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets.cells import (
    Cell,
    CellKind,
    Merge,
    Row,
    Sheet,
    UnreadableFile,
    column_letters,
)
from contest.core.spreadsheets.legacy import Verdict, verdict
from contest.core.spreadsheets.notes import Level, Place, RowNote
from contest.core.spreadsheets.tables import is_banner, is_decoration, names_of
from contest.core.vietnamese import (
    BadDate,
    DatePrecision,
    PartialDate,
    fold,
    parse_date_vi,
)

_LOOK_AT_ROWS: Final = 60
_FIRST_YEAR: Final = 1900
_FEW_CELLS: Final = 2
_MONTHS: Final = 12
_THREE_NUMBERS: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.][0-9]{4}")
_MOST_DIGITS: Final = 9
_DATE_REASONS: Final = {
    "no_such_day": _l("There is no such day in the calendar."),
    "bad_month": _l("There is no such month. The day comes first, then the month: 25/9/2019."),
    "no_year": _l("The year is missing."),
    "two_digit_year": _l("Write the year with four digits."),
}
_NO_DATE: Final = _l("This is no date. Write it as day/month/year, for example 19/5/2021.")


class BadValue(ValueError):
    """A cell that cannot be read; `code` and `message` say why."""

    def __init__(self, code: str, message: Words) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(slots=True)
class RegisterRow:
    """A row of a list.

    Attributes:
        place: where it stands.
        cells: by the name of their column.
        letters: of the columns there are.
        section: folded words of the last heading between the rows ("I. tap the").
        notes: what is said about it.
    """

    place: Place
    cells: Mapping[str, Cell]
    letters: Mapping[str, str]
    section: str = ""
    notes: list[RowNote] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing rejects the row."""
        return not any(note.level == "error" for note in self.notes)

    def line(self, column: str) -> str:
        """What stands in a column, as one line; empty when nothing does."""
        cell = self.cells.get(column)
        return "" if cell is None else cell.line

    def say(self, code: str, words: Words, column: str = "", *, level: Level = "error") -> None:
        """Add a note at the cell of a column, or at the row."""
        self.notes.append(RowNote(self.place, code, words, self.letters.get(column), level=level))


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: Mapping[str, int]


def read_register(
    sheets: Sequence[Sheet],
    headings: Mapping[str, str],
    *,
    needed: Sequence[str],
    missing: Words,
    most: int,
) -> list[RegisterRow]:
    """The rows of all sheets that have such a header, in the order of the file.

    Cells that are merged and rows in a legacy font are said at their cell, never guessed.

    Args:
        sheets: of the file; hidden ones are passed over.
        headings: for each column its headings, folded, apart by "|".
        needed: columns without which a row is no header.
        missing: what to say when no sheet has a header.
        most: rows that may be read.

    Raises:
        UnreadableFile: there is no header, or there are too many rows.
    """
    column_of = {name: column for column, all_ in headings.items() for name in all_.split("|")}
    rows: list[RegisterRow] = []
    found = False
    for sheet in sheets:
        header = None if sheet.hidden else _find_header(sheet, column_of, needed)
        if header is None:
            continue
        found = True
        for row in _rows(sheet, header):
            rows.append(row)
            if len(rows) > most:
                words = _l(
                    "The list has more than %(count)s rows. Split it into several files.",
                    count=most,
                )
                raise UnreadableFile("too_many", words)
    if not found:
        raise UnreadableFile("no_header", missing)
    return rows


def _find_header(
    sheet: Sheet, column_of: Mapping[str, str], needed: Sequence[str]
) -> _Header | None:
    for seen, row in enumerate(sheet.rows()):
        if seen >= _LOOK_AT_ROWS:
            break
        columns: dict[str, int] = {}
        for place, name in sorted(names_of(sheet, row).items()):
            column = column_of.get(name)
            if column is not None:
                columns.setdefault(column, place)
        if all(name in columns for name in needed):
            return _Header(row.number, columns)
    return None


def _rows(sheet: Sheet, header: _Header) -> Iterator[RegisterRow]:
    letters = {column: column_letters(place) for column, place in header.columns.items()}
    section = ""
    for row in sheet.rows():
        if row.number <= header.row or row.hidden:
            continue
        cells = {
            column: row.cells[place]
            for column, place in header.columns.items()
            if place in row.cells and place not in sheet.hidden_columns
        }
        if is_banner(row, sheet.merges) or (len(cells) < _FEW_CELLS and _is_heading(row)):
            section = fold(next(iter(row.cells.values())).line)
            continue
        if not cells:
            continue
        made = RegisterRow(Place(row.number, sheet.name or None), cells, letters, section)
        _note_merges(made, sheet.merges, header)
        _note_letters(made)
        yield made


def note_exchanged_days(rows: Sequence[RegisterRow], column: str) -> None:
    """Refuse dates of Excel in a column whose other days it had to leave as text.

    An Excel that reads the month first makes 3 May of a typed 5/3/2019 without a word, and leaves
    25/9/2019 as text since there is no such month. So dates that all have a day up to 12 beside
    such texts are suspected; one day after the twelfth shows that the order is right.

    Args:
        rows: of one list.
        column: with days.
    """
    cells = [(row, row.cells[column]) for row in rows if column in row.cells]
    left = next(
        (
            f"{row.letters[column]}{row.place.row} ({cell.line})"
            for row, cell in cells
            if cell.kind is CellKind.TEXT and _stays_text(cell.line)
        ),
        None,
    )
    stored = [
        (row, cell.date.date)
        for row, cell in cells
        if cell.date is not None and cell.date.precision is DatePrecision.DAY
    ]
    if left is None or any(day.day > _MONTHS for _row, day in stored):
        return
    for row, day in stored:
        if day.day != day.month:
            words = _l(
                "Excel took this cell for a date, %(day)s, but left %(other)s as text: it may have "
                "exchanged day and month. Format the column as text and type its days again as "
                "day/month/year.",
                day=f"{day.day}/{day.month}/{day.year}",
                other=left,
            )
            row.say("exchanged", words, column)


def _stays_text(line: str) -> bool:
    found = _THREE_NUMBERS.fullmatch(line)
    return found is not None and sum(int(part) > _MONTHS for part in found.groups()) == 1


def _is_heading(row: Row) -> bool:
    return all(is_decoration(cell) for cell in row.cells.values())


def _note_merges(row: RegisterRow, merges: Sequence[Merge], header: _Header) -> None:
    number = row.place.row
    for merge in merges:
        if merge.first_row <= number <= merge.last_row:
            touched = [
                column
                for column, place in header.columns.items()
                if merge.first_column <= place <= merge.last_column
            ]
            if touched:
                first = f"{column_letters(merge.first_column)}{merge.first_row}"
                last = f"{column_letters(merge.last_column)}{merge.last_row}"
                words = _l(
                    "The cells %(first)s to %(last)s are merged into one. Take the merge apart and "
                    "write the value into each row.",
                    first=first,
                    last=last,
                )
                row.say("merged", words, touched[0])


def _note_letters(row: RegisterRow) -> None:
    if verdict(row.cells.values()) is Verdict.UNICODE:
        return
    old = (name for name, cell in row.cells.items() if verdict([cell]) is not Verdict.UNICODE)
    words = _l(
        "This cell is written in an old font (TCVN3 or VNI) and cannot be read safely. Convert the "
        "file to Unicode, or type the cell again."
    )
    row.say("letters", words, next(old, next(iter(row.cells))))


def read_partial(cell: Cell) -> PartialDate:
    """A day, month or year as it stands in a cell, the day first.

    Raises:
        BadValue: it is no date, or lies before 1900.
    """
    if cell.kind is CellKind.DATE and cell.date is not None:
        found = cell.date
    else:
        try:
            found = parse_date_vi(cell.line)
        except BadDate as bad:
            raise BadValue("bad_date", _DATE_REASONS.get(bad.code, _NO_DATE)) from bad
    if found.date.year < _FIRST_YEAR:
        raise BadValue(
            "too_early",
            _l(
                "The year %(year)s lies before 1900; there is no record of this kind from then. "
                "Look at the year again.",
                year=found.date.year,
            ),
        )
    return found


def read_day(cell: Cell) -> date:
    """A whole day of a cell.

    Raises:
        BadValue: it is no date, lies before 1900, or only month or year are known.
    """
    found = read_partial(cell)
    if found.precision is not DatePrecision.DAY:
        raise BadValue("not_a_day", _l("Write the whole date: day, month and year."))
    return found.date


def read_count(cell: Cell) -> int:
    """A whole number of a cell; "1.800" is one thousand eight hundred.

    Raises:
        BadValue: it is none, or can be read in two ways.
    """
    if cell.kind is CellKind.NUMBER and cell.number is not None:
        if cell.number >= 0 and cell.number.is_integer():
            return int(cell.number)
    else:
        plain = cell.line.replace("\u00a0", "").replace(" ", "")
        groups = plain.split(".")
        grouped = len(groups) == 1 or (
            0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])  # noqa: PLR2004
        )
        digits = "".join(groups)
        if grouped and digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS:
            return int(digits)
    raise BadValue("bad_number", _l("Write a whole number, for example 1.800."))
