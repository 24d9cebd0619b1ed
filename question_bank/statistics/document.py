"""What `flask item-statistics` says about a file of marks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from contest.core.errors import RuleBroken
from contest.core.i18n import gettext as _
from question_bank.statistics.marks_csv import MarksReport, read_marks

_ITEM: Final = (
    "facility",
    "sd_percent",
    "effective_weight",
    "discrimination_index",
    "discriminative_efficiency",
)
_PAPER: Final = (
    "mean",
    "median",
    "sd",
    "skewness",
    "kurtosis",
    "cic",
    "error_ratio",
    "standard_error",
)
_UNREADABLE: Final = 2


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the command says: a document, lines for a person, and its exit code."""

    document: dict[str, Any]
    lines: tuple[str, ...]
    exit_code: int


def item_statistics_command(path: Path) -> Statistics:
    """Compute the statistics of a CSV of marks; null where undefined.

    Returns:
        The figures with exit code 0; `error` alone with 2 when the file cannot be read.
    """
    try:
        report = read_marks(path)
    except OSError as problem:
        words = _("The file cannot be opened: %(why)s", why=problem.strerror or "")
    except RuleBroken as refused:
        words = refused.words
    else:
        return Statistics(as_document(report), tuple(_lines(report)), 0)
    return Statistics({"error": words}, (words,), _UNREADABLE)


def as_document(report: MarksReport) -> dict[str, Any]:
    """The figures as JSON; facility is a fraction of 1, the rest as in `figures`."""
    return {
        "items": [{name: getattr(item, name) for name in _ITEM} for item in report.items],
        **{name: getattr(report.paper, name) for name in _PAPER},
    }


def _lines(report: MarksReport) -> list[str]:
    said = ["\t".join(("", *_ITEM))]
    for name, item in zip(report.names, report.items, strict=True):
        said.append("\t".join((name, *(_shown(getattr(item, each)) for each in _ITEM))))
    said += [f"{name}\t{_shown(getattr(report.paper, name))}" for name in _PAPER]
    return said


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.6f}"
