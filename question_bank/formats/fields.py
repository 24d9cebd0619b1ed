"""Cells of a question row that are no stem, option or key: level, kind, mark, tags."""

import re
from decimal import Decimal

from contest.core.spreadsheets import Cell, CellKind
from contest.core.vietnamese import fold, one_line

_DIFFICULTIES = {
    "easy": "easy|de|nb|nhan biet|biet|muc 1|1",
    "medium": "medium|trung binh|tb|th|thong hieu|hieu|vua|muc 2|2",
    "hard": "hard|kho|vd|van dung|van dung thap|vdt|muc 3|3",
    "very_hard": "very hard|very_hard|rat kho|vdc|van dung cao|muc 4|4",
}
_DIFFICULTY_OF = {name: code for code, names in _DIFFICULTIES.items() for name in names.split("|")}
_KINDS = {
    "single": "single|single choice|mot dap an|1 dap an|chon mot|chon 1|mot lua chon dung|don",
    "multiple": (
        "multiple|multiple response|multiple answers|nhieu dap an|chon nhieu|chon nhieu dap an|"
        "nhieu dap an dung"
    ),
    "true_false": "true_false|true false|truefalse|dung sai|dung hay sai|t f|d s|yes no",
    "": "trac nghiem|trac nghiem khach quan|tn|multiple choice|trac nghiem nhieu lua chon|mcq",
}
_KIND_OF = {name: code for code, names in _KINDS.items() for name in names.split("|")}
_SEPARATORS = re.compile(r"[\s/\-–.:]+")
_MARK = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,4}))?(?: ?(?:diem|d|points?|marks?))?")
_MOST_DECIMALS = 4
_THOUSANDS = 3


def _words(text: str) -> str:
    return _SEPARATORS.sub(" ", fold(one_line(text))).strip()


def read_difficulty(text: str) -> str | None:
    """Return easy, medium, hard or very_hard; None when the word is not one of the four levels."""
    words = _words(re.sub(r"\([^)]*\)", "", text)).removeprefix("muc do ")
    return _DIFFICULTY_OF.get(words)


def read_kind(text: str) -> str | None:
    """Return the kind's code, "" when the word leaves it open, None when it is another kind."""
    words = _words(text)
    return _KIND_OF.get(words, _KIND_OF.get(words.replace(" ", "_")))


def read_mark(cell: Cell) -> Decimal | None:
    """Return the points of a cell ("0,25", "0.25", 0.25); None when they cannot be told.

    "1.800" is refused: it may be a thousand eight hundred.
    """
    if cell.kind is CellKind.NUMBER and cell.number is not None:
        mark = Decimal(format(cell.number, ".15g"))
        return mark if mark >= 0 and -int(mark.as_tuple().exponent) <= _MOST_DECIMALS else None
    found = _MARK.fullmatch(fold(cell.line))
    if found is None or len(found[2] or "") == _THOUSANDS:
        return None
    return Decimal(f"{found[1]}.{found[2] or 0}")


def read_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a cell, separated by commas, semicolons or bars."""
    tags = (one_line(tag) for tag in re.split(r"[,;|\n]", text))
    return tuple(dict.fromkeys(tag for tag in tags if tag))
