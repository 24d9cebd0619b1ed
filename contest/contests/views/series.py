"""Weekly rounds from a template with a preview of their dates; annulling a round."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests import actions
from contest.contests.annulling import taken_back_with
from contest.contests.forms import AnnulForm, BestRoundsForm, SeriesForm
from contest.contests.kinds import kind_of
from contest.contests.models import Contest, Stage
from contest.contests.organised import organised_contest, organised_round
from contest.contests.queries import decisions_of, round_by_number
from contest.contests.rules.series import SeriesWindow, weekly_windows
from contest.contests.views.room import blueprint
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import RuleBroken
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext

_UNPROCESSABLE = 422


@blueprint.route("/organise/contests/<slug>/series", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def series(slug: str) -> ResponseReturnValue:
    """Lay out the weeks, look at the dates, then plan them all."""
    contest = organised_contest(slug)
    form = SeriesForm()
    form.offer_rounds(contest)
    if not form.is_submitted():
        form.first_day.data = contest.starts_on or request_day()
    windows: list[SeriesWindow] = []
    if form.validate_on_submit():
        try:
            windows = _windows(form)
            if request.form.get("go") == "plan":
                return _plan(contest, form, windows)
        except RuleBroken as refused:
            form.closes_hour.errors = [refused.words]
    page = render_template(
        "contests/series.html",
        contest=contest,
        form=form,
        best=BestRoundsForm(best=contest.best_rounds),
        windows=windows,
        first=actions.first_number(contest),
    )
    return page, _UNPROCESSABLE if form.errors else 200


def _windows(form: SeriesForm) -> list[SeriesWindow]:
    assert form.first_day.data is not None  # noqa: S101  (the form asks for it)
    return weekly_windows(
        first_day=form.first_day.data,
        weeks=form.weeks.data or 0,
        opens_minute=form.opens_hour.minutes or 0,
        closes_minute=form.closes_hour.minutes or 0,
        without=form.left_out(),
    )


def _plan(contest: Contest, form: SeriesForm, windows: list[SeriesWindow]) -> ResponseReturnValue:
    chosen = form.template.data or ""
    template = round_by_number(contest, int(chosen)) if chosen.isdecimal() else None
    made = actions.plan_series(
        contest=contest,
        windows=windows,
        template=template,
        actor=current_actor(),
        now=request_now(),
    )
    flash(
        ngettext("%(num)s round is planned.", "%(num)s rounds are planned.", len(made)), "success"
    )
    return redirect(url_for("contests.rounds", slug=contest.slug))


@blueprint.post("/organise/contests/<slug>/series/best")
@requires(Permission.MANAGE_CONTEST)
def best_rounds(slug: str) -> ResponseReturnValue:
    """How many rounds count in the total."""
    contest, form = organised_contest(slug), BestRoundsForm()
    if form.validate_on_submit():
        actions.set_best_rounds(
            contest=contest, best=form.best.data, actor=current_actor(), now=request_now()
        )
        flash(_("Saved."), "success")
    else:
        flash(_("Write a whole number from 1 to 60, or nothing."), "error")
    return redirect(url_for("contests.series", slug=slug))


@blueprint.route("/organise/contests/<slug>/rounds/<int:number>/annul", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def annul_round(slug: str, number: int) -> ResponseReturnValue:
    """What an annulment does, and annulling with a reason."""
    found = organised_round(slug, number)
    if found.stage is Stage.PLANNED or found.annulled_at is not None or found.is_practice:
        flash(_("This round cannot be annulled."))
        return redirect(url_for("contests.rounds", slug=slug))
    form, asked = AnnulForm(), taken_back_with(found)
    if form.validate_on_submit():
        _decision, done = actions.annul_round(
            round=found,
            reason=form.reason.data,
            also=[one.code for one in asked if request.form.get(f"also-{one.code}")],
            actor=current_actor(),
            now=request_now(),
        )
        told = _("The round is annulled. Everybody who is registered is told by mail.")
        flash(" ".join(str(words) for words in (told, *done)), "success")
        return redirect(url_for("contests.rounds", slug=slug))
    page = render_template(
        "contests/annul.html",
        contest=found.contest,
        round=found,
        form=form,
        asked=asked,
        chosen=[one.code for one in asked if request.form.get(f"also-{one.code}")],
        counts=kind_of(found).counts(found),
        decisions=decisions_of([found.id]),
    )
    return page, _UNPROCESSABLE if form.errors else 200
