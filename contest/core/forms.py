"""Forms: text is brought to one normal form at the border, errors are said in our words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from flask_babel import get_domain
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.widgets import PasswordInput, TextInput

from contest.core.clock import LOCAL_ZONE
from contest.core.i18n import gettext, language, lazy_ngettext
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField
from contest.core.vietnamese import nfc

# WTForms brings no Vietnamese: its messages are asked for through our catalogue. Naming them here
# puts them into it.
WTFORMS_MESSAGES: Final = (
    _l("This field is required."),
    _l("Not a valid choice."),
    _l("Invalid Choice: could not coerce."),
    _l("'%(value)s' is not a valid choice for this field."),
    _l("Not a valid integer value."),
    _l("Not a valid decimal value."),
    _l("Not a valid date value."),
    _l("Not a valid datetime value."),
    _l("Invalid email address."),
    _l("Invalid input."),
    _l("Number must be at least %(min)s."),
    _l("Number must be at most %(max)s."),
    _l("Number must be between %(min)s and %(max)s."),
    _l("Field must be between %(min)d and %(max)d characters long."),
    lazy_ngettext(
        "Field must be at least %(min)d character long.",
        "Field must be at least %(min)d characters long.",
        2,
    ),
    lazy_ngettext(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
        2,
    ),
    lazy_ngettext(
        "Field must be exactly %(max)d character long.",
        "Field must be exactly %(max)d characters long.",
        2,
    ),
    _l("The CSRF token has expired."),
    _l("The CSRF token is missing."),
    _l("The CSRF token is invalid."),
    _l("The CSRF session token is missing."),
    _l("The CSRF tokens do not match."),
)


class _OurWords:
    """WTForms' idea of a catalogue, backed by ours."""

    def gettext(self, message: str) -> str:
        return str(gettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        # The placeholders are WTForms' own, filled in later: nothing is put in here.
        return str(get_domain().get_translations().ungettext(singular, plural, number))


def choices_of(
    names: Mapping[Any, Any] | Iterable[tuple[Any, Any]], empty: Any = None
) -> list[SelectChoice]:
    """What a field lets people choose from, as WTForms takes it.

    Args:
        names: what is shown (text, or text in the language of the request) by the value that is
            sent, such as the member of an enumeration.
        empty: what is shown first for choosing nothing; None for no such line.
    """
    pairs = names.items() if isinstance(names, Mapping) else names
    first = [] if empty is None else [SelectChoice("", empty)]
    return [*first, *(SelectChoice(str(value), words) for value, words in pairs)]


class BaseForm(FlaskForm):
    """Base of all forms."""

    class Meta(FlaskForm.Meta):
        """Our words instead of WTForms' catalogues."""

        def get_translations(self, form: Any) -> _OurWords:
            """The catalogue that validators ask."""
            del form
            return _OurWords()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.finding:
            # Nothing typed is lost by a search: the page, kept by nobody, holds the password too.
            for each in self:
                if isinstance(each, PasswordField):
                    each.widget = PasswordInput(hide_value=False)

    @property
    def finding(self) -> bool:
        """Whether the form was sent only to search what can be chosen in it."""
        return any(isinstance(each, PickerField) and each.finding for each in self)

    @property
    def is_refused(self) -> bool:
        """Whether it was sent to be kept: when its page is shown again, something is wrong."""
        return bool(self.is_submitted()) and not self.finding

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent to be kept, and everything in it is right."""
        return self.is_refused and bool(self.validate(extra_validators))


def clean_line(value: str | None) -> str:
    """One line of text: composed, without control signs, single spaces, trimmed."""
    return " ".join(nfc(value or "").split())


def clean_text(value: str | None) -> str:
    """Several lines of text: composed, one kind of line end, no spaces at their ends, trimmed."""
    lines = nfc(value or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


Filter = Callable[[Any], Any]


class LineField(StringField):
    """A line of text, brought to normal form."""

    data: str  # the filter makes a text of what is missing

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        filters: tuple[Filter, ...] = (),
        **options: Any,
    ) -> None:
        super().__init__(label, validators, filters=(clean_line, *filters), **options)


class TextField(TextAreaField):
    """Several lines of text, brought to normal form."""

    data: str  # the filter makes a text of what is missing

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        filters: tuple[Filter, ...] = (),
        **options: Any,
    ) -> None:
        super().__init__(label, validators, filters=(clean_text, *filters), **options)


class LocalInstantField(DateTimeLocalField):
    """A local date and time (Vietnam); its data is an aware UTC instant."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault(
            "format", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y, %H:%M"]
        )
        super().__init__(label, validators, **options)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        if not self.data:
            return ""
        moment: datetime = self.data
        return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed as local time."""
        if not any(valuelist):
            self.data = None
            return
        super().process_formdata(valuelist)
        if self.data is None:
            return
        typed, self.data = self.data, None
        try:
            self.data = typed.replace(tzinfo=LOCAL_ZONE).astimezone(UTC)
        except OverflowError:  # the first hours of the year 1 lie before all time in UTC
            raise ValueError(self.gettext("Not a valid datetime value.")) from None


class DayField(DateField):
    """A day; browsers without a date picker may type 23/11/2026."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("format", ["%Y-%m-%d", "%d/%m/%Y"])
        super().__init__(label, validators, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; an empty one is None."""
        if not any(valuelist):
            self.data = None
            return
        super().process_formdata(valuelist)


class WholeNumberField(IntegerField):
    """A whole number; an empty one is None, "1.800" and "1 800" are one thousand eight hundred."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        typed = "".join((valuelist[0] if valuelist else "").split())
        if not typed:
            self.data = None
            return
        groups = typed.replace(",", ".").split(".")
        grouped = len(groups) > 1 and all(len(group) == 3 for group in groups[1:])  # noqa: PLR2004
        plain = "".join(groups) if grouped and 0 < len(groups[0]) <= 3 else typed  # noqa: PLR2004
        if not plain.isascii() or not plain.lstrip("-").isdecimal() or len(plain) > 18:  # noqa: PLR2004
            self.data = None
            raise ValueError(gettext("Write a whole number, for example 1800."))
        self.data = int(plain)


class PointsField(Field):
    """Points or weights with a decimal comma or point, at most four decimals."""

    widget = TextInput()
    data: Decimal | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        # Without marks between thousands: "1.000" would be read as one.
        return f"{self.data.normalize():f}".replace(".", "," if language() == "vi" else ".")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; "0,25" and "0.25" are a quarter."""
        typed = "".join((valuelist[0] if valuelist else "").split()).replace(",", ".")
        if not typed:
            self.data = None
            return
        try:
            value = Decimal(typed)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or value != round(value, 4) or abs(value) > 10**9:
            self.data = None
            raise ValueError(gettext("Write a number, for example 0,25."))
        self.data = value
