"""The rank runs of a round: which there are, and what each counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, select

from contest.contests.models import Division, RankRun, Round, RoundScore, ScoreStatus
from contest.core.db import db
from contest.results.models import Over, Ranking, TotalRun
from contest.results.queries.total_places import divisions_of_totals

KEY_COLUMNS: Final = (
    RoundScore.key_1,
    RoundScore.key_2,
    RoundScore.key_3,
    RoundScore.key_4,
    RoundScore.key_5,
    RoundScore.key_6,
)


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many entries of a run are ranked, take no prize, or are disqualified."""

    ranked: int
    no_prize: int
    disqualified: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.ranked + self.no_prize + self.disqualified


def rank_runs(round_id: int) -> list[RankRun]:
    """The runs of a round, the latest first."""
    return list(
        db.session.scalars(
            select(RankRun).where(RankRun.round_id == round_id).order_by(RankRun.number.desc())
        )
    )


def latest_run(round_id: int) -> RankRun | None:
    """The latest run of a round."""
    return db.session.scalar(
        select(RankRun).where(RankRun.round_id == round_id).order_by(RankRun.number.desc()).limit(1)
    )


def latest_ranking(over: Over) -> Ranking | None:
    """The latest run of a round, or the latest totals of a contest."""
    if isinstance(over, Round):
        return latest_run(over.id)
    return db.session.scalar(
        select(TotalRun)
        .where(TotalRun.contest_id == over.id)
        .order_by(TotalRun.number.desc())
        .limit(1)
    )


def divisions_of(run: Ranking) -> list[int | None]:
    """Divisions that have entries in a ranking, in their order."""
    return divisions_of_totals(run) if isinstance(run, TotalRun) else division_ids(run.id)


def rank_run_by_id(run_id: int) -> RankRun | None:
    """A run, for a job."""
    return db.session.get(RankRun, run_id)


def run_by_number(round_id: int, number: int) -> RankRun | None:
    """A run of a round by its number."""
    return db.session.scalar(
        select(RankRun).where(RankRun.round_id == round_id, RankRun.number == number)
    )


def status_counts(run_id: int) -> StatusCounts:
    """How many entries of a run have each status."""
    rows = db.session.execute(
        select(RoundScore.status, func.count().label("entries"))
        .where(RoundScore.rank_run_id == run_id)
        .group_by(RoundScore.status)
    )
    found = {row.status: row.entries for row in rows}
    return StatusCounts(
        found.get(ScoreStatus.RANKED, 0),
        found.get(ScoreStatus.NO_PRIZE, 0),
        found.get(ScoreStatus.DISQUALIFIED, 0),
    )


def division_ids(run_id: int) -> list[int | None]:
    """Divisions that have entries in a run, in their order."""
    return list(
        db.session.scalars(
            select(RoundScore.division_id)
            .outerjoin(Division, Division.id == RoundScore.division_id)
            .where(RoundScore.rank_run_id == run_id)
            .group_by(RoundScore.division_id, Division.position)
            .order_by(func.coalesce(Division.position, 0))
        )
    )


def in_division(division_id: int | None) -> ColumnElement[bool]:
    """Scores of one division; of None where a contest has none."""
    if division_id is None:
        return RoundScore.division_id.is_(None)
    return RoundScore.division_id == division_id


def used_keys(values: Sequence[int | None], codes: Sequence[str]) -> tuple[int, ...]:
    """The values of the keys that a run ranks by; a score has columns for more."""
    return tuple(value or 0 for value in values[: len(codes)])
