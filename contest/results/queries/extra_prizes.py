"""Reading unit prizes and side prizes: what the rules have, and who stands for them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import func, select

from contest.contests.models import ContestKind, Entry, Registration, Round, RoundScore, ScoreStatus
from contest.contests.queries import excluded_from_prizes
from contest.core.db import db
from contest.core.vietnamese import DatePrecision
from contest.quizzes.models import Attempt
from contest.results.models import (
    ExtraPrize,
    Measure,
    Over,
    Ranking,
    TotalRun,
    TotalScore,
)
from contest.results.queries.seal import is_sealed
from contest.results.queries.total_places import first_entries
from contest.results.queries.unit_standings import (
    Place,
    UnitTable,
    contest_table,
    round_table,
    unit_terms,
)
from contest.results.rules.extra_prizes import ExtraTerms, unit_contenders, with_places
from contest.results.rules.prize_terms import Contender
from contest.results.rules.unit_standings import StandingTerms, UnitKey
from contest.submissions.models import BlindCode, Work

_BATCH: Final = 500
_PART: Final = 500


def extra_prizes(over: Over) -> list[ExtraPrize]:
    """The unit prizes and side prizes of a round or over the totals, in their order."""
    return list(
        db.session.scalars(
            select(ExtraPrize).where(ExtraPrize.of(over)).order_by(ExtraPrize.position)
        )
    )


def extra_terms(prizes: Iterable[ExtraPrize]) -> list[ExtraTerms]:
    """The same for an allocation."""
    return [
        ExtraTerms(
            one.id,
            one.public_id,
            one.measure,
            one.name,
            one.quota,
            one.money,
            one.tie_policy,
            one.fewest,
            one.terms,
        )
        for one in prizes
    ]


def kind_of_over(over: Over) -> ContestKind | None:
    """The kind of a round; None for totals."""
    return over.kind if isinstance(over, Round) else None


def winners_by_place(entry_ids: Sequence[int]) -> dict[Place, int]:
    """Prizes by the path of the winner's unit as it was at registration."""
    found: Counter[Place] = Counter()
    for start in range(0, len(entry_ids), _PART):
        rows = db.session.execute(
            select(Registration.unit_ids, Registration.unit_path)
            .join(Entry, Entry.registration_id == Registration.id)
            .where(Entry.id.in_(entry_ids[start : start + _PART]))
        )
        found.update((ids, path) for ids, path in rows)
    return dict(found)


def keys_of(prize: ExtraTerms, base: StandingTerms) -> tuple[UnitKey, ...]:
    """By what a unit prize ranks: its own measure, or the order of units as the rules have it."""
    if prize.measure is Measure.STANDING:
        return base.keys
    return (UnitKey(prize.measure.value),)


@dataclass
class ExtraContenders:
    """Who stands for the prizes beside the levels, over a ranking.

    Attributes:
        run: the ranking.
        winners: entries that the decision gives a prize of a level to.
        units: paths of the units that were looked at, by their ids; filled by and by.
    """

    run: Ranking
    winners: Sequence[int]
    units: dict[int, tuple[str, ...]]

    def __call__(self, prize: ExtraTerms) -> Iterable[Contender]:
        """The contenders of an order that begins with this prize, the best first."""
        if prize.is_for_units:
            return self._units(prize)
        return with_places(_people(self.run, prize.measure))

    def _units(self, prize: ExtraTerms) -> Iterable[Contender]:
        base = unit_terms(_contest_id(self.run)) or StandingTerms()
        fewest = base.fewest if prize.fewest is None else prize.fewest
        terms = replace(base, keys=keys_of(prize, base), fewest=fewest)
        table = self._table(terms)
        for line in table.lines:
            if line.unit_id is not None:
                self.units[line.unit_id] = line.path
        return unit_contenders(table.lines, terms.keys)

    def _table(self, terms: StandingTerms) -> UnitTable:
        won = winners_by_place(self.winners)
        if isinstance(self.run, TotalRun):
            return contest_table(self.run, terms, winners=won)
        return round_table(self.run, terms, winners=won)


def _contest_id(run: Ranking) -> int:
    return run.contest_id if isinstance(run, TotalRun) else run.round.contest_id


_Row = tuple[int, int, int, bool]


