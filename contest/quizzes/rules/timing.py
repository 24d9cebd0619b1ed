"""When an attempt may begin, when it ends, and how much time is really available.

All intervals are half open: a round takes starts from `opens_at` up to, not at, `closes_at`; an
attempt takes answers up to and at `grace_until`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contest.contests.rules import Phase
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.models import LateStart
from contest.quizzes.rules.terms import Terms


class RoundNotOpen(RuleBroken):
    """Attempts begin only inside the window of an open round."""

    message = _l("This round is not open now, so no attempt can begin.")


class AttemptsUsedUp(RuleBroken):
    """The person has had every attempt that the rules allow."""

    message = _l("You have used all the attempts that the rules allow in this round.")


class NoTimeLeft(RuleBroken):
    """The rules cut attempts at the close, and the close is now."""

    message = _l("No time is left before the round closes.")


class AttemptEnded(RuleBroken):
    """The attempt was submitted or closed; its answers do not change any more."""

    message = _l("This attempt has ended, so its answers can no longer be changed.")


class AttemptPhase(StrEnum):
    """Where an attempt stands at an instant."""

    RUNNING = "running"
    GRACE = "grace"
    OVERDUE = "overdue"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Limits:
    """When an attempt that begins now must end.

    Attributes:
        deadline_at: what the person's clock counts down to.
        grace_until: until when the server still counts what it receives.
        is_cut: the close of the round leaves less than the whole time limit.
    """

    deadline_at: datetime
    grace_until: datetime
    is_cut: bool

    def available(self, now: datetime) -> timedelta:
        """The time really available to somebody who begins now."""
        return max(self.deadline_at - now, timedelta(0))


def limits(
    *,
    started_at: datetime,
    time_limit: timedelta,
    extra: timedelta,
    grace: timedelta,
    late_start: LateStart,
    closes_at: datetime | None,
) -> Limits:
    """The end of an attempt begun at `started_at`.

    `full_time`: whoever begins before the close has the whole limit. `cut_at_close`: the limit
    ends at the close. Extra time is a recorded decision about a person or unit and so is added
    afterwards, past the close if need be.
    """
    ends_at = started_at + time_limit
    is_cut = late_start is LateStart.CUT_AT_CLOSE and closes_at is not None and closes_at < ends_at
    if is_cut and closes_at is not None:
        ends_at = closes_at
    deadline_at = ends_at + extra
    return Limits(deadline_at, deadline_at + grace, is_cut)


def limits_of_start(
    terms: Terms, closes_at: datetime | None, started_at: datetime, extra: timedelta
) -> Limits:
    """`limits` with the terms of a round that closes at `closes_at`."""
    return limits(
        started_at=started_at,
        time_limit=timedelta(seconds=terms.time_limit_seconds),
        extra=extra,
        grace=timedelta(seconds=terms.grace_seconds),
        late_start=terms.late_start,
        closes_at=closes_at,
    )


def phase_at(
    submitted_at: datetime | None, deadline_at: datetime, grace_until: datetime, now: datetime
) -> AttemptPhase:
    """Where an attempt stands: running to its deadline, then grace, then overdue; or ended."""
    if submitted_at is not None:
        return AttemptPhase.ENDED
    if now <= deadline_at:
        return AttemptPhase.RUNNING
    return AttemptPhase.GRACE if now <= grace_until else AttemptPhase.OVERDUE


def attempts_left(allowed: int | None, used: int) -> int | None:
    """How many attempts remain; None when there is no limit."""
    return None if allowed is None else max(allowed - used, 0)


def check_start(terms: Terms, phase: Phase, *, used: int, found: Limits, now: datetime) -> None:
    """Raise the refusal when a new attempt may not begin now; `phase` is the round's window."""
    if terms.frozen_at is None or phase is not Phase.OPEN:
        raise RoundNotOpen
    if attempts_left(terms.attempts_allowed, used) == 0:
        raise AttemptsUsedUp
    if found.deadline_at <= now:
        raise NoTimeLeft


def working_ms(started_at: datetime, ended_at: datetime) -> int:
    """Milliseconds between start and end on the server's clock, rounded down."""
    return (ended_at - started_at) // timedelta(milliseconds=1)
