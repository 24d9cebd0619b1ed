"""Organisers and the secretary: how far the marking is, decisions, closing, fairness."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.judging import actions, forms
from contest.judging.queries.progress import mark_table, progress
from contest.judging.queries.rounds import judged_round, jurors
from contest.judging.rules.reliability import reliability
from contest.judging.rules.sheets import scale_of
from contest.judging.views.room import UNPROCESSABLE, blueprint, essay_round, led_to_round
from contest.submissions.queries.marking import work_id_of_code

_BASE = "/organise/contests/<slug>/rounds/<int:number>/marking"


@blueprint.get("/organise/contests/<slug>/marking")
@requires(Permission.MANAGE_REGISTRATIONS)
def first_marking(slug: str) -> ResponseReturnValue:
    """The marking of the contest's first essay round."""
    return redirect(led_to_round(slug, "judging.marking"))


@blueprint.get(_BASE)
@requires(Permission.MANAGE_REGISTRATIONS)
def marking(slug: str, number: int) -> ResponseReturnValue:
    """By judge, what waits for a third marking or a decision, and whether it can be closed."""
    contest_round = essay_round(slug, number)
    judged = judged_round(contest_round.id)
    return render_template(
        "judging/marking.html",
        contest=contest_round.contest,
        round=contest_round,
        judged=judged,
        stand=progress(contest_round),
        may_close=current_actor().may(Permission.MANAGE_CONTEST, contest_round.contest.scope.path),
        form=forms.EmptyForm(),
    )


@blueprint.route(f"{_BASE}/works/<code>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def decide(slug: str, number: int, code: str) -> ResponseReturnValue:
    """Record the mark that people agreed on for a work, with minutes."""
    contest_round = essay_round(slug, number)
    work_id = work_id_of_code(contest_round.id, code)
    waiting = next(
        (each for each in progress(contest_round).waiting if each.work_id == work_id), None
    )
    judged = judged_round(contest_round.id)
    if work_id is None or waiting is None or judged is None:
        raise NotFound
    form = forms.DecideForm()
    if form.validate_on_submit() and form.points.data is not None:
        try:
            actions.decide_work(
                contest_round=contest_round,
                work_id=work_id,
                points=form.points.data,
                minutes=form.minutes.data,
                by_chief=form.by_chief.data,
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("The mark and its minutes are recorded."), "success")
            return redirect(url_for("judging.marking", slug=slug, number=number))
    page = render_template(
        "judging/decide.html",
        contest=contest_round.contest,
        round=contest_round,
        waiting=waiting,
        scale=scale_of(judged.criteria),
        form=form,
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.post(f"{_BASE}/close")
@requires(Permission.MANAGE_CONTEST)
def close(slug: str, number: int) -> ResponseReturnValue:
    """Lock the marks."""
    contest_round = essay_round(slug, number, Permission.MANAGE_CONTEST)
    actions.close_marking(contest_round=contest_round, actor=current_actor(), now=request_now())
    flash(_("The marks are locked. Now the round can be ranked."), "success")
    return redirect(url_for("judging.marking", slug=slug, number=number))


@blueprint.get(f"{_BASE}/fairness")
@requires(Permission.MANAGE_REGISTRATIONS)
def fairness(slug: str, number: int) -> ResponseReturnValue:
    """Severity of judges and their agreement, from the finished sheets."""
    contest_round = essay_round(slug, number)
    judged = judged_round(contest_round.id)
    names = {str(each.id): each.person.full_name for each in jurors(contest_round.id)}
    return render_template(
        "judging/fairness.html",
        contest=contest_round.contest,
        round=contest_round,
        figures=reliability(mark_table(contest_round.id)),
        names=names,
        scale=scale_of(judged.criteria if judged is not None else ()),
    )
