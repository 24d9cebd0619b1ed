"""Preview, handing in, the receipt, withdrawing."""

import hmac

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.consent_texts import current_words
from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import own_person
from contest.accounts.queries.consents import purposes_agreed
from contest.core.access import current_actor, public, signed_in
from contest.core.clock import request_now
from contest.core.errors import RuleBroken
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.submissions import actions, queries
from contest.submissions.forms import ConsentsForm, PlainForm, SubmitForm
from contest.submissions.models import Work, WorkState
from contest.submissions.rules.answers import main_words
from contest.submissions.rules.blinding import blind, findings
from contest.submissions.rules.limits import Missing, deadline, is_writable
from contest.submissions.views.room import (
    UNPROCESSABLE,
    blueprint,
    missing_of,
    own_work,
    settings_of,
)

CONSENTS = (
    ("publish_name", ConsentPurpose.PUBLISH_NAME),
    ("publish_photo", ConsentPurpose.PUBLISH_PHOTO),
    ("publish_essay", ConsentPurpose.PUBLISH_ESSAY),
    ("reuse", ConsentPurpose.REUSE),
)
_ENOUGH_OF_DIGEST = 16


@blueprint.route("/essays/<public_id>/preview", methods=["GET", "POST"])
@signed_in
def preview(public_id: str) -> ResponseReturnValue:
    """The essay as the judges will see it; below it pledge, consents and handing in."""
    work = own_work(public_id)
    if work.version is None:
        return redirect(url_for("submissions.write", public_id=public_id))
    form = SubmitForm()
    status, missing = 200, missing_of(work)
    if form.validate_on_submit():
        refused = _hand_in(work, form)
        if refused is None:
            return redirect(url_for("submissions.receipt", public_id=public_id))
        status = refused.status
        form.form_errors.append(refused.words)
        work = own_work(public_id)
    elif form.is_submitted():
        status = UNPROCESSABLE
    return _preview_page(work, form, missing), status


def _hand_in(work: Work, form: SubmitForm) -> RuleBroken | None:
    """Hand in; a refusal is shown on the same page."""
    edit = form.edit.data or ""
    try:
        actions.submit_work(
            work=work,
            edit=int(edit) if edit.isdecimal() and len(edit) < 9 else -1,  # noqa: PLR2004
            pledge=form.pledge.data,
            consents=_ticked(form),
            locale=language(),
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        return refused
    return None


def _ticked(form: ConsentsForm) -> list[ConsentPurpose]:
    return [purpose for name, purpose in CONSENTS if form[name].data]


@blueprint.post("/essays/<public_id>/consents")
@signed_in
def consents(public_id: str) -> ResponseReturnValue:
    """A co-author agrees for themselves; the first author is asked when handing in."""
    work, form = own_work(public_id), ConsentsForm()
    if form.validate():
        actions.keep_consents(
            work=work,
            person=own_person(current_actor()),
            purposes=_ticked(form),
            locale=language(),
            now=request_now(),
        )
        flash(_("Your consent is kept. You can withdraw it at any time."), "success")
    return redirect(url_for("submissions.preview", public_id=public_id, _anchor="hand-in"))


def _preview_page(work: Work, form: SubmitForm, missing: list[Missing]) -> str:
    version = work.version
    assert version is not None  # noqa: S101  (asked for by the view)
    essay = settings_of(work.round)
    pictures = queries.pictures_shown(work)
    form.edit.raw_data, form.edit.data = None, str(work.edit)
    made = blind(work, version, pictures)
    person_id, shown = current_actor().person_id, language()
    given = purposes_agreed(person_id, work.round.contest.scope_id)
    return render_template(
        "submissions/preview.html",
        work=work,
        contest=work.round.contest,
        round=work.round,
        essay=essay,
        version=version,
        main_words=main_words(version),
        made=made,
        body=queries.blind_html(made.body_html, made.captions, "/essays/files/"),
        flags=findings(work, version),
        form=form,
        missing=missing,
        consents=[
            (form[name], current_words(purpose).body(shown), purpose in given)
            for name, purpose in CONSENTS
        ],
        writable=is_writable(essay, work, queries.outcome_of(work), request_now()),
        deadline=deadline(essay, work.round),
        is_first_author=work.person_id == person_id,
    )


@blueprint.get("/essays/<public_id>/receipt")
@signed_in
def receipt(public_id: str) -> ResponseReturnValue:
    """The receipt of what was handed in last."""
    work = own_work(public_id)
    if work.state is not WorkState.SUBMITTED or work.submitted_version is None:
        return redirect(url_for("submissions.write", public_id=public_id))
    essay = settings_of(work.round)
    return render_template(
        "submissions/receipt.html",
        work=work,
        contest=work.round.contest,
        round=work.round,
        version=work.submitted_version,
        pictures=len(queries.pictures_of(work)),
        attached=[each for each in work.files if each.field_key and each.removed_at is None],
        deadline=deadline(essay, work.round),
        writable=is_writable(essay, work, queries.outcome_of(work), request_now()),
        form=PlainForm(),
    )


@blueprint.route("/essays/<public_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take an essay back, after its effect was shown."""
    work = own_work(public_id)
    form = PlainForm()
    if form.validate_on_submit():
        actions.withdraw_work(work=work, actor=current_actor(), now=request_now())
        flash(_("The essay is withdrawn. Its text is still yours."), "success")
        return redirect(url_for("submissions.write", public_id=public_id))
    if work.state is not WorkState.SUBMITTED:
        return redirect(url_for("submissions.write", public_id=public_id))
    return render_template(
        "submissions/withdraw.html",
        work=work,
        contest=work.round.contest,
        form=form,
        deadline=deadline(settings_of(work.round), work.round),
    )


@blueprint.get("/essays/receipts")
@public
def check_receipt() -> ResponseReturnValue:
    """Whether the receipt of an essay is genuine; says nothing about the essay."""
    code = "".join(request.args.get("code", "").upper().split())
    typed = "".join(request.args.get("digest", "").lower().split())
    found = queries.work_by_receipt(code) if code else None
    digest = found.receipt_digest if found is not None else None
    valid = (
        digest is not None
        and len(typed) >= _ENOUGH_OF_DIGEST
        and hmac.compare_digest(digest[: len(typed)], typed)
    )
    return render_template(
        "submissions/check_receipt.html",
        code=code,
        digest=typed,
        asked=bool(code),
        found=found if valid else None,
    )
