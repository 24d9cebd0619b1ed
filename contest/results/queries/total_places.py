"""Places of the totals as a ranking: what prizes over them are given by and told with."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from contest.contests.models import Division, Entry, Registration, ScoreStatus
from contest.core.db import db
from contest.results.models import TotalRun, TotalScore
from contest.results.queries.ranking_lines import RankingLine
from contest.results.rules.totals import total_keys


def first_entries(run: TotalRun) -> Select[int, int]:
    """The first entry of each registration of the totals, which stands for all it did.

    Columns `registration_id` and `entry_id`.
    """
    return (
        select(Entry.registration_id, func.min(Entry.id).label("entry_id"))
        .where(Entry.contest_id == run.contest_id)
        .group_by(Entry.registration_id)
    )


def divisions_of_totals(run: TotalRun) -> list[int | None]:
    """Divisions that have people in the totals, in their order."""
    return list(
        db.session.scalars(
            select(TotalScore.division_id)
            .outerjoin(Division, Division.id == TotalScore.division_id)
            .where(TotalScore.total_run_id == run.id)
            .group_by(TotalScore.division_id, Division.position)
            .order_by(func.coalesce(Division.position, 0))
        )
    )


def total_lines_of(run: TotalRun, entry_ids: Sequence[int]) -> dict[int, RankingLine]:
    """The lines of some people in the totals, by the entry that stands for each."""
    if not entry_ids:
        return {}
    first = first_entries(run).subquery()
    rows = db.session.execute(
        select(
            first.c.entry_id,
            Entry.public_id,
            Registration.public_id.label("registration_public_id"),
            Registration.code,
            Registration.full_name,
            Registration.unit_path,
            TotalScore.division_id,
            TotalScore.place,
            TotalScore.points,
        )
        .join(first, first.c.registration_id == TotalScore.registration_id)
        .join(Entry, Entry.id == first.c.entry_id)
        .join(Registration, Registration.id == TotalScore.registration_id)
        .where(TotalScore.total_run_id == run.id, first.c.entry_id.in_(entry_ids))
    )
    return {
        row.entry_id: RankingLine(
            row.entry_id,
            row.public_id,
            row.registration_public_id,
            row.code,
            row.full_name,
            row.unit_path,
            row.division_id,
            row.place,
            ScoreStatus.RANKED,
            row.points,
            total_keys(row.points, row.place or 0),
        )
        for row in rows
    }
