"""Forms of people who are not signed in yet."""

from typing import Any

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from contest.accounts.consent_texts import current_words
from contest.accounts.forms.fields import (
    BirthField,
    ContactField,
    EmailField,
    NewPasswordField,
    PhoneField,
    check_new_password,
    needs_one_of,
)
from contest.accounts.labels import CONSENT_NAMES
from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import all_units_on
from contest.core.clock import request_day
from contest.core.forms import BaseForm, LineField
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField

PASSWORD_HINT = _l("At least 8 signs. A short sentence of your own is best.")


class SignInForm(BaseForm):
    """Phone number or e-mail address, and password."""

    identifier = LineField(
        _l("Phone number or e-mail"), [DataRequired(_l("Write your phone number or e-mail."))]
    )
    password = PasswordField(_l("Password"), [DataRequired(_l("Write your password."))])
    remember = BooleanField(_l("Stay signed in on this device"))


class SecondFactorForm(BaseForm):
    """The six digits of the phone, or a recovery code."""

    code = StringField(
        _l("Six digits from your phone"), [DataRequired(_l("Write the code from your phone."))]
    )


class ConsentsMixin:
    """Two separate boxes, never ticked beforehand."""

    take_part = BooleanField(
        validators=[DataRequired(_l("Without this we may not keep an account for you."))]
    )
    contact_me = BooleanField(validators=[Optional()])

    def label_consents(self) -> None:
        """Put the present words under the boxes: they are what is agreed to."""
        for field, purpose in (
            (self.take_part, ConsentPurpose.TAKE_PART),
            (self.contact_me, ConsentPurpose.CONTACT),
        ):
            field.label.text = str(CONSENT_NAMES[purpose])
            field.description = current_words(purpose).body(language())

    def given_consents(self) -> list[ConsentPurpose]:
        """What was agreed to."""
        given = [ConsentPurpose.TAKE_PART] if self.take_part.data else []
        return [*given, ConsentPurpose.CONTACT] if self.contact_me.data else given


class CreateAccountForm(ConsentsMixin, BaseForm):
    """Name, how to reach, birth date, unit, password, consents."""

    full_name = LineField(_l("Full name"), [DataRequired(_l("Write your name.")), Length(max=120)])
    contact = ContactField(
        _l("Phone number or e-mail"),
        [InputRequired(_l("Write a phone number or an e-mail address."))],
        description=_l("You sign in with it. It is never published."),
    )
    birth = BirthField(
        _l("Birth date"),
        [InputRequired(_l("Write your birth date, or only the year."))],
        description=_l("Day, month, year, for example 19/5/1990. Only the year is enough."),
    )
    unit = PickerField(
        _l("Your unit"), description=_l("Where you work, study or take part in activities.")
    )
    password = NewPasswordField(
        _l("Password"), [DataRequired(_l("Choose a password."))], description=PASSWORD_HINT
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_consents()
        self.unit.offer(all_units_on(request_day()), empty=_("No unit"))

    def validate_password(self, field: NewPasswordField) -> None:
        """Refuse weak passwords."""
        contact = self.contact.data.value if self.contact.data else None
        check_new_password(field, self.full_name.data, contact)


class CodeForm(BaseForm):
    """A printed code."""

    code = LineField(
        _l("Your code"),
        [DataRequired(_l("Write the code from your sheet."))],
        description=_l("12 letters and digits, for example K7QM-4RTX-9WPD."),
    )


class ActivateForm(ConsentsMixin, BaseForm):
    """How to sign in from now on."""

    phone = PhoneField(_l("Phone number"), [Optional()])
    email = EmailField(_l("E-mail"), [Optional()])
    password = NewPasswordField(
        _l("Password"), [DataRequired(_l("Choose a password."))], description=PASSWORD_HINT
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_consents()

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two ways is needed."""
        valid = super().validate(extra_validators)
        return (
            needs_one_of(
                self, (self.phone, self.email), _("Write a phone number or an e-mail address.")
            )
            and valid
        )

    def validate_password(self, field: NewPasswordField) -> None:
        """Refuse weak passwords."""
        check_new_password(field, self.phone.data)


class NewPasswordForm(BaseForm):
    """A new password, after a code or a letter."""

    password = NewPasswordField(
        _l("New password"), [DataRequired(_l("Choose a password."))], description=PASSWORD_HINT
    )

    def validate_password(self, field: NewPasswordField) -> None:
        """Refuse weak passwords."""
        check_new_password(field)


class ForgotForm(BaseForm):
    """Who forgot the password."""

    identifier = LineField(
        _l("Phone number or e-mail"), [DataRequired(_l("Write your phone number or e-mail."))]
    )
