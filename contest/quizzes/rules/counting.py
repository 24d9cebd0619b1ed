"""Which of a person's attempts counts, and what N is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from contest.core.db import from_point_units, to_point_units
from contest.quizzes.models import CountingRule

EVERYBODY: Final = "all"


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished attempt, as far as counting and ranking look at it."""

    entry_id: int
    division_id: int | None
    ordinal: int
    points: Decimal
    max_points: Decimal
    correct: int
    questions: int
    submitted_at: datetime
    working_ms: int
    prediction: int | None = None
    attempts: int = 1
    entry_public_id: str = ""

    @property
    def is_all_right(self) -> bool:
        """Whether every question was answered rightly."""
        return self.questions > 0 and self.correct == self.questions


def counting_attempt(attempts: Iterable[Finished], rule: CountingRule) -> Finished | None:
    """The attempt that counts among one entry's finished ones.

    `best`: most points, then the earliest submitted. `first` and `last` go by order of start.
    `mean`: none alone; see `mean_of`.
    `queries.counting_attempts` says the same in SQL.
    """
    known = list(attempts)
    if not known:
        return None
    if rule is CountingRule.FIRST:
        return min(known, key=lambda each: each.ordinal)
    if rule is CountingRule.LAST:
        return max(known, key=lambda each: each.ordinal)
    if rule is CountingRule.MEAN:
        return mean_of(known)
    return min(known, key=lambda each: (-each.points, each.submitted_at, each.ordinal))


def mean_of(attempts: Sequence[Finished]) -> Finished:
    """All finished attempts of one entry as the one that ranks it.

    Points, most points, right answers and working time are means; points are cut after the fourth
    decimal, right answers to whole ones, the time to whole milliseconds. Prediction, time of
    submission and ordinal are the last attempt's. It is all right when every attempt is: only then
    are there as many questions as right answers.
    """
    last = max(attempts, key=lambda each: each.ordinal)
    correct = _mean(attempts, lambda each: each.correct)
    is_right = all(each.correct == each.questions for each in attempts)
    questions = _mean(attempts, lambda each: each.questions) + 1
    return replace(
        last,
        points=from_point_units(_mean(attempts, lambda each: to_point_units(each.points))),
        max_points=from_point_units(_mean(attempts, lambda each: to_point_units(each.max_points))),
        correct=correct,
        questions=correct if is_right else questions,
        working_ms=_mean(attempts, lambda each: each.working_ms),
    )


def _mean(attempts: Sequence[Finished], value: Callable[[Finished], int]) -> int:
    """A mean cut towards nought, as both databases divide whole numbers."""
    total = sum(map(value, attempts))
    mean = abs(total) // len(attempts)
    return mean if total >= 0 else -mean


def count_all_right(
    counting: Iterable[Finished], disqualified: set[int], *, per_division: bool
) -> dict[str, int]:
    """N: persons whose counting attempt is all right, after disqualification.

    Args:
        counting: one finished attempt for each entry, so that entries are persons.
        disqualified: ids of entries that do not count.
        per_division: whether the rules compare with the division's own N.

    Returns:
        By division id as text, and under "all" for everybody; only "all" when not per division.
    """
    found: dict[str, int] = {EVERYBODY: 0}
    for each in counting:
        if each.entry_id in disqualified:
            continue
        division = str(each.division_id)
        if per_division:
            found.setdefault(division, 0)
        if each.is_all_right:
            found[EVERYBODY] += 1
            if per_division:
                found[division] += 1
    return found


def n_for(facts: Mapping[str, Any], division_id: int | None) -> int:
    """The N with which a prediction of this division is compared."""
    counted: dict[str, int] = facts.get("n", {})
    return counted.get(str(division_id), counted.get(EVERYBODY, 0))
