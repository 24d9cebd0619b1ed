"""Description: something to read between questions, worth nothing."""

from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.unasked import UnaskedKind

KIND = UnaskedKind("description", _l("Information"))
