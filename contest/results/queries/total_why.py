"""A contestant's own total, beside the neighbours' and without their names."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from contest.contests.models import Registration
from contest.core.db import db
from contest.results.models import PrizeLevel, Publication, TotalRun, TotalScore
from contest.results.queries.total_publications import TotalHead, prize_over_total

Parts = tuple[tuple[Decimal, Decimal, Decimal] | None, ...]


@dataclass(frozen=True, slots=True)
class TotalLine:
    """A place with its total: of each round points, most points and weighted points, or None."""

    place: int | None
    points: Decimal
    parts: Parts


@dataclass(frozen=True, slots=True)
class OwnTotalPlace:
    """Where a contestant stands in published totals.

    Attributes:
        run: the totals.
        own: the contestant's line; without a place where a missed round leaves them out.
        division: its name; empty where there is none.
        taken: in how many rounds they took part.
        equals: how many others share the place.
        placed: how many have a place in the same division.
        above: the next better place; None for the first.
        below: the next worse place; None for the last.
        prize: the level won, if any.
    """

    run: TotalRun
    own: TotalLine
    division: str
    taken: int
    equals: int
    placed: int
    above: TotalLine | None
    below: TotalLine | None
    prize: PrizeLevel | None


def own_total(person_id: int, head: TotalHead) -> OwnTotalPlace | None:
    """The place of a person in published totals; None who is not among them."""
    row = db.session.execute(
        select(TotalScore, TotalRun, Registration, Publication.allocation_id)
        .join(TotalRun, TotalRun.id == TotalScore.total_run_id)
        .join(Publication, Publication.total_run_id == TotalRun.id)
        .join(Registration, Registration.id == TotalScore.registration_id)
        .where(Publication.id == head.id, Registration.person_id == person_id)
    ).first()
    if row is None:
        return None
    score, run, registration, allocation_id = row
    division = registration.division
    equals, placed = _counts(score)
    return OwnTotalPlace(
        run=run,
        own=_line(score),
        division=division.name if division and score.division_id else "",
        taken=score.taken,
        equals=equals,
        placed=placed,
        above=_neighbour(score, better=True),
        below=_neighbour(score, better=False),
        prize=prize_over_total(allocation_id, score.registration_id),
    )


def _line(score: TotalScore) -> TotalLine:
    parts = tuple(
        None if part is None else (Decimal(part[0]), Decimal(part[1]), Decimal(part[2]))
        for part in score.parts
    )
    return TotalLine(score.place, score.points, parts)


def _beside(score: TotalScore) -> tuple[ColumnElement[bool], ...]:
    return (
        TotalScore.total_run_id == score.total_run_id,
        TotalScore.division_id.is_not_distinct_from(score.division_id),
        TotalScore.place.is_not(None),
    )


def _counts(score: TotalScore) -> tuple[int, int]:
    """How many others share the place, and how many have one."""
    equal = func.count().filter(TotalScore.place == score.place)
    row = db.session.execute(select(equal, func.count()).where(*_beside(score))).one()
    return (row[0] - 1 if score.place is not None else 0), row[1]


def _neighbour(score: TotalScore, *, better: bool) -> TotalLine | None:
    if score.place is None:
        return None
    side = TotalScore.place < score.place if better else TotalScore.place > score.place
    order = TotalScore.place.desc() if better else TotalScore.place
    found = db.session.scalar(
        select(TotalScore).where(*_beside(score), side).order_by(order).limit(1)
    )
    return None if found is None else _line(found)
