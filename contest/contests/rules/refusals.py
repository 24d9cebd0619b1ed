"""What the contests room refuses, each by name, with the words for the person."""

from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l


class MoveNotAllowed(RuleBroken):
    """A round cannot go from its stage to that one."""

    message = _l("This round cannot take that step from where it stands now.")


class StageMoved(RuleBroken):
    """Somebody else moved the round between the reading and the claim."""

    message = _l("Somebody has just moved this round. Please look at it again.")


class NotReady(RuleBroken):
    """Something on the readiness list is missing."""

    message = _l("This round cannot open yet: something on its list is still missing.")


class StillRunning(RuleBroken):
    """Attempts of the round still have time."""

    message = _l("Some people still have time in this round. Marking starts when they have ended.")


class RefusedResult(InvalidInput):
    """A supposed result that nobody could have had."""

    message = _l("Nobody could have such a result in this round.")


class ReasonMissing(InvalidInput):
    """A decision over people needs a reason."""

    message = _l("Please write the reason: it stays with the decision.")


class RoundFrozen(RuleBroken):
    """The round has opened; what people relied on stays."""

    message = _l("The round has opened, so this can no longer be changed.")


class SeriesTooLong(InvalidInput):
    """A series has from 1 to 60 rounds."""

    message = _l("A series has from 1 to 60 rounds.")


class SeriesOverlaps(InvalidInput):
    """A round of a series would close after the next one opens."""

    message = _l("Each round must close before the next one opens.")


class RoundAnnulled(RuleBroken):
    """The round was annulled; nothing more happens in it."""

    message = _l("This round was annulled, so nothing more happens in it.")


class NothingToAnnul(RuleBroken):
    """A planned round is changed or deleted, not annulled."""

    message = _l("This round has not opened. Change or delete it instead.")


class WindowBackwards(InvalidInput):
    """The close is not after the opening."""

    message = _l("The round must close after it opens.")


class CannotShorten(RuleBroken):
    """An open round may be extended, never shortened behind people's backs."""

    message = _l("An open round can be extended but not shortened. To end it now, close it.")


class WrongRankKeys(InvalidInput):
    """The list of ranking keys cannot be used."""

    message = _l("Choose each ranking key once, from the list of this kind of round.")


class RoundInUse(RuleBroken):
    """A round that has opened is not deleted."""

    message = _l("A round that has opened cannot be deleted.")


class NothingToAnnounce(RuleBroken):
    """The draft lacks what the public page must say."""

    message = _l("The contest cannot be announced yet: a step is not finished.")


class NotAnnounced(RuleBroken):
    """Registration for a draft."""

    message = _l("This contest has not been announced yet.")


class RegistrationClosed(RuleBroken):
    """The last round has closed."""

    message = _l("The last round has closed, so registration has ended.")


class RosterOnly(RuleBroken):
    """People come by roster, not by themselves."""

    message = _l("People take part in this contest through their unit's roster.")


class ConsentMissing(InvalidInput):
    """Taking part needs consent."""

    message = _l("To take part, please agree to how your data is used in this contest.")


class NotEligible(RuleBroken):
    """The person certainly does not belong to those who may take part."""

    message = _l("This contest is not open to you.")


class TooYoung(NotEligible):
    """Certainly below the least age on the first day."""

    message = _l("On the contest's first day you are younger than its rules ask for.")


class TooOld(NotEligible):
    """Certainly above the greatest age on the first day."""

    message = _l("On the contest's first day you are older than its rules allow.")


class OtherUnit(NotEligible):
    """The unit is in none of the contest's branches."""

    message = _l("This contest is open to certain units, and yours is not one of them.")


class BirthDateMissing(InvalidInput):
    """Ages matter here and no birth date was given."""

    message = _l("This contest asks for your date of birth, because its rules set ages.")


class UnitMissing(InvalidInput):
    """A unit must be named."""

    message = _l("Please choose your unit.")


class AlreadyWithdrawn(RuleBroken):
    """The registration was withdrawn before."""

    message = _l("This registration has been withdrawn.")


class AlreadyDisqualified(RuleBroken):
    """The same entry is disqualified there already."""

    message = _l("This contestant is already disqualified there.")


class AlreadyLifted(RuleBroken):
    """The disqualification was lifted before."""

    message = _l("This disqualification has been lifted already.")


class ForeignUnit(RuleBroken):
    """The contest would belong to a unit outside the organiser's grants."""

    message = _l("You can only run contests of units that you are an organiser of.")


class RosterTaken(RuleBroken):
    """The staged roster was accepted or thrown away before."""

    message = _l("This roster has been dealt with already.")


class NothingToTake(RuleBroken):
    """No row of the roster can be used."""

    message = _l("No row of this roster can be taken.")
