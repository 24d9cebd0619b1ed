"""How a round is held, as rules and pages read it: settings, blueprint and ranking keys."""

from dataclasses import dataclass
from datetime import datetime

from contest.quizzes.models import BoardShown, CountingRule, LateStart, ResultShown
from contest.quizzes.rules.blueprints import question_count
from contest.quizzes.rules.sections import Section
from contest.quizzes.rules.set_questions import SetQuestion, essay_count
from question_bank.drawing import Blueprint


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a quiz round. From the opening on they never change, so a worker keeps them.

    `seed` is secret until the round has closed.
    """

    round_id: int
    time_limit_seconds: int
    attempts_allowed: int | None
    attempts_per_day: int | None
    attempt_delay_seconds: int
    counting: CountingRule
    late_start: LateStart
    grace_seconds: int
    shuffle_questions: bool
    shuffle_options: bool
    result_shown: ResultShown
    prediction_asked: bool
    pool_digest: str | None
    seed: str | None
    frozen_at: datetime | None
    same_paper: bool = False
    focus_recorded: bool = False
    prediction_per_division: bool = False
    one_way: bool = False
    most_open: int | None = None
    board_shown: BoardShown = BoardShown.NOTHING
    set_questions: tuple[SetQuestion, ...] = ()
    sections: tuple[Section, ...] = ()
    blueprint: Blueprint = ()
    rank_keys: tuple[str, ...] = ()

    @property
    def question_count(self) -> int:
        """How many questions a paper has, drawn ones and essay questions."""
        return question_count(self.blueprint) + essay_count(self.set_questions)
