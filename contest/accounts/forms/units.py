"""Forms of units."""

from typing import Any

from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from contest.accounts.labels import UNIT_KIND_NAMES, UNIT_TREE_NAMES
from contest.accounts.queries import own_units
from contest.core.access import Actor, Permission
from contest.core.clock import request_day
from contest.core.forms import BaseForm, DayField, LineField, WholeNumberField, choices_of
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField

_CODE = r"^[A-Za-z0-9Đđ][A-Za-z0-9Đđ._/-]*$"


def _offer_own(field: PickerField, actor: Actor, *, empty: str | None) -> None:
    whole = bool(actor.scopes_where(Permission.MANAGE_PLATFORM))
    units = own_units(actor, Permission.MANAGE_UNITS, on=request_day())
    field.offer(units, empty=empty if whole else None)


class UnitForm(BaseForm):
    """A unit: what it is called, what it is, where it stands, since when."""

    name = LineField(_l("Name"), [DataRequired(_l("Write the name.")), Length(max=200)])
    code = LineField(
        _l("Short code"),
        [
            DataRequired(_l("Write a short code.")),
            Length(max=40),
            Regexp(_CODE, message=_l("Letters, digits and - . / _ only, without spaces.")),
        ],
        description=_l("Short and unique; spreadsheets name the unit by it, for example LS-BTG."),
    )
    kind = SelectField(_l("Kind"), choices=choices_of(UNIT_KIND_NAMES))
    tree = SelectField(
        _l("Tree"),
        choices=choices_of(UNIT_TREE_NAMES),
        description=_l("Administrative, party and youth units stand in separate trees."),
    )
    parent = PickerField(_l("Belongs to"))
    valid_from = DayField(
        _l("First day"), [Optional()], description=_l("Leave empty if it was always there.")
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_own(self.parent, actor, empty=_("Stands at the top"))


class EndUnitForm(BaseForm):
    """The last day of a unit."""

    last_day = DayField(_l("Last day"), [InputRequired(_l("Choose the last day."))])


class MergeUnitForm(BaseForm):
    """Into which unit another goes over, from when, by which decision."""

    into = PickerField(_l("Goes over into"), [DataRequired(_l("Choose the successor."))])
    on = DayField(
        _l("In force from"),
        [InputRequired(_l("Choose the day."))],
        description=_l("The old unit exists for the last time on the day before."),
    )
    decision = LineField(
        _l("Decision"),
        [Length(max=200)],
        description=_l("Number and date of the decision, if there is one."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_own(self.into, actor, empty=_("Choose a unit"))


class HeadcountForm(BaseForm):
    """How many people a branch had on a day."""

    counted_on = DayField(_l("Counted on"), [InputRequired(_l("Choose the day."))])
    persons = WholeNumberField(
        _l("How many people"),
        [InputRequired(_l("Write how many.")), NumberRange(min=0, max=10_000_000)],
    )
