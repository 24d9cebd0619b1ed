"""What ranks an entry, counted inside the database; `rules.counting` says the same in Python."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    type_coerce,
)

from contest.contests.models import Division, Entry, Registration, Round
from contest.core.db import db
from contest.core.sql import is_among
from contest.quizzes.models import Attempt, CountingRule, QuizRound
from contest.quizzes.rank_keys import BY_CODE
from contest.quizzes.rank_keys.base import FinishedColumns
from contest.quizzes.rules.counting import EVERYBODY


def counting_order(rule: CountingRule) -> tuple[ColumnElement[Any], ...]:
    """By what an entry's attempts are put in order; the first one counts."""
    if rule is CountingRule.FIRST:
        return (Attempt.ordinal.asc(),)
    if rule in {CountingRule.LAST, CountingRule.MEAN}:
        return (Attempt.ordinal.desc(),)
    return (Attempt.points.desc(), Attempt.submitted_at.asc(), Attempt.ordinal.asc())


@dataclass(frozen=True, slots=True)
class CountedColumns:
    """What an attempt counts with, as the database's own integers."""

    points: ColumnElement[int]
    max_points: ColumnElement[int]
    correct: ColumnElement[int]
    questions: ColumnElement[int]
    working_ms: ColumnElement[int]


def counted_columns(rule: CountingRule) -> CountedColumns:
    """The attempt's own values; where the mean counts, what `rules.counting.mean_of` says."""
    own = CountedColumns(
        points=type_coerce(Attempt.points, BigInteger),
        max_points=type_coerce(Attempt.max_points, BigInteger),
        correct=type_coerce(Attempt.correct_count, Integer),
        questions=Attempt.question_count - Attempt.dropped_count,
        working_ms=type_coerce(Attempt.working_ms, Integer),
    )
    if rule is not CountingRule.MEAN:
        return own
    wrong = _of_all(func.sum(own.questions - own.correct))
    correct = _mean(own.correct)
    return CountedColumns(
        points=_mean(own.points),
        max_points=_mean(own.max_points),
        correct=correct,
        questions=case((wrong == 0, correct), else_=_mean(own.questions) + 1),
        working_ms=_mean(own.working_ms),
    )


def _of_all(aggregate: Any) -> ColumnElement[int]:
    return cast(aggregate.over(partition_by=Attempt.entry_id), BigInteger)


def _mean(column: ColumnElement[int]) -> ColumnElement[int]:
    """Cut towards nought, as both databases divide whole numbers."""
    return _of_all(func.sum(column)) // _of_all(func.count())


def count_all_right(
    quiz: QuizRound, disqualified: Collection[int], *, per_division: bool
) -> dict[str, int]:
    """N as `rules.counting.count_all_right` counts it, in one SELECT."""
    counting = _counting(quiz, with_division=per_division, with_entry=False).subquery()
    is_right = (counting.c.questions > 0) & (counting.c.correct == counting.c.questions)
    right = func.coalesce(func.sum(case((is_right, 1), else_=0)), 0)
    if per_division:
        statement = select(counting.c.division_id, right).group_by(counting.c.division_id)
    else:  # grouped by nothing, a million rows would be sorted
        statement = select(null(), right)
    if disqualified:
        statement = statement.where(~is_among(counting.c.entry_id, disqualified))
    by_division = {str(division): int(n) for division, n in db.session.execute(statement)}
    found = {EVERYBODY: sum(by_division.values())}
    return {**found, **by_division} if per_division else found


def counting_scores(quiz: QuizRound, codes: Sequence[str], facts: Mapping[str, Any]) -> Select[Any]:
    """The counting attempt of each entry: entry, division, points and most points, keys.

    The columns are named as in `round_score`; points are ten-thousandths.
    """
    has_divisions = db.session.scalar(
        select(exists().where(Division.contest_id == Round.contest_id, Round.id == quiz.round_id))
    )
    counting = _counting(quiz, with_division=bool(has_divisions), with_entry=True).subquery()
    columns = FinishedColumns(
        division_id=counting.c.division_id,
        points=counting.c.points,
        correct=counting.c.correct,
        submitted_at=counting.c.submitted_at,
        working_ms=counting.c.working_ms,
        prediction=counting.c.prediction,
        attempts=counting.c.attempts,
        entry_public_id=counting.c.entry_public_id,
    )
    scores = select(
        counting.c.entry_id,
        counting.c.division_id,
        counting.c.points,
        counting.c.max_points,
        *(
            BY_CODE[code].column(columns, facts).label(f"key_{position}")
            for position, code in enumerate(codes, 1)
        ),
    )
    by_entry = db.engine.dialect.name == "sqlite"
    return scores.order_by(counting.c.entry_id) if by_entry else scores


def _by_entry(round_id: int) -> tuple[ColumnElement[bool], ...]:
    """The attempts of a round, as SQLite shall walk through them.

    By the index of entries, which stand in the table in nearly the same order. Left to itself it
    takes the index of instants and jumps about in the table: eight times the time of a scan.
    """
    return Attempt.round_id == round_id, Attempt.entry_id > 0


def _has_second_attempts(round_id: int) -> bool:
    """Whether anybody began a second attempt: where nobody did, none has to be chosen.

    Looking is a walk through the index of entries; choosing among single attempts would be a
    third of the time that a ranking takes.
    """
    second = exists().where(*_by_entry(round_id), Attempt.ordinal > 1)
    return bool(db.session.scalar(select(second)))


def _counting(quiz: QuizRound, *, with_division: bool, with_entry: bool) -> Select[Any]:
    """The attempt of each entry that counts, with the database's own integers.

    Each table that is not joined is a third of the time; without divisions they are NULL.
    """
    # What is finished is marked in the same unit.
    finished = (*_by_entry(quiz.round_id), Attempt.points.is_not(None))
    attempts: ColumnElement[int] = literal(1, Integer)
    place: ColumnElement[int] = literal(1, Integer)
    several = quiz.attempts_allowed != 1 and _has_second_attempts(quiz.round_id)
    if several:
        attempts = func.count().over(partition_by=Attempt.entry_id)
        place = func.row_number().over(
            partition_by=Attempt.entry_id, order_by=counting_order(quiz.counting)
        )
    counted = counted_columns(quiz.counting if several else CountingRule.LAST)
    known = (
        select(
            Attempt.entry_id,
            counted.points.label("points"),
            counted.max_points.label("max_points"),
            counted.correct.label("correct"),
            counted.questions.label("questions"),
            type_coerce(Attempt.submitted_at, BigInteger).label("submitted_at"),
            counted.working_ms.label("working_ms"),
            Attempt.prediction,
            attempts.label("attempts"),
            place.label("place"),
        )
        .where(*finished)
        .subquery()
    )
    division = Registration.division_id if with_division else cast(null(), Integer)
    counting = select(
        *(column for column in known.c if column.name != "place"),
        division.label("division_id"),
        (Entry.public_id if with_entry else literal("")).label("entry_public_id"),
    ).select_from(known)
    if with_division or with_entry:
        counting = counting.join(Entry, Entry.id == known.c.entry_id)
    if with_division:
        counting = counting.join(Registration, Registration.id == Entry.registration_id)
    return counting.where(known.c.place == 1)
