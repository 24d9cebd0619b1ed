"""The rows behind a figure of the report, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from contest.awards.models import Commendation
from contest.awards.queries.commendations import unit_book
from contest.contests.models import Contest
from contest.core.db import db
from contest.core.i18n import format_count, format_date
from contest.core.i18n import gettext as _
from contest.reports.models import Measure, Project
from contest.reports.queries import facts, participation
from contest.reports.queries.prizes import prizes
from contest.reports.queries.season import Asked
from contest.reports.rules.branches import Branches
from contest.reports.rules.words import CATEGORY_NAMES, CONTEST_KIND_NAMES, with_qualifier
from contest.submissions.models import Subject


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows of words; `numbers` are the columns that hold numbers."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()


def rows_behind(measure: Measure, asked: Asked) -> Table:
    """What a figure was counted from.

    Args:
        measure: the figure.
        asked: unit, period and tree of the report.
    """
    branches = Branches(unit_book(), facts.successions(), root_id=asked.unit.id, view=asked.view)
    if measure is Measure.CONTESTS:
        return _contests(branches, asked)
    if measure is Measure.PRIZES:
        return _by_contest(prizes(branches, asked.period), _("Prizes"))
    if measure is Measure.SUBJECTS_HONOURED:
        return _subjects(branches, asked)
    if measure is Measure.MODELS:
        return _projects(branches, asked)
    if measure in {Measure.LEADERS, Measure.COMMENDATIONS}:
        return _commendations(branches, asked, leaders=measure is Measure.LEADERS)
    return _participation(branches, asked)


def _titles(contest_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(select(Contest.id, Contest.title).where(Contest.id.in_(contest_ids)))
    return {row[0]: row[1] for row in rows}


def _contests(branches: Branches, asked: Asked) -> Table:
    return Table(
        [_("Contest"), _("Kind"), _("Day"), _("Unit"), _("Entries"), _("Persons")],
        [
            [
                each.title,
                str(CONTEST_KIND_NAMES[each.kind]),
                format_date(each.held_on),
                branches.book.nodes[each.unit_id].name,
                "" if each.entries is None else with_qualifier(each.entries,
                                                               each.entries_qualifier),
                "" if each.persons is None else with_qualifier(each.persons,
                                                               each.persons_qualifier),
            ]
            for each in facts.held_contests(branches, asked.period)
        ],
        frozenset({4, 5}),
    )  # fmt: skip


def _participation(branches: Branches, asked: Asked) -> Table:
    rows: dict[int, list[Any]] = {}
    for row in participation.count_rows(branches, asked.period):
        rows.setdefault(row.contest_id, []).append(row)
    titles = _titles(list(rows))
    lines = []
    for contest_id, some in rows.items():
        found = participation.participation(some)
        counts = (found.persons, found.attempts, found.entries, found.essays)
        lines.append([titles[contest_id], *map(format_count, counts)])
    return Table(
        [_("Contest"), _("Persons"), _("Attempts"), _("Entries"), _("Essays")],
        sorted(lines),
        frozenset({1, 2, 3, 4}),
    )


def _by_contest(counts: dict[int, int], label: str) -> Table:
    titles = _titles(list(counts))
    return Table(
        [_("Contest"), label],
        sorted([titles[contest_id], format_count(count)] for contest_id, count in counts.items()),
        frozenset({1}),
    )


def _subjects(branches: Branches, asked: Asked) -> Table:
    found = facts.honoured(branches, asked.period)
    titles = _titles(list(found))
    ids = set().union(*found.values())
    subjects = db.session.scalars(
        select(Subject).where(Subject.id.in_(ids)).order_by(Subject.sort_key)
    ).all()
    return Table(
        [_("Person written about"), _("Unit"), _("Contest")],
        [
            [
                subject.full_name,
                subject.unit_name,
                "; ".join(titles[key] for key, some in found.items() if subject.id in some),
            ]
            for subject in subjects
        ],
    )


def _projects(branches: Branches, asked: Asked) -> Table:
    rows = db.session.scalars(
        select(Project)
        .where(
            Project.registered_on >= asked.period.first,
            Project.registered_on <= asked.period.last,
        )
        .order_by(Project.category, Project.registered_on, Project.id)
    )
    return Table(
        [_("Model or project"), _("Field"), _("Unit"), _("Day of registration")],
        [
            [
                row.title,
                str(CATEGORY_NAMES[row.category]),
                branches.book.nodes[row.unit_id].name,
                format_date(row.registered_on),
            ]
            for row in rows
            if branches.part(branches.path(row.unit_id, row.unit_ids)) is not None
        ],
    )


def _commendations(branches: Branches, asked: Asked, *, leaders: bool) -> Table:
    row = Commendation
    statement = (
        select(row)
        .where(*facts.standing(asked.period, asked.dated_by))
        .order_by(row.sort_key, row.id)
    )
    if leaders:
        statement = statement.where(row.is_leader.is_(True))
    return Table(
        [_("Recipient"), _("Unit"), _("Decision number"), _("Decision date")],
        [
            [each.recipient_name, each.unit_name, each.decision_number,
             format_date(each.decided_on)]
            for each in db.session.scalars(statement)
            if branches.part(branches.path(each.unit_id, each.unit_ids)) is not None
        ],
    )  # fmt: skip
