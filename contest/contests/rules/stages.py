"""The life cycle: where a round and its contest stand, and which steps are allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from contest.contests.models import Contest, Round, Stage
from contest.contests.rules.refusals import MoveNotAllowed
from contest.core.clock import LOCAL_ZONE

STAGE_ORDER: Final[tuple[Stage, ...]] = tuple(Stage)

ALLOWED_MOVES: Final[dict[Stage, frozenset[Stage]]] = {
    Stage.PLANNED: frozenset({Stage.OPEN}),
    Stage.OPEN: frozenset({Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.MARKING}),
    Stage.MARKING: frozenset({Stage.DECIDED}),
    # A new rank run takes a decision back until it is published; afterwards a correction is a
    # new publication and the stage stays.
    Stage.DECIDED: frozenset({Stage.MARKING, Stage.PUBLISHED}),
    Stage.PUBLISHED: frozenset(),
}


class Phase(StrEnum):
    """Where an instant lies in a round's window.

    `WAITING`: the hour has come but the round was not opened (its list is not clean).
    """

    UNSET = "unset"
    BEFORE = "before"
    WAITING = "waiting"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class RoundWindow:
    """A round's window seen from an instant.

    The window is half open: `opens_at` belongs to it, `closes_at` does not.

    Attributes:
        phase: where the instant lies.
        until: the instant at which the phase changes next, if that is known.
        seconds: whole seconds to `until`, rounded up; 0 when there is none.
    """

    phase: Phase
    opens_at: datetime | None
    closes_at: datetime | None
    until: datetime | None
    seconds: int


def round_window(round: Round, now: datetime) -> RoundWindow:
    """The phase of a round's window at `now`, from its times and its stage."""
    return window_at(round.stage, round.opens_at, round.closes_at, now)


def window_at(
    stage: Stage, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> RoundWindow:
    """`round_window` where the round's columns are at hand and not the round."""
    phase, until = _phase(stage, opens_at, closes_at, now)
    seconds = 0 if until is None else max(0, -((now - until) // timedelta(seconds=1)))
    return RoundWindow(phase, opens_at, closes_at, until, seconds)


def _phase(
    stage: Stage, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> tuple[Phase, datetime | None]:
    if stage not in (Stage.PLANNED, Stage.OPEN):
        return Phase.OVER, None
    if opens_at is None or closes_at is None:
        return Phase.UNSET, None
    if now >= closes_at:
        return Phase.OVER, None
    if stage is Stage.OPEN:
        return Phase.OPEN, closes_at
    if now < opens_at:
        return Phase.BEFORE, opens_at
    return Phase.WAITING, closes_at


def stage_at(round: Round, now: datetime) -> Stage:
    """The stage a round is really in.

    An open round whose close has passed is closed, even while the job that writes it down has
    not come by yet.
    """
    if round.stage is Stage.OPEN and round_window(round, now).phase is Phase.OVER:
        return Stage.CLOSED
    return round.stage


def ranked_rounds(rounds: Sequence[Round]) -> list[Round]:
    """The rounds that count: all but practice, by number."""
    return sorted((each for each in rounds if not each.is_practice), key=lambda each: each.number)


def leading_round(rounds: Sequence[Round], now: datetime) -> Round | None:
    """The round a contest is about now.

    In this order: one that is open; the first between close and publication; the next that is
    planned; the last that was published. Practice rounds never lead, annulled ones only where
    there is no other.
    """
    ranked = ranked_rounds(rounds)
    counted = [each for each in ranked if each.annulled_at is None] or ranked
    at_work = (Stage.CLOSED, Stage.MARKING, Stage.DECIDED)
    for wanted in ((Stage.OPEN,), at_work, (Stage.PLANNED,)):
        for each in counted:
            if stage_at(each, now) in wanted:
                return each
    return counted[-1] if counted else None


def current_round(contest: Contest, now: datetime) -> Round | None:
    """The round the contest is about now; None while it has none."""
    return leading_round(contest.rounds, now)


def contest_stage(rounds: Sequence[Round], now: datetime) -> Stage:
    """The stage of a contest: that of the round it is about; planned while it has none."""
    leading = leading_round(rounds, now)
    return Stage.PLANNED if leading is None else stage_at(leading, now)


def check_move(stage: Stage, to: Stage) -> None:
    """Refuse a step that the life cycle does not know.

    Raises:
        MoveNotAllowed: from this stage there is no way to that one.
    """
    if to not in ALLOWED_MOVES[stage]:
        raise MoveNotAllowed


def is_over(contest: Contest, now: datetime) -> bool:
    """Whether every ranked round has closed, so that nobody can join any more."""
    counted = ranked_rounds(contest.rounds)
    return bool(counted) and all(round_window(each, now).phase is Phase.OVER for each in counted)


def has_begun(contest: Contest) -> bool:
    """Whether a ranked round has ever opened: ages, divisions and dates then stay."""
    return any(each.stage is not Stage.PLANNED for each in ranked_rounds(contest.rounds))


def closes_at_midnight(instant: datetime) -> bool:
    """Whether an instant is local midnight, which rules write as "24 giờ" of the day before."""
    local = instant.astimezone(LOCAL_ZONE)
    return local.hour == 0 and local.minute == 0 and local.second == 0
