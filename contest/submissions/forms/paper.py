"""Forms of works on paper."""

from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from contest.accounts.rules import read_identifier
from contest.core.errors import RuleBroken
from contest.core.forms import BaseForm, DayField, LineField, TextField, choices_of
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField


class WhoForm(BaseForm):
    """Whose work it is: known by a code or contact, or new."""

    known = LineField(
        _l("Entry code, telephone or mail of the author"),
        validators=[Optional(), Length(max=200)],
        description=_l("Who is in the system already is found by any of the three."),
    )
    full_name = LineField(_l("Full name of a new author"), validators=[Optional(), Length(max=120)])
    phone = LineField(_l("Telephone of a new author"), validators=[Optional(), Length(max=20)])
    unit = PickerField(_l("Unit of a new author"))
    agreed = BooleanField(_l("The consent to take part is signed on the paper"))

    def validate_known(self, field: Any) -> None:
        """Either somebody known or a name."""
        if bool(field.data) == bool(self.full_name.data):
            raise ValidationError(
                _("Give a code or contact of somebody known, or the name of somebody new.")
            )

    def validate_phone(self, field: Any) -> None:
        """A telephone number, if any."""
        if field.data:
            try:
                read_identifier(field.data)
            except RuleBroken as refused:
                raise ValidationError(str(refused.words)) from refused

    def validate_agreed(self, field: Any) -> None:
        """Nobody is entered who has not agreed."""
        if not field.data:
            raise ValidationError(
                _("Without this consent nobody can be entered; write to the author first.")
            )


class PaperParts:
    """What the form of a work on paper asks beside the fields of the round."""

    postmarked_on = DayField(
        _l("Day of the postmark"),
        validators=[InputRequired()],
        description=_l("Or the day on which the paper was handed over. It decides on lateness."),
    )
    kept_where = LineField(_l("Where the paper lies"), validators=[Optional(), Length(max=200)])
    late_reason = TextField(
        _l("Why it is let in late"),
        validators=[Optional(), Length(max=500)],
        description=_l("Only where the postmark is after the deadline."),
    )
    pledged = BooleanField(_l("The pledge is signed on the paper"))


class ScansForm(BaseForm):
    """Pages of a work on paper."""

    scans = MultipleFileField(
        _l("Pages"),
        description=_l("Pictures or a PDF, at most 15 MB each. Place and time are taken out."),
    )
    shown = RadioField(
        _l("Who sees these pages"),
        choices=choices_of(
            [
                ("no", _l("The secretary alone")),
                ("yes", _l("Judges too: nothing on them tells who wrote")),
            ]
        ),
        default="no",
        validators=[InputRequired()],
    )
