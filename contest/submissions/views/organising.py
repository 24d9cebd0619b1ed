"""The settings of an essay round, a step of the wizard."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.contests.actions import leave_wizard_at
from contest.contests.models import Contest, Round, Stage
from contest.contests.queries import managed_contest
from contest.contests.steps import next_step
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.submissions import actions, queries
from contest.submissions.forms import SettingsForm
from contest.submissions.views.room import (
    UNPROCESSABLE,
    blueprint,
    essay_rounds,
    managed_round,
    settings_of,
)


@blueprint.route("/organise/contests/<slug>/rounds/<int:number>/essay", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def settings(slug: str, number: int) -> ResponseReturnValue:
    """Call, limits, pledge; a step of the wizard. A contest without essays is told so."""
    contest = managed_contest(current_actor(), slug)
    if contest is not None and not essay_rounds(contest):
        return render_template("submissions/no_essays.html", contest=contest)
    contest_round = managed_round(slug, number)
    essay = settings_of(contest_round)
    form = SettingsForm()
    if not form.is_submitted():
        form.show(essay)
    if form.validate_on_submit():
        try:
            actions.save_settings(
                contest_round=contest_round,
                settings=form.settings(),
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("Saved."), "success")
            return redirect(_onward(contest_round))
    page = render_template(
        "submissions/settings.html",
        contest=contest_round.contest,
        round=contest_round,
        rounds=essay_rounds(contest_round.contest),
        form=form,
        frozen=contest_round.stage is not Stage.PLANNED,
        has_form=queries.essay_round(contest_round.id) is not None and essay.takes_works,
    )
    return page, UNPROCESSABLE if form.errors else 200


def _onward(contest_round: Round) -> str:
    """A draft goes to the next essay round, then to the next step of the wizard."""
    contest: Contest = contest_round.contest
    here = url_for("submissions.settings", slug=contest.slug, number=contest_round.number)
    if contest.announced_at is not None:
        return here
    later = [each for each in essay_rounds(contest) if each.number > contest_round.number]
    if later:
        return url_for("submissions.settings", slug=contest.slug, number=later[0].number)
    following = next_step("essay")
    if following is None:
        return here
    leave_wizard_at(contest=contest, step=following.code)
    return url_for(following.endpoint, **following.values(contest))


@blueprint.get("/organise/contests/<slug>/screening")
@requires(Permission.MANAGE_REGISTRATIONS)
def first_screening(slug: str) -> ResponseReturnValue:
    """To the queue of the essay round that is at work, else of the last one."""
    contest = managed_contest(current_actor(), slug, Permission.MANAGE_REGISTRATIONS)
    rounds = [] if contest is None else essay_rounds(contest)
    if not rounds:
        raise NotFound
    begun = [each for each in rounds if each.stage is not Stage.PLANNED] or rounds
    return redirect(url_for("submissions.screening", slug=slug, number=begun[-1].number))
