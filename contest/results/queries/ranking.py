"""The ranking of a run, line by line: for the page, the download and the prizes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from contest.contests.models import (
    ContestKind,
    Entry,
    RankRun,
    Registration,
    RoundScore,
    ScoreStatus,
)
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.results.models import Ranking, TotalRun
from contest.results.queries.ranking_lines import RankingLine
from contest.results.queries.runs import KEY_COLUMNS, in_division, used_keys
from contest.results.queries.seal import essay_facts, is_sealed
from contest.results.queries.total_places import total_lines_of
from contest.submissions.models import BlindCode, Work

_BATCH: Final = 2_000


_SCORE: Final = (
    RoundScore.division_id,
    RoundScore.place,
    RoundScore.status,
    RoundScore.points,
    *KEY_COLUMNS,
)


def _ranking(run: RankRun) -> Any:
    return (
        select(
            RoundScore.entry_id,
            Entry.public_id,
            Registration.public_id.label("registration_public_id"),
            Registration.code,
            Registration.full_name,
            Registration.unit_path,
            *_SCORE,
        )
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(RoundScore.rank_run_id == run.id)
    )


def _sealed_ranking(run: RankRun) -> Any:
    """The same of a sealed round: nothing of a person is read at all.

    Who is disqualified is left out: their persons are known, so that their codes would be.
    """
    return (
        select(RoundScore.entry_id, BlindCode.code, *_SCORE)
        .join(Work, (Work.entry_id == RoundScore.entry_id) & (Work.round_id == run.round_id))
        .join(BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id))
        .where(RoundScore.rank_run_id == run.id, RoundScore.status != ScoreStatus.DISQUALIFIED)
    )


def _by_place(last: Any = Registration.sort_key) -> tuple[Any, ...]:
    # Those without a place stand last on both databases; among equals names decide, or codes.
    return (
        func.coalesce(RoundScore.division_id, 0),
        RoundScore.place.is_(None),
        RoundScore.place,
        last,
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
        used_keys(row[10:], codes),
    )


def _sealed_line(row: Any, codes: Sequence[str]) -> RankingLine:
    return RankingLine(
        row.entry_id,
        row.code,
        "",
        row.code,
        row.code,
        "",
        row.division_id,
        row.place,
        ScoreStatus.RANKED,  # who takes no prize works for the contest, which tells who it is
        row.points,
        used_keys(row[6:], codes),
        is_sealed=True,
    )


def _told(run: RankRun, lines: list[RankingLine]) -> list[RankingLine]:
    """The lines of an essay round with titles and all authors."""
    facts = essay_facts(run.round, [line.entry_id for line in lines])
    if not facts:
        return lines
    return [
        replace(
            line,
            full_name=facts[line.entry_id].names or line.full_name,
            title=facts[line.entry_id].title,
            blind_code=facts[line.entry_id].code,
        )
        if line.entry_id in facts
        else line
        for line in lines
    ]


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
    """A page of a run's ranking; of a sealed round codes alone.

    Args:
        run: which ranking.
        folded: words to look for in names, codes and units, folded already.
        division_id: one division only; None = all.
        status: one status only; has no effect on a sealed round.
        page: from 1.
        size: rows on a page.
    """
    if is_sealed(run.round):
        statement = _sealed_ranking(run)
        if folded:
            statement = statement.where(
                func.lower(BlindCode.code).contains(folded, autoescape=True)
            )
        found = paginate(
            _narrowed(statement, division_id, None).order_by(*_by_place(BlindCode.code)),
            page=page,
            size=size,
        )
        lines = [_sealed_line(row, run.keys) for row in found.items]
        return Page(lines, found.number, found.size, found.total)
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
    lines = [_line(row, run.keys) for row in found.items]
    return Page(_told(run, lines), found.number, found.size, found.total)


def _narrowed(statement: Any, division_id: int | None, status: ScoreStatus | None) -> Any:
    if division_id is not None:
        statement = statement.where(in_division(division_id))
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
    """The whole ranking, read in batches, for a download; of a sealed round codes alone."""
    if is_sealed(run.round):
        statement, line = _sealed_ranking(run).order_by(*_by_place(BlindCode.code)), _sealed_line
    else:
        statement, line = _ranking(run).order_by(*_by_place()), _line
    rows: Any = db.session.execute(statement.execution_options(yield_per=_BATCH))
    if run.round.kind is ContestKind.ESSAY:
        yield from _told(run, [line(row, run.keys) for row in rows])
        return
    for row in rows:
        yield line(row, run.keys)


def ranking_lines_of(run: Ranking, entry_ids: Sequence[int]) -> dict[int, RankingLine]:
    """The rows of some entries, by entry id; of a sealed round codes alone."""
    if isinstance(run, TotalRun):
        return total_lines_of(run, entry_ids)
    if not entry_ids:
        return {}
    sealed = is_sealed(run.round)
    statement = _sealed_ranking(run) if sealed else _ranking(run)
    line = _sealed_line if sealed else _line
    rows = db.session.execute(statement.where(RoundScore.entry_id.in_(entry_ids)))
    lines = _told(run, [line(row, run.keys) for row in rows])
    return {each.entry_id: each for each in lines}


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
            in_division(division),
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
