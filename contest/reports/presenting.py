"""A season report as pages, Excel files and PDF documents show it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import url_for

from contest.accounts.models import UnitTree
from contest.awards.models import RecipientKind
from contest.awards.rules.commendations import HIGHEST_FIRST
from contest.awards.rules.words import KIND_NAMES, LEVEL_NAMES
from contest.core.i18n import format_count, format_date, format_percent
from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet, TableCell
from contest.reports.models import Measure
from contest.reports.queries.facts import DatedBy
from contest.reports.queries.season import SeasonReport, season_report
from contest.reports.rules.figures import change
from contest.reports.rules.words import (
    CATEGORY_NAMES,
    MEASURE_NAMES,
    figure_words,
    reported_words,
)

_SHOWN: Final = (
    Measure.CONTESTS,
    Measure.PERSONS,
    Measure.ATTEMPTS,
    Measure.ENTRIES,
    Measure.ESSAYS,
    Measure.PRIZES,
    Measure.SUBJECTS_HONOURED,
    Measure.LEADERS,
    Measure.MODELS,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with the period before.

    Attributes:
        label: what is counted.
        value: as it is read.
        before: the same of the period before.
        change: per cent more; None without a before.
        beside: older figures that are not added.
        href: to the rows.
    """

    label: str
    value: str
    before: str
    change: int | None
    beside: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class LevelLine:
    """Commendations of a level for a kind of recipients."""

    level: str
    kind: str
    luot: int
    nguoi: int
    href: str


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target and how far it was reached."""

    label: str
    period: str
    target: str
    reached: str
    share: float
    is_reached: bool
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A report ready to be shown."""

    report: SeasonReport
    lines: Sequence[Line]
    levels: Sequence[LevelLine]
    targets: Sequence[TargetLine]
    categories: Sequence[tuple[str, int]]


def shown(report: SeasonReport, kept: dict[str, Any]) -> Shown:
    """A report beside that of the period before.

    Args:
        report: of the period asked for.
        kept: the arguments of its address.
    """
    asked = report.asked
    before = season_report(replace(asked, period=asked.period.before()))
    lines = [_line(measure, report, before, kept) for measure in _SHOWN]
    return Shown(
        report,
        lines,
        _levels(report, kept),
        [_target(report, each) for each in report.targets],
        [
            (str(CATEGORY_NAMES[category]), count)
            for category, count in sorted(report.categories.items(), key=lambda pair: -pair[1])
        ],
    )


def _line(
    measure: Measure, report: SeasonReport, before: SeasonReport, kept: dict[str, Any]
) -> Line:
    figure, earlier = report.figures[measure], before.figures[measure]
    beside = figure.reported if figure.counted else ()
    return Line(
        label=str(MEASURE_NAMES[measure]),
        value=figure_words(figure),
        before=figure_words(earlier),
        change=change(figure.counted, earlier.counted) if figure.counted else None,
        beside=tuple(reported_words(each) for each in beside),
        href=url_for("reports.rows", measure=measure.value, **kept),
    )


def _levels(report: SeasonReport, kept: dict[str, Any]) -> list[LevelLine]:
    asked = report.asked
    by = "honoured" if asked.dated_by is DatedBy.HONOURED else "decided"
    made = []
    for level in HIGHEST_FIRST:
        for kind in RecipientKind:
            luot, nguoi = report.commendations.get((level, kind), (0, 0))
            if luot:
                href = url_for(
                    "awards.commendations",
                    unit=asked.unit.public_id,
                    level=level.value,
                    kind=kind.value,
                    which="standing",
                    **{f"{by}_from": kept["first"], f"{by}_to": kept["last"]},
                )
                made.append(
                    LevelLine(
                        str(LEVEL_NAMES[level]),
                        str(KIND_NAMES[kind]),
                        luot,
                        nguoi,
                        href,
                    )
                )
    return made


def _target(report: SeasonReport, target: Any) -> TargetLine:
    reached = report.reached(target.measure)
    rate = target.measure is Measure.PARTICIPATION_RATE

    def words(value: int) -> str:
        return format_percent(value / 1000) if rate else format_count(value)

    return TargetLine(
        label=str(MEASURE_NAMES[target.measure]),
        period=f"{format_date(target.period_from)} – {format_date(target.period_to)}",
        target=words(target.value),
        reached=words(reached),
        share=reached / target.value if target.value else 1.0,
        is_reached=reached >= target.value,
        source=target.source,
    )


