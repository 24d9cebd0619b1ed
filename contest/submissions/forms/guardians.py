"""Form about the consent of a guardian."""

from typing import Final

from wtforms import SelectField
from wtforms.validators import DataRequired, Length

from contest.core.forms import BaseForm, DayField, LineField, choices_of
from contest.core.i18n import lazy_gettext as _l
from contest.submissions.forms.subjects import CHANNEL_NAMES

_NEEDED: Final = _l("This field is required.")


class GuardianForm(BaseForm):
    """Who agreed for a child, when and how."""

    guardian = LineField(_l("Full name of the guardian"), [DataRequired(_NEEDED), Length(max=120)])
    relation = LineField(
        _l("What the guardian is to the author"),
        [DataRequired(_NEEDED), Length(max=80)],
        description=_l("Mother, father, grandparent …"),
    )
    given_on = DayField(_l("Day of the consent"), [DataRequired(_NEEDED)])
    channel = SelectField(
        _l("How it reached you"), [DataRequired(_NEEDED)], choices=choices_of(CHANNEL_NAMES)
    )
    kept_where = LineField(
        _l("Where the paper lies"), [Length(max=200)], description=_l("So that it can be shown.")
    )
