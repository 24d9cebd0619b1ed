"""Marks of a paper as CSV: names, then `max` and the maxima, then a row for each attempt.

The first cell of the second row is `max`, so the first column holds labels: a row of marks has
its attempt's label there, or leaves the column out. The sign after `max` is the delimiter. Read
once, a batch at a time: a million attempts take no more memory than a thousand.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NoReturn

from contest.core.errors import InvalidInput, Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.later import later
from contest.core.spreadsheets.delimited import encoding_of, quotes_do_not_match
from contest.core.vietnamese import nfc
from question_bank.statistics.figures import ItemFigures, PaperFigures, Tally
from question_bank.statistics.joint import LARGEST_UNITS

if TYPE_CHECKING:
    import numpy as np
else:
    np = later("numpy")

MOST_ITEMS: Final = 2_000
_BATCH_CELLS: Final = 400_000
_MOST_SPELLINGS: Final = 100_000
_MOST_DECIMALS: Final = 8
_DELIMITERS: Final = ",;\t|"
_MAX: Final = "max"
_MOST_SAID: Final = 40
_LONGEST_LINE: Final = 4_000_000
_MOST_LINES: Final = 4_000
_PLAIN: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?\Z", re.ASCII | re.IGNORECASE)
_COMMA: Final = re.compile(r"[+-]?\d+,\d+\Z", re.ASCII)
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+\Z", re.ASCII)
_MINUS: Final = str.maketrans({"\N{MINUS SIGN}": "-"})


class MarksUnreadable(InvalidInput):
    """The file is no table of marks; the sentence says where and why."""


@dataclass(frozen=True, slots=True)
class MarksReport:
    """What a file of marks gives: names of its items, their figures, and the paper's."""

    names: tuple[str, ...]
    items: tuple[ItemFigures, ...]
    paper: PaperFigures


