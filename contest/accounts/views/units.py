"""The tree of units and its care."""

from flask import flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import queries
from contest.accounts.actions import units as unit_actions
from contest.accounts.forms.units import EndUnitForm, HeadcountForm, MergeUnitForm, UnitForm
from contest.accounts.models import Unit, UnitKind, UnitTree
from contest.accounts.queries import units as unit_queries
from contest.accounts.queries.unit_levels import managed_tree
from contest.accounts.views.base import blueprint, go
from contest.core.access import Permission, current_actor, public, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import InvalidInput, NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.core.pickers import MOST_FOUND, read_place

_INVALID = 422


def _own(public_id: str) -> Unit:
    unit = queries.managed_unit(current_actor(), public_id)
    if unit is None:
        raise NotFound
    return unit


def _own_or_none(public_id: str | None) -> Unit | None:
    return _own(public_id) if public_id else None


@blueprint.get("/units")
@requires(Permission.MANAGE_UNITS)
def units() -> ResponseReturnValue:
    """The units of my branches as a tree; with words typed, those found with their paths.

    A large tree opens level by level, down to the unit that was asked for.
    """
    actor = current_actor()
    text = request.args.get("q", "")[:200]
    opened = request.args.get("open", "")[:40]
    found = unit_queries.search_managed_units(actor, text) if text else []
    return render_template(
        "accounts/units.html",
        text=text,
        found=found,
        paths=queries.unit_paths({unit.id for unit in found}),
        tree=None if text else managed_tree(actor, on=request_day(), opened=opened),
        opened=opened,
        show_ended=request.args.get("ended") == "1",
        on=request_day(),
    )


@blueprint.get("/units/find")
@public
def find_units() -> ResponseReturnValue:
    """What a page's search box asks: units of the place that the page was made for."""
    place = read_place(request.args.get("place", ""))
    if place is None:
        raise NotFound
    text = request.args.get("q", "")[:200]
    found = queries.UnitRange.of_place(place).search(text, MOST_FOUND + 1)
    lines = [{"value": each.value, "name": each.name, "path": each.path} for each in found]
    return jsonify(found=lines[:MOST_FOUND], more=len(lines) > MOST_FOUND)


@blueprint.get("/units/<unit_id>")
@requires(Permission.MANAGE_UNITS)
def unit(unit_id: str) -> ResponseReturnValue:
    """One unit: where it stands, what is below it, people, head-counts, successions."""
    found = _own(unit_id)
    return render_template(
        "accounts/unit.html",
        unit=found,
        details=unit_queries.unit_details(found),
        headcount_form=HeadcountForm(formdata=None, counted_on=request_day()),
        on=request_day(),
    )


@blueprint.route("/units/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def new_unit() -> ResponseReturnValue:
    """Add a unit."""
    actor = current_actor()
    form = UnitForm(actor, parent=request.args.get("parent", ""))
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            created = unit_actions.create_unit(
                code=form.code.data or "",
                name=form.name.data or "",
                kind=UnitKind(form.kind.data),
                tree=UnitTree(form.tree.data),
                parent=_own_or_none(form.parent.data),
                valid_from=form.valid_from.data,
                actor=actor,
                now=request_now(),
            )
        except InvalidInput as error:
            form.code.errors = [error.words]
        else:
            flash(_("The unit is added."))
            return go(url_for("accounts.unit", unit_id=created.public_id))
    return render_template("accounts/unit_form.html", form=form, unit=None), status


@blueprint.route("/units/<unit_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def edit_unit(unit_id: str) -> ResponseReturnValue:
    """Change a unit, or put it elsewhere in the tree."""
    actor = current_actor()
    found = _own(unit_id)
    form = UnitForm(
        actor,
        obj=found,
        data={
            "kind": found.kind.value,
            "tree": found.tree.value,
            "parent": found.parent.public_id if found.parent else "",
        },
    )
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            unit_actions.edit_unit(
                unit=found,
                code=form.code.data or "",
                name=form.name.data or "",
                kind=UnitKind(form.kind.data),
                tree=UnitTree(form.tree.data),
                parent=_new_parent(found, form.parent.data),
                valid_from=form.valid_from.data,
                actor=actor,
                now=request_now(),
            )
        except RuleBroken as error:
            form.form_errors.append(error.words)
            status = error.status
        else:
            flash(_("The changes are saved."))
            return go(url_for("accounts.unit", unit_id=found.public_id))
    return render_template("accounts/unit_form.html", form=form, unit=found), status


def _new_parent(unit: Unit, public_id: str | None) -> Unit | None:
    """The parent chosen; the present one may lie outside the own branches."""
    if unit.parent is not None and public_id == unit.parent.public_id:
        return unit.parent
    return _own_or_none(public_id)


@blueprint.route("/units/<unit_id>/end", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def end_unit(unit_id: str) -> ResponseReturnValue:
    """Say when a unit existed for the last time, after seeing what that means."""
    actor = current_actor()
    found = _own(unit_id)
    form = EndUnitForm(last_day=request_day())
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        assert form.last_day.data is not None  # noqa: S101  (a required field)
        try:
            unit_actions.end_unit(
                unit=found, last_day=form.last_day.data, actor=actor, now=request_now()
            )
        except RuleBroken as error:
            form.last_day.errors = [error.words]
            status = error.status
        else:
            flash(_("The unit has a last day now. Its records stay."))
            return go(url_for("accounts.unit", unit_id=found.public_id))
    details = unit_queries.unit_details(found)
    return render_template("accounts/unit_end.html", form=form, unit=found, details=details), status


@blueprint.route("/units/<unit_id>/merge", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def merge_unit(unit_id: str) -> ResponseReturnValue:
    """Let a unit go over into its successor, after seeing what moves."""
    actor = current_actor()
    found = _own(unit_id)
    form = MergeUnitForm(actor, on=request_day())
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit() and request.form.get("confirmed") == "1":
        assert form.on.data is not None  # noqa: S101  (a required field)
        try:
            into = _own(form.into.data or "")
            unit_actions.merge_unit(
                unit=found,
                into=into,
                on=form.on.data,
                decision=form.decision.data or "",
                actor=actor,
                now=request_now(),
            )
        except RuleBroken as error:
            form.form_errors.append(error.words)
            status = error.status
        else:
            flash(_("%(old)s is part of %(new)s now.", old=found.name, new=into.name))
            return go(url_for("accounts.unit", unit_id=into.public_id))
    chosen = _own(form.into.data or "") if form.is_refused and not form.errors else None
    return (
        render_template(
            "accounts/unit_merge.html",
            form=form,
            unit=found,
            chosen=chosen,
            details=unit_queries.unit_details(found),
        ),
        200 if chosen is not None and status == _INVALID else status,
    )


@blueprint.post("/units/<unit_id>/headcounts")
@requires(Permission.MANAGE_UNITS)
def add_headcount(unit_id: str) -> ResponseReturnValue:
    """Keep how many people a branch had on a day."""
    found = _own(unit_id)
    form = HeadcountForm()
    if form.validate_on_submit():
        assert form.counted_on.data is not None  # noqa: S101  (a required field)
        unit_actions.record_headcount(
            unit=found,
            counted_on=form.counted_on.data,
            persons=form.persons.data or 0,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("The head-count is kept."))
        return go(url_for("accounts.unit", unit_id=found.public_id, _anchor="headcounts"))
    details = unit_queries.unit_details(found)
    page = render_template(
        "accounts/unit.html", unit=found, details=details, headcount_form=form, on=request_day()
    )
    return page, _INVALID
