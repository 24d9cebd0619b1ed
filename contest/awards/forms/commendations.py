"""Forms of the register of commendations."""

from typing import Any, Final

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired, Length, Optional

from contest.accounts.models import Unit
from contest.accounts.queries import UnitRange, units_where
from contest.awards.models import AwardForm, Level, RecipientKind
from contest.awards.rules.words import FORM_NAMES, KIND_NAMES, LEVEL_NAMES
from contest.core.access import Actor, Permission
from contest.core.forms import (
    BaseForm,
    DayField,
    LineField,
    TextField,
    WholeNumberField,
    choices_of,
)
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField

LIST_BYTES: Final = 3_000_000
_NEEDED: Final = _l("This field is required.")


class RegisterFilterForm(BaseForm):
    """Narrows the register; sent by GET."""

    class Meta(BaseForm.Meta):
        """Changes nothing, so it carries no token into the address."""

        csrf = False

    unit = PickerField(_l("Unit"), [Optional()], default="")
    level = SelectField(
        _l("Level"), [Optional()], choices=choices_of(LEVEL_NAMES, _l("All levels")), default=""
    )
    form = SelectField(
        _l("Form of award"),
        [Optional()],
        choices=choices_of(FORM_NAMES, _l("All forms")),
        default="",
    )
    kind = SelectField(
        _l("Recipients"), [Optional()], choices=choices_of(KIND_NAMES, _l("Everybody")), default=""
    )
    decided_from = DayField(_l("Decided from"), [Optional()])
    decided_to = DayField(_l("Decided until"), [Optional()])
    honoured_from = DayField(_l("Honoured period from"), [Optional()])
    honoured_to = DayField(_l("Honoured period until"), [Optional()])
    which = SelectField(
        _l("Which rows"),
        [Optional()],
        choices=choices_of(
            [
                ("", _l("All rows")),
                ("standing", _l("Standing")),
                ("revoked", _l("Revoked")),
                ("leaders", _l("Leaders only")),
            ]
        ),
        default="",
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_where(actor, Permission.SEE_REPORTS, on=None)
        self.unit.offer(units, empty=_("All my units"))


class CommendationForm(BaseForm):
    """One recipient of a decision."""

    recipient_kind = RadioField(
        _l("Recipient"),
        [DataRequired(_NEEDED)],
        choices=choices_of(KIND_NAMES),
        default=RecipientKind.INDIVIDUAL.value,
    )
    recipient_name = LineField(
        _l("Name of the person or collective"),
        [Length(max=200)],
        description=_l("May stay empty when the collective is the unit chosen below."),
    )
    unit = PickerField(
        _l("Unit"),
        [Optional()],
        description=_l("Of the person, or the collective itself."),
    )
    position = LineField(_l("Position"), [Length(max=200)])
    birth_year = WholeNumberField(
        _l("Year of birth"), [Optional()], description=_l("Tells people of one name apart.")
    )
    contact = LineField(
        _l("Phone or e-mail of an account"),
        [Length(max=254)],
        description=_l("Links the row to a person who is known here."),
    )
    is_leader = BooleanField(_l("A leader"))
    level = SelectField(_l("Level"), [DataRequired(_NEEDED)], choices=choices_of(LEVEL_NAMES))
    form = SelectField(_l("Form of award"), [DataRequired(_NEEDED)], choices=choices_of(FORM_NAMES))
    decision_number = LineField(
        _l("Number of the decision"), [DataRequired(_NEEDED), Length(max=80)]
    )
    decided_on = DayField(_l("Date of the decision"), [DataRequired(_NEEDED)])
    issuer = LineField(_l("Issued by"), [Length(max=200)])
    period_from = DayField(_l("Honoured period from"), [Optional()])
    period_to = DayField(_l("Honoured period until"), [Optional()])
    theme = LineField(_l("Theme"), [Length(max=120)])
    reason = TextField(_l("What for"), [Length(max=4_000)])

    def __init__(self, register_unit: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = UnitRange((register_unit.scope.path,), None)
        self.unit.offer(units, empty=_("Not in the tree of units"))


class RevokeForm(BaseForm):
    """Why a commendation is revoked."""

    reason = TextField(
        _l("Reason"), [DataRequired(_l("Write the reason; it is kept.")), Length(max=1_000)]
    )


class RegisterFileForm(BaseForm):
    """A list for a register."""

    file = FileField(_l("Excel or CSV file"), [FileRequired(_l("Choose a file."))])


class CommendationFileForm(RegisterFileForm):
    """A list of commendations; level and form for rows that name none."""

    level = SelectField(
        _l("Level of rows that name none"),
        [Optional()],
        choices=choices_of(LEVEL_NAMES, _l("Stands in the rows")),
        default="",
    )
    form = SelectField(
        _l("Form of award of rows that name none"),
        [Optional()],
        choices=choices_of(FORM_NAMES, _l("Stands in the rows")),
        default="",
    )


def level_of(value: str | None) -> Level | None:
    """The level a select sent, or None."""
    return Level(value) if value else None


def form_of(value: str | None) -> AwardForm | None:
    """The form of award a select sent, or None."""
    return AwardForm(value) if value else None


def kind_of(value: str | None) -> RecipientKind | None:
    """The kind of recipient a select sent, or None."""
    return RecipientKind(value) if value else None
