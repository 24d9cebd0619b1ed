"""Forms of registering, rosters and decisions about contestants."""

from datetime import date
from typing import Final

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Length, ValidationError

from contest.accounts.rules import is_plausible_birth
from contest.contests.rules.roster_cells import BadCell
from contest.contests.rules.roster_staging import SHOWN, read_part
from contest.core.forms import BaseForm, LineField, TextField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField
from contest.core.vietnamese import BadDate, PartialDate, parse_date_vi

ROSTER_BYTES: Final = 8 * 1024 * 1024


class RegisterForm(BaseForm):
    """What a contest asks of somebody who takes part. Consents are never ticked beforehand."""

    birth = LineField(
        _l("Date of birth"),
        description=_l("For example 19/5/1990. Only the rules on age and your division need it."),
    )
    unit = PickerField(
        _l("Your unit"),
        description=_l("Results show it with everything above it."),
    )
    take_part = BooleanField(_l("I agree to take part"))
    publish_name = BooleanField(_l("My name may be published"))

    today: date | None = None
    birth_read: PartialDate | None = None

    def validate_birth(self, field: LineField) -> None:
        """A date in the past that can be read in one way."""
        self.birth_read = None
        if not field.data:
            return
        try:
            read = parse_date_vi(field.data)
        except BadDate:
            raise ValidationError(
                _("Write the date as day/month/year, for example 19/5/1990.")
            ) from None
        if self.today is not None and not is_plausible_birth(read, self.today):
            raise ValidationError(_("This date of birth cannot be right."))
        self.birth_read = read

    def validate_take_part(self, field: BooleanField) -> None:
        """Without it nobody takes part; said at the box."""
        if not field.data:
            raise ValidationError(_("Please tick this box if you want to take part."))


class RosterForm(BaseForm):
    """A spreadsheet with people."""

    file = FileField(
        _l("Roster"),
        description=_l("Excel (.xlsx) or CSV, at most 8 MB. Headings are found by their words."),
    )

    def validate_file(self, field: FileField) -> None:
        """A file was chosen."""
        if not field.data or not field.data.filename:
            raise ValidationError(_("Choose a file."))


class RosterRowForm(BaseForm):
    """A row of a roster, mended by hand; read as its cells were."""

    name = LineField(_l("Full name"))
    birth = LineField(_l("Date of birth"))
    unit = LineField(_l("Unit"))
    phone = LineField(_l("Telephone"))
    email = LineField(_l("E-mail"))

    today: date = date.max

    def _read(self, field: LineField) -> None:
        try:
            read_part(field.short_name, field.data, self.today)
        except BadCell as refused:
            raise ValidationError(str(refused.message)) from None

    def validate_name(self, field: LineField) -> None:
        """A name is needed."""
        self._read(field)

    def validate_birth(self, field: LineField) -> None:
        """Empty, or a date in the past."""
        self._read(field)

    def validate_phone(self, field: LineField) -> None:
        """Empty, or a number."""
        self._read(field)

    def validate_email(self, field: LineField) -> None:
        """Empty, or an address."""
        self._read(field)

    def typed(self) -> dict[str, str]:
        """What stands in the fields now."""
        return {part: self[part].data for part in SHOWN}


class ReasonForm(BaseForm):
    """A decision that needs a reason."""

    reason = TextField(
        _l("Reason"),
        validators=[InputRequired(), Length(min=5, max=2000)],
        description=_l("It stays with the decision and can be asked for."),
    )


class DisqualifyForm(ReasonForm):
    """Not ranking somebody, in a round or in the whole contest."""

    round = SelectField(_l("Where"))
