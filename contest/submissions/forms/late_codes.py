"""Forms of the late door."""

from typing import Any

from wtforms.validators import InputRequired, Length, Optional, ValidationError

from contest.core.forms import BaseForm, LineField, LocalInstantField, TextField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField


class LateCodeForm(BaseForm):
    """A code is issued: for one person, by entry code, or for a unit."""

    entry_code = LineField(
        _l("Entry code of the person"),
        validators=[Optional(), Length(max=20)],
        description=_l("It stands on the registration; or choose a unit below."),
    )
    unit = PickerField(_l("Or anybody of this unit"))
    valid_until = LocalInstantField(_l("Valid until"), validators=[InputRequired()])
    reason = TextField(
        _l("Reason"),
        validators=[InputRequired(), Length(max=500)],
        description=_l("It stays with the work: why the deadline is not held here."),
    )

    def validate_entry_code(self, field: Any) -> None:
        """Either a person or a unit."""
        if bool(field.data) == bool(self.unit.data):
            raise ValidationError(_("Give an entry code or choose a unit, one of the two."))


class UseCodeForm(BaseForm):
    """A code is used."""

    code = LineField(_l("Code for handing in late"), validators=[InputRequired(), Length(max=30)])
