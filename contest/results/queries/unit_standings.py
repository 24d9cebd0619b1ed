"""Reading what units did together, in a round and over the rounds of a contest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Select, distinct, func, select, type_coerce

from contest.accounts.models import UnitHeadcount, UnitSuccession
from contest.accounts.queries import unit_path
from contest.accounts.queries.units import all_units
from contest.accounts.rules.successions import heir_of, single_heirs
from contest.accounts.rules.units import UnitNode
from contest.contests.kinds import CountsAttempts, kind_of
from contest.contests.models import (
    Contest,
    Entry,
    RankRun,
    Registration,
    Round,
    RoundScore,
    ScoreStatus,
)
from contest.contests.rules import ids_of_path
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.results.models import (
    Allocation,
    PrizeAward,
    Ranking,
    TotalRun,
    TotalScore,
    UnitSum,
    UnitTerms,
)
from contest.results.rules.participation import path_parts
from contest.results.rules.unit_standings import (
    Headcount,
    StandingTerms,
    UnitKey,
    UnitStanding,
    UnitSumLine,
    UnitView,
    gather_units,
    rank_units,
)

Place = tuple[str, str]
"""Ids and names of a unit's path as they were."""


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Standings of units.

    Attributes:
        lines: the best first, those without a place last.
        terms: by which they stand.
        view: which tree was followed.
        top: the unit below which they stand; None for the contest's own.
        day: the day of the head-counts.
    """

    lines: list[UnitStanding]
    terms: StandingTerms
    view: UnitView
    top: UnitNode | None
    day: date | None


def unit_terms(contest_id: int) -> StandingTerms | None:
    """How the units of a contest are ranked; None before anybody has chosen it."""
    row = db.session.get(UnitTerms, contest_id)
    if row is None:
        return None
    keys = tuple(UnitKey(code) for code in row.keys)
    return StandingTerms(keys, row.level, row.fewest, row.with_staff, row.counted_on)


def select_unit_sums(run: RankRun) -> Select[Any]:
    """Sums of a rank run by single unit, path as it was, and status, in their order."""
    kind = kind_of(run.round)
    statement = (
        select(
            Registration.unit_id,
            Registration.unit_ids,
            Registration.unit_path,
            RoundScore.status,
            func.count(distinct(Entry.registration_id)).label("persons"),
            func.count().label("entries"),
            func.sum(type_coerce(RoundScore.points, BigInteger)).label("points"),
        )
        .select_from(RoundScore)
        .join(Entry, Entry.id == RoundScore.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(RoundScore.rank_run_id == run.id)
    )
    if isinstance(kind, CountsAttempts):
        tried = kind.attempt_counts(run.round).subquery()
        statement = statement.outerjoin(tried, tried.c.entry_id == RoundScore.entry_id)
        attempts: Any = func.sum(func.coalesce(tried.c.attempts, 1))
    else:
        attempts = func.count()
    place = (
        Registration.unit_id,
        Registration.unit_ids,
        Registration.unit_path,
        RoundScore.status,
    )
    return statement.add_columns(attempts.label("attempts")).group_by(*place).order_by(*place)


def _kept_sums(run: RankRun) -> Sequence[Any]:
    """The sums kept with a run, or counted now where nobody has kept them yet."""
    kept = db.session.execute(
        select(
            UnitSum.unit_id,
            UnitSum.unit_ids,
            UnitSum.unit_path,
            UnitSum.status,
            UnitSum.persons,
            UnitSum.entries,
            type_coerce(UnitSum.points, BigInteger).label("points"),
            UnitSum.attempts,
        )
        .where(UnitSum.rank_run_id == run.id)
        .order_by(UnitSum.number)
    ).all()
    return kept or db.session.execute(select_unit_sums(run)).all()


def _winners(run: Ranking) -> dict[Place, int]:
    """Prizes by the path of the winner's unit, of the latest decision over a ranking."""
    column = Allocation.total_run_id if isinstance(run, TotalRun) else Allocation.rank_run_id
    latest = select(func.max(Allocation.id)).where(column == run.id).scalar_subquery()
    rows = db.session.execute(
        select(Registration.unit_ids, Registration.unit_path, func.count())
        .select_from(PrizeAward)
        .join(Entry, Entry.id == PrizeAward.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(PrizeAward.allocation_id == latest)
        .group_by(Registration.unit_ids, Registration.unit_path)
    )
    return {(ids, path): count for ids, path, count in rows}


def unit_lines(
    run: RankRun, *, with_staff: bool, winners: Mapping[Place, int] | None = None
) -> list[UnitSumLine]:
    """What the people of single units did in a rank run; the disqualified are left out.

    `winners` are prizes that are only previewed, in place of those of the latest decision.
    """
    wanted = {ScoreStatus.RANKED} | ({ScoreStatus.NO_PRIZE} if with_staff else set())
    if winners is None:
        winners = _winners(run)
    sums: dict[Place, list[int]] = {}
    for row in _kept_sums(run):
        if row.status in wanted:
            line = sums.setdefault((row.unit_ids, row.unit_path), [0, 0, 0, 0])
            numbers = (row.persons, row.attempts, row.entries, row.points)
            for place, number in enumerate(numbers):
                line[place] += int(number)
    return [
        UnitSumLine(
            tuple(ids_of_path(ids)),
            path_parts(path),
            persons,
            attempts,
            entries,
            points,
            winners.get((ids, path), 0),
        )
        for (ids, path), (persons, attempts, entries, points) in sums.items()
    ]


class _TreeNow:
    """Paths of units as the tree stands now, over mergers."""

    def __init__(self, nodes: Mapping[int, UnitNode]) -> None:
        self._nodes = nodes
        rows = db.session.execute(select(UnitSuccession.from_unit_id, UnitSuccession.to_unit_id))
        self._heirs = single_heirs((old, new) for old, new in rows)

    def moved(self, line: UnitSumLine) -> UnitSumLine:
        """The same sums under the unit that stands there now."""
        if not line.chain:
            return line
        chain: list[int] = []
        step: int | None = heir_of(line.chain[0], self._heirs)
        while step is not None and step in self._nodes and step not in chain:
            chain.append(step)
            step = self._nodes[step].parent_id
        names = tuple(self._nodes[each].name for each in chain)
        return line._replace(chain=tuple(chain), names=names)


def headcounts(unit_ids: Collection[int], day: date | None) -> dict[int, Headcount]:
    """The newest head-count of each unit until a day; of any day where that is None."""
    statement = select(
        UnitHeadcount.unit_id, UnitHeadcount.persons, UnitHeadcount.counted_on
    ).order_by(UnitHeadcount.counted_on)
    if day is not None:
        statement = statement.where(UnitHeadcount.counted_on <= day)
    wanted = set(unit_ids)
    return {
        unit_id: Headcount(persons, counted_on)
        for unit_id, persons, counted_on in db.session.execute(statement)
        if unit_id in wanted
    }


def closing_day(instant: datetime | None) -> date | None:
    """The local day of an instant."""
    return instant.astimezone(LOCAL_ZONE).date() if instant else None


def round_table(
    run: RankRun,
    terms: StandingTerms,
    *,
    view: UnitView = UnitView.THEN,
    top: UnitNode | None = None,
    winners: Mapping[Place, int] | None = None,
) -> UnitTable:
    """Standings of units in a rank run.

    Args:
        run: the ranking whose scores count.
        terms: keys and who gets no place.
        view: units as they were at registration, or as they are now after mergers.
        top: only the units directly below this one, ranked among themselves.
        winners: prizes that are only previewed; None = those of the latest decision.
    """
    round: Round = run.round
    lines = unit_lines(run, with_staff=terms.with_staff, winners=winners)
    day = terms.counted_on or closing_day(round.closed_at or round.closes_at)
    return table_of(lines, round.contest, terms, view=view, top=top, day=day)


def table_of(
    lines: Iterable[UnitSumLine],
    contest: Contest,
    terms: StandingTerms,
    *,
    view: UnitView,
    top: UnitNode | None,
    day: date | None,
) -> UnitTable:
    """Standings from the sums of single units; see `round_table`."""
    if view is UnitView.NOW:
        now = _TreeNow({node.id: node for node in all_units()})
        lines = [now.moved(line) for line in lines]
    owner, level = ids_of_path(unit_path(contest.unit).ids), terms.level
    if top is not None:
        lines = [line for line in lines if top.id in line.chain]
        above = next((line.chain[line.chain.index(top.id) :] for line in lines), (top.id,))
        owner, level = list(above), 1
    gathered = gather_units(lines, owner, level)
    heads = headcounts([line.unit_id for line in gathered if line.unit_id], day)
    return UnitTable(rank_units(gathered, terms, heads), terms, view, top, day)


def contest_table(
    run: TotalRun,
    terms: StandingTerms,
    *,
    view: UnitView = UnitView.THEN,
    winners: Mapping[Place, int] | None = None,
) -> UnitTable:
    """Standings of units over the rounds of a contest.

    Persons are distinct over all rounds, and their mean is that of the totals; attempts and
    prizes are summed over the rounds that count, with the prizes over the totals. Totals leave
    organisers and judges out, and so does this, whatever the terms say about a single round.

    Args:
        run: the totals.
        terms: keys and who gets no place.
        view: units as they were at registration, or as they are now after mergers.
        winners: prizes over the totals that are only previewed; None = those of the latest
            decision.
    """
    numbers = {one["number"]: one["run"] for one in run.terms["rounds"]}
    runs = [
        one
        for one in db.session.scalars(
            select(RankRun)
            .join(Round, Round.id == RankRun.round_id)
            .where(Round.contest_id == run.contest_id, Round.number.in_(numbers))
        )
        if numbers[one.round.number] == one.number
    ]
    more: dict[tuple[tuple[int, ...], tuple[str, ...]], list[int]] = {}
    for each in runs:
        for line in unit_lines(each, with_staff=False):
            sums = more.setdefault((line.chain, line.names), [0, 0])
            sums[0] += line.attempts
            sums[1] += line.winners
    rows = db.session.execute(
        select(
            Registration.unit_ids,
            Registration.unit_path,
            func.count(),
            func.sum(type_coerce(TotalScore.points, BigInteger)),
        )
        .join(Registration, Registration.id == TotalScore.registration_id)
        .where(TotalScore.total_run_id == run.id, TotalScore.taken > 0)
        .group_by(Registration.unit_ids, Registration.unit_path)
        .order_by(Registration.unit_path, Registration.unit_ids)
    )
    lines, overall = [], _winners(run) if winners is None else winners
    for ids, path, persons, points in rows:
        place = tuple(ids_of_path(ids)), path_parts(path)
        attempts, won = more.get(place, (0, 0))
        won += overall.get((ids, path), 0)
        lines.append(UnitSumLine(*place, persons, attempts, persons, int(points), won))
    closes = [each.round.closed_at or each.round.closes_at for each in runs]
    last = max((instant for instant in closes if instant), default=None)
    day = terms.counted_on or closing_day(last)
    return table_of(lines, run.contest, terms, view=view, top=None, day=day)
