"""The table of answers at the end of a paper: "1-C 2-B 3-A", or a grid of numbers and letters."""

import re
from collections.abc import Collection, Iterator, Sequence
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
# A code of three signs and more may stand alone; "12" may be the number of a question.
_PAPER_CODE: Final = re.compile(
    r"(?:(?:ma(?: de)?|de)(?: thi)?(?: so)?[ .:\-–]*([0-9]{1,4})|([0-9]{3,4}))"
)
_NO_CODE: Final = re.compile(r"(?:cau(?: hoi)?(?: so)?|stt|ma(?: de)?(?: thi)?|)[ .:/\\]*")
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
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    cells = [text for row in rows for text in row if text]
    whole = [entries(text) for text in cells]
    if cells and all(found is not None for found in whole):
        return [entry for found in whole if found for entry in found]
    found = list(_over(rows)) or list(_beside(rows))
    return found if len(found) >= _LEAST_IN_GRID else None


def of_code(table: Table, codes: Collection[str]) -> Table:
    """The answers of the paper's own code alone, where a grid has a row or a column for each code.

    A grid of other codes holds no answers of the paper. Where its own code is not known, the
    answers of all of them stay.

    Args:
        table: a grid.
        codes: that the paper names for itself.
    """
    texts = [[_cell(cell) for cell in row] for row in table.rows]
    if not texts or not texts[0]:
        return table
    own = codes if len(codes) == 1 else ()

    def is_kept(name: str) -> bool:
        return not own or _code(name) is None or _code(name) in own

    firsts = [row[0] if row else "" for row in texts]
    if _are_codes(texts[0][1:]) and _are_numbers(firsts[1:]):
        kept = [n for n, name in enumerate(texts[0]) if is_kept(name)]
        return Table([[row[n] for n in kept if n < len(row)] for row in table.rows[1:]])
    if _are_codes(firsts[1:]) and _are_numbers(texts[0][1:]):
        rows = zip(table.rows, firsts, strict=True)
        return Table([row for row, name in rows if is_kept(name)])
    return table


def _cell(cell: Sequence[Line]) -> str:
    return one_line(" ".join(line.text for line in cell))


def _code(text: str) -> str | None:
    found = _PAPER_CODE.fullmatch(fold(text))
    return found[1] or found[2] if found else None


def _are_codes(texts: Sequence[str]) -> bool:
    """Are these the names of paper codes, with nothing else among them but "question" again?"""
    others = [text for text in texts if not _NO_CODE.fullmatch(fold(text))]
    return bool(others) and all(_code(text) for text in others)


def _are_numbers(texts: Sequence[str]) -> bool:
    """Are these numbers of questions, with nothing else among them but "question" again?"""
    others = [text for text in texts if not _NO_CODE.fullmatch(fold(text))]
    return bool(others) and all(_NUMBER.fullmatch(text) for text in others)


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
