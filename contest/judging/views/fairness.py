"""Organisers: how fair the marking was, as a page, and as files that anybody can check."""

from flask import render_template
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, requires
from contest.core.errors import NotFound
from contest.core.i18n import format_number, format_points
from contest.core.i18n import gettext as _
from contest.core.table_files import send_table
from contest.judging.fairness_words import fairness_sentences
from contest.judging.queries.fairness import FairnessReport, done_sheets, fairness_report
from contest.judging.queries.rounds import round_codes
from contest.judging.views.room import blueprint, essay_round

_BASE = "/organise/contests/<slug>/rounds/<int:number>/marking/fairness"
_SHOWN = 30


@blueprint.get(_BASE)
@requires(Permission.MANAGE_REGISTRATIONS)
def fairness(slug: str, number: int) -> ResponseReturnValue:
    """Severity, drift and agreement of judges, and what they do to the order and the prizes."""
    contest_round = essay_round(slug, number)
    report = fairness_report(contest_round.id)
    shown = [line for at, line in enumerate(report.orders) if at < _SHOWN or line.is_moved]
    return render_template(
        "judging/fairness.html",
        contest=contest_round.contest,
        round=contest_round,
        report=report,
        shown=shown,
        sentences=fairness_sentences(report),
        reach=_reach(report),
    )


def _reach(report: FairnessReport) -> float:
    """How far the chart of severity reaches to either side, in points."""
    ends = [abs(each.bias) + 2 * (each.error or 0) for each in report.judges if each.bias]
    return max(ends, default=0) * 1.08 or 1.0


@blueprint.get(f"{_BASE}/marks.csv")
@requires(Permission.MANAGE_REGISTRATIONS)
def fairness_marks(slug: str, number: int) -> ResponseReturnValue:
    """Code, judge and mark of each finished sheet, as `flask reliability` reads them."""
    contest_round = essay_round(slug, number)
    codes = round_codes(contest_round.id)
    sheets = done_sheets(contest_round.id)
    labels = {
        juror: f"GK{at}" for at, juror in enumerate(sorted({s.juror_id for s in sheets}), start=1)
    }
    lines = sorted(
        (codes.get(each.work_id, ""), labels[each.juror_id], f"{each.total.normalize():f}")
        for each in sheets
    )
    return send_table(
        [("work", "judge", "mark"), *lines],
        kind="csv",
        name=f"{slug}-{number}-marks",
        sheet="marks",
    )


@blueprint.get(f"{_BASE}/orders.<kind>")
@requires(Permission.MANAGE_REGISTRATIONS)
def fairness_orders(slug: str, number: int, kind: str) -> ResponseReturnValue:
    """Both orders as a file, every work by its code."""
    contest_round = essay_round(slug, number)
    if kind not in {"csv", "xlsx"}:
        raise NotFound
    report = fairness_report(contest_round.id)
    names = [line.name for line in report.prizes]

    def prize(level: int | None) -> str:
        return "" if level is None else names[level]

    head = (
        _("Code"),
        _("Mark in force"),
        _("Place"),
        _("Prize at this place"),
        _("Corrected mark"),
        _("Corrected place"),
        _("Prize at the corrected place"),
    )
    rows = [
        (
            report.codes.get(line.work, ""),
            format_points(line.points),
            str(line.place),
            prize(line.prize),
            format_number(line.corrected, 2),
            str(line.corrected_place),
            prize(line.corrected_prize),
        )
        for line in report.orders
    ]
    return send_table(
        [head, *rows], kind=kind, name=f"{slug}-{number}-fairness", sheet=_("Both orders")
    )
