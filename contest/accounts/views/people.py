"""People of one's own branches: the list, a person, codes for those who cannot sign in."""

from collections.abc import Sequence
from typing import Final

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import queries
from contest.accounts.actions import codes as code_actions
from contest.accounts.actions import exports as export_actions
from contest.accounts.actions import people as people_actions
from contest.accounts.actions.codes import IssuedCode
from contest.accounts.code_sheets import PrintedSheet, PrintedSlip, code_sheets_pdf
from contest.accounts.forms.fields import show_phone
from contest.accounts.forms.people import PeopleFilterForm, PersonForm, ReasonForm
from contest.accounts.models import CodePurpose, Person
from contest.accounts.queries import duplicates as duplicate_queries
from contest.accounts.queries import grants as grant_queries
from contest.accounts.queries import people as people_queries
from contest.accounts.queries import sign_ins
from contest.accounts.refusals import ContactTaken, NotYoursToHelp
from contest.accounts.rules import birth_of, format_birth, may_issue_code
from contest.accounts.views.base import blueprint, go, settings
from contest.core.access import Actor, Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.documents import PDF
from contest.core.errors import NotFound
from contest.core.files import download
from contest.core.i18n import gettext as _
from contest.core.paging import page_number

_INVALID = 422
KEPT: Final = ("q", "unit", "only", "sort", "direction")
"""What narrows and orders the list, on its page as in its file."""


@blueprint.get("/people")
@requires(Permission.SEE_PEOPLE)
def people() -> ResponseReturnValue:
    """The people of my branches."""
    actor = current_actor()
    wanted, form = people_filter(actor)
    page = people_queries.people_page(actor, wanted, page=page_number(request.args.get("page")))
    ids = {person.unit_id for person in page.items if person.unit_id is not None}
    return render_template(
        "accounts/people.html",
        page=page,
        wanted=wanted,
        form=form,
        paths=queries.unit_paths(ids),
        show_phone=show_phone,
        format_birth=format_birth,
        may_add=actor.may_somewhere(Permission.MANAGE_PEOPLE),
        kept={key: request.args[key] for key in KEPT if request.args.get(key)},
        is_long=page.total > export_actions.MOST_AT_ONCE,
    )


def people_filter(actor: Actor) -> tuple[people_queries.PeopleFilter, PeopleFilterForm]:
    """What the address narrows the list to, and the form that says so."""
    form = PeopleFilterForm(actor, formdata=request.args)
    offered = form.unit.data if form.validate() else ""
    unit = queries.unit_by_public_id(offered) if offered else None
    wanted = people_queries.PeopleFilter(
        text=request.args.get("q", "")[:200],
        unit=unit,
        only=form.only.data or "",
        sort=request.args.get("sort", "name"),
        descending=request.args.get("direction") == "desc",
    )
    return wanted, form


def _in_branch(public_id: str) -> Person:
    person = queries.person_in_branch(current_actor(), public_id)
    if person is None:
        raise NotFound
    return person


def _managed(public_id: str) -> Person:
    person = duplicate_queries.managed_person(current_actor(), public_id)
    if person is None:
        raise NotFound
    return person


