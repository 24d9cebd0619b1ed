"""My data and rights, and the queue of those who answer requests about data."""

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import personal_data, queries
from contest.accounts.actions import subject_requests as actions
from contest.accounts.forms.fields import show_phone
from contest.accounts.forms.subject_requests import (
    AnswerForm,
    AskErasureForm,
    AskForm,
    ErasureAnswerForm,
    RefusalForm,
)
from contest.accounts.labels import CONSENT_NAMES, REQUEST_NAMES, REQUEST_STATE_NAMES
from contest.accounts.models import RequestKind, SubjectRequest
from contest.accounts.queries import grants as grant_queries
from contest.accounts.queries import subject_requests as request_queries
from contest.accounts.refusals import AskedAlready, EnoughCopies, RequestSettled
from contest.accounts.rules.subject_requests import (
    ASKED_BY_FORM,
    OPEN_STATES,
    is_overdue,
    last_day,
)
from contest.accounts.views.base import blueprint, go
from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.files import download, read_file
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.paging import page_number

_INVALID = 422


def _words() -> dict[str, object]:
    """What the pages of requests share."""
    return {
        "request_names": REQUEST_NAMES,
        "state_names": REQUEST_STATE_NAMES,
        "last_day": last_day,
        "open_states": OPEN_STATES,
        "is_late": _is_late,
    }


def _is_late(found: SubjectRequest) -> bool:
    return is_overdue(
        found.state,
        confirm_due_at=found.confirm_due_at,
        finish_due_at=found.finish_due_at,
        now=request_now(),
    )


@blueprint.get("/account/privacy")
@signed_in
def privacy() -> ResponseReturnValue:
    """My rights: a copy, consents, correction, less use, erasure; and how my requests stand."""
    actor = current_actor()
    return render_template(
        "accounts/privacy.html",
        copies=request_queries.own_copies(actor.person_id, request_now()),
        requests=request_queries.own_requests(actor.person_id),
        kinds=ASKED_BY_FORM,
        **_words(),
    )


@blueprint.post("/account/data-copies")
@signed_in
def ask_copy() -> ResponseReturnValue:
    """Have a copy of my data made; the page of the job shows how far it is."""
    actor = current_actor()
    try:
        job = actions.ask_copy(
            person=queries.own_person(actor), locale=language(), actor=actor, now=request_now()
        )
    except (AskedAlready, EnoughCopies) as error:
        flash(error.words, "error")
        return go(url_for("accounts.privacy"))
    return go(url_for("core.job", job_id=job.public_id))


@blueprint.get("/account/data-copies/<copy_id>")
@signed_in
def data_copy(copy_id: str) -> ResponseReturnValue:
    """Fetch a copy of my data; it can be fetched for a week, by me alone."""
    found = request_queries.own_copy(current_actor().person_id, copy_id, request_now())
    if found is None or found.file_id is None:
        raise NotFound
    response: Response = download(
        read_file(found.file_id),
        name=f"guong-sang-{last_day(found.filed_at):%Y-%m-%d}.zip",
        media_type="application/zip",
    )
    return response


@blueprint.route("/account/requests/<kind>", methods=["GET", "POST"])
@signed_in
def ask(kind: str) -> ResponseReturnValue:
    """Ask for a correction, less use, or erasure; what an erasure does is said before."""
    if kind not in ASKED_BY_FORM:
        raise NotFound
    actor = current_actor()
    person = queries.own_person(actor)
    wanted = RequestKind(kind)
    form = AskErasureForm() if wanted is RequestKind.ERASURE else AskForm()
    status = _INVALID if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            actions.file_request(
                person=person,
                kind=wanted,
                words=form.words.data or "",
                actor=actor,
                now=request_now(),
            )
        except AskedAlready as error:
            flash(error.words, "error")
        else:
            flash(_("Your request is received."))
        return go(url_for("accounts.privacy", _anchor="requests"))
    erases = wanted is RequestKind.ERASURE
    page = render_template(
        "accounts/ask_request.html",
        form=form,
        kind=wanted,
        person=person,
        consequences=actions.erasure_consequences(person) if erases else [],
        obstacles=actions.erasure_obstacles(person) if erases else [],
        **_words(),
    )
    return page, status


