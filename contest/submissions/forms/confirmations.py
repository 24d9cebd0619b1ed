"""Forms of the confirmation by units."""

from wtforms import RadioField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from contest.core.forms import BaseForm, LineField, LocalInstantField, TextField, choices_of
from contest.core.i18n import gettext as _
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
    remark = TextField(
        _l("Remark"),
        validators=[Length(max=1_000)],
        description=_l("Needed when the work goes back to its author."),
    )
    signed_as = LineField(_l("Your full name and office"), validators=[Optional(), Length(max=120)])

    def validate_remark(self, field: TextField) -> None:
        """Whoever sends a work back says why."""
        if self.outcome.data == ConfirmationOutcome.RETURNED.value and not field.data:
            raise ValidationError(_("Please say why, so that the author knows what to do."))
