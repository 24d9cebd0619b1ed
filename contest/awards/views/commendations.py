"""The register of commendations: list, one row, a new one, revocation, files."""

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Unit
from contest.accounts.queries import person_by_identifier, unit_by_public_id
from contest.accounts.rules.people import read_identifier
from contest.awards.actions.commendations import (
    CommendationValues,
    add_commendation,
    revoke_commendation,
)
from contest.awards.forms.commendations import (
    CommendationForm,
    RegisterFilterForm,
    RevokeForm,
    form_of,
    kind_of,
    level_of,
)
from contest.awards.models import AwardForm, Commendation, Level, RecipientKind
from contest.awards.queries.commendations import (
    RegisterFilter,
    commendation_page,
    commendations_for_export,
    kept_units,
    register_counts,
    register_unit,
    seen_commendation,
    waiting_imports,
)
from contest.awards.refusals import AlreadyRevoked, WrongCommendation
from contest.awards.rules.words import FORM_NAMES, KIND_NAMES, LEVEL_NAMES
from contest.awards.views.base import blueprint
from contest.core.access import Actor, Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.core.spreadsheets.writing import Sheet, typed_day
from contest.core.table_files import send_sheets

INVALID: Final = 422
_KEPT: Final = (
    "q",
    "unit",
    "level",
    "form",
    "kind",
    "decided_from",
    "decided_to",
    "honoured_from",
    "honoured_to",
    "which",
)
_BASE: Final = "/organise/commendations"


@blueprint.app_context_processor
def award_words() -> dict[str, Any]:
    """Words of levels, forms and kinds for templates."""
    return {"level_names": LEVEL_NAMES, "form_names": FORM_NAMES, "kind_names": KIND_NAMES}


def wanted_rows(actor: Actor) -> tuple[RegisterFilter, RegisterFilterForm]:
    """What the address narrows the register to, and the form that says so."""
    form = RegisterFilterForm(actor, formdata=request.args)
    ok = form.validate()
    unit = unit_by_public_id(form.unit.data) if ok and form.unit.data else None
    which = form.which.data or ""
    wanted = RegisterFilter(
        text=request.args.get("q", "")[:200],
        unit=unit,
        level=level_of(form.level.data) if ok else None,
        form=form_of(form.form.data) if ok else None,
        kind=kind_of(form.kind.data) if ok else None,
        decided_from=form.decided_from.data if ok else None,
        decided_to=form.decided_to.data if ok else None,
        honoured_from=form.honoured_from.data if ok else None,
        honoured_to=form.honoured_to.data if ok else None,
        revoked={"revoked": True, "standing": False, "leaders": False}.get(which),
        leaders=which == "leaders",
    )
    return wanted, form


@blueprint.get(_BASE)
@requires(Permission.SEE_REPORTS)
def commendations() -> ResponseReturnValue:
    """The register of my branches."""
    actor = current_actor()
    wanted, form = wanted_rows(actor)
    page = commendation_page(actor, wanted, page=page_number(request.args.get("page")))
    counts = register_counts(actor, wanted)
    return render_template(
        "awards/commendations.html",
        page=page,
        wanted=wanted,
        form=form,
        counts=counts,
        recognitions=sum(row[2] for row in counts),
        kept={key: request.args[key] for key in _KEPT if request.args.get(key)},
        units=kept_units(actor),
        imports=waiting_imports(actor, "commendations"),
    )


@blueprint.get(f"{_BASE}.<any(xlsx, csv):ending>")
@requires(Permission.SEE_REPORTS)
def commendations_file(ending: str) -> ResponseReturnValue:
    """The rows of the list as a file, with the columns that an import reads."""
    actor = current_actor()
    wanted, _form = wanted_rows(actor)
    name = str(_("Register of commendations"))
    columns = [
        _("Name"), _("Kind"), _("Position"), _("Unit"), _("Level"), _("Form of award"),
        _("Decision number"), _("Decision date"), _("Issuer"), _("Period from"), _("Period to"),
        _("Reason"), _("Theme"), _("Leader"), _("Revoked because"),
    ]  # fmt: skip
    rows = (_line(row) for row in commendations_for_export(actor, wanted))
    widths = [30, 12, 20, 36, 18, 18, 18, 14, 24, 12, 12, 40, 20, 8, 30]
    return send_sheets([Sheet(name, columns, rows, widths, is_edited=True)], kind=ending, name=name)


