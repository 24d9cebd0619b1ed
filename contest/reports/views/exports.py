"""Registers of older contests, models and projects as files, and the rows behind a figure."""

from typing import Final

from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.i18n import gettext as _
from contest.core.replica import reports
from contest.core.spreadsheets.writing import Sheet, typed_day
from contest.core.table_files import send_sheets
from contest.reports.models import ContestRecord, Project
from contest.reports.queries.records import contest_records_for_export, projects_for_export
from contest.reports.queries.rows import rows_behind
from contest.reports.rules import words
from contest.reports.views.base import blueprint, wanted_measure, wanted_report
from contest.reports.views.records import wanted_contests, wanted_projects

_BASE: Final = "/organise/reports"
_CONTEST_WIDTHS: Final = (44, 22, 14, 14, 36, 30, 30, 14, 14, 30)
_PROJECT_WIDTHS: Final = (44, 24, 26, 36, 16, 50, 50, 16)


@blueprint.get(f"{_BASE}/contests.<any(xlsx, csv):ending>")
@requires(Permission.SEE_REPORTS)
def contest_records_file(ending: str) -> ResponseReturnValue:
    """The register of older contests as a file, with the columns that an import reads."""
    name = _("Register of older contests")
    columns = [
        _("Contest"), _("Kind"), _("First day"), _("Last day"), _("Unit"), _("Organiser"),
        _("Categories of participants"), _("Entries"), _("Persons"), _("Source"),
    ]  # fmt: skip
    rows = map(_contest_line, contest_records_for_export(current_actor(), wanted_contests()))
    return send_sheets(
        [Sheet(name, columns, rows, _CONTEST_WIDTHS, is_edited=True)], kind=ending, name=name
    )


def _contest_line(row: ContestRecord) -> list[str]:
    return [
        row.title,
        str(words.CONTEST_KIND_NAMES[row.kind]),
        typed_day(row.held_from),
        typed_day(row.held_to),
        row.unit.name,
        row.organiser,
        row.categories,
        _figure(row.entries, row.entries_qualifier),
        _figure(row.persons, row.persons_qualifier),
        row.source,
    ]


def _figure(value: int | None, word: str) -> str:
    """A number with the word before it, without marks between its digits: "hơn 4800"."""
    qualifier = words.qualifier(word)
    return " ".join(
        str(part)
        for part in (words.QUALIFIER_NAMES[qualifier] if qualifier else "", value)
        if part not in {"", None}
    )


@blueprint.get(f"{_BASE}/projects.<any(xlsx, csv):ending>")
@requires(Permission.SEE_REPORTS)
def projects_file(ending: str) -> ResponseReturnValue:
    """The register of models and projects as a file, with the columns that an import reads."""
    name = _("Register of models and projects")
    columns = [
        _("Model or project"), _("Kind"), _("Field"), _("Unit"), _("Day of registration"),
        _("Objective"), _("Road map"), _("State"),
    ]  # fmt: skip
    rows = map(_project_line, projects_for_export(current_actor(), wanted_projects()))
    return send_sheets(
        [Sheet(name, columns, rows, _PROJECT_WIDTHS, is_edited=True)], kind=ending, name=name
    )


def _project_line(row: Project) -> list[str]:
    return [
        row.title,
        str(words.PROJECT_KIND_NAMES[row.kind]),
        str(words.CATEGORY_NAMES[row.category]),
        row.unit.name,
        typed_day(row.registered_on),
        row.objective,
        row.road_map,
        str(words.STATE_NAMES[row.state]),
    ]


@blueprint.get(f"{_BASE}/rows/<measure>.<any(xlsx, csv):ending>")
@requires(Permission.SEE_REPORTS)
@reports
def rows_file(measure: str, ending: str) -> ResponseReturnValue:
    """The rows behind a figure as a file: all of them, where the page shows the first ones."""
    which = wanted_measure(measure)
    table = rows_behind(which, wanted_report().asked)
    name = str(words.MEASURE_NAMES[which])
    return send_sheets([Sheet(name, table.heads, table.rows)], kind=ending, name=name)
