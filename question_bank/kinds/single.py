"""Single choice: two to eight options, one of them right."""

from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.choice import ChoiceKind

KIND = ChoiceKind(code="single", label=_l("Single choice"), several=False)
