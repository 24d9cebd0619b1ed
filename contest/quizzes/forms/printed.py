"""The form of a printed paper."""

from typing import Any

from wtforms import RadioField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.core.forms import BaseForm, LineField, WholeNumberField, choices_of
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.printed import MOST_CODES


class PrintForm(BaseForm):
    """What stands above the questions, and how many codes there are."""

    title = LineField(_l("Title of the paper"), validators=[InputRequired(), Length(max=200)])
    codes = WholeNumberField(
        _l("How many paper codes"),
        validators=[InputRequired(), NumberRange(min=1, max=MOST_CODES)],
        description=_l("The same questions under every code, in another order."),
    )
    minutes = WholeNumberField(
        _l("Minutes for the paper"), validators=[Optional(), NumberRange(min=1, max=1440)]
    )
    style = RadioField(
        _l("Head of the paper"),
        choices=choices_of(
            [
                ("state", _l("As documents of the State")),
                ("party", _l("As documents of the Party")),
                ("none", _l("Without a head")),
            ]
        ),
        default="state",
    )
    above = LineField(_l("Body above"), validators=[Length(max=200)])
    issuer = LineField(_l("Issuer of the paper"), validators=[Length(max=200)])

    def head(self) -> dict[str, Any]:
        """The words above the questions."""
        return {
            "minutes": self.minutes.data,
            "style": self.style.data,
            "above": self.above.data or "",
            "issuer": self.issuer.data or "",
        }
