"""Group: several questions on a shared text or picture, drawn and answered together."""

from typing import Final

from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.base import Way
from question_bank.kinds.parts import PartsKind

KIND: Final = PartsKind("group", _l("Questions on a shared text"), Way.PARTS, has_stems=True)
