"""Weights of rounds, and totals of a contest."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from contest.contests.models import Contest, RankRun, Round
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.results.models import TotalRun, TotalScore
from contest.results.queries.totals import (
    WeighedRound,
    parts_of,
    total_runs,
    weighed_rounds,
)
from contest.results.rules.refusals import (
    RankingMoved,
    TotalsNotReady,
    WeightsWrong,
)
from contest.results.rules.totals import Missing, Total, rounded, totals

_BATCH: Final = 2_000


def set_weights(
    *, contest: Contest, weights: Mapping[int, Decimal], actor: Actor, now: datetime
) -> None:
    """Say how much each ranked round counts in the total; 0 = not at all.

    Args:
        contest: whose rounds.
        weights: by number of the round.
        actor: who says so.
        now: the instant of the request.

    Raises:
        WeightsWrong: a weight is below zero, or all are zero.
    """
    rounds = [one.round for one in weighed_rounds(contest)]
    after = {one.number: weights.get(one.number, one.weight) for one in rounds}
    if any(weight < 0 for weight in after.values()) or not any(after.values()):
        raise WeightsWrong
    for one in rounds:
        one.weight = after[one.number]
    db.session.flush()
    audit.record(
        "results.weights_set",
        actor=actor,
        now=now,
        subject=("contest", contest.id),
        scope_id=contest.scope_id,
        data={"weights": [[number, str(weight)] for number, weight in sorted(after.items())]},
    )


def counting_rounds(contest: Contest) -> list[WeighedRound]:
    """The rounds of a contest that have a weight."""
    return [one for one in weighed_rounds(contest) if one.round.weight > 0]


def _ready_runs(contest: Contest) -> list[tuple[Round, RankRun]]:
    counting = counting_rounds(contest)
    if not counting:
        raise WeightsWrong
    pairs = [(one.round, one.run) for one in counting if one.is_ready and one.run is not None]
    if len(pairs) < len(counting):
        raise TotalsNotReady
    return pairs


def _terms(
    pairs: Sequence[tuple[Round, RankRun]], missing: Missing, best: int | None
) -> dict[str, Any]:
    counted = {} if best is None else {"best": best}
    return {
        "missing": missing.value,
        **counted,
        "rounds": [
            {
                "number": round.number,
                "title": round.title,
                "kind": round.kind.value,
                "weight": str(round.weight),
                "run": run.number,
                "digest": run.digest,
            }
            for round, run in pairs
        ],
    }


def make_totals(
    *, contest: Contest, missing: Missing, reason: str = "", actor: Actor, now: datetime
) -> TotalRun:
    """Add up the decided rounds of a contest by their weights, and give places.

    A later run stands beside the earlier ones and needs a reason.

    Raises:
        WeightsWrong: no round has a weight.
        TotalsNotReady: a round that counts is not decided, or its codes are closed.
        ReasonMissing: totals were made before and no reason is given.
        RankingMoved: somebody else makes totals at this moment.
    """
    pairs = _ready_runs(contest)
    earlier = total_runs(contest.id)
    if earlier and not reason.strip():
        raise ReasonMissing
    runs = [run for _round, run in pairs]
    best = contest.best_rounds
    found = totals(parts_of(runs), [round.weight for round, _run in pairs], missing, best)
    terms = _terms(pairs, missing, best)
    made = TotalRun(
        contest_id=contest.id,
        number=earlier[0].number + 1 if earlier else 1,
        terms=terms,
        people=len(found),
        reason=reason.strip(),
        digest=_digest(terms, found),
        made_by_id=actor.person_id,
        made_at=now,
    )
    _claim(made)
    _write(made, found, [round.weight for round, _run in pairs])
    audit.record(
        "results.totals_made",
        actor=actor,
        now=now,
        subject=("total_run", made.id),
        scope_id=contest.scope_id,
        data={
            "number": made.number,
            "people": made.people,
            "digest": made.digest,
            "reason": made.reason,
        },
    )
    return made


def _digest(terms: Mapping[str, Any], found: Sequence[Total]) -> str:
    """SHA-256 over the terms and a line for each person: id, division, exact total, place."""
    digest = hashlib.sha256(audit.canonical_json(terms))
    for one in sorted(found, key=lambda each: each.registration_id):
        line = f"{one.registration_id},{one.division_id or ''},{one.exact},{one.place or ''}\n"
        digest.update(line.encode())
    return digest.hexdigest()


def _claim(made: TotalRun) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise RankingMoved from None


def _write(made: TotalRun, found: Sequence[Total], weights: Sequence[Decimal]) -> None:
    rows = (
        {
            "total_run_id": made.id,
            "registration_id": one.registration_id,
            "division_id": one.division_id,
            "points": rounded(one.exact),
            "taken": one.taken,
            "place": one.place,
            "parts": [
                None
                if part is None
                else [str(part.points), str(part.most), str(rounded(part.weighted(weight)))]
                for part, weight in zip(one.parts, weights, strict=True)
            ],
        }
        for one in found
    )
    while batch := list(islice(rows, _BATCH)):
        db.session.execute(insert(TotalScore), batch)


def is_current(contest: Contest, run: TotalRun) -> bool:
    """Whether rankings and weights are still those of the totals."""
    counting = counting_rounds(contest)
    now = [
        (one.round.number, str(one.round.weight), one.run.digest if one.run else "")
        for one in counting
    ]
    then = [(one["number"], one["weight"], one["digest"]) for one in run.terms["rounds"]]
    return [(n, Decimal(w), d) for n, w, d in now] == [(n, Decimal(w), d) for n, w, d in then]
