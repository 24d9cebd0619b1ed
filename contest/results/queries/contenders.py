"""Who stands for a prize, in the order of places: what an allocation reads."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from sqlalchemy import func, literal, select

from contest.accounts.queries import unit_path
from contest.contests.models import (
    Contest,
    ContestKind,
    Entry,
    RankRun,
    Registration,
    RoundScore,
    ScoreStatus,
)
from contest.contests.queries import excluded_from_prizes
from contest.contests.rules import ids_of_path
from contest.core.db import db
from contest.results.models import Ranking, TotalRun, TotalScore
from contest.results.queries.runs import KEY_COLUMNS, in_division, used_keys
from contest.results.queries.seal import authors_of_entries
from contest.results.queries.total_places import first_entries
from contest.results.rules.participation import reporting_unit
from contest.results.rules.prize_terms import Contender
from contest.results.rules.totals import total_keys
from contest.submissions.models import BlindCode, Work

_BATCH: Final = 2_000
_ESSAYS: Final = 250
"""Essays are read in smaller batches, because the authors of each batch are read as well."""


def owner_ids(contest: Contest) -> tuple[int, ...]:
    """Ids of the unit that runs a contest and those above it, near to far."""
    return tuple(ids_of_path(unit_path(contest.unit).ids))


def contenders(
    run: Ranking, division_id: int | None, *, with_units: bool = False
) -> Iterator[Contender]:
    """Who stands for a prize of a division: entries of a round, or persons of totals, by place.

    Args:
        run: the ranking.
        division_id: which division; None where there is none.
        with_units: the unit at the reporting level is needed, for a cap.
    """
    if isinstance(run, TotalRun):
        yield from _of_totals(run, division_id, with_units=with_units)
    else:
        yield from _of_round(run, division_id, with_units=with_units)


def _of_totals(run: TotalRun, division_id: int | None, *, with_units: bool) -> Iterator[Contender]:
    """Persons by their place in the totals, each by their first entry."""
    out = excluded_from_prizes(run.contest)
    owner = owner_ids(run.contest) if with_units else ()
    first = first_entries(run).subquery()
    rows: Any = db.session.execute(
        select(
            TotalScore.place,
            first.c.entry_id,
            Registration.person_id,
            Registration.unit_ids,
            TotalScore.points,
        )
        .join(first, first.c.registration_id == TotalScore.registration_id)
        .join(Registration, Registration.id == TotalScore.registration_id)
        .where(
            TotalScore.total_run_id == run.id,
            TotalScore.division_id.is_(None)
            if division_id is None
            else TotalScore.division_id == division_id,
            TotalScore.place.is_not(None),
        )
        .order_by(TotalScore.place, Registration.sort_key, TotalScore.registration_id)
        .execution_options(yield_per=_BATCH)
    )
    try:
        for row in rows:
            yield Contender(
                row.entry_id,
                row.person_id,
                row.place,
                total_keys(row.points, row.place),
                may_win=row.entry_id not in out,
                unit=reporting_unit(row.unit_ids, owner) if with_units else None,
            )
    finally:
        rows.close()


def _of_round(run: RankRun, division_id: int | None, *, with_units: bool) -> Iterator[Contender]:
    """Entries of a division by place, read in batches: an allocation stops long before the end.

    The index gives the order of places; among equals the order is that of names (of essays: of
    codes, which tell nothing), and decides nothing.
    """
    has_essays = run.round.kind is ContestKind.ESSAY
    rows: Any = db.session.execute(
        (_of_essays(run) if has_essays else _of_people())
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(
            RoundScore.rank_run_id == run.id,
            in_division(division_id),
            RoundScore.place.is_not(None),
        )
        .order_by(RoundScore.place)
        .execution_options(yield_per=_ESSAYS if has_essays else _BATCH)
    )
    owner = owner_ids(run.round.contest) if with_units else ()
    known = _with_authors(run.round_id, rows) if has_essays else ((row, _NOBODY) for row in rows)
    try:
        for place, group in groupby(known, key=lambda pair: pair[0].place):
            for row, authors in sorted(group, key=lambda pair: _order(pair[0])):
                yield Contender(
                    row.entry_id,
                    row.person_id,
                    place,
                    used_keys(row[_FIRST_KEY:], run.keys),
                    may_win=row.status is ScoreStatus.RANKED,
                    authors=authors,
                    unit=reporting_unit(row.unit_ids, owner) if with_units else None,
                )
    finally:
        rows.close()


_NOBODY: Final[frozenset[str]] = frozenset()
_FIRST_KEY: Final = 7


def _contenders(*order: Any) -> Any:
    """Places with two columns by which equals stand."""
    return select(
        RoundScore.place,
        RoundScore.entry_id,
        RoundScore.status,
        Registration.person_id,
        Registration.unit_ids,
        *order,
        *KEY_COLUMNS,
    ).select_from(RoundScore)


def _of_people() -> Any:
    return _contenders(Registration.sort_key.label("first"), Registration.code.label("second"))


def _of_essays(run: RankRun) -> Any:
    code = func.coalesce(BlindCode.code, "")
    return (
        _contenders(code.label("first"), literal("").label("second"))
        .outerjoin(Work, (Work.entry_id == RoundScore.entry_id) & (Work.round_id == run.round_id))
        .outerjoin(
            BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id)
        )
    )


def _order(row: Any) -> tuple[Any, ...]:
    return row.first, row.second, row.entry_id


def _with_authors(round_id: int, rows: Any) -> Iterator[tuple[Any, frozenset[str]]]:
    """Rows with the keys of their essays' authors, one statement more for each batch."""
    for batch in rows.partitions():
        authors = authors_of_entries(round_id, [row.entry_id for row in batch])
        for row in batch:
            yield row, frozenset(author.key for author in authors.get(row.entry_id, ()))
