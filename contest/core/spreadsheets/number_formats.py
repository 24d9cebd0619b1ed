"""Numbers and dates as the person who typed them saw them.

A cell holds 16682 and a format "d/m/yyyy"; what stands on the screen, and what an option of a
question means, is "2/9/1945". Formats that show nothing special give the plain number.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from contest.core.spreadsheets.cells import Cell, CellKind
from contest.core.vietnamese import DatePrecision, PartialDate

_DATE: Final = "d/m/yyyy"
BUILT_IN: Final = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, *range(27, 37), *range(50, 59)), _DATE),
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "d/m/yyyy h:mm",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
}
"""Formats that files name by number only; the dates as Vietnamese Excel shows them."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|\[\$(?P<currency>[^\]\-]*)[^\]]*\]|\[[^\]]*\]'
    r"|_.|\*.|(?P<plain>.)",
    re.DOTALL,
)
_DIGITS = re.compile(r"[#0?,]*[#0?](?:\.[0#?]*)?")
_EXOTIC = re.compile(r"[eE][+-]|/|General", re.IGNORECASE)
_MINUTES = re.compile("h+[^dmyhs]*m+|m+[^dmyhs]*s+")
_WHOLE = 10**15
_DAYS_OF_1900_BUG = 60
_MINUTES_IN_HOUR = 60
_MINUTES_IN_DAY = 24 * _MINUTES_IN_HOUR


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A number format, read once per workbook."""

    is_date: bool = False
    day: int = 0
    month: int = 0
    year: int = 0
    hour: bool = False
    pattern: str = ""
    before: str = ""
    after: str = ""

    @property
    def precision(self) -> DatePrecision:
        """How much of the date the format shows."""
        if self.day:
            return DatePrecision.DAY
        return DatePrecision.MONTH if self.month else DatePrecision.YEAR


def _first_section(code: str) -> list[tuple[str, bool]]:
    """Split the part before the first ; into (text, is a literal)."""
    pieces: list[tuple[str, bool]] = []
    for token in _TOKEN.finditer(code):
        plain = token["plain"]
        if plain == ";":
            break
        if plain is not None:
            pieces.append((plain, plain in " -+()$₫đ"))
        else:
            literal = token["quoted"] or token["escaped"] or token["currency"]
            if literal:
                pieces.append((literal, True))
    return pieces


def _longest(code: str, letter: str) -> int:
    return max(map(len, re.findall(f"{letter}+", code)), default=0)


def read_format(code: str) -> NumberFormat:
    """Read a format code such as "#,##0.00" or "dd/mm/yyyy"."""
    pieces = _first_section(code)
    shown = "".join(text for text, literal in pieces if not literal).casefold()
    if "general" not in shown and re.search("[dmyhs]", shown):
        hour = "h" in shown or "s" in shown
        # Beside hours or seconds, m stands for minutes.
        day, month, year = (_longest(_MINUTES.sub("", shown), letter) for letter in "dmy")
        return NumberFormat(is_date=True, day=day, month=month, year=year, hour=hour)
    if not shown or "@" in shown or _EXOTIC.search(shown) or len(_DIGITS.findall(shown)) != 1:
        return NumberFormat()
    places = [
        place for place, (text, literal) in enumerate(pieces) if not literal and text in "#0?"
    ]
    first, last = places[0], places[-1]
    if any(literal for _text, literal in pieces[first:last]):
        return NumberFormat()
    found = _DIGITS.search(shown)
    return NumberFormat(
        pattern=found[0] if found else "",
        before="".join(text for text, _literal in pieces[:first]),
        after="".join(text for text, _literal in pieces[last + 1 :]).lstrip(".,"),
    )


def plain_number(value: float) -> str:
    """Return a number without a format: no grouping, decimals after a comma."""
    if value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    return f"{Decimal(format(value, '.15g')):f}".replace(".", ",")


def _formatted_number(value: float, fmt: NumberFormat) -> str:
    whole, _point, decimals = fmt.pattern.partition(".")
    if "%" in fmt.after + fmt.before:
        value *= 100
    least = sum(sign in "0?" for sign in decimals)
    exact = Decimal(format(value, ".15g"))
    digits = f"{abs(exact):.{len(decimals)}f}"
    integer, _point, fraction = digits.partition(".")
    while len(fraction) > least and fraction.endswith("0"):
        fraction = fraction[:-1]
    integer = integer.lstrip("0").zfill(whole.replace(",", "").count("0"))
    if "," in whole:
        integer = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ".", integer)
    sign = "-" if value < 0 and (integer.strip("0.") or fraction.strip("0")) else ""
    number = f"{integer},{fraction}" if fraction else integer
    return f"{sign}{fmt.before}{number}{fmt.after}".strip()


def _moment(serial: float, *, from_1904: bool) -> datetime | None:
    """Return the instant that a serial number stands for; None where Excel has none."""
    if from_1904:
        epoch = datetime(1904, 1, 1)  # noqa: DTZ001 -- a date on paper has no zone
    elif serial < _DAYS_OF_1900_BUG:
        epoch = datetime(1899, 12, 31)  # noqa: DTZ001 -- as above
    else:
        epoch = datetime(1899, 12, 30)  # noqa: DTZ001 -- as above
    try:
        return epoch + timedelta(minutes=round(serial * _MINUTES_IN_DAY))
    except OverflowError:
        return None


def _date_text(moment: datetime, fmt: NumberFormat) -> str:
    parts = []
    if fmt.day:
        parts.append(f"{moment.day:02d}" if fmt.day == 2 else str(moment.day))  # noqa: PLR2004
    if fmt.month:
        parts.append(f"{moment.month:02d}" if fmt.month == 2 else str(moment.month))  # noqa: PLR2004
    if fmt.year:
        parts.append(str(moment.year))
    clock = f"{moment.hour}:{moment.minute:02d}" if fmt.hour else ""
    return " ".join(part for part in ("/".join(parts), clock) if part)


def number_cell(value: float, fmt: NumberFormat, *, from_1904: bool) -> Cell:
    """Return the cell of a number seen through a format."""
    if not fmt.is_date:
        text = _formatted_number(value, fmt) if fmt.pattern else plain_number(value)
        return Cell(text, CellKind.NUMBER, value)
    moment = _moment(value, from_1904=from_1904) if value >= 0 else None
    if moment is None:
        return Cell(plain_number(value), CellKind.NUMBER, value)
    text = _date_text(moment, fmt)
    if not (fmt.day or fmt.year):
        return Cell(text, CellKind.NUMBER, value)
    day = moment.date()
    if fmt.precision is not DatePrecision.DAY:
        day = day.replace(day=1, month=day.month if fmt.month else 1)
    return Cell(text, CellKind.DATE, value, PartialDate(day, fmt.precision))
