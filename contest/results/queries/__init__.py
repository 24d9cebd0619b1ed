"""Reading of the results room; other rooms import from here."""

from contest.results.queries.changes import PlaceChange, changed_places, disqualified_now
from contest.results.queries.places import Neighbour, OwnPlace, own_place
from contest.results.queries.prizes import (
    Budget,
    awards_of,
    budget,
    latest_allocation,
    levels_of_rounds,
    prize_levels,
    winners_elsewhere,
)
from contest.results.queries.publications import (
    PublicationHead,
    latest_publication,
    publication,
    publication_head,
    publication_heads,
    published_rounds,
)
from contest.results.queries.ranking import (
    RankingLine,
    StatusCounts,
    contenders,
    division_ids,
    latest_run,
    neighbours_above,
    rank_runs,
    ranking_lines,
    ranking_lines_of,
    ranking_page,
    run_by_number,
    status_counts,
)

__all__ = [
    "Budget",
    "Neighbour",
    "OwnPlace",
    "PlaceChange",
    "PublicationHead",
    "RankingLine",
    "StatusCounts",
    "awards_of",
    "budget",
    "changed_places",
    "contenders",
    "disqualified_now",
    "division_ids",
    "latest_allocation",
    "latest_publication",
    "latest_run",
    "levels_of_rounds",
    "neighbours_above",
    "own_place",
    "prize_levels",
    "publication",
    "publication_head",
    "publication_heads",
    "published_rounds",
    "rank_runs",
    "ranking_lines",
    "ranking_lines_of",
    "ranking_page",
    "run_by_number",
    "status_counts",
    "winners_elsewhere",
]
