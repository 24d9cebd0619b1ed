"""Counting: persons and attempts, the attempts that count, and what organisers watch live."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Select, distinct, func, select, type_coerce

from contest.contests.kinds import RoundCounts, UnitCount
from contest.contests.models import Entry, Registration
from contest.core.clock import micros
from contest.core.db import Points, db
from contest.quizzes.models import Attempt, CountingRule, LedgerLine, RoundPulse
from contest.quizzes.queries.ranking import counted_columns, counting_order
from contest.quizzes.rules.counting import Finished

_AT_ONCE = 2_000
_FRESH = timedelta(minutes=1)
_EPOCH = date(1970, 1, 1)
_DAY_MICROS = 86_400_000_000
_LOCAL_MICROS = micros(datetime(1970, 1, 1, 7, tzinfo=UTC))  # seven hours ahead, all the year


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """What an organiser sees while a round is open; never shown to contestants.

    `saves_last_minute` counts answers received in the sixty seconds before `now`.
    """

    open_attempts: int
    persons: int
    submitted: int
    saves_last_minute: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """Attempts begun on a local day, and how many persons began them."""

    day: date
    attempts: int
    persons: int


def round_counts(round_id: int) -> RoundCounts:
    """Persons and attempts of a round, finished ones only."""
    row = db.session.execute(
        select(func.count(distinct(Attempt.person_id)), func.count()).where(
            Attempt.round_id == round_id, Attempt.submitted_at.is_not(None)
        )
    ).one()
    return RoundCounts(persons=row[0], attempts=row[1])


def unit_counts(round_id: int) -> list[UnitCount]:
    """Persons and finished attempts of each unit, with the path as it was; most persons first."""
    persons = func.count(distinct(Attempt.person_id))
    rows = db.session.execute(
        select(Registration.unit_id, Registration.unit_path, persons, func.count())
        .select_from(Attempt)
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(Attempt.round_id == round_id, Attempt.submitted_at.is_not(None))
        .group_by(Registration.unit_id, Registration.unit_path)
        .order_by(persons.desc(), Registration.unit_path)
    )
    return [UnitCount(*row) for row in rows]


def attempt_counts(round_id: int) -> Select[Any]:
    """`entry_id` and the number of finished `attempts` of each entry."""
    columns: tuple[Any, ...] = (Attempt.entry_id, func.count().label("attempts"))
    return (
        select(*columns)
        .where(Attempt.round_id == round_id, Attempt.submitted_at.is_not(None))
        .group_by(Attempt.entry_id)
    )


def live_counts(round_id: int, now: datetime) -> LiveCounts:
    """People in the quiz now, persons, attempts handed in, and answers of the last minute.

    As the job counted them in this minute; only where none has, the attempts are counted.
    """
    pulse = db.session.scalars(
        select(RoundPulse)
        .where(RoundPulse.round_id == round_id, RoundPulse.at.between(now - _FRESH, now))
        .order_by(RoundPulse.at.desc())
        .limit(1)
    ).first()
    if pulse is not None:
        ended = pulse.started - pulse.open_attempts
        return LiveCounts(pulse.open_attempts, pulse.persons, ended, pulse.saves)
    row = db.session.execute(
        select(
            func.count(distinct(Attempt.person_id)),
            func.count(Attempt.submitted_at),
            func.count(),
        ).where(Attempt.round_id == round_id)
    ).one()
    saves = db.session.scalar(
        select(func.count())
        .select_from(LedgerLine)
        .join(Attempt, Attempt.id == LedgerLine.attempt_id)
        .where(
            LedgerLine.round_id == round_id,
            LedgerLine.received_at > now - timedelta(minutes=1),
            Attempt.deadline_at > now - timedelta(hours=1),
        )
    )
    persons, submitted, attempts = row
    return LiveCounts(attempts - submitted, persons, submitted, int(saves or 0))


def open_count(round_id: int) -> int:
    """How many attempts of a round nobody has ended."""
    return int(
        db.session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(Attempt.round_id == round_id, Attempt.submitted_at.is_(None))
        )
        or 0
    )


def attempt_count(round_id: int) -> int:
    """How many attempts of a round were begun."""
    begun = select(func.count()).select_from(Attempt).where(Attempt.round_id == round_id)
    return db.session.scalar(begun) or 0


def attempts_per_day(round_id: int) -> list[DayCount]:
    """Attempts and persons by the local day of the start, without gaps."""
    day = (type_coerce(Attempt.started_at, BigInteger) + _LOCAL_MICROS) // _DAY_MICROS
    rows = db.session.execute(
        select(day, func.count(), func.count(distinct(Attempt.person_id)))
        .where(Attempt.round_id == round_id)
        .group_by(day)
    )
    found = {_EPOCH + timedelta(days=number): (count, people) for number, count, people in rows}
    if not found:
        return []
    first, last = min(found), max(found)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [DayCount(each, *found.get(each, (0, 0))) for each in days]


def counting_attempts(round_id: int, rule: CountingRule) -> Iterator[Finished]:
    """The one attempt of each entry that counts, streamed; `rules.counting` says the same."""
    ranked = _finished(round_id, rule).subquery()
    rows = db.session.execute(
        select(ranked, Registration.division_id, Entry.public_id.label("entry_public_id"))
        .join(Entry, Entry.id == ranked.c.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.entry_id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in rows:
        yield Finished(
            entry_id=row.entry_id,
            division_id=row.division_id,
            ordinal=row.ordinal,
            points=row.points,
            max_points=row.max_points,
            correct=row.correct_count,
            questions=row.questions,
            submitted_at=row.submitted_at,
            working_ms=row.working_ms,
            prediction=row.prediction,
            attempts=row.attempts,
            entry_public_id=row.entry_public_id,
        )


def _finished(round_id: int, rule: CountingRule) -> Select[Any]:
    order, counted = counting_order(rule), counted_columns(rule)
    columns: tuple[Any, ...] = (
        Attempt.entry_id,
        Attempt.ordinal,
        type_coerce(counted.points, Points).label("points"),
        type_coerce(counted.max_points, Points).label("max_points"),
        counted.correct.label("correct_count"),
        counted.questions.label("questions"),
        Attempt.submitted_at,
        counted.working_ms.label("working_ms"),
        Attempt.prediction,
        func.row_number().over(partition_by=Attempt.entry_id, order_by=order).label("place"),
        func.count().over(partition_by=Attempt.entry_id).label("attempts"),
    )
    return select(*columns).where(Attempt.round_id == round_id, Attempt.submitted_at.is_not(None))
