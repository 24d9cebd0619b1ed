"""Organisers: the shortlist of a round, and sending it to its final marking."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.judging import actions, forms
from contest.judging.queries.rounds import judged_round
from contest.judging.queries.stages import advanced_count, final_stage_of, shortlist_view
from contest.judging.views.room import UNPROCESSABLE, blueprint, essay_round

_BASE = "/organise/contests/<slug>/rounds/<int:number>/marking/shortlist"


@blueprint.get(_BASE)
@requires(Permission.MANAGE_REGISTRATIONS)
def shortlist(slug: str, number: int) -> ResponseReturnValue:
    """Who would come onto the shortlist by the corrected order, and where that is uncertain."""
    return _page(slug, number, forms.StageForm())


def _page(slug: str, number: int, form: forms.StageForm) -> ResponseReturnValue:
    contest_round = essay_round(slug, number)
    judged, final = judged_round(contest_round.id), final_stage_of(contest_round.id)
    if final is not None and not form.is_submitted():
        form.size.data, form.title.data = final.shortlist_size, final.round.title
    page = render_template(
        "judging/shortlist.html",
        contest=contest_round.contest,
        round=contest_round,
        judged=judged,
        final=final,
        view=None if final is None else shortlist_view(contest_round.id, final.shortlist_size or 1),
        advanced=0 if final is None else advanced_count(final.round_id),
        form=form,
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.post(_BASE)
@requires(Permission.MANAGE_CONTEST)
def plan_final_stage(slug: str, number: int) -> ResponseReturnValue:
    """Plan the final marking, or let more or fewer works onto the shortlist."""
    contest_round = essay_round(slug, number, Permission.MANAGE_CONTEST)
    form = forms.StageForm()
    if not form.validate_on_submit() or form.size.data is None:
        return _page(slug, number, form)
    if final_stage_of(contest_round.id) is None:
        actions.add_final_stage(
            contest_round=contest_round,
            title=form.title.data,
            size=form.size.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("The final marking is planned. Write its rubric and invite its jury."), "success")
    else:
        actions.set_shortlist_size(
            contest_round=contest_round,
            size=form.size.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Saved."), "success")
    return redirect(url_for("judging.shortlist", slug=slug, number=number))


@blueprint.post(f"{_BASE}/band")
@requires(Permission.MANAGE_REGISTRATIONS)
def call_band(slug: str, number: int) -> ResponseReturnValue:
    """Ask for one more mark near the cut now rather than with the next job."""
    made = actions.call_band(
        contest_round=essay_round(slug, number), actor=current_actor(), now=request_now()
    )
    flash(
        ngettext("%(num)s work gets one more mark.", "%(num)s works get one more mark.", len(made)),
        "success" if made else "info",
    )
    return redirect(
        url_for("judging.assignment" if made else "judging.shortlist", slug=slug, number=number)
    )


@blueprint.post(f"{_BASE}/send")
@requires(Permission.MANAGE_CONTEST)
def send_shortlist(slug: str, number: int) -> ResponseReturnValue:
    """Send the shortlist to its final marking."""
    contest_round = essay_round(slug, number, Permission.MANAGE_CONTEST)
    sent = actions.send_shortlist(
        contest_round=contest_round, actor=current_actor(), now=request_now()
    )
    flash(
        ngettext(
            "%(num)s work went to the final marking, under a new code.",
            "%(num)s works went to the final marking, under new codes.",
            sent,
        ),
        "success",
    )
    return redirect(url_for("judging.shortlist", slug=slug, number=number))
