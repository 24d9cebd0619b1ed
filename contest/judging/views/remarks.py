"""Organisers and the secretary: which remarks of judges the authors may read."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.forms import clean_text
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.judging import actions
from contest.judging.queries.remarks import remarks_page, sheet_in_round
from contest.judging.queries.rounds import judged_round
from contest.judging.views.room import blueprint, essay_round

_BASE = "/organise/contests/<slug>/rounds/<int:number>/marking/remarks"


@blueprint.get(_BASE)
@requires(Permission.MANAGE_REGISTRATIONS)
def remarks(slug: str, number: int) -> ResponseReturnValue:
    """Remarks of finished sheets by code, each to be passed on, shortened or not."""
    contest_round = essay_round(slug, number)
    judged = judged_round(contest_round.id)
    return render_template(
        "judging/remarks.html",
        contest=contest_round.contest,
        round=contest_round,
        allowed=judged is not None and judged.gives_comments,
        page=remarks_page(contest_round.id, page=page_number(request.args.get("page"))),
    )


@blueprint.post(f"{_BASE}/<sheet_id>")
@requires(Permission.MANAGE_REGISTRATIONS)
def pass_remark(slug: str, number: int, sheet_id: str) -> ResponseReturnValue:
    """Let the authors read a remark, or take that back."""
    contest_round = essay_round(slug, number)
    sheet = sheet_in_round(contest_round.id, sheet_id)
    if sheet is None:
        raise NotFound
    body = clean_text(request.form.get("body")) if request.form.get("pass") == "1" else ""
    actions.pass_remark(
        contest_round=contest_round,
        sheet=sheet,
        body=body,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Saved."), "success")
    page = page_number(request.form.get("page"))
    return redirect(url_for("judging.remarks", slug=slug, number=number, page=page))
