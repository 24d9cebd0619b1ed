"""What the registers refuse, each by name, with the words for the person."""

from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l


class FileTaken(RuleBroken):
    """The file was dealt with already."""

    message = _l("This file was dealt with already.")


class RowsRefused(RuleBroken):
    """A register takes a file wholly or not at all."""

    message = _l(
        "Rows of this file cannot be used, so nothing was taken. Mend them in the file and bring "
        "it again."
    )


class WrongCommendation(InvalidInput):
    """Something about a commendation cannot be."""


class AlreadyRevoked(RuleBroken):
    """The commendation was revoked before."""

    message = _l("This commendation was revoked already.")
