"""Registers of older contests, models and projects: lists, new rows, states."""

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Unit
from contest.contests.models import ContestKind
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.reports.actions.records import (
    CONTESTS,
    PROJECTS,
    add_record,
    remove_contest_record,
    set_project_state,
)
from contest.reports.forms import ContestRecordForm, ProjectForm, StateForm
from contest.reports.models import ProjectCategory, ProjectKind, ProjectState
from contest.reports.queries.records import (
    ProjectFilter,
    contest_record_page,
    kept_contest_record,
    kept_project,
    project_counts,
    project_page,
)
from contest.reports.queries.units import reported_unit
from contest.reports.rules import words
from contest.reports.views.base import blueprint

_BASE: Final = "/organise/reports"
INVALID: Final = 422


@blueprint.app_context_processor
def record_words() -> dict[str, Any]:
    """Words of the registers for templates."""
    return {
        "contest_kind_names": words.CONTEST_KIND_NAMES,
        "project_kind_names": words.PROJECT_KIND_NAMES,
        "category_names": words.CATEGORY_NAMES,
        "state_names": words.STATE_NAMES,
    }


@blueprint.app_template_filter("typed_figure")
def typed_figure(pair: tuple[int | None, str]) -> str:
    """A number of an older report with the word before it."""
    value, word = pair
    return "–" if value is None else words.with_qualifier(value, words.qualifier(word))


def may_keep() -> bool:
    """Whether the person keeps registers anywhere."""
    return current_actor().may_somewhere(Permission.MANAGE_REGISTERS)


def kept_unit(public_id: str | None) -> Unit:
    """A unit whose registers the person keeps.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    found = reported_unit(current_actor(), public_id or "", Permission.MANAGE_REGISTERS)
    if found is None:
        raise NotFound
    return found


def wanted_contests() -> str:
    """The words that the address searches older contests by."""
    return request.args.get("q", "")[:200]


def wanted_projects() -> ProjectFilter:
    """What the address narrows the register of models and projects to."""
    kind, category = request.args.get("kind", ""), request.args.get("category", "")
    return ProjectFilter(
        request.args.get("q", "")[:200],
        ProjectKind(kind) if kind in set(ProjectKind) else None,
        ProjectCategory(category) if category in set(ProjectCategory) else None,
    )


@blueprint.get(f"{_BASE}/contests")
@requires(Permission.SEE_REPORTS)
def contest_records() -> ResponseReturnValue:
    """Older contests of my branches."""
    text = wanted_contests()
    page = contest_record_page(current_actor(), text, page=page_number(request.args.get("page")))
    return render_template("reports/contests.html", page=page, text=text, may_keep=may_keep())


@blueprint.route(f"{_BASE}/contests/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTERS)
def new_contest_record() -> ResponseReturnValue:
    """Type in an older contest."""
    form = ContestRecordForm(current_actor())
    if form.validate_on_submit():
        values = {
            "title": form.title.data,
            "kind": ContestKind(form.kind.data),
            "held_from": form.first.data,
            "held_to": form.last.data,
            "organiser": form.organiser.data,
            "categories": form.categories.data,
            "entries": form.entries.data,
            "entries_qualifier": form.entries_qualifier.data,
            "persons": form.persons.data,
            "persons_qualifier": form.persons_qualifier.data,
            "source": form.source.data,
        }
        add_record(
            register=CONTESTS,
            unit=kept_unit(form.unit.data),
            values=values,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("The contest stands in the register."), "success")
        return redirect(url_for("reports.contest_records"))
    page = render_template("reports/contest_form.html", form=form)
    return page, INVALID if form.is_refused else 200


@blueprint.post(f"{_BASE}/contests/<record_id>/remove")
@requires(Permission.MANAGE_REGISTERS)
def remove_contest(record_id: str) -> ResponseReturnValue:
    """Take an older contest out of the register."""
    record = kept_contest_record(current_actor(), record_id)
    if record is None:
        raise NotFound
    remove_contest_record(record=record, actor=current_actor(), now=request_now())
    flash(_("The contest is taken out of the register."), "success")
    return redirect(url_for("reports.contest_records"))


@blueprint.get(f"{_BASE}/projects")
@requires(Permission.SEE_REPORTS)
def projects() -> ResponseReturnValue:
    """Models and projects of my branches."""
    actor, wanted = current_actor(), wanted_projects()
    page = project_page(actor, wanted, page=page_number(request.args.get("page")))
    counts = project_counts(actor)
    return render_template(
        "reports/projects.html", page=page, wanted=wanted, counts=counts, may_keep=may_keep()
    )


@blueprint.route(f"{_BASE}/projects/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTERS)
def new_project() -> ResponseReturnValue:
    """Register a model or project."""
    form = ProjectForm(current_actor())
    if form.validate_on_submit():
        values = {
            "title": form.title.data,
            "kind": ProjectKind(form.kind.data),
            "category": ProjectCategory(form.category.data),
            "registered_on": form.registered_on.data,
            "objective": form.objective.data,
            "road_map": form.road_map.data,
        }
        add_record(
            register=PROJECTS,
            unit=kept_unit(form.unit.data),
            values=values,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("It stands in the register."), "success")
        return redirect(url_for("reports.projects"))
    page = render_template("reports/project_form.html", form=form)
    return page, INVALID if form.is_refused else 200


@blueprint.route(f"{_BASE}/projects/<project_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTERS)
def project(project_id: str) -> ResponseReturnValue:
    """A model or project: objective, road map, and how far it is."""
    found = kept_project(current_actor(), project_id)
    if found is None:
        raise NotFound
    form = StateForm(state=found.state.value)
    if form.validate_on_submit():
        set_project_state(
            project=found,
            state=ProjectState(form.state.data),
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("The state is kept."), "success")
        return redirect(url_for("reports.project", project_id=project_id))
    return render_template("reports/project.html", project=found, form=form)
