"""Forms of the reports room."""

from datetime import date
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from contest.accounts.queries import units_where
from contest.core.access import Actor, Permission
from contest.core.clock import request_day
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
from contest.reports.models import Measure, Qualifier
from contest.reports.queries.facts import DatedBy
from contest.reports.rules.branches import TreeView
from contest.reports.rules.words import (
    CATEGORY_NAMES,
    CONTEST_KIND_NAMES,
    MEASURE_NAMES,
    PROJECT_KIND_NAMES,
    QUALIFIER_NAMES,
    STATE_NAMES,
)

_NEEDED = _l("This field is required.")
_MOST = 1_000_000_000
QUALIFIERS = [
    ("", _l("none: exactly so many")),
    *((key.value, words) for key, words in QUALIFIER_NAMES.items()),
]


class ReportForm(BaseForm):
    """What a report is about; sent by GET."""

    class Meta(BaseForm.Meta):
        """Changes nothing, so it carries no token into the address."""

        csrf = False

    unit = PickerField(_l("Unit with its branch"), [Optional()], default="")
    first = DayField(_l("From"), [Optional()])
    last = DayField(_l("Until"), [Optional()])
    tree = SelectField(
        _l("Tree of units"),
        choices=choices_of(
            [
                (TreeView.THEN.value, _l("As they were then")),
                (TreeView.NOW.value, _l("As they are now, after mergers")),
            ]
        ),
        default=TreeView.THEN.value,
    )
    by = SelectField(
        _l("Commendations by"),
        choices=choices_of(
            [
                (DatedBy.DECIDED.value, _l("Date of the decision")),
                (DatedBy.HONOURED.value, _l("Period honoured")),
            ]
        ),
        default=DatedBy.DECIDED.value,
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.offer(units_where(actor, Permission.SEE_REPORTS, on=None), empty=_("My unit"))


class _PeriodForm(BaseForm):
    """Two of them stand on one page: names have a prefix, the token is the page's own."""

    class Meta(BaseForm.Meta):
        """The application checks the page's token before any form is read."""

        csrf = False

    first = DayField(_l("From"), [DataRequired(_NEEDED)])
    last = DayField(_l("Until"), [DataRequired(_NEEDED)])
    value = WholeNumberField(_l("Number"), [InputRequired(_NEEDED), NumberRange(min=0, max=_MOST)])
    source = LineField(_l("Written in"), [Length(max=200)])

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of a form that was validated."""
        return self.first.data or request_day(), self.last.data or request_day()

    def validate(self, extra_validators: Any = None) -> bool:
        """Dates in their order, beside what the fields say."""
        good = bool(super().validate(extra_validators))
        if good and (self.last.data or request_day()) < (self.first.data or request_day()):
            self.last.errors = [_("The period ends before it begins.")]
            return False
        return good


class TargetForm(_PeriodForm):
    """A target (chỉ tiêu) of a unit."""

    measure = SelectField(_l("What"), choices=choices_of(MEASURE_NAMES))


class ReportedForm(_PeriodForm):
    """A figure of an older report."""

    measure = SelectField(
        _l("What"),
        choices=choices_of(
            [
                (key.value, words)
                for key, words in MEASURE_NAMES.items()
                if key not in {Measure.PARTICIPATION_RATE, Measure.COMMENDATIONS}
            ]
        ),
    )
    qualifier = SelectField(
        _l("Word before the number"),
        choices=choices_of(QUALIFIERS),
        default="",
    )


class _RecordForm(BaseForm):
    """What is typed into a register, with the unit it is about."""

    title = LineField(_l("Title"), [DataRequired(_NEEDED), Length(max=300)])
    unit = PickerField(_l("Unit"), [DataRequired(_l("Choose the unit."))])

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.offer(units_where(actor, Permission.MANAGE_REGISTERS, on=None))


class ContestRecordForm(_RecordForm):
    """An older contest."""

    kind = SelectField(_l("Kind"), choices=choices_of(CONTEST_KIND_NAMES))
    first = DayField(_l("From"), [DataRequired(_NEEDED)])
    last = DayField(_l("Until"), [DataRequired(_NEEDED)])
    organiser = LineField(_l("Organised by"), [Length(max=300)])
    categories = LineField(
        _l("Who took part"),
        [Length(max=300)],
        description=_l("Members, youth, teachers, women's officers, health staff, clergy …"),
    )
    entries_qualifier = SelectField(
        _l("Word before the number"), choices=choices_of(QUALIFIERS), default=""
    )
    entries = WholeNumberField(
        _l("Entries (lượt thí sinh)"), [Optional(), NumberRange(min=0, max=_MOST)]
    )
    persons_qualifier = SelectField(
        _l("Word before the number"), choices=choices_of(QUALIFIERS), default=""
    )
    persons = WholeNumberField(_l("People (người)"), [Optional(), NumberRange(min=0, max=_MOST)])
    source = LineField(_l("Written in"), [Length(max=300)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Dates in their order, beside what the fields say."""
        good = bool(super().validate(extra_validators))
        if good and (self.last.data or request_day()) < (self.first.data or request_day()):
            self.last.errors = [_("The contest ends before it begins.")]
            return False
        return good


class ProjectForm(_RecordForm):
    """A model or project."""

    title = LineField(_l("Model or project"), [DataRequired(_NEEDED), Length(max=300)])
    kind = SelectField(_l("Kind"), choices=choices_of(PROJECT_KIND_NAMES))
    category = SelectField(_l("Field"), choices=choices_of(CATEGORY_NAMES))
    registered_on = DayField(_l("Day of registration"), [DataRequired(_NEEDED)])
    objective = TextField(_l("Objective"), [Length(max=4_000)])
    road_map = TextField(
        _l("Road map"), [Length(max=4_000)], description=_l("One milestone on each line.")
    )


class StateForm(BaseForm):
    """How far a project is."""

    state = SelectField(_l("State"), choices=choices_of(STATE_NAMES))


class RecordFileForm(BaseForm):
    """A list for a register."""

    file = FileField(_l("Excel or CSV file"), [FileRequired(_l("Choose a file."))])
    unit = PickerField(
        _l("Unit"),
        [DataRequired(_l("Choose the unit."))],
        description=_l("Rows may name units below it; those that name none are its own."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.offer(units_where(actor, Permission.MANAGE_REGISTERS, on=None))


def qualifier_of(value: str | None) -> Qualifier | None:
    """The qualifier a select sent, or None."""
    return Qualifier(value) if value else None
