"""Deciding who gets which prize."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from contest.contests.actions import set_stage
from contest.contests.models import ContestKind, RankRun, Round, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.results.actions.unit_standings import keep_unit_sums
from contest.results.models import (
    Allocation,
    PrizeAward,
)
from contest.results.queries.carrying import carried_into, carries_onto
from contest.results.queries.contenders import contenders
from contest.results.queries.honours import honours
from contest.results.queries.prizes import (
    latest_allocation,
    prize_levels,
    prize_terms,
    winners_elsewhere,
)
from contest.results.queries.runs import division_ids, latest_run
from contest.results.queries.seal import is_sealed
from contest.results.rules.allocation import Given, Outcome, allocate
from contest.results.rules.carrying import (
    Carried,
    carried_lines,
    carried_on,
    with_carried,
)
from contest.results.rules.prize_terms import Caps, LevelTerms, TieDecision, Withheld
from contest.results.rules.refusals import (
    DecisionMoved,
    EmptyReasonMissing,
    NotRankedYet,
    PrizesMissing,
    RankingMoved,
    TieReasonMissing,
    TieUndecided,
)
from contest.results.rules.trace import TraceCode

Decisions = Mapping[tuple[int | None, int], TieDecision]
"""What persons decided about ties, by (division id, level id)."""
EmptyPrizes = Mapping[tuple[int | None, int], Withheld]
"""Prizes that persons decided to leave empty, by (division id, level id)."""
Chosen = TypeVar("Chosen", TieDecision, Withheld)


def caps_of(round: Round, run: RankRun) -> Caps:
    """The limits of a round's prizes, with the recorded seed of a ranking for lots."""
    terms = prize_terms(round.id)
    seed = str(run.facts.get("seed") or run.digest)
    if terms is None:
        return Caps(seed=seed)
    return Caps(terms.per_author, terms.per_unit, seed)


def preview_prizes(
    round: Round,
    run: RankRun,
    decisions: Decisions | None = None,
    empty: EmptyPrizes | None = None,
    divisions: Sequence[int | None] | None = None,
) -> Outcome:
    """Who would get what over a ranking; changes nothing.

    Args:
        round: whose levels and rules count.
        run: the ranking.
        decisions: what persons decided about ties, by (division id, level id).
        empty: prizes that persons decided to leave empty, by (division id, level id).
        divisions: of the ranking, where they are known already.
    """
    caps = caps_of(round, run)
    terms = [
        LevelTerms(level.id, level.quota, level.money, level.tie_policy)
        for level in prize_levels(round.id)
    ]
    once = round.contest.one_prize_per_person
    won_before = winners_elsewhere(round) if once else frozenset()
    outcome = Outcome()
    if not terms:
        return outcome
    carried, onto = carried_into(round), carries_onto(round)
    known = division_ids(run.id) if divisions is None else divisions
    for division_id in _every_division(round, known, carried, onto):
        whole = with_carried(terms, carried, division_id)
        outcome.trace += carried_lines(carried, division_id)
        found = allocate(
            whole,
            contenders(run, division_id, with_units=caps.per_unit is not None),
            division_id=division_id,
            won_before=won_before,
            one_per_person=once,
            caps=caps,
            decisions=_of_division(decisions, division_id),
            withheld=_of_division(empty, division_id),
        )
        if onto is not None:
            found.trace += carried_on(whole, found, division_id, (onto.id, onto.title))
        outcome.add(found)
    return outcome


def _every_division(
    round: Round, known: Sequence[int | None], carried: Sequence[Carried], onto: Round | None
) -> list[int | None]:
    """Divisions of the ranking; where prizes are carried, also those in which nobody took part."""
    if onto is None and not carried:
        return list(known)
    others: list[int | None] = [each.id for each in round.contest.divisions]
    others += [one.division_id for one in carried]
    return list(dict.fromkeys([*known, *others]))


def _of_division(
    chosen: Mapping[tuple[int | None, int], Chosen] | None, division_id: int | None
) -> dict[int, Chosen]:
    return {
        level_id: one
        for (of_division, level_id), one in (chosen or {}).items()
        if of_division == division_id
    }


def honours_as_json(round: Round) -> list[dict[str, Any]]:
    """The honoured persons as a decision keeps them: who, in which order, and why.

    Names and consents are read when the list is published.
    """
    if round.kind is not ContestKind.ESSAY:
        return []
    return [{"id": one.public_id, "citation": one.citation} for one in honours(round.id)]