@blueprint.post("/account/requests/<request_id>/withdraw")
@signed_in
def withdraw_request(request_id: str) -> ResponseReturnValue:
    """Take my request back."""
    actor = current_actor()
    found = request_queries.own_request(actor.person_id, request_id)
    if found is None or found.kind is RequestKind.COPY:
        raise NotFound
    actions.withdraw_request(request=found, actor=actor, now=request_now())
    flash(_("You have taken your request back."))
    return go(url_for("accounts.privacy", _anchor="requests"))


@blueprint.get("/account/consents/<consent_id>/end")
@signed_in
def end_consent(consent_id: str) -> ResponseReturnValue:
    """What changes when I withdraw one of my consents; the button there does it."""
    actor = current_actor()
    found = queries.own_consent(actor.person_id, consent_id)
    if found is None:
        raise NotFound
    person = queries.own_person(actor)
    return render_template(
        "accounts/end_consent.html",
        consent=found,
        name=CONSENT_NAMES[found.purpose],
        scope_name=grant_queries.name_of_scope(found.scope),
        effects=[
            words
            for keeper in personal_data.keepers()
            for words in keeper.withdrawal(person, found.purpose, found.scope_id)
        ],
    )


@blueprint.get("/subject-requests")
@requires(Permission.MANAGE_PEOPLE)
def subject_requests() -> ResponseReturnValue:
    """The queue: what is due first stands first."""
    actor = current_actor()
    settled = request.args.get("show") == "settled"
    return render_template(
        "accounts/subject_requests.html",
        page=request_queries.request_page(
            actor, settled=settled, page=page_number(request.args.get("page"))
        ),
        settled=settled,
        counts=request_queries.open_counts(actor, request_now()),
        **_words(),
    )


def _managed(request_id: str) -> SubjectRequest:
    found = request_queries.managed_request(current_actor(), request_id)
    if found is None:
        raise NotFound
    return found


def _request_page(found: SubjectRequest, answer: AnswerForm, refusal: RefusalForm) -> str:
    erases = found.kind is RequestKind.ERASURE and found.state in OPEN_STATES
    return render_template(
        "accounts/subject_request.html",
        asked=found,
        phone=show_phone(found.person.phone),
        answer_form=answer,
        refusal_form=refusal,
        consequences=actions.erasure_consequences(found.person) if erases else [],
        obstacles=actions.erasure_obstacles(found.person) if erases else [],
        **_words(),
    )


def _answer_form(found: SubjectRequest) -> AnswerForm:
    given = request.form if "answer" in request.form else None
    form = ErasureAnswerForm if found.kind is RequestKind.ERASURE else AnswerForm
    return form(formdata=given)


@blueprint.get("/subject-requests/<request_id>")
@requires(Permission.MANAGE_PEOPLE)
def subject_request(request_id: str) -> ResponseReturnValue:
    """One request: who, what, until when; confirm, carry out, refuse."""
    found = _managed(request_id)
    return _request_page(found, _answer_form(found), RefusalForm(formdata=None))


@blueprint.post("/subject-requests/<request_id>/confirm")
@requires(Permission.MANAGE_PEOPLE)
def confirm_request(request_id: str) -> ResponseReturnValue:
    """Tell the person that the request has arrived."""
    found = _managed(request_id)
    try:
        actions.confirm_request(request=found, actor=current_actor(), now=request_now())
    except RequestSettled as error:
        flash(error.words, "error")
    else:
        flash(_("Confirmed: the person has been told."))
    return go(url_for("accounts.subject_request", request_id=request_id))


@blueprint.post("/subject-requests/<request_id>/finish")
@requires(Permission.MANAGE_PEOPLE)
def finish_request(request_id: str) -> ResponseReturnValue:
    """Carry the request out and answer it."""
    found = _managed(request_id)
    form = _answer_form(found)
    if not form.validate_on_submit():
        return _request_page(found, form, RefusalForm(formdata=None)), _INVALID
    actions.finish_request(
        request=found,
        answer=form.answer.data or "",
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Carried out: the person has been told."))
    return go(url_for("accounts.subject_requests"))


@blueprint.post("/subject-requests/<request_id>/refuse")
@requires(Permission.MANAGE_PEOPLE)
def refuse_request(request_id: str) -> ResponseReturnValue:
    """Refuse the request with a reason."""
    found = _managed(request_id)
    form = RefusalForm()
    if not form.validate_on_submit():
        return _request_page(found, _answer_form(found), form), _INVALID
    actions.refuse_request(
        request=found,
        reason=form.reason.data or "",
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Refused: the person has been told."))
    return go(url_for("accounts.subject_requests"))
