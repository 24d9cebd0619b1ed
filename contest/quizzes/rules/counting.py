"""Which of a person's attempts counts, and what N is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

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
    `queries.counting_attempts` says the same in SQL.
    """
    known = list(attempts)
    if not known:
        return None
    if rule is CountingRule.FIRST:
        return min(known, key=lambda each: each.ordinal)
    if rule is CountingRule.LAST:
        return max(known, key=lambda each: each.ordinal)
    return min(known, key=lambda each: (-each.points, each.submitted_at, each.ordinal))


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
