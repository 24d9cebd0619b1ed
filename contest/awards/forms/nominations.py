"""Forms of nominations."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired, Length

from contest.accounts.queries import units_where
from contest.awards.models import RecipientKind
from contest.awards.rules.words import FORM_NAMES, KIND_NAMES, LEVEL_NAMES
from contest.core.access import Actor, Permission
from contest.core.forms import BaseForm, DayField, LineField, TextField, choices_of
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField

_NEEDED = _l("This field is required.")


class NominationForm(BaseForm):
    """Who is proposed, for what, with the achievement file."""

    unit = PickerField(_l("Unit that proposes"), [DataRequired(_l("Choose the unit."))])
    recipient_kind = RadioField(
        _l("Recipient"),
        [DataRequired(_NEEDED)],
        choices=choices_of(KIND_NAMES),
        default=RecipientKind.INDIVIDUAL.value,
    )
    recipient_name = LineField(
        _l("Name of the person or collective"), [DataRequired(_NEEDED), Length(max=200)]
    )
    position = LineField(_l("Position"), [Length(max=200)])
    contact = LineField(
        _l("Phone or e-mail of an account"),
        [Length(max=254)],
        description=_l("Links the row to a person who is known here."),
    )
    is_leader = BooleanField(_l("A leader"))
    level = SelectField(_l("Level"), choices=choices_of(LEVEL_NAMES))
    form = SelectField(_l("Form of award"), choices=choices_of(FORM_NAMES))
    achievement = LineField(
        _l("The achievement in one line"), [DataRequired(_NEEDED), Length(max=300)]
    )
    account = TextField(_l("The achievements told"), [Length(max=20_000)])
    file = FileField(_l("Achievement file (PDF)"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.offer(units_where(actor, Permission.NOMINATE, on=None))


class OpinionForm(BaseForm):
    """The opinion of a unit on its way."""

    opinion = TextField(_l("Opinion"), [Length(max=4_000)])


class ApprovalForm(BaseForm):
    """The decision that awards."""

    decision_number = LineField(
        _l("Number of the decision"), [DataRequired(_NEEDED), Length(max=80)]
    )
    decided_on = DayField(_l("Date of the decision"), [DataRequired(_NEEDED)])
    again = BooleanField(_l("This is another achievement than that of the earlier award"))
