"""Reading rank runs: the runs of a round, their places, and what changed between two of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from contest.contests.models import (
    Division,
    Entry,
    RankRun,
    Registration,
    RoundScore,
    ScoreStatus,
)
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.results.rules.allocation import Contender

KEY_COLUMNS: Final = (
    RoundScore.key_1,
    RoundScore.key_2,
    RoundScore.key_3,
    RoundScore.key_4,
    RoundScore.key_5,
    RoundScore.key_6,
)
_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class RankingLine:
    """A row of the ranking as organisers see it."""

    entry_id: int
    entry_public_id: str
    registration_public_id: str
    code: str
    full_name: str
    unit_path: str
    division_id: int | None
    place: int | None
    status: ScoreStatus
    points: Decimal
    keys: tuple[int, ...]


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


def _in_division(division_id: int | None) -> ColumnElement[bool]:
    if division_id is None:
        return RoundScore.division_id.is_(None)
    return RoundScore.division_id == division_id


def contenders(run: RankRun, division_id: int | None) -> Iterator[Contender]:
    """Entries of a division by place, read in batches: an allocation stops long before the end.

    The index gives the order of places; among equals the order is that of names, and decides
    nothing.
    """
    rows: Any = db.session.execute(
        select(
            RoundScore.place,
            RoundScore.entry_id,
            RoundScore.status,
            Registration.person_id,
            Registration.sort_key,
            Registration.code,
            *KEY_COLUMNS,
        )
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(
            RoundScore.rank_run_id == run.id,
            _in_division(division_id),
            RoundScore.place.is_not(None),
        )
        .order_by(RoundScore.place)
        .execution_options(yield_per=_BATCH)
    )
    try:
        for place, group in groupby(rows, key=lambda row: row.place):
            for row in sorted(group, key=lambda row: (row.sort_key, row.code, row.entry_id)):
                yield Contender(
                    row.entry_id,
                    row.person_id,
                    place,
                    _used(row[6:], run.keys),
                    may_win=row.status is ScoreStatus.RANKED,
                )
    finally:
        rows.close()


def _used(values: Sequence[int | None], codes: Sequence[str]) -> tuple[int, ...]:
    return tuple(value or 0 for value in values[: len(codes)])


def _ranking(run: RankRun) -> Any:
    return (
        select(
            RoundScore.entry_id,
            Entry.public_id,
            Registration.public_id.label("registration_public_id"),
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
    )


def _by_place() -> tuple[Any, ...]:
    # Those without a place stand last on both databases; among equals names decide.
    return (
        func.coalesce(RoundScore.division_id, 0),
        RoundScore.place.is_(None),
        RoundScore.place,
        Registration.sort_key,
        RoundScore.entry_id,
    )


def _line(row: Any, codes: Sequence[str]) -> RankingLine:
    return RankingLine(
        row.entry_id,
        row.public_id,
        row.registration_public_id,
        row.code,
        row.full_name,
        row.unit_path,
        row.division_id,
        row.place,
        row.status,
        row.points,
        _used(row[10:], codes),
    )


def _search(folded: str) -> ColumnElement[bool]:
    """Names and unit paths that hold every word, and codes."""
    return or_(
        contains_folded(Registration.name_folded, folded),
        contains_folded(Registration.unit_folded, folded),
        func.lower(Registration.code) == folded,
    )


def ranking_page(
    run: RankRun,
    *,
    folded: str = "",
    division_id: int | None = None,
    status: ScoreStatus | None = None,
    page: int = 1,
    size: int = 50,
) -> Page[RankingLine]:
    """A page of a run's ranking.

    Args:
        run: which ranking.
        folded: words to look for in names, codes and units, folded already.
        division_id: one division only; None = all.
        status: one status only.
        page: from 1.
        size: rows on a page.
    """
    if folded:
        found = paginate(
            _narrowed(_ranking(run).where(_search(folded)), division_id, status).order_by(
                *_by_place()
            ),
            page=page,
            size=size,
        )
    else:
        found = _page_of_scores(run, division_id, status, page, size)
    return Page(
        [_line(row, run.keys) for row in found.items], found.number, found.size, found.total
    )


def _narrowed(statement: Any, division_id: int | None, status: ScoreStatus | None) -> Any:
    if division_id is not None:
        statement = statement.where(_in_division(division_id))
    if status is not None:
        statement = statement.where(RoundScore.status == status)
    return statement


def _page_of_scores(
    run: RankRun, division_id: int | None, status: ScoreStatus | None, page: int, size: int
) -> Page[Any]:
    """A page found among the scores alone, along their index, then told with names.

    Those without a place come last. Nothing joins or sorts a million rows.
    """
    scores = _narrowed(
        select(RoundScore.entry_id).where(RoundScore.rank_run_id == run.id), division_id, status
    )
    total, placed = db.session.execute(
        scores.with_only_columns(func.count(), func.count(RoundScore.place))
    ).one()
    number = min(page, max(1, -(-total // size)))
    start = (number - 1) * size
    in_places = scores.where(RoundScore.place.is_not(None)).order_by(
        RoundScore.division_id, RoundScore.place, RoundScore.entry_id
    )
    ids = list(db.session.scalars(in_places.limit(size).offset(start)))
    if len(ids) < size and total > placed:
        out = scores.where(RoundScore.place.is_(None)).order_by(RoundScore.entry_id)
        rest = out.limit(size - len(ids)).offset(max(0, start - placed))
        ids += db.session.scalars(rest)
    rows = db.session.execute(
        _ranking(run).where(RoundScore.entry_id.in_(ids)).order_by(*_by_place())
    ).all()
    return Page(rows, number, size, total)


def ranking_lines(run: RankRun) -> Iterator[RankingLine]:
    """The whole ranking, read in batches, for a download."""
    rows = db.session.execute(
        _ranking(run).order_by(*_by_place()).execution_options(yield_per=_BATCH)
    )
    for row in rows:
        yield _line(row, run.keys)


def ranking_lines_of(run: RankRun, entry_ids: Sequence[int]) -> dict[int, RankingLine]:
    """The rows of some entries, by entry id."""
    if not entry_ids:
        return {}
    rows = db.session.execute(_ranking(run).where(RoundScore.entry_id.in_(entry_ids)))
    return {row[0]: _line(row, run.keys) for row in rows}


def neighbours_above(
    run: RankRun, lines: Sequence[RankingLine]
) -> dict[tuple[int | None, int], tuple[int, tuple[int, ...]]]:
    """Number and keys of the place just above each place on a page, by (division, place).

    One statement for the whole page: the nearest better place of each is the greatest smaller
    one of its division.
    """
    wanted = {(line.division_id, line.place or 0) for line in lines if line.place}
    if not wanted:
        return {}
    divisions = {division for division, _place in wanted}
    conditions = [
        and_(
            _in_division(division),
            RoundScore.place.between(
                _place_before(run, division, min(_places(wanted, division))),
                max(_places(wanted, division)),
            ),
        )
        for division in divisions
    ]
    rows: Any = db.session.execute(
        select(
            RoundScore.division_id,
            RoundScore.place,
            *(func.min(column) for column in KEY_COLUMNS[: len(run.keys)]),
        )
        .where(RoundScore.rank_run_id == run.id, or_(*conditions))
        .group_by(RoundScore.division_id, RoundScore.place)
        .order_by(RoundScore.place)
    )
    known: dict[int | None, list[tuple[int, tuple[int, ...]]]] = {}
    for division, place, *keys in rows:
        known.setdefault(division, []).append((place, tuple(keys)))
    above: dict[tuple[int | None, int], tuple[int, tuple[int, ...]]] = {}
    for division, places in known.items():
        for better, (place, _keys) in pairwise(places):
            above[division, place] = better
    return above


def _places(wanted: set[tuple[int | None, int]], division: int | None) -> list[int]:
    return [place for of, place in wanted if of == division and place]


def _place_before(run: RankRun, division_id: int | None, place: int) -> Any:
    score = aliased(RoundScore)
    same = score.division_id.is_(None) if division_id is None else score.division_id == division_id
    return func.coalesce(
        select(func.max(score.place))
        .where(score.rank_run_id == run.id, same, score.place < place)
        .scalar_subquery(),
        place,
    )
