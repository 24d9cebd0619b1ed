"""Gathering a dossier: the published rounds of a contest with everything they rest on."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

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
from contest.core.db import db
from contest.results.models import Allocation, Publication
from contest.results.queries.prizes import awards_of, prize_levels
from contest.results.queries.runs import KEY_COLUMNS, division_ids, used_keys
from contest.results.rules.participation import SEPARATOR, path_parts, reporting_path

_AT_ONCE: Final = 2_000
_FIRST_KEY: Final = 9


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
    person_id: int
    code: str
    full_name: str
    unit_path: str
    division_id: int | None
    place: int | None
    status: ScoreStatus
    points: Any
    keys: tuple[int, ...]


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
            Registration.person_id,
            Registration.code,
            Registration.full_name,
            Registration.unit_path,
            RoundScore.division_id,
            RoundScore.place,
            RoundScore.status,
            RoundScore.points,
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


def persons_by_unit(run: RankRun, round: Round) -> tuple[dict[str, str], dict[str, int]]:
    """By unit path the unit that a report speaks of, and by that how many persons it has."""
    owner = path_parts(unit_path(round.contest.unit).names)
    rows = db.session.execute(
        select(Registration.unit_path, Registration.person_id)
        .join(Entry, Entry.registration_id == Registration.id)
        .join(RoundScore, RoundScore.entry_id == Entry.id)
        .where(RoundScore.rank_run_id == run.id)
        .distinct()
    )
    names: dict[str, str] = {}
    persons: defaultdict[str, set[int]] = defaultdict(set)
    for path, person_id in rows:
        if path not in names:
            names[path] = SEPARATOR.join(reporting_path(path_parts(path), owner))
        persons[names[path]].add(person_id)
    return names, {unit: len(found) for unit, found in persons.items()}


def names_of_judges(person_ids: set[int]) -> dict[int, str]:
    """Full names by person, for the fuller dossier alone."""
    rows = db.session.execute(select(Person.id, Person.full_name).where(Person.id.in_(person_ids)))
    return {row.id: row.full_name for row in rows}


__all__ = [
    "PublishedRound",
    "ScoreLine",
    "awards_of",
    "division_ids",
    "evidence_of",
    "names_of_judges",
    "persons_by_unit",
    "prize_levels",
    "published_rounds_of",
    "score_lines",
]