def outcome_digest(
    run: RankRun, outcome: Outcome, honoured: Sequence[Mapping[str, Any]] = ()
) -> str:
    """SHA-256 over the ranking, the awards, the trace and the honoured persons, if any."""
    said = {"honours": [dict(one) for one in honoured]} if honoured else {}
    return audit.sha256_hex(
        audit.canonical_json(
            {
                "run": run.digest,
                "awards": [
                    [one.entry_id, one.level_id, one.division_id, one.place, one.money]
                    for one in outcome.given
                ],
                "trace": [line.as_json() for line in outcome.trace],
                **said,
            }
        )
    )


def decide_prizes(
    *,
    round: Round,
    run: RankRun | None = None,
    decisions: Decisions | None = None,
    empty: EmptyPrizes | None = None,
    expected: str = "",
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Allocation:
    """Decide the prizes of a round over its latest ranking.

    A decision that is taken again (a new ranking, a tie seen otherwise) is a new allocation and
    needs a reason; the earlier one stays.

    Args:
        round: what is decided.
        run: the ranking that was looked at; the latest when left out.
        decisions: what persons decided about ties.
        empty: prizes that persons decided to leave empty.
        expected: digest of the outcome that was looked at; empty = do not compare.
        reason: why it is decided again.
        actor: who decides.
        now: the instant of the request.

    Raises:
        NotRankedYet, RankingMoved, PrizesMissing, TieUndecided, TieReasonMissing,
        EmptyReasonMissing, DecisionMoved, ReasonMissing: each with its sentence.
    """
    latest = _latest_run(round, run)
    _check_reasons(decisions, empty)
    previous = latest_allocation(round.id)
    if previous is not None and not reason.strip():
        raise ReasonMissing
    honoured = honours_as_json(round)
    outcome = _decided(round, latest, decisions, empty)
    digest = outcome_digest(latest, outcome, honoured)
    if expected and digest != expected:
        raise DecisionMoved
    allocation = Allocation(
        round_id=round.id,
        rank_run_id=latest.id,
        number=previous.number + 1 if previous else 1,
        trace=[line.as_json() for line in outcome.trace],
        honours=honoured,
        digest=digest,
        reason=reason.strip(),
        decided_by_id=actor.person_id,
        decided_at=now,
    )
    _claim(allocation)
    _write_awards(allocation, outcome.given)
    keep_unit_sums(run=latest)
    if round.stage is Stage.MARKING:
        set_stage(round=round, to=Stage.DECIDED, actor=actor, now=now)
    _record(round, latest, allocation, outcome, actor=actor, now=now)
    return allocation


def _latest_run(round: Round, looked_at: RankRun | None) -> RankRun:
    """The ranking in force; it must be the one that was looked at."""
    latest = latest_run(round.id)
    if latest is None:
        raise NotRankedYet
    if looked_at is not None and looked_at.id != latest.id:
        raise RankingMoved
    return latest


def _check_reasons(decisions: Decisions | None, empty: EmptyPrizes | None) -> None:
    if any(not one.reason.strip() for one in (decisions or {}).values()):
        raise TieReasonMissing
    if any(not one.reason.strip() for one in (empty or {}).values()):
        raise EmptyReasonMissing


def _record(
    round: Round,
    run: RankRun,
    allocation: Allocation,
    outcome: Outcome,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    audit.record(
        "results.prizes_decided",
        actor=actor,
        now=now,
        subject=("allocation", allocation.id),
        scope_id=round.contest.scope_id,
        data={
            "round": round.number,
            "run": run.number,
            "number": allocation.number,
            "prizes": len(outcome.given),
            "money": outcome.money,
            "honours": len(allocation.honours),
            "names_seen": not is_sealed(round),
            "digest": allocation.digest,
            "reason": allocation.reason,
        },
    )


def _decided(
    round: Round, run: RankRun, decisions: Decisions | None, empty: EmptyPrizes | None
) -> Outcome:
    if not prize_levels(round.id):
        raise PrizesMissing
    outcome = preview_prizes(round, run, decisions, empty)
    if outcome.stops:
        raise TieUndecided
    return outcome


def _claim(allocation: Allocation) -> None:
    """Insert the allocation; the unique number lets one of two simultaneous ones through."""
    try:
        with db.session.begin_nested():
            db.session.add(allocation)
    except IntegrityError:
        raise DecisionMoved from None


def _write_awards(allocation: Allocation, given: Sequence[Given]) -> None:
    if not given:
        return
    reasons = {
        entry_id: line["reason"]
        for line in allocation.trace
        if line["code"] == TraceCode.CHOSEN.value
        for entry_id in line["entries"]
    }
    db.session.execute(
        insert(PrizeAward),
        [
            {
                "allocation_id": allocation.id,
                "entry_id": one.entry_id,
                "level_id": one.level_id,
                "division_id": one.division_id,
                "place": one.place,
                "money": one.money,
                "reason": reasons.get(one.entry_id, ""),
            }
            for one in given
        ],
    )
