"""Reading the tables of a dossier, exact numbers, and saying what disagrees."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


# The columns with which the tables begin; keys of ties and parts of totals follow.
COLUMNS = {
    "marks.csv": ("entry", "judge", "criterion", "mark"),
    "attempts.csv": ("entry", "attempt", "points"),
    "ranking.csv": (
        *("round", "division", "place", "entry", "status", "points", "basis", "unit"),
        *("person", "exact", "most"),
    ),
    "prizes.csv": ("round", "division", "level", "place", "entry", "money"),
    "units.csv": (
        *("round", "unit", "entries", "persons", "attempts", "points", "winners", "mean", "ratio"),
        *("place", "within", "merged_above", "merged_within"),
    ),
    "totals.csv": ("division", "place", "total", "taken", "unit"),
}

WHOLE = ("marks.csv", "prizes.csv", "units.csv")
NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,12})?")


class Wrong(Exception):
    """Something that cannot be read at all."""


class Report:
    """What disagrees, as lines "file:line: words", and what is taken as given."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.given: list[str] = []

    def say(self, name: str, line: int, words: str) -> None:
        """Note a disagreement."""
        self.lines.append(f"{name}:{line}: {words}")


if TYPE_CHECKING:
    Cells = dict[str, str]
else:  # Python 3.8 knows no arguments here
    Cells = dict


class Row(Cells):
    """A row of a table with its file and line."""

    def __init__(self, name: str, line: int, values: Iterable[tuple[str, str]]) -> None:
        super().__init__(values)
        self.name, self.line = name, line


def number(row: Row, column: str) -> Fraction:
    """A cell as an exact number."""
    cell = row.get(column, "")
    if not NUMBER.fullmatch(cell):
        raise Wrong(f"{row.name}:{row.line}: “{cell[:40]}” in column {column} is no number")
    return Fraction(cell)


def read_text(path: Path) -> str:
    """The text of a file. Raises Wrong when it is missing or no text."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as odd:
        line = 1 + path.read_bytes().count(b"\n", 0, odd.start)
        raise Wrong(f"{path.name}:{line}: this is no text in UTF-8") from None
    except FileNotFoundError:
        raise Wrong(f"{path.name}:1: the file is missing") from None
    except OSError as odd:
        raise Wrong(f"{path.name}:1: the file cannot be read ({odd.strerror})") from None


def read_table(folder: Path, name: str, columns: Sequence[str]) -> list[Row]:
    """The rows of a table; none when the dossier does without it."""
    path = folder / name
    if not path.exists():
        return []
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows = []
    try:
        head = next(reader, [])
        if head[: len(columns)] != list(columns) or len({*head}) != len(head):
            raise Wrong(f"{name}:1: the columns must begin with {', '.join(columns)}, each once")
        if name in WHOLE and len(head) != len(columns):
            raise Wrong(f"{name}:1: there are more columns than {', '.join(columns)}")
        for cells in reader:
            if len(cells) != len(head):
                raise Wrong(f"{name}:{reader.line_num}: {len(cells)} cells instead of {len(head)}")
            named = ((column, cells[place]) for place, column in enumerate(head))
            rows.append(Row(name, reader.line_num, named))
    except csv.Error as odd:
        raise Wrong(f"{name}:{reader.line_num}: this is no table ({odd})") from None
    return rows


def half_up(value: Fraction, step: Fraction) -> Fraction:
    """A number rounded half up to a step."""
    count = value / step
    whole = count.numerator // count.denominator
    return (whole + (1 if (count - whole) * 2 >= 1 else 0)) * step


def cents(value: Fraction) -> str:
    """A number with two decimals, rounded half up."""
    whole = half_up(value, Fraction(1, 100)) * 100
    sign = "-" if whole < 0 else ""
    return f"{sign}{abs(int(whole)) // 100}.{abs(int(whole)) % 100:02d}"


def decimals(value: Fraction) -> str:
    """A number with four decimals, rounded half up."""
    whole = int(half_up(value, Fraction(1, 10_000)) * 10_000)
    sign = "-" if whole < 0 else ""
    return f"{sign}{abs(whole) // 10_000}.{abs(whole) % 10_000:04d}"


def compare(row: Row, column: str, expected: str, report: Report) -> None:
    """Say when a cell is another than the computed one."""
    if row[column] != expected:
        report.say(
            row.name, row.line, f"{column} is “{row[column]}”, by the marks it is “{expected}”"
        )
