"""The rubric of an essay round: a step of the wizard."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.actions import leave_wizard_at
from contest.contests.models import Round, Stage
from contest.contests.steps import next_step
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import RuleBroken
from contest.core.i18n import gettext as _
from contest.judging import actions, forms
from contest.judging.queries.rounds import has_marks, judged_round
from contest.judging.queries.stages import final_stage_of
from contest.judging.rules.sheets import scale_of
from contest.judging.rules.wording import resolution_sentences
from contest.judging.views.room import (
    UNPROCESSABLE,
    blueprint,
    essay_round,
    essay_rounds,
    without_essays,
)
from contest.submissions import queries


@blueprint.route("/organise/contests/<slug>/rounds/<int:number>/rubric", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def rubric(slug: str, number: int) -> ResponseReturnValue:
    """Criteria with points, steps and bands; marks for each work; limits of the protocol."""
    onward = without_essays(slug, "rubric")
    if onward:
        return redirect(onward)
    contest_round = essay_round(slug, number, Permission.MANAGE_CONTEST)
    judged = judged_round(contest_round.id)
    form = forms.RubricForm()
    rows = forms.typed_rows(request.form) if request.method == "POST" else None
    if judged is not None and not form.is_submitted():
        form.show(judged)
    if form.validate_on_submit() and rows is not None and _save(contest_round, form, rows):
        flash(_("Saved."), "success")
        return redirect(_final_rubric(contest_round, form) or _onward(contest_round))
    is_wrong = bool(form.errors) or bool(rows and any(row.errors for row in rows))
    criteria = [] if judged is None else list(judged.criteria)
    final = final_stage_of(contest_round.id)
    page = render_template(
        "judging/rubric.html",
        contest=contest_round.contest,
        round=contest_round,
        rounds=essay_rounds(contest_round.contest),
        form=form,
        rows=rows if rows is not None else forms.shown_rows(criteria),
        scale=scale_of(criteria),
        frozen=has_marks(contest_round.id),
        opened=contest_round.stage is not Stage.PLANNED,
        final=final,
        offers_final=final is None and _may_have_final(contest_round),
        sentences=resolution_sentences(judged, scale_of(criteria))
        if judged is not None and criteria
        else [],
    )
    return page, UNPROCESSABLE if is_wrong else 200


def _may_have_final(contest_round: Round) -> bool:
    """A planned round whose works come from their authors, not from an earlier round."""
    essay = queries.essay_round(contest_round.id)
    return contest_round.stage is Stage.PLANNED and (essay is None or essay.takes_works)


def _final_rubric(contest_round: Round, form: forms.RubricForm) -> str:
    """Plan the final marking that was ticked; the way to its rubric, which begins as a copy."""
    wanted = form.with_final.data and _may_have_final(contest_round)
    if not wanted or final_stage_of(contest_round.id) is not None:
        return ""
    final = actions.add_final_stage(
        contest_round=contest_round,
        title=form.final_title.data or _("Final marking"),
        size=form.final_size.data or 1,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The final marking is planned. Its rubric begins as a copy: change it here."), "info")
    return url_for("judging.rubric", slug=contest_round.contest.slug, number=final.number)


def _save(contest_round: Round, form: forms.RubricForm, rows: list[forms.CriterionRow]) -> bool:
    criteria = forms.read_rows(rows)
    if criteria is None:
        form.form_errors.append(_("Look at the marked cells of the table."))
        return False
    try:
        actions.save_rubric(
            contest_round=contest_round,
            settings=form.settings(),
            criteria=criteria,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        form.form_errors.append(refused.words)
        return False
    return True


def _onward(contest_round: Round) -> str:
    contest = contest_round.contest
    following = next_step("rubric") if contest.announced_at is None else None
    if following is None:
        return url_for("judging.rubric", slug=contest.slug, number=contest_round.number)
    leave_wizard_at(contest=contest, step=following.code)
    return url_for(following.endpoint, **following.values(contest))
