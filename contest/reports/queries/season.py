"""The season report: every figure of a unit with its branch in a period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contest.accounts.models import Unit
from contest.accounts.rules.units import UnitNode
from contest.awards.models import Level, RecipientKind
from contest.awards.queries.commendations import unit_book
from contest.awards.rules.commendations import HIGHEST_FIRST
from contest.awards.rules.unit_book import UnitBook
from contest.reports.models import Measure, ProjectCategory, Qualifier, Target
from contest.reports.queries import facts, participation
from contest.reports.queries.facts import DatedBy, HeldContest, Recognitions, Registered
from contest.reports.queries.participation import CountRow, Participation
from contest.reports.queries.prizes import prizes
from contest.reports.rules.branches import Branches, TreeView, with_everything_above
from contest.reports.rules.figures import Figure, Reported, summed, within
from contest.reports.rules.periods import Period


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about.

    Attributes:
        unit: with its branch.
        period: of the contests, decisions and registrations.
        view: the tree as then or as now.
        dated_by: which date of commendations counts.
    """

    unit: Unit
    period: Period
    view: TreeView = TreeView.THEN
    dated_by: DatedBy = DatedBy.DECIDED


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit directly below the report's (or itself) with its branch."""

    unit: UnitNode
    participation: Participation
    headcount: int | None
    recognitions: int

    @property
    def rate(self) -> float | None:
        """Persons as a share of the head-count; None without one."""
        return self.participation.persons / self.headcount if self.headcount else None


@dataclass(frozen=True, slots=True)
class SeasonReport:
    """All figures; see `as_json` for the names that commands use."""

    asked: Asked
    figures: dict[Measure, Figure]
    commendations: dict[tuple[Level, RecipientKind], tuple[int, int]]
    model_units: int
    categories: dict[ProjectCategory, int]
    lines: list[UnitLine]
    silent: list[UnitNode]
    headcount: int | None
    contests: list[HeldContest]
    targets: Sequence[Target]
    built_at: datetime | None
    rows: list[CountRow] = field(repr=False, default_factory=list)

    @property
    def is_counted(self) -> bool:
        """Whether the figures can be believed: counts are prepared, or no contest was held."""
        return self.built_at is not None or not self.contests

    @property
    def rate(self) -> float | None:
        """Persons as a share of the branch's head-count; None without one."""
        persons = self.figures[Measure.PERSONS].counted
        return persons / self.headcount if self.headcount else None

    @property
    def recognitions(self) -> int:
        """All recognitions over the levels: lượt, not persons."""
        return sum(luot for luot, _nguoi in self.commendations.values())

    def reached(self, measure: Measure) -> int:
        """What a target of a measure is compared with: counted figures only."""
        if measure is Measure.COMMENDATIONS:
            return self.recognitions
        if measure is Measure.PARTICIPATION_RATE:
            return round((self.rate or 0) * 1000)
        return self.figures[measure].counted

    def as_json(self) -> dict[str, Any]:
        """The document of `flask season-report --json`."""
        plain: dict[str, Any] = {
            measure.value: self.figures[measure].as_json()
            for measure in (
                Measure.CONTESTS,
                Measure.PERSONS,
                Measure.ATTEMPTS,
                Measure.ENTRIES,
                Measure.ESSAYS,
                Measure.PRIZES,
                Measure.SUBJECTS_HONOURED,
            )
        }
        plain["commendations"] = self._levels()
        plain["leaders"] = self.figures[Measure.LEADERS].as_json()
        plain["models"] = self.figures[Measure.MODELS].as_json() | {
            "units": Figure(self.model_units).as_json(),
            "categories": {
                category.value: Figure(count).as_json()
                for category, count in sorted(self.categories.items())
            },
        }
        return plain

    def _levels(self) -> dict[str, Any]:
        there = {level for level, _kind in self.commendations}
        return {
            level.value: {
                kind.value: {
                    "luot": Figure(luot).as_json(),
                    "nguoi": Figure(nguoi).as_json(),
                }
                for kind in RecipientKind
                for luot, nguoi in [self.commendations.get((level, kind), (0, 0))]
            }
            for level in reversed(HIGHEST_FIRST)
            if level in there
        }


