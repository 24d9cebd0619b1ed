"""Forms of appeals."""

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.validators import InputRequired, Length, NumberRange

from contest.accounts.models import Person
from contest.core.forms import BaseForm, LocalInstantField, PointsField, TextField
from contest.core.i18n import lazy_gettext as _l

_NEEDED = _l("This field is required.")


class AppealTermsForm(BaseForm):
    """The window, and from what difference on a mark moves."""

    opens_at = LocalInstantField(_l("Requests from"), [InputRequired(_NEEDED)])
    closes_at = LocalInstantField(_l("Requests until"), [InputRequired(_NEEDED)])
    threshold = PointsField(
        _l("Points from which on the mark moves"), [InputRequired(_NEEDED), NumberRange(min=0)]
    )

    def validate_closes_at(self, field: LocalInstantField) -> None:
        """The window ends after it begins."""
        if self.opens_at.data and field.data and field.data <= self.opens_at.data:
            raise ValueError(_l("The window must end after it begins."))


class AppealForm(BaseForm):
    """What somebody asks to be looked at again."""

    body = TextField(
        _l("What you ask to be looked at again"), [InputRequired(_NEEDED), Length(max=4_000)]
    )


class RemarkersForm(BaseForm):
    """Who marks again: two, or a third."""

    first = SelectField(_l("Judge"))
    second = SelectField(_l("Another judge"))

    @classmethod
    def of(cls, people: Sequence[Person]) -> "RemarkersForm":
        """The form with those who are free."""
        form = cls()
        for field in (form.first, form.second):
            field.choices = [
                ("", _l("– choose –")),
                *((one.public_id, one.full_name) for one in people),
            ]
        return form

    def people(self, people: Sequence[Person]) -> list[Person]:
        """Those who were chosen."""
        known = {one.public_id: one for one in people}
        return [known[field.data] for field in (self.first, self.second) if field.data in known]


class RemarkForm(BaseForm):
    """A mark that is given again."""

    points = PointsField(_l("Mark"), [InputRequired(_NEEDED)])


class AnswerForm(BaseForm):
    """The answer letter."""

    answer = TextField(_l("Answer to the person"), [InputRequired(_NEEDED), Length(max=6_000)])
