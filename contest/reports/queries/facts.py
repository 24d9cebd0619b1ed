"""Facts of a report beside participation: contests, prizes, honours, commendations, models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import String, select, type_coerce

from contest.accounts.models import UnitSuccession
from contest.awards.models import Commendation, Level, RecipientKind
from contest.awards.rules.commendations import Tally
from contest.contests.models import Contest, ContestKind, Round, Stage
from contest.core.db import db
from contest.reports.models import (
    ContestRecord,
    Project,
    ProjectCategory,
    ProjectKind,
    Qualifier,
    ReportedFigure,
    Target,
)
from contest.reports.queries.counting import countable
from contest.reports.rules.branches import Branches, TreeView
from contest.reports.rules.figures import Reported
from contest.reports.rules.periods import Period
from contest.results.models import Honour


class DatedBy(StrEnum):
    """Which date of a commendation decides into which period it falls."""

    DECIDED = "decided"
    HONOURED = "honoured"


@dataclass(frozen=True, slots=True)
class HeldContest:
    """A contest of the branch that was held in the period."""

    contest_id: int | None
    title: str
    kind: ContestKind
    held_on: date
    unit_id: int
    path: str
    slug: str = ""
    public_id: str = ""
    entries: int | None = None
    entries_qualifier: Qualifier | None = None
    persons: int | None = None
    persons_qualifier: Qualifier | None = None
    categories: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A model or project as it is counted, and where."""

    kind: ProjectKind
    category: ProjectCategory
    unit_id: int
    path: str


def successions() -> list[tuple[int, int]]:
    """(from, to) of all units that went over into others."""
    rows = db.session.execute(select(UnitSuccession.from_unit_id, UnitSuccession.to_unit_id))
    return [(row[0], row[1]) for row in rows]


def held_contests(branches: Branches, period: Period) -> list[HeldContest]:
    """Contests that units of the branch ran, with the older ones that were typed in; by day."""
    days: dict[int, date] = {}
    for each in countable():
        if period.holds(each.held_on):
            days[each.contest_id] = min(each.held_on, days.get(each.contest_id, each.held_on))
    found: list[HeldContest] = []
    rows = db.session.execute(
        select(Contest.id, Contest.title, Contest.kind, Contest.unit_id, Contest.slug).where(
            Contest.announced_at.is_not(None)
        )
    )
    for contest_id, title, kind, unit_id, slug in rows:
        if contest_id in days:
            path = branches.path(unit_id, "")
            if branches.part(path) is not None:
                found.append(
                    HeldContest(contest_id, title, kind, days[contest_id], unit_id, path, slug)
                )
    found += _records(branches, period)
    return sorted(found, key=lambda each: (each.held_on, each.title))


def _records(branches: Branches, period: Period) -> list[HeldContest]:
    rows = db.session.scalars(
        select(ContestRecord).where(
            ContestRecord.held_from >= period.first, ContestRecord.held_from <= period.last
        )
    )
    made: list[HeldContest] = []
    for row in rows:
        path = branches.path(row.unit_id, row.unit_ids)
        if branches.part(path) is None:
            continue
        made.append(
            HeldContest(
                None,
                row.title,
                row.kind,
                row.held_from,
                row.unit_id,
                path,
                public_id=row.public_id,
                entries=row.entries,
                entries_qualifier=_word(row.entries_qualifier),
                persons=row.persons,
                persons_qualifier=_word(row.persons_qualifier),
                categories=row.categories,
            )
        )
    return made


def _word(text: str) -> Qualifier | None:
    return Qualifier(text) if text else None


def published_rounds(period: Period) -> dict[int, tuple[int, int]]:
    """Published rounds of the period that were not annulled: contest and its unit by round."""
    inside = {
        each.round_id
        for each in countable()
        if each.is_final and each.round_id is not None and period.holds(each.held_on)
    }
    rows = db.session.execute(
        select(Round.id, Contest.id, Contest.unit_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Round.stage == Stage.PUBLISHED, Round.annulled_at.is_(None))
    )
    return {row[0]: (row[1], row[2]) for row in rows if row[0] in inside}


def honoured(branches: Branches, period: Period) -> dict[int, set[int]]:
    """Persons written about who were honoured in contests of the branch, by contest."""
    rounds = {
        round_id: contest_id
        for round_id, (contest_id, unit_id) in published_rounds(period).items()
        if branches.part(branches.path(unit_id, "")) is not None
    }
    found: dict[int, set[int]] = {}
    for round_id, subject_id in db.session.execute(select(Honour.round_id, Honour.subject_id)):
        if round_id in rounds:
            found.setdefault(rounds[round_id], set()).add(subject_id)
    return found


