"""The wizard's steps of this room: basics, audience, divisions, rules, announcing; and copying."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Unit
from contest.accounts.queries import all_units_on, unit_by_public_id
from contest.contests import actions
from contest.contests.forms import (
    AudienceForm,
    BasicsForm,
    CopyForm,
    DivisionsForm,
    RulesForm,
)
from contest.contests.models import Contest, Unawarded
from contest.contests.organised import organised_contest
from contest.contests.queries import managed_contest, managed_contests
from contest.contests.rules import audience_words, has_begun, rules_draft
from contest.contests.steps import wizard_steps
from contest.contests.views.room import blueprint, go_on, units_to_run
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.core.pickers import PickerField

_UNPROCESSABLE = 422


def _chosen_unit(field: PickerField) -> Unit:
    unit = unit_by_public_id(field.data or "")
    if unit is None:
        raise NotFound
    return unit


@blueprint.route("/organise/contests/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def new_contest() -> ResponseReturnValue:
    """Begin a contest: the first step, or a copy of an earlier one."""
    form = BasicsForm()
    form.unit.offer(units_to_run())
    if form.validate_on_submit():
        contest = actions.create_contest(
            title=form.title.data,
            unit=_chosen_unit(form.unit),
            summary=form.summary.data,
            subject_matter=form.subject_matter.data,
            contact=form.contact.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("The draft is kept. Only organisers see it until it is announced."), "success")
        return go_on(contest, "basics")
    earlier = managed_contests(current_actor(), Permission.MANAGE_CONTEST)
    page = render_template("contests/basics.html", form=form, contest=None, earlier=earlier)
    return page, _UNPROCESSABLE if form.errors else 200


@blueprint.route("/organise/contests/<slug>/basics", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def basics(slug: str) -> ResponseReturnValue:
    """What the contest is called and about."""
    contest = organised_contest(slug)
    form = BasicsForm(obj=contest)
    del form.unit
    if form.validate_on_submit():
        actions.edit_basics(
            contest=contest,
            title=form.title.data,
            summary=form.summary.data,
            subject_matter=form.subject_matter.data,
            contact=form.contact.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Saved."), "success")
        return go_on(contest, "basics")
    page = render_template("contests/basics.html", form=form, contest=contest, earlier=[])
    return page, _UNPROCESSABLE if form.errors else 200


@blueprint.route("/organise/contests/<slug>/copy", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def copy_contest(slug: str) -> ResponseReturnValue:
    """Begin a contest from an earlier one, with its dates moved."""
    source = organised_contest(slug)
    form = CopyForm(title=source.title)
    if form.validate_on_submit():
        contest = actions.copy_contest(
            source=source,
            title=form.title.data,
            starts_on=form.starts_on.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Copied. Look through the steps: dates have moved, people did not come along."))
        return redirect(url_for("contests.basics", slug=contest.slug))
    page = render_template("contests/copy.html", form=form, contest=source)
    return page, _UNPROCESSABLE if form.errors else 200


@blueprint.route("/organise/contests/<slug>/audience", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def audience(slug: str) -> ResponseReturnValue:
    """Who may take part, and who is left out of prizes."""
    contest = organised_contest(slug)
    form = AudienceForm(obj=contest)
    chosen = {branch.unit.public_id: branch.unit for branch in contest.eligible_units}
    form.units.choices = [(key, unit.name) for key, unit in chosen.items()]
    form.add_unit.offer(all_units_on(request_day()), empty=_("– choose a unit –"))
    if not form.is_submitted():
        form.who.data = "all" if contest.open_to_all_units else "some"
        form.units.data = list(chosen)
    if form.validate_on_submit():
        _save_audience(contest, form, chosen)
        if form.more.data:
            return redirect(url_for("contests.audience", slug=slug) + "#add_unit")
        flash(_("Saved."), "success")
        return go_on(contest, "audience")
    suggestion = "" if contest.audience else audience_words(contest)
    page = render_template(
        "contests/audience.html",
        form=form,
        contest=contest,
        suggestion=suggestion,
        frozen=has_begun(contest),
    )
    return page, _UNPROCESSABLE if form.errors else 200


def _save_audience(contest: Contest, form: AudienceForm, chosen: dict[str, Unit]) -> None:
    units = [chosen[key] for key in form.units.data or ()]
    if form.add_unit.data:
        units.append(_chosen_unit(form.add_unit))
    begun = has_begun(contest)
    actions.edit_audience(
        contest=contest,
        min_age=contest.min_age if begun else form.min_age.data,
        max_age=contest.max_age if begun else form.max_age.data,
        units=None if form.who.data == "all" else units,
        self_registration=form.self_registration.data,
        exclude_staff=form.exclude_staff.data,
        one_prize_per_person=form.one_prize_per_person.data,
        audience=form.audience.data,
        unawarded=Unawarded(form.unawarded.data),
        actor=current_actor(),
        now=request_now(),
    )


@blueprint.route("/organise/contests/<slug>/divisions", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def divisions(slug: str) -> ResponseReturnValue:
    """Divisions by age."""
    contest = organised_contest(slug)
    rows = [
        {"name": each.name, "min_age": each.min_age, "max_age": each.max_age}
        for each in contest.divisions
    ]
    form = DivisionsForm(divisions=rows)
    if form.more.data:
        form.add_blank_rows()
    elif form.validate_on_submit():
        plans = [actions.DivisionPlan(**row) for row in form.rows()]
        actions.edit_divisions(
            contest=contest, divisions=plans, actor=current_actor(), now=request_now()
        )
        flash(_("Saved."), "success")
        return go_on(contest, "divisions")
    elif not form.is_submitted():
        form.add_blank_rows()
    page = render_template(
        "contests/divisions.html", form=form, contest=contest, frozen=has_begun(contest)
    )
    return page, _UNPROCESSABLE if form.errors else 200


@blueprint.route("/organise/contests/<slug>/rules", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def rules_text(slug: str) -> ResponseReturnValue:
    """The rules (thể lệ)."""
    contest = organised_contest(slug)
    form = RulesForm(obj=contest)
    if form.draft.data:
        form.rules_text.raw_data = None
        form.rules_text.data = rules_draft(contest)
    elif form.validate_on_submit():
        actions.edit_rules_text(
            contest=contest,
            rules_text=form.rules_text.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Saved."), "success")
        return go_on(contest, "rules")
    page = render_template("contests/rules_text.html", form=form, contest=contest)
    return page, _UNPROCESSABLE if form.errors else 200


@blueprint.route("/organise/contests/<slug>/announce", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def announce(slug: str) -> ResponseReturnValue:
    """Look over what the public will see, then put it up."""
    contest = organised_contest(slug)
    if request.method == "POST":
        try:
            done = actions.announce(contest=contest, actor=current_actor(), now=request_now())
        except RuleBroken as refused:
            flash(refused.words, "error")
        else:
            if done:
                flash(_("The contest is announced: everybody can read its page now."), "success")
        return redirect(url_for("contests.announce", slug=slug))
    steps = [step for step in wizard_steps() if step.code != "announce"]
    undone = [step for step in steps if not step.optional and not step.is_done(contest)]
    return render_template("contests/announce.html", contest=contest, steps=steps, undone=undone)


@blueprint.get("/organise/contests/<slug>/resume")
@requires(Permission.MANAGE_CONTEST)
def resume(slug: str) -> ResponseReturnValue:
    """Go on with a draft where it was left."""
    contest = managed_contest(current_actor(), slug)
    if contest is None:
        raise NotFound
    known = {step.code: step for step in wizard_steps()}
    step = known.get(contest.wizard_step) or known["basics"]
    return redirect(url_for(step.endpoint, **step.values(contest)))
