"""Forms of the review."""

from wtforms import (
    HiddenField,
)
from wtforms.validators import Length

from contest.core.forms import BaseForm, TextField
from contest.core.i18n import lazy_gettext as _l
from question_bank.models import QuestionState


class StepForm(BaseForm):
    """A review step with an optional comment."""

    to = HiddenField()
    comment = TextField(_l("Comment"), [Length(max=4_000, message=_l("This comment is too long."))])

    @property
    def wanted(self) -> QuestionState | None:
        """The state asked for, or None when only a comment was written."""
        try:
            return QuestionState(self.to.data or "")
        except ValueError:
            return None
