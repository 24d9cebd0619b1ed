"""Check-marking for two doors, and what is printed of a marking: minutes and mark sheets."""

from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.config import Settings
from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_now
from contest.core.documents import PDF
from contest.core.errors import NotFound, RuleBroken
from contest.core.files import download
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.judging import actions, forms
from contest.judging.models import ExtraPurpose
from contest.judging.printing import minutes_pdf, sheets_pdf
from contest.judging.queries.extras import ExtraLine, extra_lines
from contest.judging.queries.free_judges import works_nobody_may_mark
from contest.judging.queries.progress import progress
from contest.judging.queries.records import decisions, finished_sheets
from contest.judging.queries.rounds import criteria_of, judged_round, juror_in
from contest.judging.rules.extra_markings import CheckState
from contest.judging.rules.refusals import ChiefConflict
from contest.judging.rules.sheets import scale_of
from contest.judging.views.chief import chief_door
from contest.judging.views.progress import organisers_door
from contest.judging.views.queue import Door, conflicts_of_chief, form_page, is_decided
from contest.judging.views.room import blueprint, essay_round
from contest.submissions.queries.marking import work_id_of_code

_BASE = "/organise/contests/<slug>/rounds/<int:number>/marking"
_CHIEF = "/judge/<round_id>/chief"


def _checks_page(door: Door) -> ResponseReturnValue:
    judged = judged_round(door.round.id)
    lines = [] if judged is None else extra_lines(judged)
    barred = conflicts_of_chief(door, [each.work_id for each in lines])
    stand = progress(door.round)
    lacking = [each for each in lines if each.state is CheckState.WAITING and each.sheet_id is None]
    nobody = works_nobody_may_mark(door.round, stand.judges, [each.work_id for each in lacking])
    return render_template(
        "judging/checks.html",
        door=door,
        contest=door.round.contest,
        round=door.round,
        judged=judged,
        checks=[each for each in lines if each.purpose is ExtraPurpose.CHECK],
        band=[each for each in lines if each.purpose is ExtraPurpose.BAND],
        barred=barred,
        stuck=[each for each in lacking if each.work_id in nobody],
        is_complete=stand.is_complete,
    )


def _waiting_check(door: Door, code: str) -> ExtraLine:
    """The check of a work that waits for a decision.

    Raises:
        NotFound: none does.
        ChiefConflict: the chief judge has a conflict with the work.
    """
    judged, work_id = judged_round(door.round.id), work_id_of_code(door.round.id, code)
    if judged is None or work_id is None:
        raise NotFound
    for line in extra_lines(judged, ExtraPurpose.CHECK):
        if line.work_id == work_id and line.state is CheckState.BEYOND:
            if conflicts_of_chief(door, [work_id]):
                raise ChiefConflict
            return line
    raise NotFound


def _decide_page(door: Door, code: str) -> ResponseReturnValue:
    line = _waiting_check(door, code)
    form = forms.DecideForm()
    if is_decided(form, actions.decide_check, door, line.work_id):
        return redirect(door.address("checks"))
    scale = scale_of(criteria_of(door.round.id))
    return form_page("judging/decide_check.html", door, form, line=line, scale=scale)


@blueprint.get(f"{_BASE}/checks")
@requires(Permission.MANAGE_REGISTRATIONS)
def checks(slug: str, number: int) -> ResponseReturnValue:
    """The works that are marked once more, and what became of it."""
    return _checks_page(organisers_door(slug, number))


@blueprint.post(f"{_BASE}/checks")
@requires(Permission.MANAGE_REGISTRATIONS)
def draw_checks(slug: str, number: int) -> ResponseReturnValue:
    """Draw the works to be checked; the assignment finds their judges."""
    contest_round = essay_round(slug, number)
    made = actions.draw_checks(
        contest_round=contest_round, actor=current_actor(), now=request_now()
    )
    flash(
        ngettext(
            "%(num)s work is marked once more. Assign it to a judge now.",
            "%(num)s works are marked once more. Assign them to judges now.",
            len(made),
        ),
        "success",
    )
    return redirect(url_for("judging.assignment", slug=slug, number=number))


@blueprint.route(f"{_BASE}/checks/<code>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def decide_check(slug: str, number: int, code: str) -> ResponseReturnValue:
    """Decide where a check lies too far from the mark, with minutes."""
    return _decide_page(organisers_door(slug, number), code)


@blueprint.route(
    f"{_BASE}/checks/<code>/leave-out/<any(check, band):purpose>", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_REGISTRATIONS)
def leave_out(slug: str, number: int, code: str, purpose: str) -> ResponseReturnValue:
    """Do without marking a work once more, where nobody of the jury may."""
    door = organisers_door(slug, number)
    work_id = work_id_of_code(door.round.id, code)
    if work_id is None:
        raise NotFound
    form = forms.ReasonForm()
    if form.validate_on_submit():
        try:
            actions.leave_out(
                contest_round=door.round,
                work_id=work_id,
                purpose=ExtraPurpose(purpose),
                reason=form.reason.data,
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.reason.errors = [refused.words]
        else:
            flash(_("Left out; the reason is kept."), "success")
            return redirect(door.address("checks"))
    return form_page("judging/leave_out.html", door, form, code=code)


@blueprint.get(f"{_CHIEF}/checks")
@signed_in
def chief_checks(round_id: str) -> ResponseReturnValue:
    """The same for the chief judge; marks of works that may still come to them are left out."""
    return _checks_page(chief_door(round_id))


@blueprint.route(f"{_CHIEF}/checks/<code>", methods=["GET", "POST"])
@signed_in
def chief_decide_check(round_id: str, code: str) -> ResponseReturnValue:
    """The chief judge decides where a check lies too far from the mark."""
    return _decide_page(chief_door(round_id), code)


def _instance() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.instance


@blueprint.get(f"{_BASE}/minutes.pdf")
@requires(Permission.MANAGE_REGISTRATIONS)
def printed_minutes(slug: str, number: int) -> Response:
    """Minutes of all decisions of people in a round, or of one work (`code`), as PDF."""
    contest_round = essay_round(slug, number)
    code = request.args.get("code", "")
    work_id = work_id_of_code(contest_round.id, code) if code else None
    found = [] if code and work_id is None else decisions(contest_round.id, work_id)
    if not found:
        raise NotFound
    content = minutes_pdf(
        contest_round,
        found,
        style=request.args.get("header", ""),
        now=request_now(),
        instance=_instance(),
    )
    return download(content, name=f"{slug}-{number}-minutes.pdf", media_type=PDF)


@blueprint.get(f"{_BASE}/sheets/<juror_id>.pdf")
@requires(Permission.MANAGE_REGISTRATIONS)
def printed_sheets(slug: str, number: int, juror_id: str) -> Response:
    """The finished mark sheets of a judge as PDF."""
    contest_round = essay_round(slug, number)
    juror = juror_in(contest_round.id, juror_id)
    found = [] if juror is None else finished_sheets(juror)
    if juror is None or not found:
        raise NotFound
    content = sheets_pdf(
        contest_round,
        juror,
        found,
        criteria_of(contest_round.id),
        style=request.args.get("header", ""),
        now=request_now(),
        instance=_instance(),
    )
    return download(content, name=f"{slug}-{number}-sheets.pdf", media_type=PDF)
