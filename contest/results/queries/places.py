"""A contestant's own place, beside the neighbours' keys and without their names."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from contest.contests.models import (
    Disqualification,
    Entry,
    RankRun,
    Registration,
    RoundScore,
    ScoreStatus,
)
from contest.core.db import db
from contest.results.models import Allocation, PrizeAward, PrizeLevel, Publication
from contest.results.queries.runs import KEY_COLUMNS
from contest.results.rules.dossiers import decided_of
from contest.results.rules.extra_prizes import kept_extras
from contest.results.rules.trace import TraceCode


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The keys of a place, without who holds it."""

    place: int
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Where a contestant stands in a published ranking.

    Attributes:
        entry_id: what is ranked; of several essays the best one.
        place: None when disqualified.
        equals: how many others share the place.
        ranked: how many are ranked in the same division.
        above: the next better place; None for the first.
        below: the next worse place; None for the last.
        prize: the level won, if any.
        extras: names of side prizes won.
        unit_extras: unit prizes by name, with the path of the own unit, or one above it, that won.
        passed_over: by which rule of the contest prizes went past them, if any did.
        reason: of a disqualification.
    """

    run: RankRun
    entry_id: int
    entry_public_id: str
    status: ScoreStatus
    place: int | None
    division_id: int | None
    division: str
    keys: tuple[int, ...]
    equals: int
    ranked: int
    above: Neighbour | None
    below: Neighbour | None
    prize: PrizeLevel | None
    extras: tuple[str, ...]
    unit_extras: tuple[tuple[str, tuple[str, ...]], ...]
    passed_over: TraceCode | None
    reason: str


def own_place(person_id: int, publication_id: int) -> OwnPlace | None:
    """The place of a person in the ranking of a publication; None who did not take part."""
    row = db.session.execute(
        select(RoundScore, RankRun, Registration, Entry.public_id, Publication.allocation_id)
        .join(RankRun, RankRun.id == RoundScore.rank_run_id)
        .join(Publication, Publication.rank_run_id == RankRun.id)
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(Publication.id == publication_id, Registration.person_id == person_id)
        .order_by(RoundScore.place.is_(None), RoundScore.place)
        .limit(1)
    ).first()
    if row is None:
        return None
    score, run, registration, entry_public_id, allocation_id = row
    division = registration.division
    decision = db.session.execute(
        select(Allocation.trace, Allocation.extras).where(Allocation.id == allocation_id)
    ).one()
    extras = kept_extras(decision.extras)
    return OwnPlace(
        run=run,
        entry_id=score.entry_id,
        entry_public_id=entry_public_id,
        status=score.status,
        place=score.place,
        division_id=score.division_id,
        division=division.name if division and score.division_id else "",
        keys=_keys(score, len(run.keys)),
        equals=_equals(score),
        ranked=_ranked(score),
        above=_neighbour(score, len(run.keys), better=True),
        below=_neighbour(score, len(run.keys), better=False),
        prize=_prize(allocation_id, score.entry_id),
        extras=tuple(
            one.name
            for one in extras
            for award in one.awards
            if not one.is_for_units and award["to"] == score.entry_id
        ),
        unit_extras=tuple(
            (one.name, tuple(one.units[award["to"]]))
            for one in extras
            for award in one.awards
            if one.is_for_units and f"/{award['to']}/" in registration.unit_ids
        ),
        passed_over=_passed_over(decision.trace, score),
        reason=_reason(score) if score.status is ScoreStatus.DISQUALIFIED else "",
    )


def _keys(score: RoundScore, used: int) -> tuple[int, ...]:
    values = (score.key_1, score.key_2, score.key_3, score.key_4, score.key_5, score.key_6)
    return tuple(value or 0 for value in values[:used])


def _beside(score: RoundScore) -> tuple[ColumnElement[bool], ...]:
    same: ColumnElement[bool] = (
        RoundScore.division_id.is_(None)
        if score.division_id is None
        else RoundScore.division_id == score.division_id
    )
    return RoundScore.rank_run_id == score.rank_run_id, same


def _equals(score: RoundScore) -> int:
    if score.place is None:
        return 0
    count = db.session.scalar(
        select(func.count()).where(*_beside(score), RoundScore.place == score.place)
    )
    return (count or 1) - 1


def _ranked(score: RoundScore) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(*_beside(score), RoundScore.place.is_not(None))
        )
        or 0
    )


def _neighbour(score: RoundScore, used: int, *, better: bool) -> Neighbour | None:
    if score.place is None:
        return None
    side = RoundScore.place < score.place if better else RoundScore.place > score.place
    order = RoundScore.place.desc() if better else RoundScore.place
    row = db.session.execute(
        select(RoundScore.place, *KEY_COLUMNS).where(*_beside(score), side).order_by(order).limit(1)
    ).first()
    if row is None:
        return None
    place, *keys = row
    return Neighbour(place or 0, tuple(value or 0 for value in keys[:used]))


def _prize(allocation_id: int, entry_id: int) -> PrizeLevel | None:
    return db.session.scalar(
        select(PrizeLevel)
        .join(PrizeAward, PrizeAward.level_id == PrizeLevel.id)
        .join(Allocation, Allocation.id == PrizeAward.allocation_id)
        .where(Allocation.id == allocation_id, PrizeAward.entry_id == entry_id)
    )


def _passed_over(trace: list[dict[str, Any]], score: RoundScore) -> TraceCode | None:
    """The rule by which the decision in a publication gave prizes past an entry."""
    if score.status is ScoreStatus.NO_PRIZE:
        return TraceCode.TAKES_NO_PRIZE
    passed = dict(decided_of(trace).passed_over)
    return TraceCode(passed[score.entry_id]) if score.entry_id in passed else None


def _reason(score: RoundScore) -> str:
    return (
        db.session.scalar(
            select(Disqualification.reason)
            .where(
                Disqualification.entry_id == score.entry_id,
                (Disqualification.round_id == score.round_id) | Disqualification.round_id.is_(None),
            )
            .order_by(Disqualification.lifted_at.is_not(None), Disqualification.id.desc())
            .limit(1)
        )
        or ""
    )
