"""Forms of the confirmation by units."""

from wtforms import RadioField
from wtforms.validators import InputRequired, Length, Optional

from contest.core.forms import BaseForm, LineField, LocalInstantField, TextField, choices_of
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField
from contest.submissions.models import ConfirmationOutcome


class DemandForm(BaseForm):
    """Until when units confirm; empty: nobody is asked."""

    due_at = LocalInstantField(
        _l("Units confirm until"),
        validators=[Optional()],
        description=_l("Leave it empty where the rules ask for no confirmation."),
    )


class LetterForm(BaseForm):
    """A letter for a unit."""

    unit = PickerField(_l("Unit"), validators=[InputRequired()])


class ConfirmForm(BaseForm):
    """What a unit says about a work."""

    outcome = RadioField(
        _l("What the unit says"),
        choices=choices_of(
            [
                (
                    ConfirmationOutcome.CONFIRMED.value,
                    _l("Confirmed: the person and the deeds are real"),
                ),
                (ConfirmationOutcome.RETURNED.value, _l("Back to the author, with a remark")),
            ]
        ),
        validators=[InputRequired(_l("Choose one of the two."))],
    )
    remark = TextField(_l("Remark"), validators=[Optional(), Length(max=1_000)])
    signed_as = LineField(_l("Your full name and office"), validators=[Optional(), Length(max=120)])
