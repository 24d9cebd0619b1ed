"""The report of fairness in plain words: a paragraph for people who do not know the figures."""

from typing import Final

from contest.core.i18n import format_count, format_number, ngettext
from contest.core.i18n import gettext as _
from contest.judging.queries.fairness import FairnessReport

_GOOD: Final = 0.8
_FAIR: Final = 2 / 3
"""Krippendorff's own lines: 0.8 to rely on, two thirds for tentative conclusions."""


def fairness_sentences(report: FairnessReport) -> list[str]:
    """The report as sentences, in the order in which they are read."""
    if not report.marks:
        return []
    said = [
        _(
            "%(judges)s gave %(marks)s to %(works)s.",
            judges=ngettext("%(num)s judge", "%(num)s judges", len(report.judges)),
            marks=ngettext("%(num)s mark", "%(num)s marks", report.marks),
            works=ngettext("%(num)s work", "%(num)s works", report.works),
        ),
        _agreement(report.figures.krippendorff_alpha),
        _severity(report),
        _drifting(report),
        _prizes(report),
        _("The marks themselves stay as they are; nothing is recalculated from this report."),
    ]
    return [each for each in said if each]


def _agreement(alpha: float | None) -> str:
    if alpha is None:
        return _("How far judges agree cannot be said from these marks.")
    value = format_number(alpha, 3)
    if alpha >= _GOOD:
        return _("Judges agree well (α = %(value)s).", value=value)
    if alpha >= _FAIR:
        return _("Judges agree tolerably (α = %(value)s).", value=value)
    return _("Judges agree little (α = %(value)s): much depends on who marked a work.", value=value)


def _severity(report: FairnessReport) -> str:
    if report.figures.severity is None:
        return _(
            "The judges fall into %(count)s groups that share no work, so nobody can say who is "
            "stricter.",
            count=len(report.figures.components),
        )
    sure = [each for each in report.judges if each.is_sure]
    if not sure:
        return _("No judge is surely stricter or more generous than the others.")
    widest = max(sure, key=lambda each: abs(each.bias or 0))
    points = format_number(abs(widest.bias or 0), 2)
    number = ngettext(
        "%(num)s judge is surely stricter or more generous than the others;",
        "%(num)s judges are surely stricter or more generous than the others;",
        len(sure),
    )
    if (widest.bias or 0) > 0:
        most = _("the widest gives %(points)s points more.", points=points)
    else:
        most = _("the widest gives %(points)s points less.", points=points)
    return f"{number} {most}"


def _drifting(report: FairnessReport) -> str:
    sure = [each for each in report.judges if each.drift is not None and each.drift.is_sure]
    if not any(each.drift for each in report.judges):
        return ""
    if not sure:
        return _("Nobody marked clearly differently towards the end than at the beginning.")
    return ngettext(
        "%(num)s judge marked clearly differently towards the end than at the beginning.",
        "%(num)s judges marked clearly differently towards the end than at the beginning.",
        len(sure),
    )


def _prizes(report: FairnessReport) -> str:
    if not report.orders or report.figures.severity is None:
        return ""
    if not report.prizes:
        return _("No prizes are set yet, so the orders alone are compared.")
    moved = sum(line.corrected_prize is not None for line in report.moved)
    if not moved:
        return _("With severity taken off, every prize would go to the same work.")
    return _(
        "With severity taken off, %(moved)s of %(prizes)s prize places would go to another work.",
        moved=format_count(moved),
        prizes=format_count(sum(line.prize is not None for line in report.orders)),
    )
