"""How large a season is; the small one is what tests and comparisons of pages use."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SeasonSize:
    """How much of everything.

    Attributes:
        units: from which authors come, at most 60.
        authors: who write.
        essays: handed in; at least one by each author.
        subjects: people written about.
        honoured: of these, honoured beside the prizes.
        judges: of the essay round, Hoa and Tú among them.
        prizes: quotas from the special prize downwards.
        contestants: who only take part in the quizzes.
        attempts: in each of the three weeks; 20,000 in all.
        copies: essays that take passages from others.
    """

    units: int
    authors: int
    essays: int
    subjects: int
    honoured: int
    judges: int
    prizes: tuple[int, ...]
    contestants: int
    attempts: int
    copies: int


SEASON: Final = SeasonSize(
    units=60,
    authors=1_500,
    essays=1_812,
    subjects=1_190,
    honoured=14,
    judges=21,
    prizes=(1, 2, 4, 6, 8),
    contestants=2_500,
    attempts=6_670,
    copies=12,
)
SMALL: Final = SeasonSize(
    units=18,
    authors=20,
    essays=24,
    subjects=17,
    honoured=3,
    judges=5,
    prizes=(1, 1, 1, 1, 1),
    contestants=80,
    attempts=90,
    copies=2,
)
SIZES: Final = {"season": SEASON, "small-season": SMALL}
