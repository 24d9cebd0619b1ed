"""An organiser's desk: their contests, and what each waits for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import distinct, func, select

from contest.contests.kinds import ReadinessItem, RoundCounts, kind_of
from contest.contests.models import Contest, ContestKind, Round, Stage
from contest.contests.queries import is_ready, managed_contests, readiness
from contest.contests.rules import (
    contest_stage,
    current_round,
    ranked_rounds,
    room_readiness,
    stage_at,
)
from contest.core.access import Actor, Permission
from contest.core.db import db
from contest.judging.queries.rounds import rounds_being_marked
from contest.quizzes.models import Attempt


class Task(StrEnum):
    """What a contest waits for, after which its round goes on."""

    RESUME = "resume"
    ANNOUNCE = "announce"
    READY = "ready"
    MARK = "mark"
    SCREEN = "screen"
    JUDGE = "judge"
    DECIDE = "decide"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class DeskContest:
    """A contest on a desk.

    Attributes:
        counts: persons and attempts of the round it is about; None before it opens.
        task: what it waits for, if anything.
        upcoming: the next round to open, if any.
    """

    contest: Contest
    stage: Stage
    round: Round | None
    counts: RoundCounts | None
    task: Task | None
    upcoming: Round | None


def desk_contests(actor: Actor, now: datetime) -> list[DeskContest]:
    """The contests a person may see from inside, with what each waits for.

    Only for the round that opens next is the kind asked what is missing, so that a full desk
    costs no more statements than an empty one.
    """
    contests = managed_contests(actor, Permission.SEE_CONTEST)
    upcoming = {each.id: next_to_open(each, now) for each in contests}
    nearest = min(
        (round for round in upcoming.values() if round and round.opens_at),
        key=lambda round: round.opens_at or now,
        default=None,
    )
    shown = {each.id: current_round(each, now) for each in contests}
    counts = _counts([round for round in shown.values() if round])
    judged = [each for each in shown.values() if each and _is_with_judges(each, now)]
    still = frozenset(rounds_being_marked() if judged else ())
    desk = []
    for each in contests:
        round, ahead = shown[each.id], upcoming[each.id]
        stage = contest_stage(each.rounds, now)
        is_unready = ahead is not None and _is_unready(ahead, now, in_full=ahead is nearest)
        may_manage = actor.may(Permission.MANAGE_CONTEST, each.scope.path)
        task = _task(each, round, stage, still, is_unready=is_unready)
        desk.append(
            DeskContest(
                contest=each,
                stage=stage,
                round=round,
                counts=counts.get(round.id) if round and stage is not Stage.PLANNED else None,
                task=task if may_manage else None,
                upcoming=ahead,
            )
        )
    return desk


def _counts(rounds: list[Round]) -> dict[int, RoundCounts]:
    """Persons and attempts of many rounds, those of quizzes in one statement."""
    quizzes = [round.id for round in rounds if round.kind is ContestKind.QUIZ]
    rows = db.session.execute(
        select(Attempt.round_id, func.count(distinct(Attempt.person_id)), func.count())
        .where(Attempt.round_id.in_(quizzes), Attempt.submitted_at.is_not(None))
        .group_by(Attempt.round_id)
    )
    found = dict.fromkeys(quizzes, RoundCounts(0, 0))
    found |= {round_id: RoundCounts(persons, attempts) for round_id, persons, attempts in rows}
    others = (round for round in rounds if round.kind is not ContestKind.QUIZ)
    return found | {round.id: kind_of(round).counts(round) for round in others}


def _is_unready(round: Round, now: datetime, *, in_full: bool) -> bool:
    items = readiness(round, now) if in_full else room_readiness(round, now)
    return not is_ready(items)


def _is_with_judges(round: Round, now: datetime) -> bool:
    return round.kind is ContestKind.ESSAY and stage_at(round, now) is Stage.MARKING


def _task(
    contest: Contest, round: Round | None, stage: Stage, still: frozenset[int], *, is_unready: bool
) -> Task | None:
    if contest.announced_at is None:
        return Task.RESUME
    return _step(round, stage, still) or (Task.READY if is_unready else None)


def _step(round: Round | None, stage: Stage, still: frozenset[int]) -> Task | None:
    """What moves a round on that is over; `still` are the rounds whose marking is open."""
    if round is not None and round.kind is ContestKind.ESSAY:
        if stage is Stage.CLOSED:
            return Task.SCREEN
        if stage is Stage.MARKING and round.id in still:
            return Task.JUDGE
    by_stage = {Stage.CLOSED: Task.MARK, Stage.MARKING: Task.DECIDE, Stage.DECIDED: Task.PUBLISH}
    return by_stage.get(stage)


def next_step(round: Round, now: datetime) -> Task | None:
    """What moves a round on whose time is over; None before that and once it is published."""
    stage = stage_at(round, now)
    still = frozenset(rounds_being_marked() if _is_with_judges(round, now) else ())
    return _step(round, stage, still)


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
