"""What a disqualification would do to places, N and prizes; nothing of it is written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.contests.models import Disqualification, Entry, Round
from contest.contests.queries import disqualified
from contest.core.access import Actor
from contest.core.db import db
from contest.results.actions.prizes import preview_prizes
from contest.results.actions.rank_runs import make_rank_run
from contest.results.queries.changes import PlaceChange, changed_places
from contest.results.queries.prizes import awards_of, latest_allocation
from contest.results.queries.ranking import ranking_lines_of
from contest.results.queries.ranking_lines import RankingLine
from contest.results.queries.runs import latest_run
from contest.results.queries.seal import is_sealed
from contest.results.rules.refusals import NobodyChosen, NotRankedYet, WhatIfSealed
from contest.results.rules.what_if import PrizeMove, prize_moves


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Two rankings side by side, the second only supposed.

    Attributes:
        places: entries whose place or status would be another, the best first.
        total: how many these are; `places` holds the first page of them.
        n: how many answered everything rightly, before and after; None where nobody counts it.
        prizes: entries that would gain, lose or change a prize.
        money: what the prizes cost before and after, in đồng.
        stops: ties that somebody would have to decide then.
        lines: of the entries in `prizes`, as the ranking shows them now.
    """

    places: Sequence[PlaceChange]
    total: int
    n: tuple[int | None, int | None]
    prizes: list[PrizeMove]
    money: tuple[int, int]
    stops: int
    lines: dict[int, RankingLine]


def without_entries(
    *, round: Round, entries: Collection[Entry], actor: Actor, now: datetime
) -> WhatIf:
    """The round as it would be ranked and awarded without some entries.

    It is really ranked, in a part of the transaction that is undone, so that the answer is that
    of the ranking itself. Prizes of the decision in force stand against what would be given then.

    Raises:
        NotRankedYet: there is nothing to compare with.
        WhatIfSealed: the codes are closed; who disappears would tell whose code it was.
        NobodyChosen: no entry that is not out already.
    """
    old = latest_run(round.id)
    if old is None:
        raise NotRankedYet
    if is_sealed(round):
        raise WhatIfSealed
    out = disqualified(round)
    chosen = [entry for entry in entries if entry.id not in out]
    if not chosen:
        raise NobodyChosen
    before, paid = _given(round)
    aside = db.session.begin_nested()
    try:
        for entry in chosen:
            db.session.add(
                Disqualification(
                    entry_id=entry.id,
                    round_id=round.id,
                    reason="?",
                    evidence=[],
                    decided_by_id=actor.person_id,
                    decided_at=now,
                )
            )
        db.session.flush()
        new = make_rank_run(round=round, reason="?", actor=actor, now=now)
        moved = changed_places(old, new)
        outcome = preview_prizes(round, new)
        n = _n(old.facts), _n(new.facts)
    finally:
        aside.rollback()
        db.session.expire_all()
    after = {one.entry_id: one.level_id for one in outcome.given}
    moves = prize_moves(before, after)
    return WhatIf(
        moved.items,
        moved.total,
        n,
        moves,
        (paid, outcome.money),
        len(outcome.stops),
        ranking_lines_of(old, [move.entry_id for move in moves]),
    )


def _given(round: Round) -> tuple[dict[int, int], int]:
    """Levels by entry and the money of the decision in force; of the ranking, where none is."""
    run, allocation = latest_run(round.id), latest_allocation(round)
    if allocation is not None and run is not None and allocation.rank_run_id == run.id:
        awards = awards_of(allocation.id)
        return {one.entry_id: one.level_id for one in awards}, sum(one.money for one in awards)
    if run is None:
        return {}, 0
    outcome = preview_prizes(round, run)
    return {one.entry_id: one.level_id for one in outcome.given}, outcome.money


def _n(facts: dict[str, object]) -> int | None:
    counted = facts.get("n")
    found = counted.get("all") if isinstance(counted, dict) else None
    return found if isinstance(found, int) else None