@dataclass(frozen=True, slots=True)
class Recognitions:
    """Commendations of a branch, counted.

    Attributes:
        levels: recognitions and distinct recipients by level and kind.
        leaders: recognitions of leaders, and how many persons they are.
        parts: recognitions by the unit directly below the report's.
        paths: of the units whose people or groups were honoured.
    """

    levels: dict[tuple[Level, RecipientKind], tuple[int, int]]
    leaders: tuple[int, int]
    parts: dict[int, int]
    paths: set[str]


def recognitions(branches: Branches, period: Period, dated_by: DatedBy) -> Recognitions:
    """Commendations of the branch's recipients that stand; one pass over a narrow index.

    As then, the branch is a condition of the database; as now each row has to be looked at, since
    its unit may stand elsewhere today. Recipients are told apart here: both databases would sort
    all their keys to count the different ones.
    """
    row = Commendation
    # Plain texts of plain columns: words of enumerations are only made for the few that are kept.
    columns = row.__table__.c
    statement = select(
        type_coerce(columns.level, String),
        type_coerce(columns.recipient_kind, String),
        columns.recipient_key,
        columns.is_leader,
        columns.unit_id,
        columns.unit_ids,
    ).where(*standing(period, dated_by))
    if branches.view is TreeView.THEN:
        mark = f"/{branches.root_id}/"
        statement = statement.where(row.unit_ids.contains(mark, autoescape=True))
    levels: dict[tuple[str, str], Tally] = {}
    leaders = Tally()
    parts: dict[int, int] = {}
    places: dict[tuple[int, str], tuple[str, int | None]] = {}
    for level, kind, key, is_leader, unit_id, then in db.session.execute(statement):
        place = places.get((unit_id, then))
        if place is None:
            path = branches.path(unit_id, then)
            place = places[unit_id, then] = path, branches.part(path)
        part = place[1]
        if part is None:
            continue
        levels.setdefault((level, kind), Tally()).add(key)
        parts[part] = parts.get(part, 0) + 1
        if is_leader:
            leaders.add(key)
    return Recognitions(
        {
            (Level(level), RecipientKind(kind)): (each.luot, each.nguoi)
            for (level, kind), each in levels.items()
        },
        (leaders.luot, leaders.nguoi),
        parts,
        {path for path, part in places.values() if part is not None},
    )


def standing(period: Period, dated_by: DatedBy) -> list[Any]:
    """Conditions of the commendations that stand and fall into a period by one of their dates.

    By the decision: its day lies in the period. By what was honoured: the award period and this
    one have a day in common; rows without an award period are in neither.
    """
    row = Commendation
    conditions: list[Any] = [row.revoked_at.is_(None)]
    if dated_by is DatedBy.DECIDED:
        return [*conditions, row.decided_on >= period.first, row.decided_on <= period.last]
    return [*conditions, row.period_from <= period.last, row.period_to >= period.first]


def registered_projects(branches: Branches, period: Period) -> list[Registered]:
    """Models and projects that units of the branch registered in the period."""
    row = Project
    rows = db.session.execute(
        select(row.kind, row.category, row.unit_id, row.unit_ids).where(
            row.registered_on >= period.first, row.registered_on <= period.last
        )
    )
    return [
        Registered(kind, category, unit_id, path)
        for kind, category, unit_id, then in rows
        if branches.part(path := branches.path(unit_id, then)) is not None
    ]


def reported_figures(unit_id: int) -> dict[str, list[Reported]]:
    """What older reports of a unit say, by measure."""
    found: dict[str, list[Reported]] = {}
    rows = db.session.scalars(
        select(ReportedFigure)
        .where(ReportedFigure.unit_id == unit_id)
        .order_by(ReportedFigure.period_from, ReportedFigure.id)
    )
    for row in rows:
        figure = Reported(
            row.value, row.qualifier, row.source, Period(row.period_from, row.period_to)
        )
        found.setdefault(row.measure.value, []).append(figure)
    return found


def targets(unit_id: int, period: Period) -> Sequence[Target]:
    """What a unit set out to reach in exactly this period or in one that lies in it."""
    return db.session.scalars(
        select(Target)
        .where(
            Target.unit_id == unit_id,
            Target.period_from >= period.first,
            Target.period_to <= period.last,
        )
        .order_by(Target.period_from, Target.measure)
    ).all()
