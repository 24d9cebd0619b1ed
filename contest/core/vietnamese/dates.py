"""Dates as people write them in Vietnamese: day first, sometimes only a month or a year."""

import re
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from contest.core.vietnamese.text import fold, one_line

DateProblem = Literal[
    "empty", "not_a_date", "no_such_day", "bad_month", "no_year", "two_digit_year"
]


class BadDate(ValueError):
    """A text that is no date, or none that can be read in one way only; `code` says why."""

    def __init__(self, code: DateProblem) -> None:
        super().__init__(code)
        self.code: DateProblem = code


class DatePrecision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class PartialDate(NamedTuple):
    """A date with the precision that is known; unknown parts are held as 1."""

    date: date
    precision: DatePrecision

    def isoformat(self) -> str:
        """Return "1890-05-19", "1890-05" or "1890"."""
        length = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}
        return self.date.isoformat()[: length[self.precision]]


_MONTH_WORDS = {
    word: place
    for place, words in enumerate(
        (
            ("gieng", "mot"),
            ("hai",),
            ("ba",),
            ("tu", "bon"),
            ("nam",),
            ("sau",),
            ("bay",),
            ("tam",),
            ("chin",),
            ("muoi",),
            ("muoi mot",),
            ("muoi hai", "chap"),
        ),
        start=1,
    )
    for word in words
}
_MONTH = r"(?P<month>[0-9]{1,2}|" + "|".join(sorted(_MONTH_WORDS, key=len, reverse=True)) + ")"
_YEAR = r"(?P<year>[0-9]{4})"
_MIDNIGHT = re.compile(r"[t ]0{1,2}:00(?::00(?:\.0+)?)?$")
_WEEKDAY = re.compile(r"^(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\s*,?\s+")
_SEPARATOR = r"\s*[/.\-]\s*"
_DAY_AND_MONTH = rf"(?P<day>[0-9]{{1,2}}){_SEPARATOR}(?P<month>[0-9]{{1,2}})"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY_AND_MONTH}{_SEPARATOR}(?P<year>[0-9]{{4}}|'?[0-9]{{2}})",
        r"(?P<day>[0-9]{1,2}) (?P<month>[0-9]{1,2}) (?P<year>[0-9]{4})",
        rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})",
        rf"{_YEAR}[/.](?P<month>[0-9]{{1,2}})[/.](?P<day>[0-9]{{1,2}})",
        rf"(?:ngay |mung |mong )*(?P<day>[0-9]{{1,2}}) thang {_MONTH}(?:,? nam |, ?|/){_YEAR}",
        rf"thang {_MONTH}(?:,? nam | ?[/.\-] ?){_YEAR}",
        r"thang (?P<month>[0-9]{1,2}) (?P<year>[0-9]{4})",
        rf"(?P<month>[0-9]{{1,2}}){_SEPARATOR}{_YEAR}",
        rf"{_YEAR}-(?P<month>[0-9]{{2}})",
        rf"(?:nam )?{_YEAR}",
    )
)
_NO_YEAR = re.compile(
    rf"[0-9]{{1,2}}{_SEPARATOR}[0-9]{{1,2}}|(?:ngay )?[0-9]{{1,2}} thang [0-9]{{1,2}}"
)
_YEARS = range(1000, 2200)
_MONTHS_IN_YEAR = 12
_CENTURY = 100


def _whole_year(typed: str, latest_year: int | None) -> int:
    digits = typed.removeprefix("'")
    if len(digits) > 2:  # noqa: PLR2004 -- written in full
        return int(digits)
    if latest_year is None:
        raise BadDate("two_digit_year")
    year = latest_year - latest_year % _CENTURY + int(digits)
    return year if year <= latest_year else year - _CENTURY


def _build(parts: dict[str, str | None], latest_year: int | None) -> PartialDate:
    typed_month, typed_day = parts.get("month"), parts.get("day")
    year = _whole_year(parts["year"] or "", latest_year)
    if year not in _YEARS:
        raise BadDate("not_a_date")
    if typed_month is None:
        return PartialDate(date(year, 1, 1), DatePrecision.YEAR)
    month = _MONTH_WORDS.get(typed_month) or int(typed_month)
    if not 1 <= month <= _MONTHS_IN_YEAR:
        raise BadDate("bad_month")
    if typed_day is None:
        return PartialDate(date(year, month, 1), DatePrecision.MONTH)
    try:
        return PartialDate(date(year, month, int(typed_day)), DatePrecision.DAY)
    except ValueError as refusal:
        raise BadDate("no_such_day") from refusal


def parse_date_vi(text: str, *, latest_year: int | None = None) -> PartialDate:
    """Read a date written the Vietnamese way; the day always comes before the month.

    `latest_year` lets two-digit years through, as the last such year not after it; without it
    they are refused. Raises BadDate, whose `code` says why.
    """
    plain = fold(one_line(text)).strip(" .,;'")
    if not plain:
        raise BadDate("empty")
    plain = _WEEKDAY.sub("", _MIDNIGHT.sub("", plain))
    for pattern in _PATTERNS:
        found = pattern.fullmatch(plain)
        if found:
            return _build(found.groupdict(), latest_year)
    raise BadDate("no_year" if _NO_YEAR.fullmatch(plain) else "not_a_date")
