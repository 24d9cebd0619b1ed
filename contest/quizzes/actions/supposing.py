"""Other results of attempts, tried in a transaction that the caller undoes."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select

from contest.contests.models import Round
from contest.contests.rules import RefusedResult
from contest.core.db import db
from contest.quizzes.models import Attempt, CountingRule, QuizRound
from contest.quizzes.queries import quiz_of
from contest.quizzes.queries.ranking import counting_order


def suppose_results(
    *, contest_round: Round, results: Mapping[int, Decimal], is_points: bool
) -> list[int]:
    """Let entries have other results than they have; writes only what the caller takes back.

    The attempt that counts is changed, where the mean counts every one of them. Of right answers
    that are more or fewer each takes its even share of the paper's points with it.

    Args:
        contest_round: a quiz that has closed.
        results: points or numbers of right answers by entry.
        is_points: which of the two they are.

    Returns:
        Entries whose result would be another than it is.

    Raises:
        RefusedResult: below zero, above what the paper gives, or a part of a right answer.
    """
    quiz = quiz_of(contest_round.id)
    if quiz is None:
        return []
    changed = {
        entry_id: [
            _change(attempt, result, is_points=is_points) for attempt in _counting(quiz, entry_id)
        ]
        for entry_id, result in results.items()
    }
    db.session.flush()
    return [entry_id for entry_id, moved in changed.items() if any(moved)]


def _counting(quiz: QuizRound, entry_id: int) -> list[Attempt]:
    """The finished attempts of an entry that its result rests on."""
    finished = select(Attempt).where(
        Attempt.round_id == quiz.round_id,
        Attempt.entry_id == entry_id,
        Attempt.points.is_not(None),
    )
    found = list(db.session.scalars(finished.order_by(*counting_order(quiz.counting))))
    return found if quiz.counting is CountingRule.MEAN else found[:1]


def _change(attempt: Attempt, result: Decimal, *, is_points: bool) -> bool:
    points, most = attempt.points or Decimal(0), attempt.max_points or Decimal(0)
    if is_points:
        if not 0 <= result <= most:
            raise RefusedResult
        attempt.points = result
        return result != points
    questions = attempt.question_count - attempt.dropped_count
    if not 0 <= result <= questions or result != int(result):
        raise RefusedResult
    more = int(result) - (attempt.correct_count or 0)
    if more:
        moved = points + most * more / questions
        attempt.points = min(max(moved, Decimal(0)), most).quantize(Decimal("0.0001"))
        attempt.correct_count = int(result)
    return bool(more)
