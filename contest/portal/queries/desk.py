"""An organiser's desk: their contests, and what each waits for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contest.contests.kinds import ReadinessItem, RoundCounts, kind_of
from contest.contests.models import Contest, Round, Stage
from contest.contests.queries import managed_contests, readiness
from contest.contests.rules import contest_stage, current_round, ranked_rounds, stage_at
from contest.core.access import Actor, Permission


class Task(StrEnum):
    """What a contest waits for, after which its round goes on."""

    RESUME = "resume"
    ANNOUNCE = "announce"
    READY = "ready"
    MARK = "mark"
    DECIDE = "decide"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class DeskContest:
    """A contest on a desk.

    Attributes:
        counts: persons and attempts of the round it is about; None before it opens.
        task: what it waits for, if anything.
        missing: how many things are missing before the next opening.
    """

    contest: Contest
    stage: Stage
    round: Round | None
    counts: RoundCounts | None
    task: Task | None
    missing: int


def desk_contests(actor: Actor, now: datetime) -> list[DeskContest]:
    """The contests a person may see from inside, with what each waits for."""
    return [_on_desk(each, actor, now) for each in managed_contests(actor, Permission.SEE_CONTEST)]


def _on_desk(contest: Contest, actor: Actor, now: datetime) -> DeskContest:
    shown = current_round(contest, now)
    stage = contest_stage(contest.rounds, now)
    may_manage = actor.may(Permission.MANAGE_CONTEST, contest.scope.path)
    missing = _missing(contest, now) if may_manage else 0
    counts = kind_of(shown).counts(shown) if shown and stage is not Stage.PLANNED else None
    task = _task(contest, stage, missing) if may_manage else None
    return DeskContest(contest, stage, shown, counts, task, missing)


def _missing(contest: Contest, now: datetime) -> int:
    upcoming = next_to_open(contest, now)
    return sum(not item.ok for item in readiness(upcoming, now)) if upcoming else 0


def _task(contest: Contest, stage: Stage, missing: int) -> Task | None:
    if contest.announced_at is None:
        return Task.RESUME
    by_stage = {Stage.CLOSED: Task.MARK, Stage.MARKING: Task.DECIDE, Stage.DECIDED: Task.PUBLISH}
    return by_stage.get(stage) or (Task.READY if missing else None)


def next_to_open(contest: Contest, now: datetime) -> Round | None:
    """The next round that has not opened."""
    planned = (
        each for each in ranked_rounds(contest.rounds) if stage_at(each, now) is Stage.PLANNED
    )
    return next(planned, None)


def next_tasks(
    contest: Contest, round: Round | None, now: datetime
) -> tuple[Round | None, list[ReadinessItem]]:
    """The round whose opening is prepared, and everything on its list.

    That is the round shown while it is planned, else the next one that is.
    """
    if round is not None and stage_at(round, now) is Stage.PLANNED:
        return round, readiness(round, now)
    upcoming = next_to_open(contest, now)
    return (upcoming, readiness(upcoming, now)) if upcoming else (None, [])
