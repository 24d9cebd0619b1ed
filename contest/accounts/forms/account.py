"""Forms of a person's own account."""

from typing import Any

from wtforms import PasswordField, SelectField
from wtforms.validators import DataRequired, Length, Optional

from contest.accounts.forms.fields import (
    BirthField,
    EmailField,
    NewPasswordField,
    PhoneField,
    check_new_password,
    needs_one_of,
)
from contest.accounts.forms.sign_in import PASSWORD_HINT
from contest.accounts.models import Person
from contest.accounts.queries import all_units_on
from contest.core.clock import request_day
from contest.core.forms import BaseForm, LineField, choices_of
from contest.core.i18n import LANGUAGES
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField

FORMS_OF_ADDRESS = ("", "đồng chí", "ông", "bà", "anh", "chị", "thầy", "cô", "bác", "em")
"""Titles that a person may choose; none is ever guessed. They are Vietnamese in every language."""


class PersonFieldsMixin:
    """What is known about a person."""

    full_name = LineField(_l("Full name"), [DataRequired(_l("Write the name.")), Length(max=120)])
    phone = PhoneField(_l("Phone number"), [Optional()])
    email = EmailField(_l("E-mail"), [Optional(), Length(max=254)])
    birth = BirthField(
        _l("Birth date"),
        [Optional()],
        description=_l("Day, month, year, for example 19/5/1990. Only the year is enough."),
    )
    unit = PickerField(_l("Unit"))


class DetailsForm(PersonFieldsMixin, BaseForm):
    """One's own data; another phone number or address needs the password."""

    form_of_address = SelectField(
        _l("How we address you"),
        description=_l("We say “bạn” unless you choose something else."),
    )
    present = PasswordField(
        _l("Password"),
        [Optional()],
        description=_l("Only needed for another phone number or e-mail address."),
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person
        self.form_of_address.choices = [
            (word, word or _("bạn (default)")) for word in FORMS_OF_ADDRESS
        ]
        self.unit.offer(all_units_on(request_day()), empty=_("No unit"))

    @property
    def changes_contact(self) -> bool:
        """Whether the way to sign in would be another one."""
        known = self._person.phone, self._person.email
        return bool((self.phone.data, self.email.data) != known)

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody who can sign in must be able to do so afterwards."""
        valid = super().validate(extra_validators)
        words = _("Write a phone number or an e-mail address.")
        if not needs_one_of(self, (self.phone, self.email), words):
            return False
        if valid and self.changes_contact and not self.present.data:
            self.present.errors = [_("Write your password to change how you sign in.")]
            return False
        return bool(valid)


class ChangePasswordForm(BaseForm):
    """The present password and a new one."""

    present = PasswordField(
        _l("Present password"), [DataRequired(_l("Write your present password."))]
    )
    password = NewPasswordField(
        _l("New password"), [DataRequired(_l("Choose a password."))], description=PASSWORD_HINT
    )

    def validate_password(self, field: NewPasswordField) -> None:
        """Refuse weak passwords."""
        check_new_password(field)


class DigitsForm(BaseForm):
    """The first six digits of a phone that has learned the secret."""

    digits = LineField(
        _l("Six digits from your phone"), [DataRequired(_l("Write the code from your phone."))]
    )


class PresentPasswordForm(BaseForm):
    """The password again, before something dangerous."""

    present = PasswordField(_l("Password"), [DataRequired(_l("Write your password."))])


class LanguageForm(BaseForm):
    """The language of pages and letters."""

    locale = SelectField(_l("Language"), choices=choices_of(LANGUAGES))
