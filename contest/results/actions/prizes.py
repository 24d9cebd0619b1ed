"""Deciding who gets which prize."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from contest.contests.actions import set_stage
from contest.contests.models import ContestKind, Round, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.results.actions.extra_prizes import GivenExtras, preview_extras
from contest.results.actions.totals import is_current
from contest.results.actions.unit_standings import keep_unit_sums
from contest.results.models import (
    Allocation,
    Over,
    PrizeAward,
    Ranking,
    TotalRun,
    contest_of,
    number_of,
    over_ids,
)
from contest.results.queries.carrying import carried_into, carries_onto
from contest.results.queries.contenders import contenders
from contest.results.queries.extra_prizes import extra_prizes
from contest.results.queries.honours import honours
from contest.results.queries.prizes import (
    latest_allocation,
    prize_levels,
    prize_terms,
    winners_elsewhere,
)
from contest.results.queries.runs import divisions_of, latest_ranking
from contest.results.queries.seal import is_sealed
from contest.results.rules.allocation import Given, Outcome, allocate
from contest.results.rules.carrying import (
    TO_TOTALS,
    Carried,
    carried_lines,
    carried_on,
    with_carried,
)
from contest.results.rules.extra_prizes import ExtraAnswers, extras_json
from contest.results.rules.prize_terms import Caps, LevelTerms, TieDecision, Withheld
from contest.results.rules.refusals import (
    DecisionMoved,
    EmptyReasonMissing,
    NotRankedYet,
    PrizesMissing,
    RankingMoved,
    TieReasonMissing,
    TieUndecided,
    TotalsMoved,
    TotalsNotReady,
)
from contest.results.rules.trace import TraceCode

Decisions = Mapping[tuple[int | None, int], TieDecision]
"""What persons decided about ties, by (division id, level id)."""
EmptyPrizes = Mapping[tuple[int | None, int], Withheld]
"""Prizes that persons decided to leave empty, by (division id, level id)."""
Chosen = TypeVar("Chosen", TieDecision, Withheld)


def caps_of(over: Over, run: Ranking) -> Caps:
    """The limits of prizes, with the recorded seed of a ranking for lots; of totals its digest."""
    terms = prize_terms(over)
    drawn = None if isinstance(run, TotalRun) else run.facts.get("seed")
    seed = str(drawn or run.digest)
    if terms is None:
        return Caps(seed=seed)
    return Caps(terms.per_author, terms.per_unit, seed)


def preview_prizes(
    over: Over,
    run: Ranking,
    decisions: Decisions | None = None,
    empty: EmptyPrizes | None = None,
    divisions: Sequence[int | None] | None = None,
) -> Outcome:
    """Who would get what over a ranking; changes nothing.

    Args:
        over: whose levels and rules count: a round, or a contest for its totals.
        run: the ranking.
        decisions: what persons decided about ties, by (division id, level id).
        empty: prizes that persons decided to leave empty, by (division id, level id).
        divisions: of the ranking, where they are known already.
    """
    caps = caps_of(over, run)
    terms = [
        LevelTerms(level.id, level.quota, level.money, level.tie_policy)
        for level in prize_levels(over)
    ]
    once = contest_of(over).one_prize_per_person
    won_before = winners_elsewhere(over) if once else frozenset()
    outcome = Outcome()
    if not terms:
        return outcome
    carried, onto = carried_into(over), carries_onto(over)
    known = divisions_of(run) if divisions is None else divisions
    for division_id in _every_division(over, known, carried, onto):
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
            found.trace += carried_on(whole, found, division_id, _named(onto))
        outcome.add(found)
    return outcome


def _named(onto: Over) -> tuple[int, str]:
    """How a trace names what gives the prizes that are left; the totals have no title there."""
    return (onto.id, onto.title) if isinstance(onto, Round) else (TO_TOTALS, "")


def _every_division(
    over: Over, known: Sequence[int | None], carried: Sequence[Carried], onto: Over | None
) -> list[int | None]:
    """Divisions of the ranking; where prizes are carried, also those in which nobody took part."""
    if onto is None and not carried:
        return list(known)
    others: list[int | None] = [each.id for each in contest_of(over).divisions]
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


def honours_as_json(over: Over) -> list[dict[str, Any]]:
    """The honoured persons as a decision keeps them: who, in which order, and why.

    Names and consents are read when the list is published. Over totals nobody is honoured.
    """
    if not isinstance(over, Round) or over.kind is not ContestKind.ESSAY:
        return []
    return [{"id": one.public_id, "citation": one.citation} for one in honours(over.id)]


def outcome_digest(
    run: Ranking,
    outcome: Outcome,
    honoured: Sequence[Mapping[str, Any]] = (),
    extras: GivenExtras | None = None,
) -> str:
    """SHA-256 over ranking, awards and trace, and honoured persons and prizes beside the levels."""
    said: dict[str, Any] = {"honours": [dict(one) for one in honoured]} if honoured else {}
    if extras is not None and extras.prizes:
        said["extras"] = extras_json(extras.prizes, extras.outcome)
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
    over: Over,
    run: Ranking | None = None,
    decisions: Decisions | None = None,
    empty: EmptyPrizes | None = None,
    answers: ExtraAnswers | None = None,
    expected: str = "",
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Allocation:
    """Decide the prizes of a round over its latest ranking, or those over the latest totals.

    A decision that is taken again (a new ranking, a tie seen otherwise) is a new allocation and
    needs a reason; the earlier one stays. Totals without prizes are decided as they stand, so that
    they can be signed and published as well.

    Args:
        over: what is decided.
        run: the ranking that was looked at; the latest when left out.
        decisions: what persons decided about ties.
        empty: prizes that persons decided to leave empty.
        answers: the same for unit prizes and side prizes, and whom the council chose by hand.
        expected: digest of the outcome that was looked at; empty = do not compare.
        reason: why it is decided again.
        actor: who decides.
        now: the instant of the request.

    Raises:
        NotRankedYet, TotalsNotReady, TotalsMoved, RankingMoved, PrizesMissing, TieUndecided,
        TieReasonMissing, EmptyReasonMissing, PickedTooMany, PickReasonMissing, DecisionMoved,
        ReasonMissing: each with its sentence.
    """
    latest = _latest_ranking(over, run)
    _check_reasons(decisions, empty, answers)
    previous = latest_allocation(over)
    if previous is not None and not reason.strip():
        raise ReasonMissing
    honoured = honours_as_json(over)
    outcome = _decided(over, latest, decisions, empty)
    extras = preview_extras(over, latest, outcome, answers)
    if extras.outcome.stops:
        raise TieUndecided
    digest = outcome_digest(latest, outcome, honoured, extras)
    if expected and digest != expected:
        raise DecisionMoved
    allocation = Allocation(
        **over_ids(over),
        **ranking_ids(latest),
        number=previous.number + 1 if previous else 1,
        trace=[line.as_json() for line in outcome.trace],
        honours=honoured,
        extras=extras_json(extras.prizes, extras.outcome),
        digest=digest,
        reason=reason.strip(),
        decided_by_id=actor.person_id,
        decided_at=now,
    )
    _claim(allocation)
    _write_awards(allocation, outcome.given)
    if isinstance(over, Round) and not isinstance(latest, TotalRun):
        keep_unit_sums(run=latest)
        if over.stage is Stage.MARKING:
            set_stage(round=over, to=Stage.DECIDED, actor=actor, now=now)
    _record(over, latest, allocation, outcome, actor=actor, now=now)
    return allocation


def ranking_ids(run: Ranking) -> dict[str, int]:
    """The column that says over which ranking something stands, with its value."""
    return {"total_run_id" if isinstance(run, TotalRun) else "rank_run_id": run.id}


def _latest_ranking(over: Over, looked_at: Ranking | None) -> Ranking:
    """The ranking in force; it must be the one that was looked at, and totals of today's rounds."""
    latest = latest_ranking(over)
    if latest is None:
        raise NotRankedYet if isinstance(over, Round) else TotalsNotReady
    if looked_at is not None and looked_at.id != latest.id:
        raise RankingMoved
    if isinstance(latest, TotalRun) and not is_current(latest.contest, latest):
        raise TotalsMoved
    return latest


