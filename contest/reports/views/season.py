"""The season report: page, rows behind a figure, Excel, PDF, targets and older figures."""

from typing import Any, Final

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Unit
from contest.core import jobs
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.documents import PDF, compile_pdf
from contest.core.errors import NotFound
from contest.core.files import download
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.replica import reports
from contest.core.table_files import send_sheets
from contest.reports.actions.figures import add_reported_figure, set_target
from contest.reports.forms import ReportedForm, TargetForm, qualifier_of
from contest.reports.models import Measure
from contest.reports.presenting import Shown, document, notes, sheets, shown, title_of
from contest.reports.queries.rows import rows_behind
from contest.reports.queries.season import season_report
from contest.reports.queries.units import reported_unit
from contest.reports.rules.figures import shares
from contest.reports.rules.refusals import NotCounted
from contest.reports.rules.words import MEASURE_NAMES
from contest.reports.views.base import Wanted, blueprint, wanted_measure, wanted_report

_BASE: Final = "/organise/reports"
_INVALID: Final = 422
_MOST_SHOWN: Final = 500


def _page(wanted: Wanted, target: TargetForm, reported: ReportedForm) -> str:
    report = season_report(wanted.asked)
    found = shown(report, wanted.kept)
    lines = report.lines[:30]
    most = shares([line.participation.persons for line in lines])
    unit = wanted.asked.unit
    return render_template(
        "reports/season.html",
        found=found,
        report=report,
        wanted=wanted,
        lines=lines,
        shares=most,
        notes=notes(),
        may_keep=current_actor().may(Permission.MANAGE_REGISTERS, unit.scope.path),
        target_form=target,
        reported_form=reported,
    )


@blueprint.get(_BASE)
@requires(Permission.SEE_REPORTS)
@reports
def season() -> ResponseReturnValue:
    """The report of a unit with its branch and a period."""
    wanted = wanted_report()
    period = {"first": wanted.asked.period.first, "last": wanted.asked.period.last}
    return _page(
        wanted,
        TargetForm(formdata=None, prefix="target", **period),
        ReportedForm(formdata=None, prefix="figure", **period),
    )


def _counted(wanted: Wanted) -> Shown:
    """The report for a file; the page says why there is none before anything is counted."""
    report = season_report(wanted.asked)
    if not report.is_counted:
        raise NotCounted
    return shown(report, wanted.kept)


@blueprint.get(f"{_BASE}/season.xlsx")
@requires(Permission.SEE_REPORTS)
@reports
def season_sheets() -> ResponseReturnValue:
    """The report as an Excel file."""
    found = _counted(wanted_report())
    return send_sheets(sheets(found), kind="xlsx", name=title_of(found.report))


@blueprint.get(f"{_BASE}/season.pdf")
@requires(Permission.SEE_REPORTS)
@reports
def season_pdf() -> ResponseReturnValue:
    """The report as a PDF with the header of the unit's tree."""
    found = _counted(wanted_report())
    content = compile_pdf(
        "reports/season",
        document(found, lang=language()),
        instance=current_app.extensions["settings"].instance,
    )
    return download(content, name=f"{title_of(found.report)}.pdf", media_type=PDF)


@blueprint.get(f"{_BASE}/rows/<measure>")
@requires(Permission.SEE_REPORTS)
@reports
def rows(measure: str) -> ResponseReturnValue:
    """The rows behind a figure."""
    which, wanted = wanted_measure(measure), wanted_report()
    table = rows_behind(which, wanted.asked)
    return render_template(
        "reports/rows.html",
        wanted=wanted,
        measure=which,
        label=MEASURE_NAMES[which],
        table=table,
        most=_MOST_SHOWN,
    )


@blueprint.post(f"{_BASE}/recount")
@requires(Permission.SEE_REPORTS)
def recount() -> ResponseReturnValue:
    """Have the prepared counts made anew, as a job."""
    jobs.enqueue(
        "reports.rebuild_counts", payload={"everything": True}, actor=current_actor(),
        now=request_now(),
    )  # fmt: skip
    flash(_("The figures are being counted anew; look again in a minute."), "success")
    return redirect(url_for("reports.season"))


def _kept_unit(public_id: str) -> Unit:
    found = reported_unit(current_actor(), public_id, Permission.MANAGE_REGISTERS)
    if found is None:
        raise NotFound
    return found


def _back(unit: Unit, form: Any) -> ResponseReturnValue:
    return redirect(
        url_for(
            "reports.season",
            unit=unit.public_id,
            first=form.days[0].isoformat(),
            last=form.days[1].isoformat(),
        )
    )


@blueprint.post(f"{_BASE}/<unit_id>/targets")
@requires(Permission.MANAGE_REGISTERS)
def add_target(unit_id: str) -> ResponseReturnValue:
    """Set a target of a unit."""
    unit, form = _kept_unit(unit_id), TargetForm(prefix="target")
    if not form.validate_on_submit():
        return _page(wanted_report(), form, ReportedForm(formdata=None, prefix="figure")), _INVALID
    set_target(
        unit=unit,
        measure=Measure(form.measure.data),
        first=form.days[0],
        last=form.days[1],
        value=form.value.data or 0,
        source=form.source.data,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The target is kept."), "success")
    return _back(unit, form)


@blueprint.post(f"{_BASE}/<unit_id>/figures")
@requires(Permission.MANAGE_REGISTERS)
def add_figure(unit_id: str) -> ResponseReturnValue:
    """Type in a figure of an older report."""
    unit, form = _kept_unit(unit_id), ReportedForm(prefix="figure")
    if not form.validate_on_submit():
        return _page(wanted_report(), TargetForm(formdata=None, prefix="target"), form), _INVALID
    add_reported_figure(
        unit=unit,
        measure=Measure(form.measure.data),
        first=form.days[0],
        last=form.days[1],
        value=form.value.data or 0,
        qualifier=qualifier_of(form.qualifier.data),
        source=form.source.data,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The figure stands beside the counted ones; it is never added."), "success")
    return _back(unit, form)
