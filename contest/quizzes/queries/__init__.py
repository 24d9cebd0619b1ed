"""Every SELECT of the quizzes room; other rooms import from here."""

from contest.quizzes.queries.attempts import (
    Sitting,
    attempts_of,
    entry_of,
    finished_answers,
    own_attempt,
    own_sitting,
    progress,
    reported_slots,
    sitting_by_receipt,
)
from contest.quizzes.queries.counts import (
    DayCount,
    LiveCounts,
    attempts_per_day,
    counting_attempts,
    live_counts,
    open_count,
    round_counts,
    unit_counts,
)
from contest.quizzes.queries.offers import StartOffer, start_offer
from contest.quizzes.queries.rounds import (
    blueprint_of,
    frozen_pool,
    live_pool,
    quiz_of,
    quiz_settings,
    quizzes_of,
)

__all__ = [
    "DayCount",
    "LiveCounts",
    "Sitting",
    "StartOffer",
    "attempts_of",
    "attempts_per_day",
    "blueprint_of",
    "counting_attempts",
    "entry_of",
    "finished_answers",
    "frozen_pool",
    "live_counts",
    "live_pool",
    "open_count",
    "own_attempt",
    "own_sitting",
    "progress",
    "quiz_of",
    "quiz_settings",
    "quizzes_of",
    "reported_slots",
    "round_counts",
    "sitting_by_receipt",
    "start_offer",
    "unit_counts",
]