def _check_reasons(
    decisions: Decisions | None, empty: EmptyPrizes | None, answers: ExtraAnswers | None
) -> None:
    ties = [*(decisions or {}).values(), *(answers.decisions if answers else {}).values()]
    left = [*(empty or {}).values(), *(answers.empty if answers else {}).values()]
    if any(not one.reason.strip() for one in ties):
        raise TieReasonMissing
    if any(not one.reason.strip() for one in left):
        raise EmptyReasonMissing


def _record(
    over: Over,
    run: Ranking,
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
        scope_id=contest_of(over).scope_id,
        data={
            "round": number_of(over),
            "run": run.number,
            "number": allocation.number,
            "prizes": len(outcome.given),
            "money": outcome.money,
            "extras": sum(len(one["awards"]) for one in allocation.extras),
            "extra_money": sum(
                award["money"] for one in allocation.extras for award in one["awards"]
            ),
            "honours": len(allocation.honours),
            "names_seen": not is_sealed(over),
            "digest": allocation.digest,
            "reason": allocation.reason,
        },
    )


def _decided(
    over: Over, run: Ranking, decisions: Decisions | None, empty: EmptyPrizes | None
) -> Outcome:
    if isinstance(over, Round) and not prize_levels(over) and not extra_prizes(over):
        raise PrizesMissing
    outcome = preview_prizes(over, run, decisions, empty)
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
