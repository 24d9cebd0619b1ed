"""When an attempt may begin, when it ends, and how much time is really available.

All intervals are half open: a round takes starts from `opens_at` up to, not at, `closes_at`; an
attempt takes answers up to and at `grace_until`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from contest.contests.rules import Phase
from contest.core.clock import LOCAL_ZONE
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.models import LateStart
from contest.quizzes.rules.terms import Terms

KEPT_ON_DEVICE: Final = timedelta(days=3)
"""After the round; late answers are decided about before its ranking."""


class RoundNotOpen(RuleBroken):
    """Attempts begin only inside the window of an open round."""

    message = _l("This round is not open now, so no attempt can begin.")


class AttemptsUsedUp(RuleBroken):
    """The person has had every attempt that the rules allow."""

    message = _l("You have used all the attempts that the rules allow in this round.")


class UsedUpToday(RuleBroken):
    """The person has had the attempts of this local day."""

    message = _l("You have used today's attempts. The next ones come after midnight.")


class TooSoon(RuleBroken):
    """The delay after the last attempt is not over."""

    message = _l("The next attempt can begin only some time after the last one.")


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


@dataclass(frozen=True, slots=True)
class Held:
    """An attempt that was begun before, as far as the next one depends on it.

    `ended_at` is None while it runs.
    """

    started_at: datetime
    ended_at: datetime | None


def day_begins(now: datetime) -> datetime:
    """The local midnight with which the day of an instant began."""
    local = now.astimezone(LOCAL_ZONE)
    return datetime.combine(local.date(), time(), LOCAL_ZONE)


def check_pace(terms: Terms, held: Sequence[Held], now: datetime) -> None:
    """Raise the refusal when the rules want a pause before the next attempt.

    A day is a local one, from midnight to midnight, and counts attempts by their start. The delay
    runs from the end of the last attempt; at its end the next one may begin.

    Raises:
        UsedUpToday, TooSoon: it must wait.
    """
    if terms.attempts_per_day is not None:
        midnight = day_begins(now)
        if sum(each.started_at >= midnight for each in held) >= terms.attempts_per_day:
            raise UsedUpToday
    at = next_start_at(terms, held)
    if at is not None and now < at:
        raise TooSoon


def next_start_at(terms: Terms, held: Sequence[Held]) -> datetime | None:
    """When the delay after the last attempt is over; None where there is none."""
    ends = [each.ended_at for each in held if each.ended_at is not None]
    if not terms.attempt_delay_seconds or not ends:
        return None
    return max(ends) + timedelta(seconds=terms.attempt_delay_seconds)


def check_start(
    terms: Terms, phase: Phase, *, held: Sequence[Held], found: Limits, now: datetime
) -> None:
    """Raise the refusal when a new attempt may not begin now; `phase` is the round's window.

    Raises:
        RoundNotOpen, AttemptsUsedUp, UsedUpToday, TooSoon, NoTimeLeft: it may not.
    """
    if terms.frozen_at is None or phase is not Phase.OPEN:
        raise RoundNotOpen
    if attempts_left(terms.attempts_allowed, len(held)) == 0:
        raise AttemptsUsedUp
    check_pace(terms, held, now)
    if found.deadline_at <= now:
        raise NoTimeLeft


Window = tuple[datetime, datetime]


def paused_in(
    started_at: datetime, deadline_at: datetime, pause: Window, earlier: Sequence[Window] = ()
) -> list[Window]:
    """When an attempt's clock stood still in a pause: its end comes later by all of it.

    What was left when the pause began is left when it ends, also where the attempt would have
    ended in between. Half open like every window: who began at the end of the pause gets nothing,
    nor whoever's time was over when it began.

    Args:
        started_at: of the attempt.
        deadline_at: of the attempt, as it stands.
        pause: from when to when.
        earlier: pauses for which it has got its time back already; a pause that is extended, or
            recorded twice, gives only what is new.
    """
    stood: list[Window] = []
    for from_at, until_at in _without(pause, earlier):
        begun = max(started_at, from_at)
        if from_at < deadline_at + length_of(stood) and begun < until_at:
            stood.append((begun, until_at))
    return stood


def length_of(windows: Iterable[Window]) -> timedelta:
    """How long some windows last together, none of which lies over another."""
    return sum((until_at - from_at for from_at, until_at in windows), timedelta(0))


def _without(window: Window, taken: Sequence[Window]) -> list[Window]:
    """The parts of a window that lie in none of the others, in their order."""
    parts, (at, end) = [], window
    for from_at, until_at in sorted(taken):
        if at < min(from_at, end):
            parts.append((at, min(from_at, end)))
        at = max(at, until_at)
    return [*parts, (at, end)] if at < end else parts


def working_ms(started_at: datetime, ended_at: datetime, pauses: Iterable[Window] = ()) -> int:
    """Milliseconds from start to end on the server's clock, which stands in pauses; rounded down.

    Args:
        started_at: of the attempt.
        ended_at: when it was handed in or closed, perhaps before a pause was over.
        pauses: what `paused_in` gave, none over another.
    """
    stood = length_of(
        (max(from_at, started_at), min(until_at, ended_at))
        for from_at, until_at in pauses
        if from_at < ended_at
    )
    return (ended_at - started_at - stood) // timedelta(milliseconds=1)


def kept_until(closes_at: datetime | None, grace_until: datetime) -> datetime:
    """Up to when a device may keep answers that were never received.

    Some days after the round and after the attempt itself: until then its person may still bring
    them as late evidence.

    Args:
        closes_at: of the round, None where it is not set.
        grace_until: of the attempt.
    """
    return max(closes_at or grace_until, grace_until) + KEPT_ON_DEVICE