def title_of(report: SeasonReport) -> str:
    """The title of the document."""
    period = report.asked.period
    return _(
        "Season report %(first)s – %(last)s",
        first=format_date(period.first),
        last=format_date(period.last),
    )


def sheets(found: Shown) -> list[Sheet]:
    """The report as an Excel file: figures, commendations, units, silent units, contests."""
    report = found.report
    figures = [
        [line.label, line.value, line.before, "; ".join(line.beside)] for line in found.lines
    ]
    levels: list[list[TableCell]] = [
        [line.level, line.kind, line.luot, line.nguoi] for line in found.levels
    ]
    units: list[list[TableCell]] = [
        [
            line.unit.name,
            line.participation.persons,
            line.participation.attempts,
            line.participation.entries,
            line.participation.essays,
            line.headcount,
            format_percent(line.rate),
            line.recognitions,
        ]
        for line in report.lines
    ]
    return [
        Sheet(
            _("Figures"),
            [_("Figure"), _("This period"), _("Period before"), _("Older reports, not added")],
            figures,
            [44, 20, 20, 60],
        ),
        Sheet(
            _("Commendations"),
            [_("Level"), _("Recipients"), _("Recognitions (lượt)"),
             _("Distinct recipients (người)")],
            levels,
            [34, 16, 20, 26],
        ),
        Sheet(
            _("Units"),
            [_("Unit"), _("Persons"), _("Attempts"), _("Entries"), _("Essays"), _("Head-count"),
             _("Share of head-count"), _("Recognitions (lượt)")],
            units,
            [50, 12, 12, 12, 12, 12, 16, 20],
        ),
        Sheet(
            _("Units without any activity"),
            [_("Unit"), _("Code")],
            [[unit.name, unit.code] for unit in report.silent],
            [50, 20],
        ),
        Sheet(
            _("Contests held"),
            [_("Contest"), _("Day")],
            [[each.title, format_date(each.held_on)] for each in report.contests],
            [70, 14],
        ),
    ]  # fmt: skip


def document(found: Shown, *, lang: str) -> dict[str, Any]:
    """The report as the PDF's layout reads it, with the header of the unit's tree.

    Args:
        found: the report.
        lang: of the words.
    """
    report = found.report
    unit = report.asked.unit
    party = unit.tree is UnitTree.PARTY
    return {
        "lang": lang,
        "title": title_of(report),
        "about": unit.name,
        "header": {"style": "party" if party else "state", "issuer": unit.name},
        "figures": {
            "heads": [_("Figure"), _("This period"), _("Period before")],
            "rows": [
                [line.label + "".join(f" ({each})" for each in line.beside), line.value,
                 line.before]
                for line in found.lines
            ],
        },
        "levels": {
            "title": _("Commendations"),
            "heads": [_("Level"), _("Recipients"), _("Recognitions (lượt)"),
                      _("Distinct recipients (người)")],
            "rows": [
                [line.level, line.kind, format_count(line.luot), format_count(line.nguoi)]
                for line in found.levels
            ],
        },
        "targets": {
            "title": _("Targets"),
            "heads": [_("Target"), _("Set"), _("Reached")],
            "rows": [[line.label, line.target, line.reached] for line in found.targets],
        },
        "units": {
            "title": _("Units"),
            "heads": [_("Unit"), _("Persons"), _("Attempts"), _("Essays"),
                      _("Share of head-count")],
            "rows": [
                [
                    line.unit.name,
                    format_count(line.participation.persons),
                    format_count(line.participation.attempts),
                    format_count(line.participation.essays),
                    format_percent(line.rate),
                ]
                for line in report.lines
            ],
        },
        "silent": {
            "title": _("Units without any activity"),
            "names": [each.name for each in report.silent],
        },
        "note": notes(),
    }  # fmt: skip


def notes() -> str:
    """How the figures were counted, in one paragraph."""
    return _(
        "Lượt (entries, recognitions) and người (distinct persons) are two columns and are never "
        "added. What a round brought counts on the day on which it opened. A total over levels "
        "counts recognitions. Figures of older reports keep their word (about, more than, almost) "
        "and are not added to counted ones."
    )