def _line(row: Commendation) -> list[str]:
    return [
        row.recipient_name,
        str(KIND_NAMES[row.recipient_kind]),
        row.position,
        row.unit_name,
        str(LEVEL_NAMES[row.level]),
        str(FORM_NAMES[row.form]),
        row.decision_number,
        typed_day(row.decided_on),
        row.issuer,
        typed_day(row.period_from),
        typed_day(row.period_to),
        row.reason,
        row.theme,
        "x" if row.is_leader else "",
        row.revoked_reason,
    ]


def kept_unit(public_id: str) -> Unit:
    """A unit whose registers the person keeps.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    found = register_unit(current_actor(), public_id)
    if found is None:
        raise NotFound
    return found


@blueprint.route(f"{_BASE}/new/<unit_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTERS)
def new_commendation(unit_id: str) -> ResponseReturnValue:
    """Enter one recipient by hand."""
    unit = kept_unit(unit_id)
    form = CommendationForm(unit)
    status = INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            made = add_commendation(
                register_unit=unit,
                values=_values(form),
                actor=current_actor(),
                now=request_now(),
            )
        except WrongCommendation as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("The commendation stands in the register."), "success")
            return redirect(url_for("awards.commendation", commendation_id=made.public_id))
    return render_template("awards/commendation_form.html", form=form, unit=unit), status


def _values(form: CommendationForm) -> CommendationValues:
    kind = RecipientKind(form.recipient_kind.data)
    unit = unit_by_public_id(form.unit.data) if form.unit.data else None
    name = form.recipient_name.data
    is_unit = kind is RecipientKind.COLLECTIVE and unit is not None and name in ("", unit.name)
    if not name and unit is not None and is_unit:
        name = unit.name
    if not name:
        raise WrongCommendation(_("Who is honoured? Write the name."))
    typed = form.contact.data
    person = person_by_identifier(read_identifier(typed)) if typed else None
    if typed and person is None:
        raise WrongCommendation(_("Nobody here has this phone number or address."))
    return CommendationValues(
        level=Level(form.level.data),
        form=AwardForm(form.form.data),
        recipient_kind=kind,
        recipient_name=name,
        decision_number=form.decision_number.data,
        decided_on=form.decided_on.data or request_day(),
        unit_id=None if unit is None else unit.id,
        is_unit=is_unit,
        person_id=None if person is None else person.id,
        birth_year=form.birth_year.data,
        position=form.position.data,
        issuer=form.issuer.data,
        period_from=form.period_from.data,
        period_to=form.period_to.data,
        reason=form.reason.data,
        theme=form.theme.data,
        is_leader=bool(form.is_leader.data),
    )


def _seen(public_id: str) -> Commendation:
    found = seen_commendation(current_actor(), public_id)
    if found is None:
        raise NotFound
    return found


def _show(row: Commendation, form: RevokeForm) -> str:
    may_keep = current_actor().may(Permission.MANAGE_REGISTERS, row.register_unit.scope.path)
    return render_template("awards/commendation.html", row=row, form=form, may_keep=may_keep)


@blueprint.get(f"{_BASE}/<commendation_id>")
@requires(Permission.SEE_REPORTS)
def commendation(commendation_id: str) -> ResponseReturnValue:
    """One row of the register."""
    return _show(_seen(commendation_id), RevokeForm(formdata=None))


@blueprint.post(f"{_BASE}/<commendation_id>/revoke")
@requires(Permission.MANAGE_REGISTERS)
def revoke(commendation_id: str) -> ResponseReturnValue:
    """Revoke a commendation, with a reason that is kept."""
    row, form = _seen(commendation_id), RevokeForm()
    actor = current_actor()
    if not actor.may(Permission.MANAGE_REGISTERS, row.register_unit.scope.path):
        raise NotFound
    if not form.validate_on_submit():
        return _show(row, form), INVALID
    try:
        revoke_commendation(
            commendation=row, reason=form.reason.data, actor=actor, now=request_now()
        )
    except AlreadyRevoked as refused:
        flash(refused.words, "error")
    else:
        flash(_("The commendation is revoked; the row stays with the reason."), "success")
    return redirect(url_for("awards.commendation", commendation_id=row.public_id))
