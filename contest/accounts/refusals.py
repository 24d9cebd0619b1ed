"""Refusals of the room, each with the words for the person."""

from datetime import timedelta
from typing import ClassVar

from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l


class WrongCredentials(InvalidInput):
    """Phone or e-mail and password do not belong together; which of them, is not said."""

    message = _l("Phone number, e-mail or password is not right.")


class TooManyTries(RuleBroken):
    """Too soon after failed tries; `wait` says how long is left."""

    status: ClassVar[int] = 429
    message = _l("Too many failed tries. Please wait a moment.")

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait

    @property
    def seconds(self) -> int:
        """Whole seconds left, at least one."""
        return max(1, -(-int(self.wait.total_seconds() * 1000) // 1000))


class WrongCode(InvalidInput):
    """A code that does not exist, was used, has expired or was withdrawn."""

    message = _l("This code cannot be used. Check each sign; used and expired codes do not work.")


class WrongSecondFactor(InvalidInput):
    """The six digits, or the recovery code, are not right."""

    message = _l("This code is not right, or it was used already. Wait for the next one.")


class ContactTaken(RuleBroken):
    """A phone number or e-mail address belongs to another record."""

    message = _l("This phone number or e-mail address cannot be used here.")


class WrongPassword(InvalidInput):
    """The present password was not typed rightly."""

    message = _l("The present password is not right.")


class NotYoursToGive(RuleBroken):
    """A role that the person may not give or end on this scope."""

    message = _l("You may not give or end this role here.")


class OwnAuditor(RuleBroken):
    """Somebody would check what they decided themselves."""

    message = _l("Nobody makes themselves an auditor. Ask somebody else to give you this role.")


class NotYoursToHelp(RuleBroken):
    """A code for somebody outside the own branch, or for staff."""

    message = _l("You may not issue a code for this person. Staff choose a new password by e-mail.")


class HasPassword(RuleBroken):
    """An activation code for somebody whose account is in use already."""

    message = _l("This account is in use already; it needs no activation code.")


class LastAdministrator(RuleBroken):
    """Ending the last administrator's role would leave nobody who can give it again."""

    message = _l("This is the last administrator. Give the role to somebody else first.")


class CodeTaken(InvalidInput):
    """Two units with one code."""

    message = _l("Another unit has this code already.")


class WouldCircle(RuleBroken):
    """A unit below itself."""

    message = _l("A unit cannot stand below itself or below a unit of its own branch.")


class AlreadyEnded(RuleBroken):
    """A unit that has ended, or a role that was ended meanwhile."""

    message = _l("This has ended already.")


class SameUnit(RuleBroken):
    """A unit as its own successor."""

    message = _l("Choose another unit as the successor.")


class DatesCross(InvalidInput):
    """A last day before the first."""

    message = _l("The last day cannot come before the first.")


class CannotMerge(RuleBroken):
    """Two records that may not become one; the message says why."""

    message = _l("These two records cannot be merged.")


class AskedAlready(RuleBroken):
    """A second request of the same kind while the first is being looked at."""

    message = _l("You have asked for this already; the request is being looked at.")


class EnoughCopies(RuleBroken):
    """More copies of one's data in a day than anybody needs."""

    message = _l("You have had several copies today. Please take one of them, or come tomorrow.")


class RequestSettled(RuleBroken):
    """A request that was answered or withdrawn meanwhile."""

    message = _l("This request has been settled meanwhile.")


class CannotErase(RuleBroken):
    """Data that may not be erased now; the message says why."""

    message = _l("These data cannot be erased now.")
