"""What a ranking key of quizzes is: its words, how it is counted, and how its value reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from contest.contests.kinds import RankKeyKind
from contest.contests.models import ContestKind
from contest.core.errors import Words
from contest.quizzes.rules.counting import Finished

QUIZ = frozenset({ContestKind.QUIZ})


@dataclass(frozen=True, slots=True)
class FinishedColumns:
    """The columns of counting attempts, named as in `Finished`; the database's own integers."""

    division_id: ColumnElement[int]
    points: ColumnElement[int]
    correct: ColumnElement[int]
    submitted_at: ColumnElement[int]
    working_ms: ColumnElement[int]
    prediction: ColumnElement[int]
    attempts: ColumnElement[int]
    entry_public_id: ColumnElement[str]


@dataclass(frozen=True, slots=True)
class QuizKey:
    """A key of quizzes.

    Attributes:
        value: the integer of a counting attempt, smaller is better; the second argument is what
            the rank run froze (N, seed of the lots).
        column: the same in SQL; a million attempts are ranked inside the database.
        explain: a value in words for a person ("19 right answers").
        shown: a value alone, for a column under the label ("19").
    """

    code: str
    label: Words
    explanation: Words
    value: Callable[[Finished, Mapping[str, Any]], int]
    column: Callable[[FinishedColumns, Mapping[str, Any]], ColumnElement[int]]
    explain: Callable[[int], str]
    shown: Callable[[int], str]
    is_merit: bool = False
    is_default: bool = False

    @property
    def entry(self) -> RankKeyKind:
        """The line for the registry of contests."""
        return RankKeyKind(
            code=self.code,
            label=self.label,
            explanation=self.explanation,
            kinds=QUIZ,
            is_merit=self.is_merit,
            is_default=self.is_default,
        )
