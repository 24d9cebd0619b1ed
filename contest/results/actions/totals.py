"""Weights of rounds, totals of a contest, and publishing them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import consents_of, unit_path
from contest.contests.models import Contest, RankRun, Registration, Round
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.vietnamese import initials
from contest.results.models import TotalPublication, TotalRun, TotalScore
from contest.results.queries.totals import (
    StandingLine,
    WeighedRound,
    first_standings,
    missed_counts,
    parts_of,
    total_heads,
    total_runs,
    weighed_rounds,
)
from contest.results.rules.participation import path_parts
from contest.results.rules.privacy import may_show_name
from contest.results.rules.refusals import (
    DecisionDateWrong,
    PublishedMeanwhile,
    RankingMoved,
    RoundsNotPublished,
    TotalsMoved,
    TotalsNotReady,
    WeightsWrong,
)
from contest.results.rules.snapshots import digest_of
from contest.results.rules.total_snapshots import TOTALS_SCHEMA
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


def _counting(contest: Contest) -> list[WeighedRound]:
    return [one for one in weighed_rounds(contest) if one.round.weight > 0]


def _ready_runs(contest: Contest) -> list[tuple[Round, RankRun]]:
    counting = _counting(contest)
    if not counting:
        raise WeightsWrong
    pairs = [(one.round, one.run) for one in counting if one.is_ready and one.run is not None]
    if len(pairs) < len(counting):
        raise TotalsNotReady
    return pairs


def _terms(pairs: Sequence[tuple[Round, RankRun]], missing: Missing) -> dict[str, Any]:
    return {
        "missing": missing.value,
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
    found = totals(parts_of(runs), [round.weight for round, _run in pairs], missing)
    terms = _terms(pairs, missing)
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
    counting = _counting(contest)
    now = [
        (one.round.number, str(one.round.weight), one.run.digest if one.run else "")
        for one in counting
    ]
    then = [(one["number"], one["weight"], one["digest"]) for one in run.terms["rounds"]]
    return [(n, Decimal(w), d) for n, w, d in now] == [(n, Decimal(w), d) for n, w, d in then]


def publish_totals(
    *,
    contest: Contest,
    shown: int,
    decision_number: str,
    decided_on: date | None,
    reason: str = "",
    expected_number: int | None = None,
    actor: Actor,
    now: datetime,
) -> TotalPublication:
    """Publish the first places of the latest totals, or correct what was published.

    Args:
        contest: whose totals.
        shown: places of each division that everybody reads.
        decision_number: of the decision document; may be empty.
        decided_on: its date.
        reason: why what was published is corrected.
        expected_number: the number that was looked at; of two organisers at once one wins.
        actor: who publishes.
        now: the instant of the request.

    Raises:
        TotalsNotReady, TotalsMoved, RoundsNotPublished, DecisionDateWrong, PublishedMeanwhile,
        ReasonMissing: each with its sentence.
    """
    runs = total_runs(contest.id)
    if not runs:
        raise TotalsNotReady
    if not is_current(contest, runs[0]):
        raise TotalsMoved
    if not all(one.is_published for one in _counting(contest)):
        raise RoundsNotPublished
    today = now.astimezone(LOCAL_ZONE).date()
    if decided_on is not None and decided_on > today:
        raise DecisionDateWrong
    heads = total_heads(contest.id)
    number = heads[0].number + 1 if heads else 1
    if expected_number is not None and expected_number != number:
        raise PublishedMeanwhile
    if heads and not reason.strip():
        raise ReasonMissing
    head = audit.head()
    snapshot = _snapshot(contest, runs[0], shown, today)
    whole = {
        **snapshot,
        "publication": {
            "number": number,
            "decision_number": decision_number.strip(),
            "decided_on": decided_on.isoformat() if decided_on else None,
            "reason": reason.strip(),
            "published_at": now.isoformat(),
            "audit_head": head,
            "corrects": heads[0].digest if heads else "",
        },
    }
    made = TotalPublication(
        contest_id=contest.id,
        number=number,
        total_run_id=runs[0].id,
        snapshot=whole,
        digest=digest_of(whole),
        audit_head=head,
        reason=reason.strip(),
        decision_number=decision_number.strip(),
        decided_on=decided_on,
        published_by_id=actor.person_id,
        published_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise PublishedMeanwhile from None
    audit.record(
        "results.totals_published",
        actor=actor,
        now=now,
        subject=("total_publication", made.id),
        scope_id=contest.scope_id,
        data={"number": number, "digest": made.digest, "reason": made.reason},
    )
    return made


def _snapshot(contest: Contest, run: TotalRun, shown: int, today: date) -> dict[str, Any]:
    lines = first_standings(run, shown)
    placed, missed = missed_counts(run)
    names = {division.id: division.name for division in contest.divisions}
    consenting = consents_of(
        {line.person_id for line in lines}, ConsentPurpose.PUBLISH_NAME, contest.scope_id
    )
    births = _births([line.registration_id for line in lines])
    return {
        "schema": TOTALS_SCHEMA,
        "contest": {
            "slug": contest.slug,
            "title": contest.title,
            "organiser": list(path_parts(unit_path(contest.unit).names)),
        },
        "run": {
            "number": run.number,
            "digest": run.digest,
            "terms": run.terms,
            "people": run.people,
            "placed": placed,
            "missed": missed,
        },
        "shown": shown,
        "lines": [
            _line(
                line,
                names.get(line.division_id or 0, ""),
                full=may_show_name(
                    has_consent=line.person_id in consenting,
                    birth=births[line.registration_id].birth_date,
                    precision=births[line.registration_id].birth_precision,
                    on=today,
                ),
            )
            for line in lines
        ],
    }


def _births(registration_ids: Sequence[int]) -> dict[int, Registration]:
    rows = db.session.query(Registration).filter(Registration.id.in_(registration_ids))
    return {row.id: row for row in rows}


def _line(line: StandingLine, division: str, *, full: bool) -> dict[str, Any]:
    return {
        "id": line.registration_public_id,
        "name": line.full_name if full else initials(line.full_name),
        "is_full_name": full,
        "path": list(path_parts(line.unit_path)),
        "division": division,
        "place": line.place,
        "total": str(line.points),
        "parts": [None if part is None else [str(value) for value in part] for part in line.parts],
    }
