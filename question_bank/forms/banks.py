"""Forms of banks and topics."""

from collections.abc import Sequence

from wtforms import (
    BooleanField,
    SelectField,
)
from wtforms.validators import InputRequired, Length

from contest.core.forms import BaseForm, LineField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l


class BankForm(BaseForm):
    """Name of a bank and how it reviews; the unit is chosen once, when it is opened."""

    name = LineField(
        _l("Name of the bank"),
        [
            InputRequired(_l("Give the bank a name.")),
            Length(max=200, message=_l("This name is too long.")),
        ],
    )
    unit_id = SelectField(_l("Owning unit"), coerce=int)
    two_person_review = BooleanField(_l("Two people review each question"))

    def for_units(self, units: Sequence[tuple[int, str]]) -> "BankForm":
        """Offer these units; without them (changing a bank) the field is left out."""
        if units:
            self.unit_id.choices = list(units)
        else:
            del self.unit_id
        return self


class TopicForm(BaseForm):
    """Name of a topic and where it stands."""

    name = LineField(
        _l("Name of the topic"),
        [
            InputRequired(_l("Give the topic a name.")),
            Length(max=200, message=_l("This name is too long.")),
        ],
    )
    parent_id = SelectField(_l("Stands under"), coerce=int)

    def for_topics(self, topics: Sequence[tuple[int, str]]) -> "TopicForm":
        """Offer these topics as parents."""
        self.parent_id.choices = [(0, _("– no other topic –")), *topics]
        return self

    @property
    def parent(self) -> int | None:
        """The chosen parent, or None at the top."""
        return self.parent_id.data or None
