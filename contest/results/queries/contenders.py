"""Who stands for a prize, in the order of places: what an allocation reads."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from sqlalchemy import select

from contest.accounts.queries import unit_path
from contest.contests.models import (
    ContestKind,
    Entry,
    RankRun,
    Registration,
    Round,
    RoundScore,
    ScoreStatus,
)
from contest.contests.rules import ids_of_path
from contest.core.db import db
from contest.results.queries.runs import KEY_COLUMNS, in_division, used_keys
from contest.results.queries.seal import authors_of_entries, codes_of_entries
from contest.results.rules.participation import reporting_unit
from contest.results.rules.prize_terms import Contender

_BATCH: Final = 2_000


def owner_ids(round: Round) -> tuple[int, ...]:
    """Ids of the unit that runs the contest and those above it, near to far."""
    return tuple(ids_of_path(unit_path(round.contest.unit).ids))


def contenders(
    run: RankRun, division_id: int | None, *, with_units: bool = False
) -> Iterator[Contender]:
    """Entries of a division by place, read in batches: an allocation stops long before the end.

    The index gives the order of places; among equals the order is that of names (of essays: of
    codes, which tell nothing), and decides nothing.

    Args:
        run: the ranking.
        division_id: which division; None where there is none.
        with_units: the unit at the reporting level is needed, for a cap.
    """
    rows: Any = db.session.execute(
        select(
            RoundScore.place,
            RoundScore.entry_id,
            RoundScore.status,
            Registration.person_id,
            Registration.sort_key,
            Registration.code,
            Registration.unit_ids,
            *KEY_COLUMNS,
        )
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(
            RoundScore.rank_run_id == run.id,
            in_division(division_id),
            RoundScore.place.is_not(None),
        )
        .order_by(RoundScore.place)
        .execution_options(yield_per=_BATCH)
    )
    essays = _Essays(run) if run.round.kind is ContestKind.ESSAY else None
    owner = owner_ids(run.round) if with_units else ()
    try:
        for place, group in groupby(rows, key=lambda row: row.place):
            for row in sorted(group, key=essays.order if essays else _by_name):
                yield Contender(
                    row.entry_id,
                    row.person_id,
                    place,
                    used_keys(row[7:], run.keys),
                    may_win=row.status is ScoreStatus.RANKED,
                    authors=essays.authors(row.entry_id) if essays else frozenset(),
                    unit=reporting_unit(row.unit_ids, owner) if with_units else None,
                )
    finally:
        rows.close()


def _by_name(row: Any) -> tuple[Any, ...]:
    return row.sort_key, row.code, row.entry_id


class _Essays:
    """Codes and authors of the entries of an essay round."""

    def __init__(self, run: RankRun) -> None:
        ids = list(
            db.session.scalars(
                select(RoundScore.entry_id).where(
                    RoundScore.rank_run_id == run.id, RoundScore.place.is_not(None)
                )
            )
        )
        self._codes = codes_of_entries(run.round_id)
        self._authors = authors_of_entries(run.round_id, ids)

    def order(self, row: Any) -> tuple[str, int]:
        return self._codes.get(row.entry_id, ""), row.entry_id

    def authors(self, entry_id: int) -> frozenset[str]:
        return frozenset(author.key for author in self._authors.get(entry_id, ()))
