"""The table of answers at the end of a paper: "1-C 2-B 3-A", or a grid of numbers and letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from contest.core.vietnamese import fold, one_line
from question_bank.formats.word.lines import Line, Table

_HEADING: Final = re.compile(
    r"(?:[ivx]+[.)] ?|phan [ivxa-d0-9]+[.:]? ?|[-–= ]*)"
    r"(?:bang (?:dap an|tra loi)|dap an(?: (?:va|de|ma de|chi tiet|tham khao|trac nghiem|phan).*)?|"
    r"answer key|answers?|huong dan cham.*)[ :.\-–=]*"
)
_ENTRY: Final = re.compile(
    r"(?:câu\s*)?([0-9]{1,4})\s*[-–—.:)=]?\s*"
    r"([A-Ha-h](?:\s*(?:[,;&+]|và)\s*[A-Ha-h])*|[A-H]{2,4})(?!\w)"
    r"[\s,;.|]*",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(?:câu\s*)?([0-9]{1,4})[.:]?", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[A-Ha-h](?:\s*(?:[,;&+]|và)\s*[A-Ha-h])*", re.IGNORECASE)
_LEAST: Final = 3
_LEAST_IN_GRID: Final = 2


def is_heading(line: Line) -> bool:
    """Does a line head the table of answers?"""
    return bool(_HEADING.fullmatch(fold(one_line(line.text))))


def entries(text: str) -> list[tuple[int, str]] | None:
    """Return the answers of a line that holds nothing else; None for any other line."""
    text, at, found = text.strip(), 0, []
    while at < len(text):
        entry = _ENTRY.match(text, at)
        if entry is None:
            return None
        found.append((int(entry[1]), entry[2].upper()))
        at = entry.end()
    return found or None


def is_key_line(line: Line) -> bool:
    """Is a line without a heading above surely one of the table: three answers and more?"""
    found = entries(line.text)
    return found is not None and len(found) >= _LEAST


def grid(table: Table) -> list[tuple[int, str]] | None:
    """Return the answers of a table of numbers and letters; None for another table.

    Numbers stand over letters or beside them, or both in one cell.
    """
    rows = [[one_line(" ".join(line.text for line in cell)) for cell in row] for row in table.rows]
    cells = [text for row in rows for text in row if text]
    whole = [entries(text) for text in cells]
    if cells and all(found is not None for found in whole):
        return [entry for found in whole if found for entry in found]
    found = list(_over(rows)) or list(_beside(rows))
    return found if len(found) >= _LEAST_IN_GRID else None


def _over(rows: list[list[str]]) -> Iterator[tuple[int, str]]:
    """Give each letter to the number above it; of several codes of a paper every row of letters."""
    numbers: list[str] = []
    for row in rows:
        found = [
            (int(first[1]), letter.upper())
            for number, letter in zip(numbers, row, strict=False)
            if (first := _NUMBER.fullmatch(number)) and _LETTERS.fullmatch(letter)
        ]
        if found:
            yield from found
        else:
            numbers = row


def _beside(rows: list[list[str]]) -> Iterator[tuple[int, str]]:
    """Give each letter to the nearest number before it in its row; several codes give several."""
    for row in rows:
        number = 0
        for text in row:
            if found := _NUMBER.fullmatch(text):
                number = int(found[1])
            elif not _LETTERS.fullmatch(text):
                number = 0
            elif number:
                yield number, text.upper()


@dataclass
class AnswerTable:
    """The answers of the end of a paper by number; a number may be said twice."""

    said: dict[int, list[str]] = field(default_factory=dict)

    def add(self, found: list[tuple[int, str]]) -> None:
        """Take answers in."""
        for number, letters in found:
            others = self.said.setdefault(number, [])
            if letters not in others:
                others.append(letters)
