"""What is refused in this room, in words for the person."""

from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l


class NotCounted(RuleBroken):
    """A file of figures before anything was counted."""

    message = _l("The figures are not counted yet, so there is no file of them.")
