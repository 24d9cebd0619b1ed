"""Weekly quiz rounds as they are planned: window, prizes, ranking keys, blueprint."""

from datetime import datetime, time, timedelta
from typing import Final

from contest.contests import actions as contests
from contest.contests.models import Contest, ContestKind, Round
from contest.core.clock import LOCAL_ZONE
from contest.demo.foundation import Foundation
from contest.quizzes import actions as quizzes
from contest.results import actions as results
from contest.results.models import PrizeCode, TiePolicy
from question_bank.drawing import Cell
from question_bank.models import Difficulty

WEEK: Final = timedelta(days=7)
_MONDAY: Final = 0
_THURSDAY: Final = 3
_GAP: Final = timedelta(hours=1)
"""Between the end of a week and the beginning of the next."""
WEEKLY_PRIZES: Final = (
    results.LevelValues(PrizeCode.FIRST, 1, 4_000_000, TiePolicy.STOP),
    results.LevelValues(PrizeCode.SECOND, 2, 2_000_000, TiePolicy.STOP),
    results.LevelValues(PrizeCode.THIRD, 5, 1_500_000, TiePolicy.STOP),
    results.LevelValues(PrizeCode.CONSOLATION, 8, 1_000_000, TiePolicy.EXPAND),
)
BLUEPRINT: Final = (
    Cell(None, Difficulty.EASY, 8),
    Cell(None, Difficulty.MEDIUM, 8),
    Cell(None, Difficulty.HARD, 4),
)


def last_opening(now: datetime) -> datetime:
    """10:00 of a Monday, two hours ago or more, whose week ends no sooner than in a day.

    From Sunday 9:00 to Monday noon no week from Monday to Monday is like that: then the Thursday
    before, so that whoever opens the demo on a Monday morning finds an open week too.
    """
    for day in (_MONDAY, _THURSDAY):
        opening = _last(day, now - timedelta(hours=2))
        if now <= opening + WEEK - _GAP - timedelta(days=1):
            return opening
    message = "one of two weeks that are three days apart is always open"
    raise AssertionError(message)


def _last(weekday: int, at: datetime) -> datetime:
    local = at.astimezone(LOCAL_ZONE)
    day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
    opening = datetime.combine(day, time(10), LOCAL_ZONE)
    return opening if opening <= local else opening - WEEK


def quiz_week(
    base: Foundation, contest: Contest, title: str, opens_at: datetime, *, now: datetime
) -> Round:
    """Seven days but an hour, seven attempts each, with prizes."""
    lan = base.actors["lan"]
    closes_at = opens_at + WEEK - _GAP
    week = contests.add_round(
        contest=contest,
        title=title,
        kind=ContestKind.QUIZ,
        opens_at=opens_at,
        closes_at=closes_at,
        rank_keys=("correct", "prediction", "working_time", "submitted_at", "lot"),
        actor=lan,
        now=now,
    )
    contests.set_due_dates(
        round=week,
        marked_by=closes_at + timedelta(hours=1),
        decided_by=closes_at + timedelta(days=3),
        published_by=closes_at + timedelta(days=4),
    )
    quiz_settings(base, week, attempts=7, prediction=True, now=now)
    results.set_prize_levels(over=week, levels=WEEKLY_PRIZES, actor=lan, now=now)
    return week


def quiz_settings(
    base: Foundation, week: Round, *, attempts: int | None, prediction: bool, now: datetime
) -> None:
    """Twenty questions of the sample bank in a quarter of an hour."""
    quizzes.save_settings(
        contest_round=week,
        settings=quizzes.QuizSettings(
            bank_id=base.bank.id,
            time_limit_seconds=900,
            attempts_allowed=attempts,
            prediction_asked=prediction,
        ),
        cells=BLUEPRINT,
        actor=base.actors["lan"],
        now=now,
    )
