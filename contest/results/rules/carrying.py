"""Prizes that nobody got in a round and that the next round, or the totals, gives. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contest.results.models import PrizeCode
from contest.results.rules.allocation import Outcome
from contest.results.rules.prize_terms import LevelTerms
from contest.results.rules.trace import TraceCode, TraceLine

ORDER = tuple(PrizeCode)
"""Levels from the highest."""
TO_TOTALS: Final = 0
"""Stands in a trace in place of a round's id where the totals of the contest give a prize."""


@dataclass(frozen=True, slots=True)
class Carried:
    """So many prizes of an earlier round that a round gives beside its own.

    Attributes:
        division_id: in which division; None where there is none.
        level_id: the level of the round that gives them now.
        count: how many.
        title: of the round in which nobody got them.
    """

    division_id: int | None
    level_id: int
    count: int
    title: str


def level_for(code: PrizeCode, levels: Sequence[tuple[int, PrizeCode]]) -> int | None:
    """The level that takes a carried prize: of the same code, else the next lower one there is.

    Where the round has no lower one either, it is the lowest; None without levels. The prize is
    worth what the level is worth in the round that gives it.

    Args:
        code: of the level in the earlier round.
        levels: ids and codes of the round, from the highest.
    """
    if not levels:
        return None
    fitting = (key for key, own in levels if ORDER.index(own) >= ORDER.index(code))
    return next(fitting, levels[-1][0])


def with_carried(
    terms: Iterable[LevelTerms], carried: Iterable[Carried], division_id: int | None
) -> list[LevelTerms]:
    """The levels of a division with the prizes that come from earlier rounds."""
    more: Counter[int] = Counter()
    for one in carried:
        if one.division_id == division_id:
            more[one.level_id] += one.count
    return [replace(level, quota=level.quota + more[level.id]) for level in terms]


def carried_lines(carried: Iterable[Carried], division_id: int | None) -> list[TraceLine]:
    """What came from earlier rounds, as the trace tells it before anything is given."""
    return [
        TraceLine(
            TraceCode.CARRIED_IN, division_id, one.level_id, count=one.count, reason=one.title
        )
        for one in carried
        if one.division_id == division_id
    ]


def carried_on(
    terms: Iterable[LevelTerms], outcome: Outcome, division_id: int | None, onto: tuple[int, str]
) -> list[TraceLine]:
    """What a division leaves to the next round: everything of its levels that nobody got.

    Args:
        terms: with what had been carried into it.
        outcome: of the division; while a tie waits for a person, nothing is left yet.
        division_id: which.
        onto: id (`TO_TOTALS` for the totals) and title of what gives it.
    """
    if outcome.stops:
        return []
    given = Counter(one.level_id for one in outcome.given)
    return [
        TraceLine(
            TraceCode.CARRIED_ON,
            division_id,
            level.id,
            count=level.quota - given[level.id],
            values=(onto[0],),
            reason=onto[1],
        )
        for level in terms
        if level.quota > given[level.id]
    ]


def carried_of(
    lines: Iterable[TraceLine],
    *,
    title: str,
    codes: Mapping[int, PrizeCode],
    levels: Sequence[tuple[int, PrizeCode]],
    rounds: Iterable[int],
) -> list[Carried]:
    """What a decision on an earlier round leaves to a round.

    Args:
        lines: the trace of that decision.
        title: of the earlier round.
        codes: of its levels, by id.
        levels: ids and codes of the round that gives them, from the highest.
        rounds: ids under which it is meant: its own, and those of annulled rounds before it;
            `TO_TOTALS` of the totals.
    """
    meant = set(rounds)
    found: list[Carried] = []
    for line in lines:
        if line.code is not TraceCode.CARRIED_ON or not meant & set(line.values):
            continue
        code = codes.get(line.level_id or 0)
        level_id = None if code is None else level_for(code, levels)
        if level_id is not None:
            found.append(Carried(line.division_id, level_id, line.count, title))
    return found
