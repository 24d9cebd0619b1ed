"""Reading the cells of a roster: names, births, phones, addresses. Pure."""

import re
from datetime import date
from typing import Final, NamedTuple

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import Cell, CellKind
from contest.core.vietnamese import (
    BadDate,
    BadPhone,
    PartialDate,
    fold,
    one_line,
    parse_date_vi,
    read_phones,
)


class BadCell(ValueError):
    """A cell that cannot be read; `code` and `message` say why."""

    def __init__(self, code: str, message: Words) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class Birth(NamedTuple):
    """A date of birth, and whether its year was written with two digits."""

    date: PartialDate
    two_digit_year: bool = False


_NOTHING = re.compile(r"[\s\-–—_.…/x*]*|khong|khong co|ko|ko co|chua co|chua ro|k|none|n/a|null")
_NOT_A_NAME = re.compile(r"[0-9@#<>{}\[\]=+*_\\|]")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_LONGEST_NAME: Final = 120
_LONGEST_EMAIL: Final = 254
_FIRST_YEAR: Final = 1900
_LEAST_AGE_FOR_TWO_DIGITS: Final = 5

_DATE_REASONS: Final = {
    "no_such_day": _l("There is no such day in the calendar."),
    "bad_month": _l("There is no such month. The day comes first, then the month."),
    "no_year": _l("The year of birth is missing."),
    "not_a_date": _l("This is no date. Write it as day/month/year, for example 19/5/1990."),
}
_PHONE_REASONS: Final = {
    "wrong_length": _l("This phone number has too few or too many digits."),
    "old_mobile": _l("This is an old 11-digit mobile number, which no longer exists."),
    "unknown_prefix": _l("No Vietnamese phone number begins like this."),
    "foreign": _l("Only Vietnamese phone numbers can be used."),
}


def _is_nothing(cell: Cell) -> bool:
    """Does a cell say that there is nothing to say ("-", "không có")?"""
    return bool(_NOTHING.fullmatch(fold(cell.line)))


def _readable(cell: Cell, code: str) -> str:
    if cell.kind in (CellKind.ERROR, CellKind.UNCALCULATED):
        raise BadCell(code, _l("This cell holds a formula without a usable result."))
    return cell.line


def read_name(typed: str) -> str:
    """Return a full name as typed. One word is enough; apostrophes and hyphens are letters here.

    Raises BadCell: no_name, bad_name.
    """
    name = one_line(typed)
    if not any(sign.isalpha() for sign in name):
        raise BadCell("no_name", _l("The full name is missing."))
    if len(name) > _LONGEST_NAME or _NOT_A_NAME.search(name):
        raise BadCell(
            "bad_name", _l("“%(name)s” is not a person's name.", name=name[:_LONGEST_NAME])
        )
    return name


def read_birth(cell: Cell | None, today: date) -> Birth | None:
    """Return a date of birth with the precision that is known; None for an empty cell.

    A number is taken for a year only; a date comes from a real date or from text. Raises BadCell.
    """
    if cell is None or _is_nothing(cell):
        return None
    text = _readable(cell, "bad_date")
    if cell.kind is CellKind.DATE and cell.date is not None:
        if str(cell.date.date.year) not in text:
            raise _bad_date("no_year")
        birth = Birth(cell.date)
    else:
        birth = _typed_birth(text, today)
    if not date(_FIRST_YEAR, 1, 1) <= birth.date.date <= today:
        raise BadCell(
            "bad_date", _l("Nobody in a contest was born in %(year)s.", year=birth.date.date.year)
        )
    return birth


def read_birth_parts(
    day: Cell | None, month: Cell | None, year: Cell | None, today: date
) -> Birth | None:
    """Return a date of birth whose day, month and year stand in cells of their own.

    Day, or day and month, may be missing; without a year nothing is known. Raises BadCell.
    """
    given = [
        None
        if cell is None or _is_nothing(cell)
        else _readable(cell, "bad_date").removesuffix(".0")
        for cell in (day, month, year)
    ]
    if not any(given):
        return None
    if given[2] is None:
        raise _bad_date("no_year")
    if given[0] is not None and given[1] is None:
        raise _bad_date("not_a_date")
    text = "/".join(part for part in given if part)
    return read_birth(Cell(text), today)


def _typed_birth(text: str, today: date) -> Birth:
    try:
        return Birth(parse_date_vi(text))
    except BadDate as refusal:
        if refusal.code != "two_digit_year":
            raise _bad_date(refusal.code) from refusal
    try:
        known = parse_date_vi(text, latest_year=today.year)
    except BadDate as refusal:
        raise _bad_date(refusal.code) from refusal
    if today.year - known.date.year < _LEAST_AGE_FOR_TWO_DIGITS:
        raise BadCell("bad_date", _l("Write the year of birth with four digits."))
    return Birth(known, two_digit_year=True)


def _bad_date(code: str) -> BadCell:
    return BadCell("bad_date", _DATE_REASONS.get(code, _DATE_REASONS["not_a_date"]))


def read_phone(cell: Cell | None) -> tuple[str, ...]:
    """Return the phone numbers of a cell in E.164; none for an empty cell. Raises BadCell."""
    if cell is None or _is_nothing(cell):
        return ()
    text = _readable(cell, "bad_phone")
    if cell.kind is CellKind.NUMBER and cell.number is not None:
        text = format(cell.number, ".0f") if cell.number.is_integer() else text
    try:
        return tuple(dict.fromkeys(read_phones(text)))
    except BadPhone as refusal:
        message = _PHONE_REASONS.get(refusal.code, _l("This is not a phone number."))
        raise BadCell("bad_phone", message) from refusal


def read_email(cell: Cell | None) -> tuple[str, ...]:
    """Return the e-mail addresses of a cell; none for an empty cell. Raises BadCell."""
    if cell is None or _is_nothing(cell):
        return ()
    text = _readable(cell, "bad_email")
    parts = [part for part in re.split(r"[\s;,]+", text.removeprefix("mailto:")) if part]
    for part in parts:
        if len(part) > _LONGEST_EMAIL or not _EMAIL.fullmatch(part):
            raise BadCell("bad_email", _l("“%(email)s” is not an e-mail address.", email=part))
    return tuple(dict.fromkeys(parts))
