"""What all tables made by people have in common: headings, titles, totals, signatures, merges."""

import re
from collections.abc import Mapping, Sequence

from contest.core.spreadsheets.cells import Cell, Merge, Row, Sheet
from contest.core.vietnamese import find_legacy, fold, from_legacy, one_line

_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_NUMBERED = re.compile(r"(?:cau )?[0-9]{1,6}[.)]?")
_DECORATION = re.compile(
    r"(?:[ivxl]{1,6}|[0-9]{1,2}|[a-h])\s*[.):\-/]\s*\S.*(?<![?])$"
    r"|(?:phan|chuong|muc|tuan|dot|ky|bai|chu de|chuyen de|nhom|khoi|part|section|chapter)\b.*"
    r"|(?:tong cong|tong so|tong|cong|total)\b.*|(?:ghi chu|luu y|note|chu thich)\b.*"
    r"|(?:nguoi|can bo|giao vien) (?:lap|bien soan|ra de|soan|duyet|phan bien|tong hop|kiem tra).*"
    r"|(?:tm|t/m|kt|tl|tuq)\b\.?.*|\(?(?:ky|da ky|ky ten|ky, )\b.*|noi nhan.*|xac nhan.*"
    r"|(?:.{0,40}, )?ngay\b.{0,12}thang\b.{0,12}nam\b.*"
    r"|(?:ban to chuc|truong ban|bi thu|pho bi thu|chu tich|thu ky|hieu truong|to truong)\b.*"
    r"|(?:dang cong san|cong hoa xa hoi|doc lap - tu do|dang uy|dang bo|uy ban).*"
    r"|(?:het|\*+|-+|\.+/?\.*)$"
)
_WIDE_MERGE = 3


def readable(cell: Cell) -> str:
    """Return the text of a cell as one line, read the old way where it is in an old encoding."""
    encoding = find_legacy(cell.text)
    return cell.line if encoding is None else one_line(from_legacy(cell.text, encoding))


def heading(text: str) -> str:
    """Return a heading as it is compared: folded, without brackets and signs."""
    return _NOT_A_WORD.sub(" ", _IN_BRACKETS.sub(" ", fold(one_line(text)))).strip()


def is_running_number(cell: Cell | None) -> bool:
    """Is this the number of a row (1, 02., Câu 3)?"""
    return cell is not None and bool(_NUMBERED.fullmatch(fold(cell.line)))


def is_decoration(cell: Cell | None) -> bool:
    """Does a cell read like a title, a section, a total or a signature (or is it empty)?"""
    if cell is None:
        return True
    text = readable(cell)
    return is_decorative(text) or (text.isupper() and "?" not in text)


def is_decorative(text: str) -> bool:
    """Does a text read like a title, a section, a total or a signature, whatever its case?"""
    return bool(_DECORATION.fullmatch(fold(text)))


def is_banner(row: Row, merges: Sequence[Merge]) -> bool:
    """Is the row a single cell merged over several columns: a heading?"""
    if len(row.cells) != 1:
        return False
    (column,) = row.cells
    return any(
        merge.first_row <= row.number <= merge.last_row
        and merge.first_column == column
        and merge.last_column - column + 1 >= _WIDE_MERGE
        for merge in merges
    )


class MergedColumns:
    """Gives the rows below what stands in a cell merged over several rows.

    `remember` is called for each row in order, then `above` tells what a column inherits.
    """

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._down: dict[int, list[Merge]] = {}
        self._tops: dict[Merge, Cell] = {}
        for merge in merges:
            if merge.last_row > merge.first_row and merge.first_column == merge.last_column:
                self._down.setdefault(merge.first_column, []).append(merge)

    def remember(self, row: Row) -> None:
        """Keep the cells of this row that are merged with those below."""
        for column, merges in self._down.items():
            cell = row.cells.get(column)
            if cell is not None:
                for merge in merges:
                    if merge.first_row == row.number:
                        self._tops[merge] = cell

    def above(self, row: int, column: int) -> Cell | None:
        """Return the cell that reaches down into this one, if any."""
        for merge in self._down.get(column, ()):
            if merge.first_row < row <= merge.last_row:
                return self._tops.get(merge)
        return None


def names_of(sheet: Sheet, row: Row) -> Mapping[int, str]:
    """Return the headings of a row by column, hidden columns left out.

    A heading merged downwards belongs to its first row alone.
    """
    names = {
        column: heading(readable(cell))
        for column, cell in row.cells.items()
        if column not in sheet.hidden_columns
    }
    return {column: name for column, name in names.items() if name}


def hidden_headings(sheet: Sheet, row: int) -> list[tuple[int, str]]:
    """Return (column, heading) of the hidden columns of a table whose header stands in `row`."""
    if not sheet.hidden_columns:
        return []
    header = next((found for found in sheet.rows() if found.number == row), None)
    return [
        (column, cell.line)
        for column, cell in sorted(header.cells.items() if header else ())
        if column in sheet.hidden_columns
    ]
