"""Changes of the results room: rank runs, prizes, honours, unsealing, publications, totals."""

from contest.results.actions.extra_prizes import (
    ExtraValues,
    GivenExtras,
    preview_extras,
    set_extra_prizes,
)
from contest.results.actions.files import (
    DOSSIER_JOB,
    FULL_DOSSIER_JOB,
    MOST_AT_ONCE,
    RANKING_JOB,
    ask_for_dossier,
    ask_for_ranking_file,
    note_dossier_taken,
)
from contest.results.actions.honours import (
    edit_honour,
    honour_subject,
    move_honour,
    remove_honour,
)
from contest.results.actions.prize_levels import (
    LevelValues,
    copy_contest_terms,
    copy_prize_levels,
    set_prize_levels,
    set_prize_terms,
    set_prizes_of_contest,
)
from contest.results.actions.prizes import (
    Decisions,
    EmptyPrizes,
    decide_prizes,
    honours_as_json,
    outcome_digest,
    preview_prizes,
)
from contest.results.actions.publications import Preview, preview_publication, publish
from contest.results.actions.rank_runs import make_rank_run, ranked_select, run_digest
from contest.results.actions.totals import (
    is_current,
    make_totals,
    set_weights,
)
from contest.results.actions.unit_standings import keep_unit_sums, set_unit_terms
from contest.results.actions.unsealing import (
    Consequences,
    ask_unsealing,
    consequences,
    unseal,
)

__all__ = [
    "DOSSIER_JOB",
    "FULL_DOSSIER_JOB",
    "MOST_AT_ONCE",
    "RANKING_JOB",
    "Consequences",
    "Decisions",
    "EmptyPrizes",
    "ExtraValues",
    "GivenExtras",
    "LevelValues",
    "Preview",
    "ask_for_dossier",
    "ask_for_ranking_file",
    "ask_unsealing",
    "consequences",
    "copy_contest_terms",
    "copy_prize_levels",
    "decide_prizes",
    "edit_honour",
    "honour_subject",
    "honours_as_json",
    "is_current",
    "keep_unit_sums",
    "make_rank_run",
    "make_totals",
    "move_honour",
    "note_dossier_taken",
    "outcome_digest",
    "preview_extras",
    "preview_prizes",
    "preview_publication",
    "publish",
    "ranked_select",
    "remove_honour",
    "run_digest",
    "set_extra_prizes",
    "set_prize_levels",
    "set_prize_terms",
    "set_prizes_of_contest",
    "set_unit_terms",
    "set_weights",
    "unseal",
]