@blueprint.get("/people/<person_id>")
@requires(Permission.SEE_PEOPLE)
def person(person_id: str) -> ResponseReturnValue:
    """One person of my branches."""
    actor = current_actor()
    found = _in_branch(person_id)
    scope_path = queries.person_scope_path(found)
    return render_template(
        "accounts/person.html",
        person=found,
        phone=show_phone(found.phone),
        birth=format_birth(found.birth_date, found.birth_precision),
        path=None if found.unit is None else queries.unit_path(found.unit),
        roles=grant_queries.roles_of(found.id),
        devices=len(sign_ins.live_sign_ins(found.id, request_now())),
        may_manage=actor.may(Permission.MANAGE_PEOPLE, scope_path),
        may_help=found.disabled_at is None
        and may_issue_code(
            actor,
            person_scope_path=scope_path,
            grants=queries.grant_lines(found.id),
            has_password=found.password_hash is not None,
        ),
        reason_form=ReasonForm(formdata=None),
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def new_person() -> ResponseReturnValue:
    """Record somebody by hand; they get a code to sign in with."""
    actor = current_actor()
    form = PersonForm(actor)
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            created = people_actions.create_person(
                full_name=form.full_name.data or "",
                phone=form.phone.data,
                email=form.email.data,
                birth=form.birth.data,
                unit=queries.unit_by_public_id(form.unit.data or ""),
                actor=actor,
                now=request_now(),
            )
        except ContactTaken as error:
            form.form_errors.append(error.words)
        else:
            flash(_("The person is recorded. Give them a code to sign in with."))
            return go(url_for("accounts.person", person_id=created.public_id))
    return render_template("accounts/person_form.html", form=form, person=None), status


@blueprint.route("/people/<person_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def edit_person(person_id: str) -> ResponseReturnValue:
    """Change what is known about somebody. Staff change their own way to sign in themselves."""
    actor = current_actor()
    found = _managed(person_id)
    form = PersonForm(
        actor,
        full_name=found.full_name,
        phone=found.phone,
        email=found.email,
        birth=birth_of(found.birth_date, found.birth_precision),
        unit=found.unit.public_id if found.unit else "",
    )
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            people_actions.edit_person_by_staff(
                person=found,
                full_name=form.full_name.data or "",
                phone=form.phone.data,
                email=form.email.data,
                birth=form.birth.data,
                unit=queries.unit_by_public_id(form.unit.data or ""),
                actor=actor,
                now=request_now(),
            )
        except (ContactTaken, NotYoursToHelp) as error:
            form.form_errors.append(error.words)
            status = error.status
        else:
            flash(_("The changes are saved."))
            return go(url_for("accounts.person", person_id=found.public_id))
    return render_template("accounts/person_form.html", form=form, person=found), status


@blueprint.post("/people/<person_id>/code")
@requires(Permission.SEE_PEOPLE)
def issue_code(person_id: str) -> ResponseReturnValue:
    """A one-time code for somebody who cannot sign in; shown this once, for printing."""
    found = _in_branch(person_id)
    waiting = found.password_hash is None
    issued = code_actions.issue_codes(
        people=[found],
        purpose=CodePurpose.ACTIVATION if waiting else CodePurpose.RESET,
        batch="",
        actor=current_actor(),
        now=request_now(),
    )
    if request.form.get("as") == "pdf":
        return _as_pdf(issued, is_reset=not waiting)
    return render_template(
        "accounts/codes.html",
        issued=issued,
        unit=found.unit,
        is_reset=not waiting,
        back=url_for("accounts.person", person_id=found.public_id),
    )


def _as_pdf(issued: Sequence[IssuedCode], *, is_reset: bool = False) -> ResponseReturnValue:
    """The codes as sheets to print, one for each unit; the only copy there is."""
    by_unit: dict[int | None, list[PrintedSlip]] = {}
    for each in issued:
        slip = PrintedSlip(each.person.full_name, each)
        by_unit.setdefault(each.person.unit_id, []).append(slip)
    paths = queries.unit_paths({unit_id for unit_id in by_unit if unit_id is not None})
    sheets = [
        PrintedSheet(paths[unit_id].parts if unit_id in paths else (), slips)
        for unit_id, slips in by_unit.items()
    ]
    content = code_sheets_pdf(
        sheets,
        about=_("Code for a new password") if is_reset else _("Activation code"),
        address=settings().public_url + url_for("accounts.activate"),
        instance=settings().instance,
        is_reset=is_reset,
    )
    title = _("Codes to hand out")
    return download(content, name=f"{title}.pdf", media_type=PDF)


@blueprint.route("/people/codes", methods=["GET", "POST"])
@requires(Permission.SEE_PEOPLE)
def code_sheet() -> ResponseReturnValue:
    """Codes for everybody of a unit who has not activated the account yet."""
    actor = current_actor()
    wanted, form = people_filter(actor)
    waiting = people_queries.waiting_people(actor, wanted.unit)
    if request.method == "POST" and waiting:
        issued = code_actions.issue_codes(
            people=waiting,
            purpose=CodePurpose.ACTIVATION,
            batch=wanted.unit.code if wanted.unit else "",
            actor=actor,
            now=request_now(),
        )
        if request.form.get("as") == "pdf":
            return _as_pdf(issued)
        back = url_for("accounts.people", unit=request.args.get("unit"))
        return render_template(
            "accounts/codes.html", issued=issued, unit=wanted.unit, is_reset=False, back=back
        )
    return render_template("accounts/code_sheet.html", waiting=waiting, wanted=wanted, form=form)


@blueprint.post("/people/<person_id>/close")
@requires(Permission.MANAGE_PEOPLE)
def close_account(person_id: str) -> ResponseReturnValue:
    """Close an account, or open it again, with a reason."""
    actor = current_actor()
    found = _managed(person_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        flash(_("Write the reason; it is kept."), "error")
        return go(url_for("accounts.person", person_id=found.public_id))
    closing = found.disabled_at is None
    people_actions.set_disabled(
        person=found,
        disabled=closing,
        reason=form.reason.data or "",
        actor=actor,
        now=request_now(),
    )
    flash(_("The account is closed.") if closing else _("The account is open again."))
    return go(url_for("accounts.person", person_id=found.public_id))
