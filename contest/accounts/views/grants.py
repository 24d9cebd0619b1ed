"""Roles: who holds which, given and ended by those who may."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import queries
from contest.accounts.actions import scopes as scope_actions
from contest.accounts.forms.people import GiveRoleForm, WhereForm
from contest.accounts.labels import ROLE_EXPLANATIONS, ROLE_NAMES
from contest.accounts.models import Scope
from contest.accounts.queries import grants as grant_queries
from contest.accounts.queries import people as people_queries
from contest.accounts.refusals import LastAdministrator, NotYoursToGive
from contest.accounts.rules import givable_roles, may_give
from contest.accounts.views.base import blueprint, go
from contest.core.access import Actor, Permission, Role, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.paging import page_number


def _scope() -> Scope | None:
    """The scope that the address names, as `on=unit:<public id>` or `on=contest:<slug>`."""
    wanted = request.args.get("on", "")
    if not wanted:
        return None
    kind, _colon, key = wanted.partition(":")
    scope = grant_queries.givable_scope(current_actor(), kind, key)
    if scope is None:
        raise NotFound
    return scope


@blueprint.get("/grants")
@requires(Permission.GIVE_GRANTS)
def grants() -> ResponseReturnValue:
    """Who holds which role on my scopes."""
    actor = current_actor()
    scope = _scope()
    typed = request.args.get("role", "")
    role = Role(typed) if typed in set(Role) else None
    text = request.args.get("q", "")[:200]
    page = grant_queries.grants_page(
        actor, text=text, role=role, scope=scope, page=page_number(request.args.get("page"))
    )
    return render_template(
        "accounts/grants.html",
        page=page,
        text=text,
        role=role,
        scope=scope,
        scope_name=grant_queries.name_of_scope(scope),
        may_end={
            shown.grant.id
            for shown in page.items
            if may_give(actor, shown.grant.role, shown.grant.scope.path)
        },
        explanations=ROLE_EXPLANATIONS,
    )


def _ask_where(actor: Actor) -> ResponseReturnValue:
    form = WhereForm(actor, formdata=request.args)
    if form.unit.data and not form.finding and form.validate():
        return redirect(url_for("accounts.give_grant", on=f"unit:{form.unit.data}"))
    top = bool(actor.scopes_where(Permission.MANAGE_PLATFORM))
    return render_template("accounts/grant_where.html", form=form, may_platform=top)


@blueprint.route("/grants/new", methods=["GET", "POST"])
@requires(Permission.GIVE_GRANTS)
def give_grant() -> ResponseReturnValue:
    """Find a person, choose a role. Without a scope in the address, choose one first."""
    actor = current_actor()
    scope = _scope()
    if scope is None:
        return _ask_where(actor)
    text = request.args.get("q", "")[:200]
    found = people_queries.find_for_grant(actor, text) if text else []
    roles = [role for role in ROLE_NAMES if role in givable_roles(actor, scope.path)]
    form = GiveRoleForm(found, roles)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        person = queries.person_by_public_id(form.person.data)
        if person is None:
            raise NotFound
        role = Role(form.role.data)
        scope_actions.give_grant(
            person=person, role=role, scope=scope, actor=actor, now=request_now()
        )
        flash(_("%(name)s is %(role)s now.", name=person.full_name, role=str(ROLE_NAMES[role])))
        return go(url_for("accounts.grants", on=request.args.get("on")))
    return (
        render_template(
            "accounts/grant_form.html",
            form=form,
            text=text,
            found=found,
            scope_name=grant_queries.name_of_scope(scope),
            explanations={role: ROLE_EXPLANATIONS[role] for role in roles},
        ),
        status,
    )


@blueprint.route("/grants/<grant_id>/end", methods=["GET", "POST"])
@requires(Permission.GIVE_GRANTS)
def end_grant(grant_id: str) -> ResponseReturnValue:
    """End a role, after seeing whose it is."""
    actor = current_actor()
    found = grant_queries.manageable_grant(actor, grant_id)
    if found is None:
        raise NotFound
    if request.method == "POST":
        try:
            scope_actions.end_grant(grant=found, actor=actor, now=request_now())
        except (LastAdministrator, NotYoursToGive) as error:
            flash(error.words, "error")
        else:
            flash(_("The role is ended."))
        return go(url_for("accounts.grants"))
    return render_template(
        "accounts/grant_end.html",
        grant=found,
        scope_name=grant_queries.name_of_scope(found.scope),
    )
