"""Prize levels, and deciding who gets what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from contest.contests.actions import set_stage
from contest.contests.models import Contest, RankRun, Round, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.results.models import Allocation, PrizeAward, PrizeCode, PrizeLevel, TiePolicy
from contest.results.queries.prizes import latest_allocation, prize_levels, winners_elsewhere
from contest.results.queries.ranking import contenders, division_ids, latest_run
from contest.results.rules.allocation import (
    Given,
    LevelTerms,
    Outcome,
    TieDecision,
    TraceCode,
    allocate,
)
from contest.results.rules.refusals import (
    DecisionMoved,
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


def preview_prizes(round: Round, run: RankRun, decisions: Decisions | None = None) -> Outcome:
    """Who would get what over a ranking; changes nothing.

    Args:
        round: whose levels and rules count.
        run: the ranking.
        decisions: what persons decided about ties, by (division id, level id).
    """
    terms = [
        LevelTerms(level.id, level.quota, level.money, level.tie_policy)
        for level in prize_levels(round.id)
    ]
    once = round.contest.one_prize_per_person
    won_before = winners_elsewhere(round) if once else frozenset()
    outcome = Outcome()
    if not terms:
        return outcome
    for division_id in division_ids(run.id):
        own = {
            level_id: decision
            for (of_division, level_id), decision in (decisions or {}).items()
            if of_division == division_id
        }
        outcome.add(
            allocate(
                terms,
                contenders(run, division_id),
                division_id=division_id,
                won_before=won_before,
                one_per_person=once,
                decisions=own,
            )
        )
    return outcome


def outcome_digest(run: RankRun, outcome: Outcome) -> str:
    """SHA-256 over the ranking, the awards and the trace."""
    return audit.sha256_hex(
        audit.canonical_json(
            {
                "run": run.digest,
                "awards": [
                    [one.entry_id, one.level_id, one.division_id, one.place, one.money]
                    for one in outcome.given
                ],
                "trace": [line.as_json() for line in outcome.trace],
            }
        )
    )


def decide_prizes(
    *,
    round: Round,
    run: RankRun | None = None,
    decisions: Decisions | None = None,
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
        expected: digest of the outcome that was looked at; empty = do not compare.
        reason: why it is decided again.
        actor: who decides.
        now: the instant of the request.

    Raises:
        NotRankedYet, RankingMoved, PrizesMissing, TieUndecided, TieReasonMissing,
        DecisionMoved, ReasonMissing: each with its sentence.
    """
    latest = latest_run(round.id)
    if latest is None:
        raise NotRankedYet
    if run is not None and run.id != latest.id:
        raise RankingMoved
    if any(not one.reason.strip() for one in (decisions or {}).values()):
        raise TieReasonMissing
    previous = latest_allocation(round.id)
    if previous is not None and not reason.strip():
        raise ReasonMissing
    outcome = _decided(round, latest, decisions, expected)
    allocation = Allocation(
        round_id=round.id,
        rank_run_id=latest.id,
        number=previous.number + 1 if previous else 1,
        trace=[line.as_json() for line in outcome.trace],
        digest=outcome_digest(latest, outcome),
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
            "digest": allocation.digest,
            "reason": allocation.reason,
        },
    )
    return allocation


def _decided(round: Round, run: RankRun, decisions: Decisions | None, expected: str) -> Outcome:
    if not prize_levels(round.id):
        raise PrizesMissing
    outcome = preview_prizes(round, run, decisions)
    if outcome.stops:
        raise TieUndecided
    if expected and outcome_digest(run, outcome) != expected:
        raise DecisionMoved
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
