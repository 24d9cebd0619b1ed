"""The numbers that organisers watch: live, by unit, by day, by points."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from contest.accounts.models import UnitHeadcount
from contest.accounts.queries.units import all_units, unit_path
from contest.accounts.rules.units import UnitNode, exists_on
from contest.contests.kinds import kind_of
from contest.contests.models import Contest, ContestKind, Registration, Round, Stage
from contest.contests.rules import ranked_rounds, stage_at
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.portal.rules import UnitShare, by_share
from contest.quizzes.models import Attempt
from contest.quizzes.queries import LiveCounts, attempts_per_day, live_counts
from contest.results.rules.participation import Branch, gather


@dataclass(frozen=True, slots=True)
class Participation:
    """Units of a contest at the level that reports speak of.

    Attributes:
        units: those with people and those still without, the fullest first.
        has_rates: head-counts are known for at least one of them.
    """

    units: list[UnitShare]
    has_rates: bool

    @property
    def silent(self) -> list[UnitShare]:
        """Units from which nobody has taken part."""
        return [unit for unit in self.units if not unit.persons]


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day of a round beside the same day of the round before.

    `attempts` is None for a day to come; `is_unfinished` marks today.
    """

    day: date
    attempts: int | None
    persons: int
    before: int | None
    is_unfinished: bool


def live_numbers(round: Round, now: datetime) -> LiveCounts | None:
    """Who is in a quiz round now; None for rounds that are no quiz."""
    return live_counts(round.id, now) if round.kind is ContestKind.QUIZ else None


def participation(contest: Contest, round: Round, now: datetime) -> Participation:
    """Persons and attempts by unit, against the head-count known on the day."""
    day = min(now, round.closes_at or now).astimezone(LOCAL_ZONE).date()
    branches = gather(
        kind_of(round).unit_counts(round), unit_path(contest.unit).parts, _ids_as_then(contest.id)
    )
    expected = {node.id: node.name for node in _expected_units(contest, day)}
    present = {branch.unit_id for branch in branches}
    heads = _headcounts({*expected, *(one for one in present if one)}, day)
    units = [_share(branch, heads) for branch in branches]
    units += [
        UnitShare(name, 0, 0, heads.get(unit_id))
        for unit_id, name in expected.items()
        if unit_id not in present
    ]
    return Participation(by_share(units), bool(heads))


def _share(branch: Branch, heads: dict[int, int]) -> UnitShare:
    name = branch.path[0] if branch.path else ""
    return UnitShare(name, branch.persons, branch.attempts, heads.get(branch.unit_id or 0))


def _expected_units(contest: Contest, day: date) -> list[UnitNode]:
    """The units from which people are awaited, at the level that reports speak of.

    Those below the contest's own unit; of the branches chosen, those that hold the own unit or
    a whole tree stand for what is directly below them.
    """
    living = [node for node in all_units() if exists_on(node.valid_from, node.valid_to, day)]
    parents = {node.id: node.parent_id for node in living}
    if contest.open_to_all_units:
        return [node for node in living if node.parent_id == contest.unit_id]
    chosen = {branch.unit_id for branch in contest.eligible_units}
    wide = {each for each in chosen if parents.get(each) is None}
    wide |= chosen & set(_with_ancestors(contest.unit_id, parents))
    return [
        node
        for node in living
        if (node.id in chosen - wide or node.parent_id in wide) and node.id != contest.unit_id
    ]


def _with_ancestors(unit_id: int, parents: dict[int, int | None]) -> list[int]:
    found = []
    step: int | None = unit_id
    while step is not None:
        found.append(step)
        step = parents.get(step)
    return found


def _ids_as_then(contest_id: int) -> dict[tuple[int | None, str], tuple[int, ...]]:
    rows = db.session.execute(
        select(Registration.unit_id, Registration.unit_path, Registration.unit_ids)
        .where(Registration.contest_id == contest_id)
        .distinct()
    )
    return {
        (unit_id, path): tuple(int(part) for part in ids.split("/") if part)
        for unit_id, path, ids in rows
    }


def _headcounts(unit_ids: set[int], day: date) -> dict[int, int]:
    """The latest head-count of each unit on a day."""
    if not unit_ids:
        return {}
    rows = db.session.execute(
        select(UnitHeadcount.unit_id, UnitHeadcount.persons)
        .where(UnitHeadcount.unit_id.in_(unit_ids), UnitHeadcount.counted_on <= day)
        .order_by(UnitHeadcount.counted_on)
    )
    return {row.unit_id: row.persons for row in rows}


def day_lines(contest: Contest, round: Round, now: datetime) -> list[DayLine]:
    """Attempts begun on each local day of a round, beside the round before."""
    if round.opens_at is None or round.closes_at is None or round.kind is not ContestKind.QUIZ:
        return []
    first = round.opens_at.astimezone(LOCAL_ZONE).date()
    last = (round.closes_at - timedelta(microseconds=1)).astimezone(LOCAL_ZONE).date()
    today = now.astimezone(LOCAL_ZONE).date()
    counts = {line.day: line for line in attempts_per_day(round.id)}
    before = _attempts_by_offset(_round_before(contest, round, now))
    is_open = stage_at(round, now) is Stage.OPEN
    lines = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        known = counts.get(day)
        lines.append(
            DayLine(
                day=day,
                attempts=None if day > today else (known.attempts if known else 0),
                persons=known.persons if known else 0,
                before=before.get(offset),
                is_unfinished=is_open and day == today,
            )
        )
    return lines


def _round_before(contest: Contest, round: Round, now: datetime) -> Round | None:
    earlier = [
        each
        for each in ranked_rounds(contest.rounds)
        if each.number < round.number and stage_at(each, now) is not Stage.PLANNED
    ]
    return earlier[-1] if earlier and not round.is_practice else None


def _attempts_by_offset(round: Round | None) -> dict[int, int]:
    if round is None or round.opens_at is None:
        return {}
    first = round.opens_at.astimezone(LOCAL_ZONE).date()
    return {(line.day - first).days: line.attempts for line in attempts_per_day(round.id)}


def points_spread(round: Round) -> list[tuple[int, int]]:
    """How many finished attempts had how many right answers, from 0 to all, without gaps."""
    rows = db.session.execute(
        select(Attempt.correct_count, func.count(), func.max(Attempt.question_count))
        .where(Attempt.round_id == round.id, Attempt.correct_count.is_not(None))
        .group_by(Attempt.correct_count)
    ).all()
    found = {correct: count for correct, count, _most in rows}
    most = max((row[2] for row in rows), default=0)
    return [(correct, found.get(correct, 0)) for correct in range(most + 1)] if rows else []
