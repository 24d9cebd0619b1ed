"""Reading the tables of a dossier, exact numbers, and saying what disagrees."""

from __future__ import annotations

import csv
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class Wrong(Exception):
    """Something that cannot be read at all."""


class Report:
    """What disagrees, as lines "file:line: words"."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, name: str, line: int, words: str) -> None:
        """Note a disagreement."""
        self.lines.append(f"{name}:{line}: {words}")


class Row(dict[str, str]):
    """A row of a table with its file and line."""

    def __init__(self, name: str, line: int, values: Iterable[tuple[str, str]]) -> None:
        super().__init__(values)
        self.name, self.line = name, line


def number(row: Row, column: str) -> Fraction:
    """A cell as an exact number."""
    try:
        return Fraction(row[column])
    except (KeyError, ValueError, ZeroDivisionError, TypeError):
        raise Wrong(
            f"{row.name}:{row.line}: “{row.get(column)}” in column {column} is no number"
        ) from None


def read_table(folder: Path, name: str, columns: Sequence[str]) -> list[Row]:
    """The rows of a table; none when the dossier does without it."""
    path = folder / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        head = next(reader, [])
        if head[: len(columns)] != list(columns):
            raise Wrong(f"{name}:1: the columns must begin with {', '.join(columns)}")
        rows = []
        for cells in reader:
            if len(cells) != len(head):
                raise Wrong(f"{name}:{reader.line_num}: {len(cells)} cells instead of {len(head)}")
            rows.append(Row(name, reader.line_num, zip(head, cells, strict=True)))
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
