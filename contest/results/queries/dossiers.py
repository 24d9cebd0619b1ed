"""Gathering a dossier: the published rounds of a contest with everything they rest on."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import undefer

from contest.accounts.models import Person
from contest.accounts.queries import unit_path
from contest.contests.kinds import Evidence, GivesEvidence, kind_of
from contest.contests.models import (
    Contest,
    Entry,
    RankRun,
    Registration,
    Round,
    RoundScore,
    ScoreStatus,
)
from contest.contests.rules import ids_of_path
from contest.core.db import db
from contest.results.models import (
    Allocation,
    Publication,
    TotalRun,
    TotalScore,
)
from contest.results.queries.prizes import awards_of, prize_levels
from contest.results.queries.runs import KEY_COLUMNS, division_ids, used_keys

_AT_ONCE: Final = 2_000
_FIRST_KEY: Final = 12


@dataclass(frozen=True, slots=True)
class PublishedRound:
    """A round with the publication in force, its ranking and its decision."""

    round: Round
    publication: Publication
    run: RankRun
    allocation: Allocation


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A score as the dossier tells it; persons and codes are for who may know them."""

    entry_id: int
    registration_id: int
    person_id: int
    code: str
    full_name: str
    unit_ids: str
    unit_path: str
    division_id: int | None
    place: int | None
    status: ScoreStatus
    points: Decimal
    max_points: Decimal
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TotalsInForce:
    """Published totals of a contest, as far as their snapshot tells nobody's name."""

    publication: Publication
    run: TotalRun
    allocation: Allocation
    snapshot: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PersonTotal:
    """Somebody's total as it was found."""

    registration_id: int
    unit_ids: str
    unit_path: str
    division_id: int | None
    place: int | None
    points: Decimal
    taken: int
    parts: list[list[str] | None]


def published_rounds_of(contest: Contest) -> list[PublishedRound]:
    """The rounds that are published, by number, each with its latest publication."""
    newest = (
        select(Publication.round_id, func.max(Publication.number).label("number"))
        .join(Round, Round.id == Publication.round_id)
        .where(Round.contest_id == contest.id)
        .group_by(Publication.round_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Round, Publication, RankRun, Allocation)
        .join(Publication, Publication.round_id == Round.id)
        .join(
            newest,
            (newest.c.round_id == Publication.round_id) & (newest.c.number == Publication.number),
        )
        .join(RankRun, RankRun.id == Publication.rank_run_id)
        .join(Allocation, Allocation.id == Publication.allocation_id)
        .order_by(Round.number)
    )
    return [PublishedRound(*row) for row in rows]


def evidence_of(published: PublishedRound) -> Evidence | None:
    """What the ranking was computed from; None for a kind of round that cannot tell."""
    kind = kind_of(published.round)
    if not isinstance(kind, GivesEvidence):
        return None
    run = published.run
    return kind.evidence(published.round, run.facts, tuple(run.keys))


def score_lines(run: RankRun) -> Iterator[ScoreLine]:
    """The scores of a ranking by division and place; nothing orders equals but chance."""
    rows: Any = db.session.execute(
        select(
            RoundScore.entry_id,
            Entry.registration_id,
            Registration.person_id,
            Registration.code,
            Registration.full_name,
            Registration.unit_ids,
            Registration.unit_path,
            RoundScore.division_id,
            RoundScore.place,
            RoundScore.status,
            RoundScore.points,
            RoundScore.max_points,
            *KEY_COLUMNS,
        )
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(RoundScore.rank_run_id == run.id)
        .order_by(
            func.coalesce(RoundScore.division_id, 0),
            RoundScore.place.is_(None),
            RoundScore.place,
        )
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in rows:
        yield ScoreLine(**_named(row), keys=used_keys(row[_FIRST_KEY:], run.keys))


def _named(row: Any) -> dict[str, Any]:
    return dict(zip(row._fields[:_FIRST_KEY], row[:_FIRST_KEY], strict=True))


def totals_in_force(contest: Contest) -> TotalsInForce | None:
    """The latest publication of a contest's totals."""
    made = db.session.scalar(
        select(Publication)
        .where(Publication.contest_id == contest.id)
        .order_by(Publication.number.desc())
        .limit(1)
        .options(undefer(Publication.snapshot))
    )
    if made is None:
        return None
    run = db.session.get_one(TotalRun, made.total_run_id)
    allocation = db.session.get_one(Allocation, made.allocation_id)
    return TotalsInForce(made, run, allocation, made.snapshot)


def registrations_of(entry_ids: Collection[int]) -> dict[int, int]:
    """Registrations by their entries."""
    rows = db.session.execute(
        select(Entry.id, Entry.registration_id).where(Entry.id.in_(entry_ids))
    )
    return dict(rows.all())


def snapshot_of(published: PublishedRound) -> Mapping[str, Any]:
    """What the publication of a round says."""
    said: Mapping[str, Any] = db.session.scalars(
        select(Publication.snapshot).where(Publication.id == published.publication.id)
    ).one()
    return said


def person_totals(run: TotalRun) -> Iterator[PersonTotal]:
    """The totals of a run; nothing orders them but chance."""
    rows: Any = db.session.execute(
        select(
            TotalScore.registration_id,
            Registration.unit_ids,
            Registration.unit_path,
            TotalScore.division_id,
            TotalScore.place,
            TotalScore.points,
            TotalScore.taken,
            TotalScore.parts,
        )
        .join(Registration, Registration.id == TotalScore.registration_id)
        .where(TotalScore.total_run_id == run.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in rows:
        yield PersonTotal(*row)


def persons_by_path(run: RankRun) -> list[tuple[str, str, int]]:
    """Ids and names of a unit's path, and how many registrations of it are in a ranking."""
    rows = db.session.execute(
        select(Registration.unit_ids, Registration.unit_path, func.count(distinct(Registration.id)))
        .join(Entry, Entry.registration_id == Registration.id)
        .join(RoundScore, RoundScore.entry_id == Entry.id)
        .where(RoundScore.rank_run_id == run.id)
        .group_by(Registration.unit_ids, Registration.unit_path)
    )
    return [(ids, path, count) for ids, path, count in rows]


def owner_of(contest: Contest) -> tuple[int, ...]:
    """Ids of the unit that runs a contest and of those above it, near to far."""
    return tuple(ids_of_path(unit_path(contest.unit).ids))


def names_of_judges(person_ids: set[int]) -> dict[int, str]:
    """Full names by person, for the fuller dossier alone."""
    rows = db.session.execute(select(Person.id, Person.full_name).where(Person.id.in_(person_ids)))
    return {row.id: row.full_name for row in rows}


__all__ = [
    "PersonTotal",
    "PublishedRound",
    "ScoreLine",
    "TotalsInForce",
    "awards_of",
    "division_ids",
    "evidence_of",
    "names_of_judges",
    "owner_of",
    "person_totals",
    "persons_by_path",
    "prize_levels",
    "published_rounds_of",
    "registrations_of",
    "score_lines",
    "snapshot_of",
    "totals_in_force",
]
