"""Forms of requests about personal data, and of their answers."""

from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from contest.core.forms import BaseForm
from contest.core.i18n import lazy_gettext as _l

_LONGEST = 4_000


class AskForm(BaseForm):
    """What exactly should be corrected, or used less."""

    words = TextAreaField(
        _l("What is it about?"),
        [DataRequired(_l("Say in a few words what it is about.")), Length(max=_LONGEST)],
    )


class AskErasureForm(BaseForm):
    """Erasure: words are optional, having read what happens is not."""

    words = TextAreaField(_l("Anything we should know"), [Optional(), Length(max=_LONGEST)])
    understood = BooleanField(
        _l("I have read what happens and want my data to be erased."),
        [DataRequired(_l("Please read what happens, then tick here."))],
    )


class AnswerForm(BaseForm):
    """The answer to a request that was carried out."""

    answer = TextAreaField(
        _l("Answer to the person"),
        [DataRequired(_l("Write to the person what was done.")), Length(max=_LONGEST)],
        description=_l("It is sent by e-mail and stands in their account."),
    )


class ErasureAnswerForm(AnswerForm):
    """The answer, and once more that the effect was read."""

    understood = BooleanField(
        _l("I have read what is erased. It cannot be brought back."),
        [DataRequired(_l("Please read what is erased, then tick here."))],
    )


class RefusalForm(BaseForm):
    """Why a request is not granted."""

    reason = TextAreaField(
        _l("Reason, for the person"),
        [DataRequired(_l("Say why, so that the person can understand it.")), Length(max=_LONGEST)],
        description=_l("It is sent by e-mail and stands in their account."),
    )
