"""Forms of those who look after people and roles."""

from typing import Any

from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, Length, Optional

from contest.accounts.forms.account import PersonFieldsMixin
from contest.accounts.labels import ROLE_NAMES
from contest.accounts.models import Person
from contest.accounts.queries import own_units, units_where
from contest.core.access import Actor, Permission, Role
from contest.core.clock import request_day
from contest.core.forms import BaseForm, LineField, choices_of
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField


class PersonForm(PersonFieldsMixin, BaseForm):
    """A person recorded by somebody else; the unit is one of the own branches."""

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = bool(actor.scopes_where(Permission.MANAGE_PLATFORM))
        units = own_units(actor, Permission.MANAGE_PEOPLE, on=request_day())
        self.unit.offer(units, empty=_("No unit") if whole else None)


class PeopleFilterForm(BaseForm):
    """Narrows the list of people; sent by GET."""

    class Meta(BaseForm.Meta):
        """Changes nothing, so it carries no token into the address."""

        csrf = False

    unit = PickerField(_l("Unit"), [Optional()], default="")
    only = SelectField(
        _l("Which accounts"),
        choices=choices_of(
            [
                ("", _l("Everybody")),
                ("waiting", _l("Not activated yet")),
                ("disabled", _l("Closed accounts")),
            ]
        ),
        default="",
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_where(actor, Permission.SEE_PEOPLE, on=request_day())
        self.unit.offer(units, empty=_("All my units"))


class ReasonForm(BaseForm):
    """Why something is done."""

    reason = LineField(
        _l("Reason"), [DataRequired(_l("Write the reason; it is kept.")), Length(max=300)]
    )


class WhereForm(BaseForm):
    """On which unit a role shall hold; sent by GET."""

    class Meta(BaseForm.Meta):
        """Changes nothing, so it carries no token into the address."""

        csrf = False

    unit = PickerField(_l("Unit"), [DataRequired(_l("Choose the unit."))])

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Units that have ended too: their contests can still be looked after.
        self.unit.offer(
            units_where(actor, Permission.GIVE_GRANTS, on=None), empty=_("Choose a unit")
        )


class GiveRoleForm(BaseForm):
    """Who gets which role; the scope is in the address."""

    person = RadioField(_l("Person"), [DataRequired(_l("Choose a person."))])
    role = SelectField(_l("Role"), [DataRequired(_l("Choose a role."))])

    def __init__(self, found: list[Person], roles: list[Role], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.choices = [
            (
                person.public_id,
                f"{person.full_name} – {person.unit.name}" if person.unit else person.full_name,
            )
            for person in found
        ]
        self.role.choices = [
            ("", _("Choose a role")),
            *((role.value, str(ROLE_NAMES[role])) for role in roles),
        ]
