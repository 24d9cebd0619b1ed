"""Multiple choice: one to all of the options are right; all-or-nothing, or partial marks."""

from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.choice import ChoiceKind

KIND = ChoiceKind(code="multiple", label=_l("Multiple choice"), several=True, most_right=None)
