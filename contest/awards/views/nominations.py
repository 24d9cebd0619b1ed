"""Nominations: list, a new one, one of them with its steps, opinions and the decision."""

from collections.abc import Callable
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Unit
from contest.accounts.queries import person_by_identifier, unit_by_public_id
from contest.accounts.rules.people import read_identifier
from contest.awards.actions import nominations as actions
from contest.awards.actions.nominations import NominationValues, Step
from contest.awards.forms.nominations import ApprovalForm, NominationForm, OpinionForm
from contest.awards.models import (
    AwardForm,
    Level,
    Nomination,
    NominationState,
    NominationVerdict,
    RecipientKind,
)
from contest.awards.queries.nominations import earlier_awards, nomination_page, seen_nomination
from contest.awards.refusals import WrongCommendation
from contest.awards.views.base import blueprint
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.documents import PDF
from contest.core.errors import NotFound, RuleBroken, Words
from contest.core.files import download, read_file
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.paging import page_number
from contest.core.vietnamese import nfc

_BASE: Final = "/organise/nominations"
_INVALID: Final = 422
_MOST_BYTES: Final = 10_000_000
_NEEDED: Final = {
    Step.SUBMIT: Permission.NOMINATE,
    Step.FORWARD: Permission.NOMINATE,
    Step.LIST: Permission.MANAGE_REGISTERS,
    Step.RETURN: Permission.NOMINATE,
    Step.REFUSE: Permission.MANAGE_REGISTERS,
}
STATE_WORDS: Final[dict[NominationState, Words]] = {
    NominationState.DRAFT: _l("Draft nomination"),
    NominationState.SUBMITTED: _l("On its way upwards"),
    NominationState.RETURNED: _l("Came back"),
    NominationState.LISTED: _l("On the council's list"),
    NominationState.APPROVED: _l("Awarded"),
    NominationState.REFUSED: _l("Not awarded"),
    NominationState.WITHDRAWN: _l("Withdrawn nomination"),
}
VERDICT_WORDS: Final[dict[NominationVerdict, Words]] = {
    NominationVerdict.SUBMITTED: _l("sent upwards"),
    NominationVerdict.FORWARDED: _l("passed on"),
    NominationVerdict.RETURNED: _l("sent back"),
    NominationVerdict.LISTED: _l("put on the council's list"),
    NominationVerdict.APPROVED: _l("awarded by decision"),
    NominationVerdict.REFUSED: _l("not awarded"),
    NominationVerdict.WITHDRAWN: _l("withdrawn"),
}


@blueprint.get(_BASE)
@requires(Permission.NOMINATE)
def nominations() -> ResponseReturnValue:
    """Nominations of my branches; the council's list is one of the filters."""
    wanted = request.args.get("state", "")
    state = NominationState(wanted) if wanted in {each.value for each in NominationState} else None
    page = nomination_page(current_actor(), state, page=page_number(request.args.get("page")))
    return render_template(
        "awards/nominations.html", page=page, state=state, state_words=STATE_WORDS
    )


@blueprint.route(f"{_BASE}/new", methods=["GET", "POST"])
@requires(Permission.NOMINATE)
def new_nomination() -> ResponseReturnValue:
    """Propose somebody."""
    actor, now = current_actor(), request_now()
    form = NominationForm(actor)
    if form.validate_on_submit():
        try:
            made = actions.propose(values=_values(form), actor=actor, now=now)
            _add_file(made, form)
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            return redirect(url_for("awards.nomination", nomination_id=made.public_id))
    page = render_template("awards/nomination_form.html", form=form)
    return page, _INVALID if form.is_refused else 200


def _values(form: NominationForm) -> NominationValues:
    unit = unit_by_public_id(form.unit.data or "")
    if unit is None:
        raise NotFound
    typed = form.contact.data
    person = person_by_identifier(read_identifier(typed)) if typed else None
    if typed and person is None:
        raise WrongCommendation(_("Nobody here has this phone number or address."))
    return NominationValues(
        unit=unit,
        recipient_kind=RecipientKind(form.recipient_kind.data),
        recipient_name=form.recipient_name.data,
        level=Level(form.level.data),
        form=AwardForm(form.form.data),
        achievement=form.achievement.data,
        account=form.account.data,
        position=form.position.data,
        is_leader=bool(form.is_leader.data),
        person=person,
    )


