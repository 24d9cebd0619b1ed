"""Extra time, a later close, pauses: for whom, and why."""

from wtforms import RadioField
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
)

from contest.core.forms import (
    BaseForm,
    LineField,
    LocalInstantField,
    TextField,
    WholeNumberField,
    choices_of,
)
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField


class WhoseForm(BaseForm):
    """A decision about a person or a unit, with its reason."""

    whose = RadioField(
        _l("Who gets more time"),
        choices=choices_of(
            [("person", _l("One contestant")), ("unit", _l("A unit and the units below it"))]
        ),
        default="person",
    )
    code = LineField(
        _l("Entry code"),
        validators=[Length(max=16)],
        description=_l("It stands on the registration and on every receipt."),
    )
    unit = PickerField(_l("Unit"))
    reason = TextField(
        _l("Reason"),
        validators=[InputRequired(), Length(max=1000)],
        description=_l("It stays with the decision and can be asked for."),
    )


class ExtraTimeForm(WhoseForm):
    """More time for a person or a unit."""

    minutes = WholeNumberField(
        _l("Minutes more"), validators=[InputRequired(), NumberRange(min=1, max=10080)]
    )


class LaterCloseForm(WhoseForm):
    """A person or a unit may begin after the close."""

    closes_at = LocalInstantField(_l("May begin until"), validators=[InputRequired()])


class PauseForm(BaseForm):
    """The clocks of a unit stood still."""

    unit = PickerField(_l("Unit"))
    from_at = LocalInstantField(_l("The pause began"), validators=[InputRequired()])
    until_at = LocalInstantField(
        _l("The pause ends"),
        validators=[InputRequired()],
        description=_l("It may lie ahead, as far as it is known by now."),
    )
    reason = TextField(
        _l("Reason"),
        validators=[InputRequired(), Length(max=1000)],
        description=_l("It stays with the decision and can be asked for."),
    )
