"""A line of a ranking, of a round or of the totals, as organisers see it."""

from dataclasses import dataclass
from decimal import Decimal

from contest.contests.models import ScoreStatus


@dataclass(frozen=True, slots=True)
class RankingLine:
    """A row of the ranking as organisers see it.

    Of a sealed round `code`, `full_name` and `entry_public_id` are the blind code, and nothing
    else tells whose it is. Of an essay round that is open `full_name` holds all authors.
    """

    entry_id: int
    entry_public_id: str
    registration_public_id: str
    code: str
    full_name: str
    unit_path: str
    division_id: int | None
    place: int | None
    status: ScoreStatus
    points: Decimal
    keys: tuple[int, ...]
    title: str = ""
    blind_code: str = ""
    is_sealed: bool = False