def _add_file(made: Nomination, form: NominationForm) -> None:
    sent = form.file.data
    if not sent:
        return
    content = sent.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES or not content.startswith(b"%PDF-"):
        raise WrongCommendation(_("The achievement file is a PDF of at most 10 MB."))
    actions.add_nomination_file(
        nomination=made,
        content=content,
        name=nfc(sent.filename),
        media_type=PDF,
        actor=current_actor(),
        now=request_now(),
    )


def _load(public_id: str) -> Nomination:
    found = seen_nomination(current_actor(), public_id)
    if found is None:
        raise NotFound
    return found


def _may(permission: Permission, unit: Unit) -> bool:
    return current_actor().may(permission, unit.scope.path)


def _show(nomination: Nomination, opinion: OpinionForm, approval: ApprovalForm) -> str:
    here = nomination.at_unit
    return render_template(
        "awards/nomination.html",
        nomination=nomination,
        earlier=earlier_awards(nomination),
        state_words=STATE_WORDS,
        verdict_words=VERDICT_WORDS,
        opinion_form=opinion,
        approval_form=approval,
        may_speak=_may(Permission.NOMINATE, here),
        may_decide=_may(Permission.MANAGE_REGISTERS, here),
    )


@blueprint.get(f"{_BASE}/<nomination_id>")
@requires(Permission.NOMINATE)
def nomination(nomination_id: str) -> ResponseReturnValue:
    """A nomination: achievement file, steps with opinions, what can be done now."""
    return _show(_load(nomination_id), OpinionForm(formdata=None), ApprovalForm(formdata=None))


@blueprint.get(f"{_BASE}/<nomination_id>/files/<file_id>")
@requires(Permission.NOMINATE)
def nomination_file(nomination_id: str, file_id: str) -> ResponseReturnValue:
    """A document of the achievement file."""
    found = next((each for each in _load(nomination_id).files if each.public_id == file_id), None)
    if found is None:
        raise NotFound
    stored = found.file
    return download(read_file(stored.id), name=stored.original_name, media_type=stored.media_type)


@blueprint.post(f"{_BASE}/<nomination_id>/<any(submit, forward, list, return, refuse):step>")
@requires(Permission.NOMINATE)
def move_nomination(nomination_id: str, step: str) -> ResponseReturnValue:
    """A step of a nomination, with the opinion of the unit that has it."""
    found, form, which = _load(nomination_id), OpinionForm(), Step(step)
    # Its own unit sends it upwards; after that it is the turn of the unit that has it.
    turn = found.unit if which is Step.SUBMIT else found.at_unit
    if not _may(_NEEDED[which], turn):
        raise NotFound
    return _done(
        found,
        form,
        ApprovalForm(formdata=None),
        actions.move_nomination,
        step=which,
        opinion=form.opinion.data or "",
    )


@blueprint.post(f"{_BASE}/<nomination_id>/approve")
@requires(Permission.MANAGE_REGISTERS)
def approve(nomination_id: str) -> ResponseReturnValue:
    """Enter the decision that awards."""
    found, form = _load(nomination_id), ApprovalForm()
    if not _may(Permission.MANAGE_REGISTERS, found.at_unit):
        raise NotFound
    return _done(
        found,
        form,
        form,
        actions.approve_nomination,
        decision_number=form.decision_number.data,
        decided_on=form.decided_on.data or request_day(),
        again=bool(form.again.data),
    )


def _done(
    found: Nomination, form: Any, approval: ApprovalForm, action: Callable[..., None], **values: Any
) -> ResponseReturnValue:
    opinion = form if isinstance(form, OpinionForm) else OpinionForm(formdata=None)
    if not form.validate_on_submit():
        return _show(found, opinion, approval), _INVALID
    try:
        action(nomination=found, actor=current_actor(), now=request_now(), **values)
    except RuleBroken as refused:
        form.form_errors.append(refused.words)
        return _show(found, opinion, approval), refused.status
    flash(_("The step is kept."), "success")
    return redirect(url_for("awards.nomination", nomination_id=found.public_id))
