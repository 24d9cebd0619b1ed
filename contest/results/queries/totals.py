"""Reading what totals of a contest are made from, and the totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from contest.contests.models import (
    Contest,
    Entry,
    RankRun,
    Registration,
    Round,
    RoundScore,
    ScoreStatus,
    Stage,
)
from contest.contests.rules import ranked_rounds
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.results.models import Allocation, TotalRun, TotalScore
from contest.results.queries.seal import is_sealed
from contest.results.rules.total_words import Better
from contest.results.rules.totals import Part

_DONE = (Stage.DECIDED, Stage.PUBLISHED)


@dataclass(frozen=True, slots=True)
class WeighedRound:
    """A ranked round as totals see it.

    Attributes:
        round: with its weight.
        run: the ranking of the decision in force; None before.
        is_ready: it is decided over its latest ranking, and its codes are open.
        is_published: everybody may read its results.
    """

    round: Round
    run: RankRun | None
    is_ready: bool
    is_published: bool


def weighed_rounds(contest: Contest) -> list[WeighedRound]:
    """Every ranked round of a contest that was not annulled, by number."""
    rounds = [one for one in ranked_rounds(contest.rounds) if one.annulled_at is None]
    runs = _latest_runs([one.id for one in rounds])
    decided = _decided_runs([one.id for one in rounds])
    found = []
    for one in rounds:
        run = runs.get(one.id)
        ready = (
            run is not None
            and one.stage in _DONE
            and decided.get(one.id) == run.id
            and not is_sealed(one)
        )
        found.append(WeighedRound(one, run, ready, one.stage is Stage.PUBLISHED))
    return found


def _latest_runs(round_ids: Sequence[int]) -> dict[int, RankRun]:
    rows = db.session.scalars(
        select(RankRun).where(RankRun.round_id.in_(round_ids)).order_by(RankRun.number)
    )
    return {run.round_id: run for run in rows}


def _decided_runs(round_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Allocation.round_id, Allocation.rank_run_id)
        .where(Allocation.round_id.in_(round_ids))
        .order_by(Allocation.number)
    )
    return {round_id: run_id for round_id, run_id in rows if round_id and run_id}


def parts_of(runs: Sequence[RankRun]) -> dict[int, tuple[int | None, list[Part | None]]]:
    """By registration the division and what they have in each ranking.

    Of several entries of one person in a round (essays) the best counts; who is disqualified in
    a round has nothing there. Who takes no prize (staff, judges) is left out of totals.
    """
    found: dict[int, tuple[int | None, list[Part | None]]] = {}
    for place, run in enumerate(runs):
        rows: Any = db.session.execute(
            select(
                Entry.registration_id,
                Registration.division_id,
                RoundScore.points,
                RoundScore.max_points,
            )
            .join(Entry, Entry.id == RoundScore.entry_id)
            .join(Registration, Registration.id == Entry.registration_id)
            .where(RoundScore.rank_run_id == run.id, RoundScore.status == ScoreStatus.RANKED)
            .execution_options(yield_per=5_000)
        )
        for registration_id, division_id, points, most in rows:
            _line, parts = found.setdefault(registration_id, (division_id, [None] * len(runs)))
            part, known = Part(points, most), parts[place]
            if known is None or part.weighted(Decimal(1)) > known.weighted(Decimal(1)):
                parts[place] = part
    return found


def total_runs(contest_id: int) -> list[TotalRun]:
    """The totals of a contest, the latest first."""
    return list(
        db.session.scalars(
            select(TotalRun)
            .where(TotalRun.contest_id == contest_id)
            .order_by(TotalRun.number.desc())
        )
    )


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A line of the standings as organisers see it."""

    registration_id: int
    registration_public_id: str
    code: str
    person_id: int
    full_name: str
    unit_path: str
    division_id: int | None
    place: int | None
    points: Decimal
    taken: int
    parts: tuple[tuple[Decimal, Decimal, Decimal] | None, ...]


def _standings(run: TotalRun) -> Any:
    return (
        select(
            TotalScore.registration_id,
            Registration.public_id,
            Registration.code,
            Registration.person_id,
            Registration.full_name,
            Registration.unit_path,
            TotalScore.division_id,
            TotalScore.place,
            TotalScore.points,
            TotalScore.taken,
            TotalScore.parts,
        )
        .join(Registration, Registration.id == TotalScore.registration_id)
        .where(TotalScore.total_run_id == run.id)
        .order_by(
            func.coalesce(TotalScore.division_id, 0),
            TotalScore.place.is_(None),
            TotalScore.place,
            TotalScore.points.desc(),
            Registration.sort_key,
            TotalScore.registration_id,
        )
    )


def _line(row: Any) -> StandingLine:
    parts = tuple(
        None if part is None else (Decimal(part[0]), Decimal(part[1]), Decimal(part[2]))
        for part in row[10]
    )
    return StandingLine(
        row.registration_id,
        row.public_id,
        row.code,
        row.person_id,
        row.full_name,
        row.unit_path,
        row.division_id,
        row.place,
        row.points,
        row.taken,
        parts,
    )


def standings_page(
    run: TotalRun, *, folded: str = "", missed_only: bool = False, page: int = 1, size: int = 50
) -> Page[StandingLine]:
    """A page of the standings.

    Args:
        run: which totals.
        folded: words to look for in names, units and codes, folded already.
        missed_only: only who missed a round.
        page: from 1.
        size: lines on a page.
    """
    statement = _standings(run)
    if folded:
        statement = statement.where(
            contains_folded(Registration.name_folded, folded)
            | contains_folded(Registration.unit_folded, folded)
            | (func.lower(Registration.code) == folded)
        )
    if missed_only:
        statement = statement.where(TotalScore.taken < len(run.terms["rounds"]))
    found = paginate(statement, page=page, size=size)
    return Page([_line(row) for row in found.items], found.number, found.size, found.total)


def better_totals(run: TotalRun, lines: Sequence[StandingLine]) -> dict[int, Better]:
    """By registration the next better place of the division, with its total.

    Args:
        run: which totals.
        lines: of a page; who has no place, or the first one, is not among the answers.
    """
    above = aliased(TotalScore)
    found: dict[int, Better] = {}
    for divided in {line.division_id is not None for line in lines}:
        wanted = [
            line.registration_id for line in lines if (line.division_id is not None) is divided
        ]
        same = (
            above.division_id == TotalScore.division_id if divided else above.division_id.is_(None)
        )
        next_one = (
            above.total_run_id == run.id,
            same,
            above.place < TotalScore.place,
        )
        columns = [
            select(column)
            .where(*next_one)
            .order_by(above.place.desc())
            .limit(1)
            .correlate(TotalScore)
            .scalar_subquery()
            for column in (above.place, above.points)
        ]
        rows = db.session.execute(
            select(TotalScore.registration_id, *columns).where(
                TotalScore.total_run_id == run.id, TotalScore.registration_id.in_(wanted)
            )
        )
        found |= {who: (place, points) for who, place, points in rows if place is not None}
    return found


def first_standings(run: TotalRun, places: int) -> list[StandingLine]:
    """The lines of the first places of each division."""
    rows = db.session.execute(_standings(run).where(TotalScore.place <= places))
    return [_line(row) for row in rows]


def missed_counts(run: TotalRun) -> tuple[int, int]:
    """How many have a place, and how many missed a round."""
    row = db.session.execute(
        select(
            func.count(TotalScore.place),
            func.count().filter(TotalScore.taken < len(run.terms["rounds"])),
        ).where(TotalScore.total_run_id == run.id)
    ).one()
    return row[0], row[1]
