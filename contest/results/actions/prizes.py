"""Prize levels, and deciding who gets what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from contest.contests.actions import set_stage
from contest.contests.models import Contest, ContestKind, RankRun, Round, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.results.models import (
    Allocation,
    PrizeAward,
    PrizeCode,
    PrizeLevel,
    PrizeTerms,
    TiePolicy,
)
from contest.results.queries.honours import honours
from contest.results.queries.prizes import (
    latest_allocation,
    prize_levels,
    prize_terms,
    winners_elsewhere,
)
from contest.results.queries.ranking import contenders, division_ids, latest_run
from contest.results.queries.seal import is_sealed
from contest.results.rules.allocation import (
    Caps,
    Given,
    LevelTerms,
    Outcome,
    TieDecision,
    TraceCode,
    Withheld,
    allocate,
)
from contest.results.rules.refusals import (
    DecisionMoved,
    EmptyReasonMissing,
    NotRankedYet,
    PrizeLevelsWrong,
    PrizesFixed,
    PrizesMissing,
    RankingMoved,
    TieReasonMissing,
    TieUndecided,
)

Decisions = Mapping[tuple[int | None, int], TieDecision]
"""What persons decided about ties, by (division id, level id)."""
EmptyPrizes = Mapping[tuple[int | None, int], Withheld]
"""Prizes that persons decided to leave empty, by (division id, level id)."""
Chosen = TypeVar("Chosen", TieDecision, Withheld)


@dataclass(frozen=True, slots=True)
class LevelValues:
    """A prize level as it is typed; an empty name stands for the usual name of the code."""

    code: PrizeCode
    quota: int
    money: int
    policy: TiePolicy
    name: str = ""


def set_prize_levels(
    *, round: Round, levels: Sequence[LevelValues], actor: Actor | None, now: datetime
) -> list[PrizeLevel]:
    """Say which prizes a round gives, from the highest; what was there before is replaced.

    Raises:
        PrizesFixed: the prizes have been decided already.
        PrizeLevelsWrong: a quota below one or money below zero.
    """
    if latest_allocation(round.id) is not None:
        raise PrizesFixed
    if any(level.quota < 1 or level.money < 0 for level in levels):
        raise PrizeLevelsWrong
    db.session.execute(delete(PrizeLevel).where(PrizeLevel.round_id == round.id))
    rows = [
        PrizeLevel(
            round_id=round.id,
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
    audit.record(
        "results.prizes_set",
        actor=actor,
        now=now,
        subject=("round", round.id),
        scope_id=round.contest.scope_id,
        data={"round": round.number, "levels": [_told(level) for level in rows]},
    )
    return rows


def set_prize_terms(
    *,
    round: Round,
    per_author: int | None,
    per_unit: int | None,
    shows_criteria: bool,
    actor: Actor | None,
    now: datetime,
) -> PrizeTerms:
    """Say how many prizes an author or a unit may get, and what authors read of their marks.

    Raises:
        PrizesFixed: the limits would change after the prizes have been decided.
        PrizeLevelsWrong: a limit below one.
    """
    terms = prize_terms(round.id)
    before = (None, None) if terms is None else (terms.per_author, terms.per_unit)
    if (per_author, per_unit) != before and latest_allocation(round.id) is not None:
        raise PrizesFixed
    if any(limit is not None and limit < 1 for limit in (per_author, per_unit)):
        raise PrizeLevelsWrong
    if terms is None:
        terms = PrizeTerms(round_id=round.id)
        db.session.add(terms)
    terms.per_author, terms.per_unit = per_author, per_unit
    terms.shows_criteria = shows_criteria
    db.session.flush()
    audit.record(
        "results.prize_terms_set",
        actor=actor,
        now=now,
        subject=("round", round.id),
        scope_id=round.contest.scope_id,
        data={
            "round": round.number,
            "per_author": per_author,
            "per_unit": per_unit,
            "shows_criteria": shows_criteria,
        },
    )
    return terms


def _told(level: PrizeLevel) -> list[object]:
    return [level.code.value, level.quota, level.money, level.tie_policy.value]


def set_prizes_of_contest(
    *, contest: Contest, levels: Sequence[LevelValues], actor: Actor | None, now: datetime
) -> int:
    """The same prizes in every ranked round that is not decided yet; returns how many rounds."""
    rounds = [
        round
        for round in contest.rounds
        if not round.is_practice and latest_allocation(round.id) is None
    ]
    for round in rounds:
        set_prize_levels(round=round, levels=levels, actor=actor, now=now)
    return len(rounds)


def copy_prize_levels(*, source: Round, target: Round, actor: Actor | None, now: datetime) -> None:
    """Give a copied round the prizes of the one it was copied from."""
    del actor, now  # the copy of the contest records itself
    terms = prize_terms(source.id)
    if terms is not None:
        db.session.add(
            PrizeTerms(
                round_id=target.id,
                per_author=terms.per_author,
                per_unit=terms.per_unit,
                shows_criteria=terms.shows_criteria,
            )
        )
    for level in prize_levels(source.id):
        db.session.add(
            PrizeLevel(
                round_id=target.id,
                position=level.position,
                code=level.code,
                name=level.name,
                quota=level.quota,
                money=level.money,
                tie_policy=level.tie_policy,
            )
        )
    db.session.flush()


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
    for division_id in division_ids(run.id) if divisions is None else divisions:
        outcome.add(
            allocate(
                terms,
                contenders(run, division_id, with_units=caps.per_unit is not None),
                division_id=division_id,
                won_before=won_before,
                one_per_person=once,
                caps=caps,
                decisions=_of_division(decisions, division_id),
                withheld=_of_division(empty, division_id),
            )
        )
    return outcome


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
    latest = latest_run(round.id)
    if latest is None:
        raise NotRankedYet
    if run is not None and run.id != latest.id:
        raise RankingMoved
    if any(not one.reason.strip() for one in (decisions or {}).values()):
        raise TieReasonMissing
    if any(not one.reason.strip() for one in (empty or {}).values()):
        raise EmptyReasonMissing
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
    if round.stage is Stage.MARKING:
        set_stage(round=round, to=Stage.DECIDED, actor=actor, now=now)
    audit.record(
        "results.prizes_decided",
        actor=actor,
        now=now,
        subject=("allocation", allocation.id),
        scope_id=round.contest.scope_id,
        data={
            "round": round.number,
            "run": latest.number,
            "number": allocation.number,
            "prizes": len(outcome.given),
            "money": outcome.money,
            "honours": len(honoured),
            "names_seen": not is_sealed(round),
            "digest": allocation.digest,
            "reason": allocation.reason,
        },
    )
    return allocation


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