def read_marks(path: Path) -> MarksReport:
    """Read a file of marks in one pass and work out its statistics.

    Raises:
        MarksUnreadable: with row and column.
        UnreadableFile: it is not text in Unicode.
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(0)
        try:
            return _read(file, "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
        except UnicodeError:
            encoding_of(path.read_bytes())  # says which byte
            raise  # pragma: no cover  (it has said so)
        except csv.Error as reason:
            raise MarksUnreadable(quotes_do_not_match(1)) from reason


def _read(file: BinaryIO, encoding: str) -> MarksReport:
    with TextIOWrapper(file, encoding, newline="") as text:
        names, maxima = _two_records(text)
        delimiter = _delimiter(maxima)
        head = list(csv.reader([*names, maxima], delimiter=delimiter, strict=True))
        table = _Table(*_head(head[0], head[-1], delimiter), delimiter)
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            tally = table.tally(rows, above=len(names) + 1)
        except csv.Error as reason:
            raise MarksUnreadable(quotes_do_not_match(table.last_row)) from reason
    items, paper = tally.figures(table.maxima)
    return MarksReport(table.names, tuple(items), paper)


def _two_records(text: TextIOWrapper) -> tuple[list[str], str]:
    """The lines of the names (a quoted name may hold line breaks), and that of the maxima."""
    names = [text.readline(_LONGEST_LINE)]
    while sum(line.count('"') for line in names) % 2 and len(names) < _MOST_LINES and names[-1]:
        names.append(text.readline(_LONGEST_LINE))
    maxima = text.readline(_LONGEST_LINE)
    if not maxima.strip():
        raise MarksUnreadable(
            _l("The file needs two rows at its head: the names, then “max” and the maxima.")
        )
    return names, maxima


def _delimiter(line: str) -> str:
    cell = re.match(r'\s*(?:"([^"]*)"|([^,;\t|"]*?))\s*([,;\t|])', line)
    label = "" if cell is None else (cell[1] or cell[2] or "").strip()
    if cell is None or label.casefold() != _MAX:
        raise MarksUnreadable(
            _l("Row 2 must begin with “max”, followed by the maximum of each question.")
        )
    return cell[3]


def _without_end(cells: Sequence[str]) -> list[str]:
    kept = [nfc(cell).strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _head(
    names: Sequence[str], maxima: Sequence[str], delimiter: str
) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
    """Names and maxima; the corner above `max` may be left out."""
    highest = _without_end(maxima)[1:]
    called = [nfc(cell).strip() for cell in names]
    if len(_without_end(called)) > len(highest) + 1:
        extra = called[len(highest) + 1]
        raise MarksUnreadable(_l("Row 2 has no maximum for “%(name)s”.", name=_clipped(extra)))
    if len(called) > len(highest):
        called = called[1 : len(highest) + 1]
    if not highest or len(called) < len(highest):
        raise MarksUnreadable(
            _l(
                "Row 1 names %(names)s questions, but row 2 has %(maxima)s maxima.",
                names=len(called),
                maxima=len(highest),
            )
        )
    if len(highest) > MOST_ITEMS:
        raise MarksUnreadable(_l("A paper has at most %(count)s questions.", count=MOST_ITEMS))
    found = []
    for column, cell in enumerate(highest, start=2):
        value = _number(cell, delimiter, row=2, column=column, name=called[column - 2])
        if value < 0:
            _refuse(
                _l("a maximum cannot be below 0"), row=2, column=column, name=called[column - 2]
            )
        found.append(Fraction(value))
    return tuple(called), tuple(found)


def _clipped(text: str) -> str:
    """What is said back of a cell: enough to find it."""
    return text if len(text) <= _MOST_SAID else f"{text[:_MOST_SAID]}…"


def _refuse(why: Words, *, row: int, column: int, name: str) -> NoReturn:
    raise MarksUnreadable(
        _l(
            "Row %(row)s, column %(column)s (“%(name)s”): %(why)s.",
            row=row,
            column=column,
            name=_clipped(name),
            why=why,
        )
    )


def _number(cell: str, delimiter: str, *, row: int, column: int, name: str) -> Decimal:
    """A number as people write it; what could mean two numbers is refused."""
    typed = cell.strip().translate(_MINUS)
    wrong: Words = ""
    if not typed:
        wrong = _l("the mark is missing; write 0 for a question that earned nothing")
    elif _THOUSANDS.match(typed) and not (delimiter == "," and "," not in typed):
        wrong = _l(
            "“%(cell)s” may be a decimal or thousands; write it without that sign",
            cell=_clipped(cell),
        )
    elif _COMMA.match(typed):
        typed = typed.replace(",", ".")
    elif not _PLAIN.match(typed):
        wrong = _l("“%(cell)s” is not a number", cell=_clipped(cell))
    if wrong:
        _refuse(wrong, row=row, column=column, name=name)
    return Decimal(typed)


class _Table:
    """Rows of marks as matrices of whole units, a batch at a time."""

    def __init__(
        self, names: tuple[str, ...], maxima: tuple[Fraction, ...], delimiter: str
    ) -> None:
        self.names, self.maxima, self._delimiter = names, maxima, delimiter
        self._tally = Tally(len(names))
        self._known: dict[str, int] = {}
        self.last_row, self._labels = 1, 0
        # Decimals that fit: a total in units must stay within 32 bits.
        most, self._decimals, self._most_decimals = sum(maxima, Fraction(1)), 0, 0
        while (
            self._most_decimals < _MOST_DECIMALS
            and most * 10 ** (self._most_decimals + 1) <= LARGEST_UNITS
        ):
            self._most_decimals += 1
        if most > LARGEST_UNITS:
            raise MarksUnreadable(_l("The maxima are too large."))

    def tally(self, rows: Any, *, above: int) -> Tally:
        """Count all rows; `above` lines stand before the first."""
        for numbers, batch in self._batches(rows, above):
            try:
                units = [[self._known[cell] for cell in cells] for cells in batch]
            except KeyError:
                self._learn(numbers, batch)
                units = [[self._known[cell] for cell in cells] for cells in batch]
            self._check(numbers, batch, matrix := np.array(units, dtype=np.int64))
            self._tally.add(matrix)
        return self._tally

    def _batches(self, rows: Any, above: int) -> Iterator[tuple[list[int], list[list[str]]]]:
        width = len(self.names)
        size = max(1, _BATCH_CELLS // width)
        numbers: list[int] = []
        batch: list[list[str]] = []
        labelled: bool | None = None
        for cells in rows:
            if not any(cells):
                continue
            row = self.last_row = rows.line_num + above
            if labelled is None:
                labelled = len(cells) != width
            start = self._labels = 1 if labelled else 0
            marks = cells[start : start + width]
            if len(marks) != width or any(cells[start + width :]):
                self._wrong_width(row, len(cells) - start)
            batch.append(marks)
            numbers.append(row)
            if len(batch) == size:
                yield numbers, batch
                numbers, batch = [], []
        if batch:
            yield numbers, batch

    def _wrong_width(self, row: int, count: int) -> NoReturn:
        raise MarksUnreadable(
            _l(
                "Row %(row)s has %(count)s marks, but there are %(wanted)s questions.",
                row=row,
                count=count,
                wanted=len(self.names),
            )
        )

    def _column(self, place: int) -> int:
        """Where a mark stands in its row, counted from 1; rows may leave the labels out."""
        return place + 1 + self._labels

    def _learn(self, numbers: Sequence[int], batch: Sequence[Sequence[str]]) -> None:
        """Read the spellings of a batch that have not been met before."""
        if len(self._known) > _MOST_SPELLINGS:
            self._known.clear()
        fresh: dict[str, Decimal] = {}
        for row, cells in zip(numbers, batch, strict=True):
            for place, cell in enumerate(cells):
                if cell not in self._known and cell not in fresh:
                    fresh[cell] = _number(
                        cell,
                        self._delimiter,
                        row=row,
                        column=self._column(place),
                        name=self.names[place],
                    )
        decimals = max((_decimals(value) for value in fresh.values()), default=0)
        wanted = min(max(self._decimals, decimals), self._most_decimals)
        if wanted > self._decimals:
            factor = 10 ** (wanted - self._decimals)
            self._tally.rescale(factor)
            self._known = {cell: units * factor for cell, units in self._known.items()}
            self._decimals = wanted
        scale = 10**self._decimals
        for cell, value in fresh.items():
            # Outside the range it is refused by `_check`; it only has to fit into an array.
            units = round(Fraction(value) * scale)
            self._known[cell] = max(-LARGEST_UNITS - 1, min(units, LARGEST_UNITS + 1))

    def _check(self, numbers: Sequence[int], batch: Sequence[Sequence[str]], matrix: Any) -> None:
        """Each mark lies between −maximum and maximum."""
        scale = 10**self._decimals
        highest = np.array([-((-most * scale) // 1) for most in self.maxima], dtype=np.int64)
        outside = np.abs(matrix) > highest
        if not outside.any():
            return
        row, place = (int(each[0]) for each in np.nonzero(outside))
        _refuse(
            _l(
                "the mark %(mark)s lies outside the maximum %(most)s",
                mark=_clipped(batch[row][place]),
                most=_plain(self.maxima[place]),
            ),
            row=numbers[row],
            column=self._column(place),
            name=self.names[place],
        )


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _plain(value: Fraction) -> str:
    return f"{float(value):g}"
