"""Contacts, birth dates and passwords of people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from contest.accounts.models import BirthPrecision
from contest.core.vietnamese import (
    BadPhone,
    DatePrecision,
    PartialDate,
    fold,
    nfc,
    normalise_phone,
    one_line,
)

PASSWORD_LEAST: Final = 8
PASSWORD_MOST: Final = 128
SIGN_IN_LASTS: Final = timedelta(days=30)
STAFF_SIGN_IN_LASTS: Final = timedelta(days=7)
SEEN_EVERY: Final = timedelta(minutes=5)
OLDEST_BIRTH_YEAR: Final = 1900
_COMMON: Final = frozenset(
    (
        "12345678",
        "123456789",
        "1234567890",
        "11111111",
        "00000000",
        "88888888",
        "66666666",
        "87654321",
        "12341234",
        "11223344",
        "password",
        "password1",
        "passw0rd",
        "qwertyui",
        "qwertyuiop",
        "qwerty123",
        "iloveyou",
        "abcd1234",
        "abc12345",
        "a1234567",
        "aa123456",
        "matkhau1",
        "matkhau123",
        "matkhau12",
        "anhyeuem",
        "emyeuanh",
        "vietnam1",
        "vietnam123",
        "hanoi123",
        "saigon123",
        "hochiminh",
        "guongsang",
        "guongsang1",
        "1q2w3e4r",
        "asdfghjk",
        "12345678a",
    )
)


class IdentifierKind(StrEnum):
    """What a person typed to say who they are."""

    PHONE = "phone"
    EMAIL = "email"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A phone number in E.164, an e-mail address in small letters, or neither."""

    kind: IdentifierKind
    value: str


def normal_email(text: str) -> str:
    """An e-mail address as it is kept and compared: trimmed, small letters."""
    return one_line(text).replace(" ", "").casefold()


def read_identifier(text: str) -> Identifier:
    """Read a phone number or an e-mail address as typed; never raises."""
    if "@" in text:
        return Identifier(IdentifierKind.EMAIL, normal_email(text))
    try:
        return Identifier(IdentifierKind.PHONE, normalise_phone(text))
    except BadPhone:
        return Identifier(IdentifierKind.UNKNOWN, fold(one_line(text))[:120])


def birth_parts(birth: PartialDate | None) -> tuple[date | None, BirthPrecision | None]:
    """The two columns of a birth date."""
    if birth is None:
        return None, None
    return birth.date, BirthPrecision(birth.precision.value)


def birth_of(day: date | None, precision: BirthPrecision | None) -> PartialDate | None:
    """A birth date from its two columns."""
    if day is None:
        return None
    known = precision or BirthPrecision.DAY
    return PartialDate(day, DatePrecision(known.value))


def format_birth(day: date | None, precision: BirthPrecision | None) -> str:
    """A birth date as far as it is known: "19/05/1990", "05/1990", "1990"; empty for none."""
    if day is None:
        return ""
    if precision is BirthPrecision.YEAR:
        return str(day.year)
    if precision is BirthPrecision.MONTH:
        return f"{day.month:02d}/{day.year}"
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def is_plausible_birth(birth: PartialDate, on: date) -> bool:
    """Whether somebody born then can be alive and taking part on a day."""
    return birth.date.year >= OLDEST_BIRTH_YEAR and birth.date <= on


class PasswordFault(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    OWN_DATA = "own_data"


def password_fault(password: str, *, own: tuple[str, ...] = ()) -> PasswordFault | None:
    """Why a password is too weak, or None.

    Length counts and common words are refused; kinds of signs are not asked for, because they
    make passwords that are hard for people and easy for machines.

    Args:
        password: as typed.
        own: name, phone and e-mail of the person, which must not be the password.
    """
    if len(password) < PASSWORD_LEAST:
        return PasswordFault.TOO_SHORT
    if len(password) > PASSWORD_MOST:
        return PasswordFault.TOO_LONG
    plain = fold(password).replace(" ", "")
    if plain in _COMMON or len(set(plain)) <= 2:  # noqa: PLR2004  (one sign or two, repeated)
        return PasswordFault.COMMON
    for text in own:
        bare = fold(text).replace(" ", "")
        variants = {bare, bare.removeprefix("+84"), "0" + bare.removeprefix("+84")}
        variants.add(bare.partition("@")[0])
        if plain in variants:
            return PasswordFault.OWN_DATA
    return None


def same_password_text(password: str) -> str:
    """A password in the normal form in which it is hashed: keyboards compose marks differently."""
    return nfc(password)


def sign_in_ends(now: datetime, *, is_staff: bool) -> datetime:
    """When a sign-in made now ends by itself."""
    return now + (STAFF_SIGN_IN_LASTS if is_staff else SIGN_IN_LASTS)
