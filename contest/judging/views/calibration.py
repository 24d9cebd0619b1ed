"""Calibration: essays before the marking, which judges compare with the reference marks."""

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.judging import actions, forms
from contest.judging.queries.calibration import (
    calibration_essay,
    calibration_essays,
    calibration_results,
    calibration_table,
    pending_calibration,
)
from contest.judging.queries.rounds import criteria_of
from contest.judging.views.desk import accepted_seat
from contest.judging.views.room import UNPROCESSABLE, blueprint, essay_round

_BASE = "/organise/contests/<slug>/rounds/<int:number>/jury/calibration"
_JUDGE = "/judge/<round_id>/calibration"


def _points(count: int) -> list[Decimal | None]:
    """The marks as typed, in the order of the rubric; None where one cannot be read."""
    return [forms.read_points(request.form.get(f"mark-{at}", "")) for at in range(count)]


@blueprint.route(_BASE, methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def calibration(slug: str, number: int) -> ResponseReturnValue:
    """The calibration essays of a round, with a form for another, and how judges did."""
    contest_round = essay_round(slug, number)
    criteria = criteria_of(contest_round.id)
    form = forms.CalibrationForm()
    if form.validate_on_submit():
        try:
            actions.add_calibration(
                contest_round=contest_round,
                title=form.title.data,
                body_text=form.body.data,
                reference=_points(len(criteria)),
                words=form.words.data,
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("Added. Judges mark it before anything else."), "success")
            return redirect(url_for("judging.calibration", slug=slug, number=number))
    page = render_template(
        "judging/calibration.html",
        contest=contest_round.contest,
        round=contest_round,
        criteria=criteria,
        essays=calibration_essays(contest_round.id),
        judges=calibration_table(contest_round.id),
        typed=request.form,
        form=form,
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.post(f"{_BASE}/<essay_id>/remove")
@requires(Permission.MANAGE_REGISTRATIONS)
def remove_calibration(slug: str, number: int, essay_id: str) -> ResponseReturnValue:
    """Take a calibration essay away."""
    contest_round = essay_round(slug, number)
    essay = calibration_essay(contest_round.id, essay_id)
    if essay is None:
        raise NotFound
    actions.remove_calibration(
        contest_round=contest_round, essay=essay, actor=current_actor(), now=request_now()
    )
    return redirect(url_for("judging.calibration", slug=slug, number=number))


@blueprint.route(_JUDGE, methods=["GET", "POST"])
@signed_in
def calibrate(round_id: str) -> ResponseReturnValue:
    """The next calibration essay; what I gave the earlier ones stands below, with the reference."""
    juror, contest_round = accepted_seat(round_id)
    criteria = criteria_of(contest_round.id)
    form = forms.EmptyForm()
    error = ""
    if form.validate_on_submit():
        essay = calibration_essay(contest_round.id, request.form.get("essay", ""))
        if essay is None:
            raise NotFound
        try:
            actions.mark_calibration(
                contest_round=contest_round,
                juror=juror,
                essay=essay,
                points=_points(len(criteria)),
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            if refused.status != UNPROCESSABLE:
                raise
            error = refused.words
        else:
            return redirect(url_for("judging.calibrate", round_id=round_id, _anchor="results"))
    page = render_template(
        "judging/calibrate.html",
        round=contest_round,
        contest=contest_round.contest,
        criteria=criteria,
        essay=pending_calibration(juror),
        results=calibration_results(juror),
        typed=request.form,
        error=error,
        form=form,
    )
    return page, UNPROCESSABLE if error else 200
