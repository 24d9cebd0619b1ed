"""What a correction does to places and prizes: two rank runs side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from contest.accounts.queries import unit_paths
from contest.contests.models import Entry, RankRun, Registration, RoundScore
from contest.core.db import db
from contest.core.paging import Page, paginate
from contest.quizzes.models import Regrade, RegradeMove
from contest.results.queries.ranking import ranking_lines_of
from contest.results.queries.ranking_lines import RankingLine
from contest.results.rules.what_if import ExtraMove

MOST_MOVES: Final = 20_000
"""So many moves are kept by name; all of them are counted."""


@dataclass(frozen=True, slots=True)
class MoveCounts:
    """How many entries move up, down, or keep their place with other points; and all of them."""

    entries: int
    up: int
    down: int
    points: int


def _beside(new: RankRun) -> tuple[Any, Any, Any]:
    """Old and new scores, and how the new ones of a run are joined to the old."""
    before, after = aliased(RoundScore), aliased(RoundScore)
    joined = and_(after.entry_id == before.entry_id, after.rank_run_id == new.id)
    return before, after, joined


def move_counts(old: RankRun, new: RankRun) -> MoveCounts:
    """Who moves between two rank runs, counted by the database."""
    before, after, joined = _beside(new)

    def times(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    row = db.session.execute(
        select(
            func.count(),
            times(after.place < before.place),
            times(after.place > before.place),
            times(after.points != before.points),
        )
        .select_from(before)
        .join(after, joined)
        .where(before.rank_run_id == old.id)
    ).one()
    return MoveCounts(*(int(each) for each in row))


def moved_entries(old: RankRun, new: RankRun) -> Iterator[Any]:
    """Entries whose place or points differ, the best new places first: at most `MOST_MOVES`."""
    before, after, joined = _beside(new)
    yield from db.session.execute(
        select(
            before.entry_id,
            before.place.label("old_place"),
            after.place.label("new_place"),
            before.points.label("old_points"),
            after.points.label("new_points"),
        )
        .select_from(before)
        .join(after, joined)
        .where(
            before.rank_run_id == old.id,
            or_(
                func.coalesce(before.place, 0) != func.coalesce(after.place, 0),
                before.points != after.points,
            ),
        )
        .order_by(after.place.is_(None), after.place, after.entry_id)
        .limit(MOST_MOVES)
    )


def scores_of(run: RankRun, entry_ids: Sequence[int]) -> dict[int, tuple[int | None, Decimal]]:
    """Place and points of some entries in a run."""
    rows = db.session.execute(
        select(RoundScore.entry_id, RoundScore.place, RoundScore.points).where(
            RoundScore.rank_run_id == run.id, RoundScore.entry_id.in_(entry_ids)
        )
    )
    return {entry_id: (place, points) for entry_id, place, points in rows}


@dataclass(frozen=True, slots=True)
class MovedExtras:
    """Unit prizes and side prizes that others would get, with the names of who holds them.

    Attributes:
        extras: the prizes.
        units: paths of units by id.
        lines: of people's entries, by entry id.
    """

    extras: list[ExtraMove]
    units: dict[int, tuple[str, ...]]
    lines: dict[int, RankingLine]


def moved_extras(regrade: Regrade) -> MovedExtras:
    """What a correction would move beside the levels; nothing before a round was ranked."""
    run = None if regrade.old_run_id is None else db.session.get_one(RankRun, regrade.old_run_id)
    kept = (regrade.preview or {}).get("extras", ())
    if run is None or not kept:
        return MovedExtras([], {}, {})
    moves = [
        ExtraMove(
            one["name"],
            one["is_for_units"],
            tuple(one["before"]),
            tuple(one["after"]),
            one.get("money"),
        )
        for one in kept
    ]
    units, people = (
        [held for one in moves if one.is_for_units is wanted for held in (*one.before, *one.after)]
        for wanted in (True, False)
    )
    paths = {unit_id: tuple(path.names.split(" › ")) for unit_id, path in unit_paths(units).items()}
    return MovedExtras(moves, paths, ranking_lines_of(run, people))


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A moved entry by name; prizes are ids of levels as text, empty for none."""

    full_name: str
    unit_path: str
    code: str
    move: RegradeMove


def _moves(regrade_id: int) -> Any:
    return (
        select(Registration.full_name, Registration.unit_path, Registration.code, RegradeMove)
        .select_from(RegradeMove)
        .join(Entry, Entry.id == RegradeMove.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(RegradeMove.regrade_id == regrade_id)
        .order_by(
            RegradeMove.is_prize_changed.desc(),
            RegradeMove.new_place.is_(None),
            RegradeMove.new_place,
            Registration.sort_key,
        )
    )


def regrade_moves(regrade_id: int, page: int) -> Page[MoveLine]:
    """Who moves, prizes that change first."""
    found = paginate(_moves(regrade_id), page=page)
    return Page([MoveLine(*row) for row in found.items], found.number, found.size, found.total)


def all_regrade_moves(regrade_id: int) -> Iterator[MoveLine]:
    """The same for a file."""
    for row in db.session.execute(_moves(regrade_id)):
        yield MoveLine(*row)
