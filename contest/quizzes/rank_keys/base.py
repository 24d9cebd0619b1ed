"""What a ranking key of quizzes is: its words, how it is counted, and how its value reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contest.contests.kinds import RankKeyKind
from contest.contests.models import ContestKind
from contest.core.errors import Words
from contest.quizzes.rules.counting import Finished

QUIZ = frozenset({ContestKind.QUIZ})


@dataclass(frozen=True, slots=True)
class QuizKey:
    """A key of quizzes.

    Attributes:
        value: the integer of a counting attempt, smaller is better; the second argument is what
            the rank run froze (N, seed of the lots).
        explain: a value in words for a person ("19 right answers").
        shown: a value alone, for a column under the label ("19").
    """

    code: str
    label: Words
    explanation: Words
    value: Callable[[Finished, Mapping[str, Any]], int]
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
