"""What the registers refuse, each by name, with the words for the person."""

from contest.core.errors import InvalidInput, NotFound, RuleBroken
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


class CertificateRevoked(RuleBroken):
    """The certificate was revoked before."""

    message = _l("This certificate was revoked already.")


class NothingToRevoke(RuleBroken):
    """No certificate of the round stands."""

    message = _l("No certificate of this round stands any more.")


class CertificatesNotReady(RuleBroken):
    """Certificates without a design, or of results that are not public."""

    message = _l("Certificates need a saved design and published results.")


class NobodyToCertify(RuleBroken):
    """Everybody has theirs already."""

    message = _l("Everybody on the list has this certificate already.")


class IssuedMeanwhile(RuleBroken):
    """Two people issue certificates of a contest at once."""

    message = _l("Somebody else has issued certificates at this moment. Look at the list.")


class UnknownCode(NotFound):
    """A code that stands for no certificate."""

    message = _l(
        "No certificate has this code. Compare it with the certificate, sign by sign; if it is the "
        "same, the certificate was not issued here."
    )


class NominationMoved(RuleBroken):
    """The nomination stands elsewhere by now."""

    message = _l("Somebody has moved this nomination meanwhile. Look at it again.")


class OpinionMissing(InvalidInput):
    """A step that needs an opinion has none."""

    message = _l("Write the opinion; the unit that proposed reads it.")


class AwardedBefore(RuleBroken):
    """There is an award for the same achievement already."""

    message = _l(
        "This recipient has an award for the same achievement already; it is shown below. Confirm "
        "that this is another achievement, or refuse."
    )
