"""What a disqualification or another mark would do to places, N and prizes; nothing is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from contest.contests.kinds import SupposesResults, kind_of
from contest.contests.models import Disqualification, Entry, RankRun, Round
from contest.contests.queries import disqualified
from contest.core.access import Actor
from contest.core.db import db
from contest.results.actions.prizes_given import prizes_by_rules, prizes_in_force
from contest.results.actions.rank_runs import make_rank_run
from contest.results.actions.resolutions import resolve_again
from contest.results.queries.appeals import score_in, works_of_entries
from contest.results.queries.changes import PlaceChange, changed_places
from contest.results.queries.kept_answers import answers_in_force
from contest.results.queries.prizes import prize_levels
from contest.results.queries.ranking import ranking_lines_of
from contest.results.queries.ranking_lines import RankingLine
from contest.results.queries.runs import latest_run
from contest.results.queries.seal import is_sealed
from contest.results.rules.refusals import (
    NobodyChosen,
    NotRankedYet,
    RemarkOutOfScale,
    SameResults,
    WhatIfSealed,
)
from contest.results.rules.what_if import ExtraMove, PrizeMove, prize_moves


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
        lines: of the entries in `prizes` and `extras`, as the ranking shows them now.
        extras: unit prizes and side prizes that others would get.
        units: paths of the units in `extras`, by id.
        level_money: what each one of a level gets, in đồng, by the level's id.
    """

    places: Sequence[PlaceChange]
    total: int
    n: tuple[int | None, int | None]
    prizes: list[PrizeMove]
    money: tuple[int, int]
    stops: int
    lines: dict[int, RankingLine]
    extras: list[ExtraMove]
    units: dict[int, tuple[str, ...]]
    level_money: dict[int, int]


def supposed_results(
    *,
    round: Round,
    out: Collection[Entry] = (),
    marks: Mapping[int, Decimal] | None = None,
    actor: Actor,
    now: datetime,
) -> WhatIf:
    """The round as it would be ranked and awarded without some entries, or with other marks.

    It is really ranked, in a part of the transaction that is undone, so that the answer is that
    of the ranking itself. Prizes of the decision in force stand against what would be given then,
    by the same answers to the same ties, with the same prizes left empty and the same people
    chosen by hand.

    Args:
        round: whose latest ranking is compared.
        out: entries that would be disqualified.
        marks: other marks of essays, or other results of a quiz in what its kind asks for, by
            entry.
        actor: who asks; nothing of it is written.
        now: the present instant.

    Raises:
        NotRankedYet: there is nothing to compare with.
        WhatIfSealed: the codes are closed; who disappears would tell whose code it was.
        NobodyChosen: no entry that is not out already, and no other mark.
        SameResults: the marks or results are those that are there.
        RemarkOutOfScale: a mark below zero or above the most points.
        RefusedResult: a result of a quiz that nobody could have.
    """
    old = latest_run(round.id)
    if old is None:
        raise NotRankedYet
    if is_sealed(round):
        raise WhatIfSealed
    already = disqualified(round)
    chosen = [entry for entry in out if entry.id not in already]
    kind = kind_of(round)
    of_quiz = dict(marks or {}) if isinstance(kind, SupposesResults) else {}
    others = [] if of_quiz else _other_marks(round, old, marks or {})
    if not (chosen or others or of_quiz):
        raise SameResults if marks else NobodyChosen
    answers = answers_in_force(round)
    without = answers_in_force(round, {entry.id for entry in chosen})
    before = prizes_in_force(round, old, answers)
    aside = db.session.begin_nested()
    try:
        for entry in chosen:
            db.session.add(_supposed_disqualification(round, entry, actor, now))
        for one in others:
            resolve_again(round=round, actor=actor, now=now, appeal="", **one)
        db.session.flush()
        if isinstance(kind, SupposesResults) and of_quiz:
            key = kind.supposed_key(tuple(old.keys))
            if not (key and kind.suppose(round, key, of_quiz)) and not chosen:
                raise SameResults
        new = make_rank_run(round=round, reason="?", actor=actor, now=now)
        moved = changed_places(old, new)
        n = _n(old.facts), _n(new.facts)
        after = prizes_by_rules(round, new, without)
    finally:
        aside.rollback()
        db.session.expire_all()
    moves, beside = prize_moves(before.levels, after.levels), before.extras_moved(after)
    people = {held for one in beside if not one.is_for_units for held in (*one.before, *one.after)}
    return WhatIf(
        moved.items,
        moved.total,
        n,
        moves,
        (before.money, after.money),
        after.stops,
        ranking_lines_of(old, [*(move.entry_id for move in moves), *people]),
        beside,
        before.units | after.units,
        {level.id: level.money for level in prize_levels(round)},
    )


def _supposed_disqualification(
    round: Round, entry: Entry, actor: Actor, now: datetime
) -> Disqualification:
    return Disqualification(
        entry_id=entry.id,
        round_id=round.id,
        reason="?",
        evidence=[],
        decided_by_id=actor.person_id,
        decided_at=now,
    )


def _other_marks(round: Round, run: RankRun, marks: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    """Works of the round whose mark would be another one."""
    found = []
    works = works_of_entries(round.id, marks)
    for entry_id, points in marks.items():
        score = score_in(run.id, entry_id)
        if score is None or entry_id not in works:
            continue
        official, most = score
        if not 0 <= points <= most:
            raise RemarkOutOfScale
        if points != official:
            work_id = works[entry_id]
            found.append(
                {"work_id": work_id, "points": points, "official": official, "totals": [points]}
            )
    return found


def _n(facts: dict[str, object]) -> int | None:
    counted = facts.get("n")
    found = counted.get("all") if isinstance(counted, dict) else None
    return found if isinstance(found, int) else None
