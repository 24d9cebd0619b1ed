"""A table of marks as a file: read strictly, so that no mark is taken for another.

The file has a head line with `work`, `judge` and `mark` in any order; other columns are passed
over. Cells are separated by commas, semicolons or tabs; a decimal comma is read where commas do not
separate cells, or inside quotes.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from contest.core.errors import InvalidInput
from contest.core.i18n import gettext as _
from contest.core.vietnamese import nfc
from contest.judging.rules.reliability import Mark

_COLUMNS: Final = ("work", "judge", "mark")
_MOST_SHOWN: Final = 30
_NUMBER: Final = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,12})?")


def read_marks(data: bytes, *, scale: float | None = None) -> list[Mark]:
    """Marks from the bytes of a CSV file with the columns work, judge, mark.

    Args:
        data: the whole file.
        scale: the highest mark there is; without it marks may be as high as they like.

    Raises:
        InvalidInput: it is no text in UTF-8, or names the line that cannot be read.
    """
    text = _text_of(data)
    head_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=head_line.count)
    rows = _rows(text, delimiter)
    _line, head = next(rows, (0, []))
    places = _places(head)
    marks: dict[tuple[str, str], Mark] = {}
    for line, cells in rows:
        if len(cells) > len(head):
            raise InvalidInput(
                _(
                    "Line %(line)s has more cells than the first line. A decimal comma needs "
                    "quotes, or semicolons between the cells.",
                    line=line,
                )
            )
        whole = cells + [""] * (len(head) - len(cells))
        mark = _mark(*(whole[at] for at in places), line=line, scale=scale)
        if (mark.work, mark.judge) in marks:
            raise InvalidInput(
                _("Line %(line)s repeats a mark of the same work and judge.", line=line)
            )
        marks[mark.work, mark.judge] = mark
    return list(marks.values())


def _text_of(data: bytes) -> str:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InvalidInput(_("The file is not a text in UTF-8. Save the table as CSV (UTF-8)."))
    return nfc(text)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Lines with something in them: the number of the line and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            plain = [" ".join(cell.split()) for cell in cells]
            if any(plain):
                yield reader.line_num, plain
    except csv.Error:
        raise InvalidInput(_("Line %(line)s cannot be read.", line=reader.line_num)) from None


def _places(head: list[str]) -> list[int]:
    names = [name.casefold() for name in head]
    if any(names.count(column) != 1 for column in _COLUMNS):
        raise InvalidInput(_("The first line must name the columns work, judge and mark."))
    return [names.index(column) for column in _COLUMNS]


def _mark(work: str, judge: str, typed: str, *, line: int, scale: float | None) -> Mark:
    if not (work and judge):
        raise InvalidInput(_("Line %(line)s lacks the work or the judge.", line=line))
    if not typed:
        raise InvalidInput(
            _(
                "Line %(line)s has no mark. Leave the whole line out where a judge gave none.",
                line=line,
            )
        )
    if not _NUMBER.fullmatch(typed):
        raise InvalidInput(
            _(
                "Line %(line)s: “%(typed)s” is not a mark. A mark is a number such as 7.5.",
                line=line,
                typed=typed[:_MOST_SHOWN],
            )
        )
    points = float(typed.replace(",", "."))
    if points < 0:
        raise InvalidInput(
            _(
                "Line %(line)s: the mark %(typed)s is below 0. No mark can be.",
                line=line,
                typed=typed,
            )
        )
    if scale is not None and points > scale:
        raise InvalidInput(
            _(
                "Line %(line)s: the mark %(typed)s is above %(scale)s, the highest of the scale. "
                "Perhaps its decimal comma was lost.",
                line=line,
                typed=typed,
                scale=f"{scale:g}",
            )
        )
    return Mark(work, judge, points)
