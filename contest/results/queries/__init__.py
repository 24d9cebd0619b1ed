"""Reading of the results room; other rooms import from here."""

from contest.results.queries.changes import PlaceChange, changed_places, disqualified_now
from contest.results.queries.contenders import contenders
from contest.results.queries.criteria import CriterionMean, criterion_means, own_title
from contest.results.queries.essays import (
    EssayPage,
    essay_page,
    essay_picture,
    readable_works,
)
from contest.results.queries.honours import (
    People,
    WrittenAbout,
    honour_in,
    honours,
    people_written_about,
    work_of_code,
)
from contest.results.queries.places import Neighbour, OwnPlace, own_place
from contest.results.queries.prizes import (
    Budget,
    awards_of,
    budget,
    latest_allocation,
    levels_of_rounds,
    prize_levels,
    prize_terms,
    winners_elsewhere,
)
from contest.results.queries.publications import (
    PublicationHead,
    latest_publication,
    n_by_division,
    publication,
    publication_head,
    publication_heads,
    published_rounds,
)
from contest.results.queries.ranking import (
    neighbours_above,
    ranking_lines,
    ranking_lines_of,
    ranking_page,
)
from contest.results.queries.ranking_lines import RankingLine
from contest.results.queries.runs import (
    StatusCounts,
    division_ids,
    divisions_of,
    latest_ranking,
    latest_run,
    rank_run_by_id,
    rank_runs,
    run_by_number,
    status_counts,
)
from contest.results.queries.seal import is_sealed, unsealed_by, unsealing_of
from contest.results.queries.total_publications import (
    TotalHead,
    public_total_heads,
    published_totals,
    total_heads,
)
from contest.results.queries.totals import (
    StandingLine,
    WeighedRound,
    better_totals,
    missed_counts,
    standings_page,
    total_runs,
    weighed_rounds,
)
from contest.results.queries.unit_standings import (
    UnitTable,
    contest_table,
    round_table,
    unit_terms,
)

__all__ = [
    "Budget",
    "CriterionMean",
    "EssayPage",
    "Neighbour",
    "OwnPlace",
    "People",
    "PlaceChange",
    "PublicationHead",
    "RankingLine",
    "StandingLine",
    "StatusCounts",
    "TotalHead",
    "UnitTable",
    "WeighedRound",
    "WrittenAbout",
    "awards_of",
    "better_totals",
    "budget",
    "changed_places",
    "contenders",
    "contest_table",
    "criterion_means",
    "disqualified_now",
    "division_ids",
    "divisions_of",
    "essay_page",
    "essay_picture",
    "honour_in",
    "honours",
    "is_sealed",
    "latest_allocation",
    "latest_publication",
    "latest_ranking",
    "latest_run",
    "levels_of_rounds",
    "missed_counts",
    "n_by_division",
    "neighbours_above",
    "own_place",
    "own_title",
    "people_written_about",
    "prize_levels",
    "prize_terms",
    "public_total_heads",
    "publication",
    "publication_head",
    "publication_heads",
    "published_rounds",
    "published_totals",
    "rank_run_by_id",
    "rank_runs",
    "ranking_lines",
    "ranking_lines_of",
    "ranking_page",
    "readable_works",
    "round_table",
    "run_by_number",
    "standings_page",
    "status_counts",
    "total_heads",
    "total_runs",
    "unit_terms",
    "unsealed_by",
    "unsealing_of",
    "weighed_rounds",
    "winners_elsewhere",
    "work_of_code",
]
