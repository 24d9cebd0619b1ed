"""Changes of the results room: rank runs, prizes, publications."""

from contest.results.actions.prizes import (
    Decisions,
    LevelValues,
    copy_prize_levels,
    decide_prizes,
    outcome_digest,
    preview_prizes,
    set_prize_levels,
    set_prizes_of_contest,
)
from contest.results.actions.publications import Preview, preview_publication, publish
from contest.results.actions.rank_runs import make_rank_run, run_digest

__all__ = [
    "Decisions",
    "LevelValues",
    "Preview",
    "copy_prize_levels",
    "decide_prizes",
    "make_rank_run",
    "outcome_digest",
    "preview_prizes",
    "preview_publication",
    "publish",
    "run_digest",
    "set_prize_levels",
    "set_prizes_of_contest",
]
