"""Forms about persons written about."""

from typing import Any, Final

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contest.accounts.queries import all_units_on
from contest.core.clock import request_day
from contest.core.forms import BaseForm, DayField, LineField, TextField, choices_of
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField
from contest.submissions.models import ConsentChannel, Subject, SubjectPurpose

PURPOSE_NAMES: Final = {
    SubjectPurpose.NAME: _l("To be named, with unit and deeds"),
    SubjectPurpose.PORTRAIT: _l("To have the portrait shown"),
    SubjectPurpose.ESSAY: _l("To have essays about them published"),
}
CHANNEL_NAMES: Final = {
    ConsentChannel.PAPER: _l("Signed paper"),
    ConsentChannel.LETTER: _l("Letter or e-mail"),
    ConsentChannel.PHONE: _l("By telephone"),
    ConsentChannel.IN_PERSON: _l("In person"),
}
_NEEDED: Final = _l("This field is required.")


class SubjectForm(BaseForm):
    """Name, unit, account and portrait."""

    full_name = LineField(_l("Full name"), [DataRequired(_NEEDED), Length(max=120)])
    unit = PickerField(_l("Unit"), [Optional()])
    unit_name = LineField(
        _l("Unit as it is to be read"),
        [Length(max=200)],
        description=_l("Empty takes the name of the unit chosen above."),
    )
    contact = LineField(
        _l("Phone or e-mail of an account"),
        [Length(max=254)],
        description=_l("When the person has an account, their own copy of data tells of this."),
    )
    portrait = FileField(
        _l("Portrait"),
        description=_l("JPEG, PNG or WebP; place and camera are taken out."),
    )
    portrait_text = LineField(
        _l("What the portrait shows"),
        [Length(max=300)],
        description=_l("Read aloud to those who do not see it."),
    )
    remove_portrait = BooleanField(_l("Take the portrait away"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.offer(all_units_on(request_day()), empty=_("Not in the tree of units"))

    def show(self, subject: Subject) -> None:
        """Fill the form from what is kept."""
        self.full_name.data, self.unit_name.data = subject.full_name, subject.unit_name
        self.unit.data = "" if subject.unit is None else subject.unit.public_id
        person = subject.person
        self.contact.data = "" if person is None else person.email or person.phone or ""
        self.portrait_text.data = subject.portrait_text


class SubjectConsentForm(BaseForm):
    """A consent of a person written about, or their refusal."""

    purposes = SelectMultipleField(
        _l("What they agree to"),
        [DataRequired(_l("Tick at least one."))],
        choices=choices_of(PURPOSE_NAMES),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    answer = RadioField(
        _l("Answer"),
        [DataRequired(_NEEDED)],
        choices=choices_of(
            [("agreed", _l("The person agrees")), ("refused", _l("The person does not agree"))]
        ),
    )
    given_on = DayField(_l("Day of the consent"), [Optional()])
    channel = SelectField(
        _l("How it reached you"),
        [DataRequired(_NEEDED)],
        choices=choices_of(CHANNEL_NAMES),
    )
    kept_where = LineField(
        _l("Where the paper lies"), [Length(max=200)], description=_l("So that it can be shown.")
    )
    guardian = LineField(
        _l("Guardian who agreed"),
        [Length(max=120)],
        description=_l("For someone under 18; the child from 7 agrees as well."),
    )


class SplitForm(BaseForm):
    """Essays about somebody else, and who that is."""

    works = SelectMultipleField(_l("Essays about the other person"), validate_choice=False)
    full_name = LineField(_l("Full name"), [DataRequired(_NEEDED), Length(max=120)])
    unit_name = LineField(_l("Unit"), [Length(max=200)])
    reason = LineField(_l("How you know"), [DataRequired(_NEEDED), Length(max=300)])


class MergeForm(BaseForm):
    """Why two records are one person."""

    reason = TextField(
        _l("How you know that they are one person"), [DataRequired(_NEEDED), Length(max=1_000)]
    )


class EraseForm(BaseForm):
    """The one who erases says that they read what happens."""

    sure = BooleanField(
        _l("I read what happens, and that it cannot be undone"),
        [DataRequired(_l("Tick this to go on."))],
    )
