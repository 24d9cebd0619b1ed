"""What an allocation of prizes goes by: levels, contenders, caps, and what persons decided."""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass

from contest.results.models import TiePolicy


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """A level of prizes: so many of it, so much each (in đồng), and what to do with a tie."""

    id: int
    quota: int
    money: int
    policy: TiePolicy


@dataclass(frozen=True, slots=True)
class Contender:
    """An entry with its place.

    Attributes:
        entry_id: what is ranked.
        person_id: who would take the prize.
        place: competition rank within the division, 1 2 2 4.
        keys: what it was ranked by, smaller is better.
        may_win: False for organisers, judges and others who take no prize.
        authors: of an essay: keys of everybody who wrote it; empty = the person alone.
        unit: for the cap of units; None counts for no unit.
    """

    entry_id: int
    person_id: int
    place: int
    keys: tuple[int, ...] = ()
    may_win: bool = True
    authors: frozenset[str] = frozenset()
    unit: Hashable = None

    @property
    def people(self) -> frozenset[str]:
        """Keys of the person and everybody who wrote with them."""
        return self.authors | {str(self.person_id)}


@dataclass(frozen=True, slots=True)
class Caps:
    """At most so many prizes of a division for one author, and for all authors of one unit.

    Where only some of several equals fit under a cap, lots drawn from `seed` decide: the number
    of an entry is the head of SHA-256(seed / entry id), the smaller one goes first.
    """

    per_author: int | None = None
    per_unit: int | None = None
    seed: str = ""

    def lot(self, entry_id: int) -> int:
        """The number that an entry draws."""
        return int.from_bytes(hashlib.sha256(f"{self.seed}/{entry_id}".encode()).digest()[:8])


@dataclass(frozen=True, slots=True)
class Withheld:
    """So many prizes of a level stay empty because people decided it."""

    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie at the line of a level: who stands in it, and how many prizes are left for them."""

    entries: frozenset[int]
    left: int


@dataclass(frozen=True, slots=True)
class TieDecision:
    """What a person decided about a tie at the line of a level: who of the tied gets it.

    Nobody chosen means that all of them go on to the next level. `about` is the tie that was
    decided, where the answer is taken from an earlier decision.
    """

    chosen: frozenset[int]
    reason: str
    about: Tie | None = None

    def settles(self, tie: Tie) -> bool:
        """Whether it answers a tie; one that was decided over another ranking, only the same."""
        return self.chosen <= tie.entries if self.about is None else self.about == tie