def _people(run: Ranking, measure: Measure) -> Iterator[_Row]:
    """Entry, person, value (smaller is better) and whether they may win, in the order of it."""
    if measure is Measure.EARLIEST_PERFECT:
        yield from _earliest_perfect(run)
        return
    oldest_first = measure is Measure.OLDEST
    order = Registration.birth_date.asc() if oldest_first else Registration.birth_date.desc()
    statement, may_win = _births(run)
    rows: Any = db.session.execute(
        statement.where(
            Registration.birth_date.is_not(None),
            Registration.birth_precision == DatePrecision.DAY,
        )
        .order_by(order, Registration.sort_key, Registration.id)
        .execution_options(yield_per=_BATCH)
    )
    for row in rows:
        day = row.birth_date.toordinal()
        yield row.entry_id, row.person_id, day if oldest_first else -day, may_win(row)


def _births(run: Ranking) -> tuple[Any, Callable[[Any], bool]]:
    columns = (Registration.person_id, Registration.birth_date)
    if isinstance(run, TotalRun):
        first = first_entries(run).subquery()
        out = excluded_from_prizes(run.contest)
        statement: Any = (
            select(first.c.entry_id, *columns)
            .select_from(TotalScore)
            .join(first, first.c.registration_id == TotalScore.registration_id)
            .join(Registration, Registration.id == TotalScore.registration_id)
            .where(TotalScore.total_run_id == run.id, TotalScore.place.is_not(None))
        )
        return statement, lambda row: row.entry_id not in out
    statement = (
        select(RoundScore.entry_id, RoundScore.status, *columns)
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(RoundScore.rank_run_id == run.id, RoundScore.place.is_not(None))
    )
    return statement, lambda row: row.status is ScoreStatus.RANKED


def _earliest_perfect(run: Ranking) -> Iterator[_Row]:
    """By the instant at which the first attempt with all points was handed in, in µs."""
    if isinstance(run, TotalRun):
        return
    first = func.min(Attempt.submitted_at).label("first")
    rows: Any = db.session.execute(
        select(RoundScore.entry_id, RoundScore.status, Attempt.person_id, first)
        .join(Attempt, Attempt.entry_id == RoundScore.entry_id)
        .where(
            RoundScore.rank_run_id == run.id,
            RoundScore.place.is_not(None),
            RoundScore.points == RoundScore.max_points,
            Attempt.round_id == run.round_id,
            Attempt.points == Attempt.max_points,
            Attempt.submitted_at.is_not(None),
        )
        .group_by(RoundScore.entry_id, RoundScore.status, Attempt.person_id)
        .order_by(first, RoundScore.entry_id)
        .execution_options(yield_per=_BATCH)
    )
    for row in rows:
        at = int(row.first.timestamp() * 1_000_000)
        yield row.entry_id, row.person_id, at, row.status is ScoreStatus.RANKED


def entries_to_pick(over: Over, run: Ranking, codes: Sequence[str]) -> dict[str, int]:
    """Entries that the council may choose, by their codes in capitals; others are missing.

    Args:
        over: a round, or a contest for its totals.
        run: the ranking over which prizes are given.
        codes: as typed; of a sealed round blind codes, else those of the contestants.
    """
    wanted = {code.upper() for code in codes}
    if not wanted:
        return {}
    if isinstance(run, TotalRun):
        statement, may_win = _births(run)
        code: Any = Registration.code
    else:
        statement = (
            select(RoundScore.entry_id, RoundScore.status)
            .join(Entry, Entry.id == RoundScore.entry_id)
            .join(Registration, Registration.id == Entry.registration_id)
            .where(RoundScore.rank_run_id == run.id, RoundScore.place.is_not(None))
        )
        code = Registration.code
        if is_sealed(over):
            code = BlindCode.code
            statement = statement.join(
                Work, (Work.entry_id == RoundScore.entry_id) & (Work.round_id == run.round_id)
            ).join(
                BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id)
            )

        def may_win(row: Any) -> bool:
            return row.status is ScoreStatus.RANKED

    rows = db.session.execute(
        statement.add_columns(code.label("code")).where(func.upper(code).in_(wanted))
    )
    return {row.code.upper(): row.entry_id for row in rows if may_win(row)}
