"""Essay: free writing, for a judge."""

from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.unasked import UnaskedKind

KIND = UnaskedKind("essay", _l("Essay question"))
