"""Reading rank runs: the runs of a round, their places, and what changed between two of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from contest.contests.models import (
    Disqualification,
    Division,
    Entry,
    RankRun,
    Registration,
    Round,
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
    code: str
    full_name: str
    unit_path: str
    division_id: int | None
    place: int | None
    status: ScoreStatus
    points: Decimal
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """An entry whose place or status differs between two runs."""

    entry_public_id: str
    full_name: str
    unit_path: str
    old_place: int | None
    new_place: int | None
    old_status: ScoreStatus | None
    new_status: ScoreStatus


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

    Among equals the order is that of names; it decides nothing.
    """
    rows: Any = db.session.execute(
        select(
            RoundScore.entry_id,
            Registration.person_id,
            RoundScore.place,
            RoundScore.status,
            *KEY_COLUMNS,
        )
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(
            RoundScore.rank_run_id == run.id,
            _in_division(division_id),
            RoundScore.place.is_not(None),
        )
        .order_by(RoundScore.place, Registration.sort_key, Entry.ordinal, Registration.code)
        .execution_options(yield_per=_BATCH)
    )
    try:
        for entry_id, person_id, place, status, *keys in rows:
            yield Contender(
                entry_id,
                person_id,
                place,
                _used(keys, run.keys),
                may_win=status is ScoreStatus.RANKED,
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
        row.code,
        row.full_name,
        row.unit_path,
        row.division_id,
        row.place,
        row.status,
        row.points,
        _used(row[9:], codes),
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
    statement = _ranking(run)
    if folded:
        statement = statement.where(_search(folded))
    if division_id is not None:
        statement = statement.where(_in_division(division_id))
    if status is not None:
        statement = statement.where(RoundScore.status == status)
    found = paginate(statement.order_by(*_by_place()), page=page, size=size)
    return Page(
        [_line(row, run.keys) for row in found.items], found.number, found.size, found.total
    )


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


def changed_places(old: RankRun, new: RankRun, *, page: int = 1) -> Page[PlaceChange]:
    """Entries whose place or status is another than in an older run, the best places first."""
    before, after = aliased(RoundScore), aliased(RoundScore)
    statement: Any = (
        select(
            Entry.public_id,
            Registration.full_name,
            Registration.unit_path,
            before.place,
            after.place,
            before.status,
            after.status,
        )
        .select_from(after)
        .join(Entry, Entry.id == after.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .outerjoin(before, and_(before.entry_id == after.entry_id, before.rank_run_id == old.id))
        .where(
            after.rank_run_id == new.id,
            or_(
                before.entry_id.is_(None),
                func.coalesce(before.place, 0) != func.coalesce(after.place, 0),
                before.status != after.status,
            ),
        )
        .order_by(after.place.is_(None), after.place, Registration.sort_key, after.entry_id)
    )
    found = paginate(statement, page=page)
    return Page([PlaceChange(*row) for row in found.items], found.number, found.size, found.total)


def disqualified_now(round: Round) -> int:
    """How many entries are disqualified in a round at present."""
    return (
        db.session.scalar(
            select(func.count(func.distinct(Disqualification.entry_id)))
            .join(Entry, Entry.id == Disqualification.entry_id)
            .where(
                Entry.contest_id == round.contest_id,
                Disqualification.lifted_at.is_(None),
                or_(Disqualification.round_id.is_(None), Disqualification.round_id == round.id),
            )
        )
        or 0
    )
