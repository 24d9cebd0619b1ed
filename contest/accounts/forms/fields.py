"""Fields of the room: phone numbers, birth dates, passwords."""

from collections.abc import Sequence
from typing import Final

from wtforms import Form, PasswordField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import PasswordInput

from contest.accounts.models import BirthPrecision
from contest.accounts.rules import (
    Identifier,
    IdentifierKind,
    PasswordFault,
    format_birth,
    is_plausible_birth,
    normal_email,
    password_fault,
    read_identifier,
)
from contest.core.clock import request_day
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import (
    BadDate,
    BadPhone,
    PartialDate,
    normalise_phone,
    one_line,
    parse_date_vi,
)

_PHONE_FAULTS: Final = {
    "old_mobile": _l("This is an old number with 11 digits. Write the new one with 10 digits."),
    "foreign": _l("Only Vietnamese numbers can be used. Use your e-mail address instead."),
    "two_phones": _l("Write one phone number only."),
    "wrong_length": _l("A mobile number has 10 digits, for example 0912 345 678."),
}
_NO_PHONE: Final = _l("This is not a phone number. Write 10 digits, for example 0912 345 678.")
_DATE_FAULTS: Final = {
    "no_such_day": _l("There is no such day. Write the day first, for example 19/5/1990."),
    "bad_month": _l("There is no such month. Write the day first, for example 19/5/1990."),
    "no_year": _l("The year is missing, for example 19/5/1990."),
    "two_digit_year": _l("Write the year with four digits, for example 1990."),
}
_NO_DATE: Final = _l("Write a date as 19/5/1990, or only the month 5/1990, or only the year 1990.")
_PASSWORD_FAULTS: Final = {
    PasswordFault.TOO_SHORT: _l("Use at least 8 signs; four short words are easy to remember."),
    PasswordFault.TOO_LONG: _l("Use at most 128 signs."),
    PasswordFault.COMMON: _l("Everybody knows this password. Take a few words of your own."),
    PasswordFault.OWN_DATA: _l("Your name, phone number or e-mail address is no secret."),
}


def show_phone(phone: str | None) -> str:
    """A phone number as people write it: "0912 345 678"."""
    if not phone:
        return ""
    national = "0" + phone.removeprefix("+84") if phone.startswith("+84") else phone
    return f"{national[:4]} {national[4:7]} {national[7:]}"


class PhoneField(StringField):
    """A Vietnamese phone number; its data is E.164 or None."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else show_phone(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, in any of the usual spellings."""
        typed = one_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            self.data = normalise_phone(typed)
        except BadPhone as fault:
            raise ValueError(str(_PHONE_FAULTS.get(fault.code, _NO_PHONE))) from fault


class BirthField(StringField):
    """A birth date as far as it is known; its data is a PartialDate or None."""

    data: PartialDate | None  # type: ignore[assignment]

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return format_birth(self.data.date, BirthPrecision(self.data.precision.value))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day, a month or a year, the day first."""
        typed = one_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            birth = parse_date_vi(typed)
        except BadDate as fault:
            raise ValueError(str(_DATE_FAULTS.get(fault.code, _NO_DATE))) from fault
        if not is_plausible_birth(birth, request_day()):
            raise ValueError(_("Please look at the year again."))
        self.data = birth


class ContactField(StringField):
    """A phone number or an e-mail address in one field; its data is an Identifier or None."""

    data: Identifier | None  # type: ignore[assignment]

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read either."""
        typed = one_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not typed:
            return
        found = read_identifier(typed)
        name, _at, host = found.value.partition("@")
        if found.kind is IdentifierKind.UNKNOWN:
            raise ValueError(
                _("Write a phone number (0912 345 678) or an e-mail address (ten@vi-du.vn).")
            )
        if found.kind is IdentifierKind.EMAIL and not (name and "." in host.strip(".")):
            raise ValueError(_("This e-mail address is not complete, for example ten@vi-du.vn."))
        self.data = found


class EmailField(StringField):
    """An e-mail address; its data is in small letters, or None."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.data or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the address."""
        typed = normal_email(valuelist[0]) if valuelist else ""
        self.data = typed or None
        name, _at, host = typed.partition("@")
        if typed and not (name and "." in host.strip(".")):
            self.data = None
            raise ValueError(_("This e-mail address is not complete, for example ten@vi-du.vn."))


class NewPasswordField(PasswordField):
    """A password to be chosen; keeps nothing of it in the page."""

    widget = PasswordInput(hide_value=True)


def check_new_password(field: NewPasswordField, *own: str | None) -> None:
    """Refuse a weak password with words that help.

    Raises:
        ValidationError: says what to do instead.
    """
    fault = password_fault(field.data or "", own=tuple(text for text in own if text))
    if fault is not None:
        raise ValidationError(str(_PASSWORD_FAULTS[fault]))


def needs_one_of(form: Form, fields: Sequence[StringField], words: str) -> bool:
    """Whether at least one field is filled; else the first one says so."""
    del form
    if any(field.data for field in fields) or any(field.errors for field in fields):
        return True
    fields[0].errors = [*fields[0].errors, words]
    return False
