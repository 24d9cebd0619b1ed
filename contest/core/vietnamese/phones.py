"""Telephone numbers as Vietnamese clerks type them, to E.164."""

import re
import unicodedata
from typing import Literal

from contest.core.vietnamese.text import fold

PhoneProblem = Literal[
    "empty", "not_a_phone", "wrong_length", "old_mobile", "unknown_prefix", "foreign", "two_phones"
]


class BadPhone(ValueError):
    """A text that is no telephone number we can use; `code` says why."""

    def __init__(self, code: PhoneProblem) -> None:
        super().__init__(code)
        self.code: PhoneProblem = code


_COUNTRY = "84"
_MOBILE = re.compile(r"[35789][0-9]{8}")
_LANDLINE = re.compile(r"2[0-9]{9}")
_OLD_MOBILE = re.compile(r"1(?:2[0-9]|6[2-9]|8[68]|99)[0-9]{7}")
_MOBILE_LENGTH, _LANDLINE_LENGTH = 9, 10

_LABEL = re.compile(
    r"^\s*(?:sdt|so dien thoai|so dt|dien thoai|dt|di dong|dd|tel|phone|mobile|zalo|hotline)"
    r"\b[\s.:]*"
)
_ZALO = re.compile(r"\(\s*(?:zalo|co zalo|dung zalo)\s*\)")
_JOINERS = re.compile(r"[/;,\n|&]|\bhoac\b|\bva\b|\bor\b|\s[-+]\s")
_DECORATION = re.compile(r"[\s.\-()\u200b\u2060\ufeff]")
_FLOAT_TAIL = re.compile(r"^([0-9]+)\.0$")
_TWO_MOBILES = re.compile(r"(0[35789][0-9]{8})(0[35789][0-9]{8})")


def _plain(text: str) -> str:
    plain = fold(unicodedata.normalize("NFKC", text)).strip().strip("'")
    return _FLOAT_TAIL.sub(r"\1", _ZALO.sub("", _LABEL.sub("", plain)).strip())


def _national(digits: str, *, international: bool) -> str:
    """Return the number without country code and trunk zero."""
    if international:
        if not digits.startswith(_COUNTRY):
            raise BadPhone("foreign")
        return digits[len(_COUNTRY) :].removeprefix("0")
    if digits.startswith("0"):
        return digits[1:]
    with_country = len(digits) in (_MOBILE_LENGTH + 2, _LANDLINE_LENGTH + 2)
    if digits.startswith(_COUNTRY) and with_country:
        return digits[len(_COUNTRY) :]
    # Spreadsheets eat the leading zero of a number: 912000308 was 0912000308.
    return digits


def _one(plain: str) -> str:
    bare = _DECORATION.sub("", plain)
    if not bare:
        raise BadPhone("empty")
    international = bare.startswith(("+", "00"))
    digits = bare.removeprefix("+").removeprefix("00") if international else bare
    if not (digits.isascii() and digits.isdigit()):
        raise BadPhone("not_a_phone")
    national = _national(digits, international=international)
    if _MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national):
        return f"+{_COUNTRY}{national}"
    if _OLD_MOBILE.fullmatch(national):
        raise BadPhone("old_mobile")
    if len(national) in (_MOBILE_LENGTH, _LANDLINE_LENGTH):
        wrong = national[0] in "235789"
        raise BadPhone("wrong_length" if wrong else "unknown_prefix")
    raise BadPhone("wrong_length")


def read_phones(text: str) -> tuple[str, ...]:
    """Return every number in a cell, in E.164, in the order written.

    Raises BadPhone when the cell is empty or any part of it is not a number.
    """
    plain = _plain(text)
    try:
        return (_one(plain),)
    except BadPhone:
        pair = _TWO_MOBILES.fullmatch(_DECORATION.sub("", plain))
        parts = list(pair.groups()) if pair else [p for p in _JOINERS.split(plain) if p.strip()]
        if len(parts) < 2:  # noqa: PLR2004 -- one part is the whole text again
            raise
    return tuple(_one(_LABEL.sub("", part)) for part in parts)


def normalise_phone(text: str) -> str:
    """Return the one telephone number of `text` in E.164 ("+84912000308").

    Takes dots, spaces, +84, 0084 and a lost leading zero. Raises BadPhone otherwise; old
    11-digit mobiles are refused, never converted, since the number may have been given away.
    """
    numbers = tuple(dict.fromkeys(read_phones(text)))
    if len(numbers) > 1:
        raise BadPhone("two_phones")
    return numbers[0]


def is_landline(phone_e164: str) -> bool:
    """Say whether a number in E.164 is a Vietnamese landline, which takes no messages."""
    return phone_e164.startswith(f"+{_COUNTRY}2")
