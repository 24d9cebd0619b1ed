"""The registry of quiz ranking keys: a new key is one file here and one line below."""

from contest.quizzes.rank_keys import (
    attempts,
    correct,
    lot,
    points,
    prediction,
    submitted_at,
    working_time,
)
from contest.quizzes.rank_keys.base import QuizKey

KEYS: tuple[QuizKey, ...] = (
    correct.KEY,
    prediction.KEY,
    working_time.KEY,
    submitted_at.KEY,
    lot.KEY,
    points.KEY,
    attempts.KEY,
)
BY_CODE: dict[str, QuizKey] = {key.code: key for key in KEYS}
