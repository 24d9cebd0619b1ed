"""Which prizes a round gives, and under which limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete

from contest.contests.copying import values_of
from contest.contests.models import Contest, Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.results.actions.extra_prizes import copy_extra_prizes
from contest.results.models import (
    PLACES_SHOWN,
    Over,
    PrizeCode,
    PrizeLevel,
    PrizeTerms,
    TiePolicy,
    UnitTerms,
    contest_of,
    number_of,
    over_ids,
)
from contest.results.queries.prizes import latest_allocation, prize_levels, prize_terms
from contest.results.rules.refusals import PrizeLevelsWrong, PrizesFixed

_OVER: Final = ("round_id", "contest_id")


@dataclass(frozen=True, slots=True)
class LevelValues:
    """A prize level as it is typed; an empty name stands for the usual name of the code."""

    code: PrizeCode
    quota: int
    money: int
    policy: TiePolicy
    name: str = ""


def set_prize_levels(
    *, over: Over, levels: Sequence[LevelValues], actor: Actor | None, now: datetime
) -> list[PrizeLevel]:
    """Say which prizes a round or the totals give, from the highest; what was there is replaced.

    Raises:
        PrizesFixed: the prizes have been decided already.
        PrizeLevelsWrong: a quota below one or money below zero.
    """
    if latest_allocation(over) is not None:
        raise PrizesFixed
    if any(level.quota < 1 or level.money < 0 for level in levels):
        raise PrizeLevelsWrong
    db.session.execute(delete(PrizeLevel).where(PrizeLevel.of(over)))
    rows = [
        PrizeLevel(
            **over_ids(over),
            position=position,
            code=level.code,
            name=level.name.strip(),
            quota=level.quota,
            money=level.money,
            tie_policy=level.policy,
        )
        for position, level in enumerate(levels, 1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    _record(
        "results.prizes_set",
        over,
        {"levels": [_told(level) for level in rows]},
        actor=actor,
        now=now,
    )
    return rows


def set_prize_terms(
    *,
    over: Over,
    per_author: int | None,
    per_unit: int | None,
    shows_criteria: bool = False,
    places_shown: int = PLACES_SHOWN,
    actor: Actor | None,
    now: datetime,
) -> PrizeTerms:
    """Say how many prizes an author or a unit may get, and what is read of marks and places.

    Args:
        over: a round, or a contest for its totals.
        per_author: most prizes of an author; None = no limit.
        per_unit: most prizes of a unit; None = no limit.
        shows_criteria: of a round of essays, see `PrizeTerms`.
        places_shown: of totals, how many places everybody reads.
        actor: who says so.
        now: the instant of the request.

    Raises:
        PrizesFixed: the limits would change after the prizes have been decided.
        PrizeLevelsWrong: a limit below one.
    """
    terms = prize_terms(over)
    before = (None, None) if terms is None else (terms.per_author, terms.per_unit)
    if (per_author, per_unit) != before and latest_allocation(over) is not None:
        raise PrizesFixed
    if any(limit is not None and limit < 1 for limit in (per_author, per_unit, places_shown)):
        raise PrizeLevelsWrong
    if terms is None:
        terms = PrizeTerms(**over_ids(over))
        db.session.add(terms)
    terms.per_author, terms.per_unit = per_author, per_unit
    terms.shows_criteria, terms.places_shown = shows_criteria, places_shown
    db.session.flush()
    told = {
        "per_author": per_author,
        "per_unit": per_unit,
        "shows_criteria": shows_criteria,
        "places_shown": places_shown,
    }
    _record("results.prize_terms_set", over, told, actor=actor, now=now)
    return terms


def _record(
    name: str, over: Over, told: dict[str, Any], *, actor: Actor | None, now: datetime
) -> None:
    audit.record(
        name,
        actor=actor,
        now=now,
        subject=("round" if isinstance(over, Round) else "contest", over.id),
        scope_id=contest_of(over).scope_id,
        data={"round": number_of(over), **told},
    )


def _told(level: PrizeLevel) -> list[object]:
    return [level.code.value, level.quota, level.money, level.tie_policy.value]


def set_prizes_of_contest(
    *, contest: Contest, levels: Sequence[LevelValues], actor: Actor | None, now: datetime
) -> int:
    """The same prizes in every ranked round that is not decided yet; returns how many rounds."""
    rounds = [
        round
        for round in contest.rounds
        if not round.is_practice and latest_allocation(round) is None
    ]
    for round in rounds:
        set_prize_levels(over=round, levels=levels, actor=actor, now=now)
    return len(rounds)


def copy_prize_levels(*, source: Round, target: Round, actor: Actor | None, now: datetime) -> None:
    """Give a copied round the prizes of the one it was copied from."""
    del actor, now  # the copy of the contest records itself
    _copy(source, target)
    db.session.flush()


def copy_contest_terms(
    *, source: Contest, target: Contest, actor: Actor | None, now: datetime
) -> None:
    """Give a copied contest the prizes over the totals, and the order of its units."""
    del actor, now
    _copy(source, target)
    terms = db.session.get(UnitTerms, source.id)
    if terms is not None:
        # The day of the head-counts is one of the old contest; empty means the day of the close.
        values = values_of(terms, without=("contest_id", "counted_on"))
        db.session.add(UnitTerms(contest_id=target.id, **values))
    db.session.flush()


def _copy(source: Over, target: Over) -> None:
    """Terms, levels and the prizes beside them, where there are none yet."""
    copy_extra_prizes(source=source, target=target)
    terms = prize_terms(source)
    if terms is not None and prize_terms(target) is None:
        db.session.add(PrizeTerms(**values_of(terms, without=_OVER), **over_ids(target)))
    if not prize_levels(target):
        db.session.add_all(
            PrizeLevel(**values_of(level, without=_OVER), **over_ids(target))
            for level in prize_levels(source)
        )
