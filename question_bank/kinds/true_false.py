"""True or false: two options that always stand in the order they were written."""

from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.choice import ChoiceKind

KIND = ChoiceKind(
    code="true_false",
    label=_l("True or false"),
    several=False,
    most_options=2,
    keeps_order=True,
)