def season_report(asked: Asked) -> SeasonReport:
    """Every figure of a unit with its branch in a period, from prepared counts.

    Args:
        asked: unit, period, tree, date of commendations.
    """
    book = unit_book()
    branches = Branches(book, facts.successions(), root_id=asked.unit.id, view=asked.view)
    period = asked.period
    rows = participation.count_rows(branches, period)
    held = facts.held_contests(branches, period)
    recognised = facts.recognitions(branches, period, asked.dated_by)
    projects = facts.registered_projects(branches, period)
    honoured = facts.honoured(branches, period)
    counted = {
        Measure.CONTESTS: len(held),
        Measure.PRIZES: sum(prizes(branches, period).values()),
        Measure.SUBJECTS_HONOURED: len(set().union(*honoured.values())),
        Measure.LEADERS: recognised.leaders[1],
        Measure.MODELS: len(projects),
    } | _counted(participation.participation(rows))
    reported = _reported(asked, held)
    heads = participation.headcounts(period)
    categories: dict[ProjectCategory, int] = {}
    for project in projects:
        categories[project.category] = categories.get(project.category, 0) + 1
    return SeasonReport(
        asked=asked,
        figures={
            measure: Figure(value, within(reported.get(measure.value, ()), period))
            for measure, value in counted.items()
        },
        commendations=recognised.levels,
        model_units=len({project.unit_id for project in projects}),
        categories=categories,
        lines=_lines(book, branches, rows, recognised, heads),
        silent=_silent(book, branches, period, _paths(rows, held, recognised, projects)),
        headcount=_headcount(book, asked.unit.id, heads),
        contests=held,
        targets=facts.targets(asked.unit.id, period),
        built_at=participation.built_at(),
        rows=rows,
    )


def _counted(found: Participation) -> dict[Measure, int]:
    return {
        Measure.PERSONS: found.persons,
        Measure.ATTEMPTS: found.attempts,
        Measure.ENTRIES: found.entries,
        Measure.ESSAYS: found.essays,
    }


def _reported(asked: Asked, held: Sequence[HeldContest]) -> dict[str, list[Reported]]:
    """Figures of older reports, and what the records of older contests say together."""
    found = facts.reported_figures(asked.unit.id)
    for measure, parts in (
        (Measure.ENTRIES, _parts((each.entries, each.entries_qualifier) for each in held)),
        (Measure.PERSONS, _parts((each.persons, each.persons_qualifier) for each in held)),
    ):
        total = summed(parts)
        if total is not None:
            figure = Reported(total[0], total[1], "", asked.period)
            found.setdefault(measure.value, []).append(figure)
    return found


def _parts(
    pairs: Iterable[tuple[int | None, Qualifier | None]],
) -> list[tuple[int, Qualifier | None]]:
    return [(value, qualifier) for value, qualifier in pairs if value is not None]


def _paths(
    rows: Sequence[CountRow],
    held: Sequence[HeldContest],
    recognised: Recognitions,
    projects: Sequence[Registered],
) -> set[str]:
    return (
        {row.path for row in rows}
        | {each.path for each in held}
        | recognised.paths
        | {each.path for each in projects}
    )


def _lines(
    book: UnitBook,
    branches: Branches,
    rows: Sequence[CountRow],
    recognised: Recognitions,
    heads: dict[int, int],
) -> list[UnitLine]:
    """The units below that did something, the most persons first."""
    parts = participation.by_part(rows)
    luot = recognised.parts
    lines = [
        UnitLine(
            unit=book.nodes[part],
            participation=participation.participation(parts.get(part, [])),
            headcount=(
                heads.get(part) if part == branches.root_id else _headcount(book, part, heads)
            ),
            recognitions=luot.get(part, 0),
        )
        for part in parts.keys() | luot.keys()
        if part in book.nodes
    ]
    return sorted(lines, key=lambda line: (-line.participation.persons, line.unit.sort_key))


def _headcount(book: UnitBook, unit_id: int, heads: dict[int, int]) -> int | None:
    """The unit's own head-count (its branch is in it), else the sum of those below; or None."""
    if unit_id in heads:
        return heads[unit_id]
    found = [
        count
        for child in book.children(unit_id)
        if (count := _headcount(book, child.id, heads)) is not None
    ]
    return sum(found) if found else None


def _silent(book: UnitBook, branches: Branches, period: Period, paths: set[str]) -> list[UnitNode]:
    """Units of the branch that existed and did nothing, the highest of each silent branch."""
    active = with_everything_above(paths) | {branches.root_id}
    found: list[UnitNode] = []
    waiting = [branches.root_id]
    while waiting:
        for child in book.children(waiting.pop()):
            there = (child.valid_from is None or child.valid_from <= period.last) and (
                child.valid_to is None or child.valid_to >= period.first
            )
            if child.id in active:
                waiting.append(child.id)
            elif there and (branches.view is TreeView.THEN or child.valid_to is None):
                found.append(child)
    return sorted(found, key=lambda unit: unit.sort_key)
