"""Reported questions, and checking a receipt."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import (
    AnyOf,
    InputRequired,
    Length,
)

from contest.core.forms import (
    BaseForm,
    LineField,
    TextField,
)
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.models import (
    ReportOutcome,
)


class ReportForm(BaseForm):
    """A contestant's word about a question."""

    body = TextField(
        _l("What is wrong or unclear?"),
        validators=[InputRequired(), Length(min=5, max=1000)],
        description=_l("Your attempt goes on; nobody loses time or marks for reporting."),
    )


class ReplyForm(BaseForm):
    """An organiser's answer to a report."""

    reply = TextField(
        _l("Answer to the contestant"), validators=[InputRequired(), Length(max=1000)]
    )


class SettleForm(ReplyForm):
    """The answer to everybody who reported a question, and what became of it."""

    outcome = HiddenField(
        validators=[AnyOf([outcome.value for outcome in ReportOutcome])],
    )


class ReceiptForm(BaseForm):
    """Code and digest of a receipt; sent by GET, since it changes nothing."""

    class Meta(BaseForm.Meta):
        """Without a token: the address can be passed on."""

        csrf = False

    code = LineField(_l("Receipt code"), validators=[InputRequired(), Length(max=30)])
    digest = LineField(
        _l("Check sum"),
        validators=[InputRequired(), Length(max=120)],
        description=_l("The long line of digits and letters at the foot of the receipt."),
    )

    def filled(self) -> dict[str, Any]:
        """What was typed."""
        return {"code": self.code.data, "digest": self.digest.data}
