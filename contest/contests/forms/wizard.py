"""Forms of the wizard's steps."""

from typing import Any, Final

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectMultipleField,
    SubmitField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from contest.contests.models import Unawarded
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

MOST_DIVISIONS: Final = 8
_BLANK_DIVISIONS: Final = 2
_OLDEST: Final = 130


def _backwards(least: int | None, greatest: int | None) -> bool:
    return least is not None and greatest is not None and greatest < least


class MultiCheckboxField(SelectMultipleField):
    """Several choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class BasicsForm(BaseForm):
    """What the contest is called and about."""

    title = LineField(
        _l("Title"),
        validators=[InputRequired(), Length(min=5, max=300)],
        description=_l("As it stands in the plan and will be printed on certificates."),
    )
    unit = PickerField(
        _l("Unit that runs the contest"),
        validators=[InputRequired()],
        description=_l("Organisers of this unit and of those above it can work on the contest."),
    )
    subject_matter = TextField(
        _l("What it is about"),
        validators=[Length(max=4000)],
        description=_l("Topics and documents that contestants should study."),
    )
    summary = TextField(
        _l("In two or three sentences"),
        validators=[Length(max=600)],
        description=_l("Stands first on the public page and in shared links."),
    )
    starts_on = DayField(
        _l("First day"),
        validators=[Optional()],
        description=_l("Ages are counted on this day."),
    )
    ends_on = DayField(
        _l("Last day"),
        validators=[Optional()],
        description=_l("The whole day still belongs to the contest."),
    )
    contact = TextField(
        _l("Whom people can ask"),
        validators=[Length(max=1000)],
        description=_l("Name of the office, telephone, e-mail, opening hours."),
    )

    def validate_ends_on(self, field: DayField) -> None:
        """The contest ends after it starts."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day comes before the first."))


class CopyForm(BaseForm):
    """A new contest from an earlier one."""

    title = LineField(_l("Title of the new contest"), validators=[InputRequired(), Length(5, 300)])
    starts_on = DayField(
        _l("Its first day"),
        validators=[InputRequired()],
        description=_l(
            "All dates move by the same distance; a whole number of weeks keeps the weekdays."
        ),
    )


class AudienceForm(BaseForm):
    """Who may take part."""

    who = RadioField(
        _l("Units"),
        choices=choices_of(
            [
                ("all", _l("Everybody, whatever their unit")),
                ("some", _l("Only people of the units chosen here, with everything below them")),
            ]
        ),
        default="all",
    )
    units = MultiCheckboxField(_l("Chosen units"), validate_choice=True)
    add_unit = PickerField(_l("Add a unit"), validators=[Optional()])
    min_age = WholeNumberField(
        _l("Least age"), validators=[Optional(), NumberRange(min=5, max=_OLDEST)]
    )
    max_age = WholeNumberField(
        _l("Greatest age"), validators=[Optional(), NumberRange(min=5, max=_OLDEST)]
    )
    self_registration = BooleanField(
        _l("People can register themselves"),
        description=_l("Otherwise they come only through their unit's roster."),
    )
    exclude_staff = BooleanField(
        _l("Organisers, secretaries, judges and question authors win no prize"),
        description=_l("They may take part and are ranked; their accounts are left out of prizes."),
    )
    one_prize_per_person = BooleanField(_l("At most one prize for a person in the whole contest"))
    unawarded = RadioField(
        _l("A prize that nobody gets in a round"),
        choices=choices_of(
            [
                (Unawarded.LAPSE.value, _l("Lapses")),
                (
                    Unawarded.NEXT_ROUND.value,
                    _l("Is given in the next round, beside its own prizes"),
                ),
                (
                    Unawarded.OVERALL.value,
                    _l("Is given over the total of the rounds, beside the prizes there"),
                ),
            ]
        ),
        default=Unawarded.LAPSE.value,
        description=_l("The rules say so, and the decision on each round keeps what went on."),
    )
    audience = TextField(
        _l("The same in words, for the public page"),
        validators=[Length(max=2000)],
        description=_l("Leave it empty and it is written from the choices above."),
    )
    more = SubmitField(_l("Save and add another unit"))

    def validate_max_age(self, field: WholeNumberField) -> None:
        """Ages run forward."""
        if _backwards(self.min_age.data, field.data):
            raise ValidationError(_("The greatest age is below the least."))

    def validate_add_unit(self, field: PickerField) -> None:
        """A contest for certain units names at least one."""
        if self.who.data == "some" and not field.data and not self.units.data:
            raise ValidationError(_("Choose at least one unit, or open the contest to everybody."))


class DivisionRow(Form):
    """One division; a row without a name is left out."""

    name = LineField(_l("Name"), validators=[Length(max=120)])
    min_age = WholeNumberField(
        _l("From age"), validators=[Optional(), NumberRange(min=0, max=_OLDEST)]
    )
    max_age = WholeNumberField(
        _l("To age"), validators=[Optional(), NumberRange(min=0, max=_OLDEST)]
    )

    def validate_name(self, field: LineField) -> None:
        """Ages without a name are no division."""
        ages = (self.min_age.data, self.max_age.data)
        if not field.data and ages != (None, None):
            raise ValidationError(_("Give this division a name, for example “Bảng A”."))

    def validate_max_age(self, field: WholeNumberField) -> None:
        """Ages run forward."""
        if _backwards(self.min_age.data, field.data):
            raise ValidationError(_("The greatest age is below the least."))


class DivisionsForm(BaseForm):
    """Divisions by age, in the order in which results show them."""

    divisions = FieldList(FormField(DivisionRow), max_entries=MOST_DIVISIONS)
    more = SubmitField(_l("Add another row"))

    def add_blank_rows(self) -> None:
        """Room for two more than there are."""
        for _row in range(_BLANK_DIVISIONS):
            if len(self.divisions) < MOST_DIVISIONS:
                self.divisions.append_entry()

    def rows(self) -> list[dict[str, Any]]:
        """The rows that have a name."""
        return [row for row in self.divisions.data if row["name"]]


class RulesForm(BaseForm):
    """The rules (thể lệ)."""

    rules_text = TextField(
        _l("Rules"),
        validators=[Length(max=60_000)],
        description=_l(
            "Plain text. A line that begins with # is a heading, one that begins with - is a "
            "point of a list; an empty line begins a new paragraph."
        ),
    )
    draft = SubmitField(_l("Write a draft from the settings"))
