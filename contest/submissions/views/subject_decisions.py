"""Who decides about persons written about: one or two, whose essay, what they agreed to."""

import json

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.files import download
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.submissions.actions import link_subject
from contest.submissions.actions.subject_records import (
    erase_subject,
    record_subject_consent,
    withdraw_subject_consent,
)
from contest.submissions.actions.subjects import (
    mark_distinct,
    merge_subjects,
    split_subject,
    undo_change,
)
from contest.submissions.forms import PlainForm
from contest.submissions.forms.subjects import (
    EraseForm,
    MergeForm,
    SplitForm,
    SubjectConsentForm,
)
from contest.submissions.models import ConsentChannel, Subject, SubjectPurpose
from contest.submissions.queries import subjects as queries
from contest.submissions.subject_copies import copy_of_subject
from contest.submissions.views.room import UNPROCESSABLE, blueprint
from contest.submissions.views.subjects import BASE, KEEPER, kept, subject_page


def _to(subject: Subject) -> ResponseReturnValue:
    return redirect(url_for("submissions.subject", subject_id=subject.public_id))


@blueprint.get(f"{BASE}/pairs")
@requires(KEEPER)
def subject_pairs() -> ResponseReturnValue:
    """All who may be one person, for somebody to decide."""
    return render_template(
        "submissions/subject_pairs.html",
        page=queries.proposed_pairs(current_actor(), page=page_number(request.args.get("page"))),
    )


@blueprint.route(f"{BASE}/<subject_id>/merge/<other_id>", methods=["GET", "POST"])
@requires(KEEPER)
def merge_subject(subject_id: str, other_id: str) -> ResponseReturnValue:
    """Two records side by side; the first stays."""
    first, second = kept(subject_id, decides=True), kept(other_id, decides=True)
    form = MergeForm()
    status = 200
    if form.validate_on_submit():
        try:
            merge_subjects(
                kept=first,
                merged=second,
                reason=form.reason.data,
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
            status = refused.status
        else:
            flash(_("One record now. The trail below can take it back."), "success")
            return _to(first)
    elif form.is_submitted():
        status = UNPROCESSABLE
    actor = current_actor()
    page = render_template(
        "submissions/subject_merge.html",
        form=form,
        sides=[
            (each, queries.essays_about(actor, each.id), queries.mentions_of(each.id))
            for each in (first, second)
        ],
    )
    return page, status


@blueprint.post(f"{BASE}/<subject_id>/distinct/<other_id>")
@requires(KEEPER)
def tell_subjects_apart(subject_id: str, other_id: str) -> ResponseReturnValue:
    """They are two persons; not proposed again."""
    first, second = kept(subject_id, decides=True), kept(other_id, decides=True)
    if first.id == second.id:
        raise NotFound
    if PlainForm().validate():
        mark_distinct(one=first, other=second, actor=current_actor(), now=request_now())
        flash(_("Two persons: they are not proposed again."), "success")
    if request.form.get("back") == "pairs":
        return redirect(url_for("submissions.subject_pairs"))
    return _to(first)


@blueprint.post(f"{BASE}/<subject_id>/split")
@requires(KEEPER)
def split_subject_page(subject_id: str) -> ResponseReturnValue:
    """Some essays are about somebody else."""
    found = kept(subject_id, decides=True)
    form = SplitForm()
    if not form.validate_on_submit():
        return subject_page(found, split_form=form, status=UNPROCESSABLE)
    mine = {
        each.public_id: each.work_id for each in queries.essays_about(current_actor(), found.id)
    }
    try:
        made = split_subject(
            subject=found,
            work_ids=[mine[each] for each in form.works.data or [] if each in mine],
            full_name=form.full_name.data,
            unit_name=form.unit_name.data,
            reason=form.reason.data,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        form.form_errors.append(refused.words)
        return subject_page(found, split_form=form, status=refused.status)
    flash(_("Two records now. The trail can take it back."), "success")
    return _to(made)


@blueprint.post(f"{BASE}/<subject_id>/essays/<public_id>/link")
@requires(KEEPER)
def link_essay(subject_id: str, public_id: str) -> ResponseReturnValue:
    """An essay that nobody has linked is about this person."""
    found = kept(subject_id)
    work = queries.unlinked_essay(current_actor(), public_id)
    if work is None:
        raise NotFound
    if PlainForm().validate():
        link_subject(work=work, subject=found, actor=current_actor(), now=request_now())
        flash(_("The essay is linked."), "success")
    return _to(found)


@blueprint.post(f"{BASE}/changes/<change_id>/undo")
@requires(KEEPER)
def undo_subject_change(change_id: str) -> ResponseReturnValue:
    """Take a decision of the trail back."""
    actor = current_actor()
    change = queries.kept_change(actor, change_id)
    if change is None or not queries.may_decide(actor, change.subject):
        raise NotFound
    back = change.other if change.other is not None else change.subject
    if PlainForm().validate():
        undo_change(change=change, actor=actor, now=request_now())
        flash(_("Taken back."), "success")
    return _to(back)


@blueprint.post(f"{BASE}/<subject_id>/consents")
@requires(KEEPER)
def add_subject_consent(subject_id: str) -> ResponseReturnValue:
    """Note what the person agreed to, or that they refuse."""
    found = kept(subject_id, decides=True)
    form = SubjectConsentForm()
    ok = form.validate_on_submit()
    agrees = form.answer.data == "agreed"
    if ok and agrees and form.given_on.data is None:
        form.given_on.errors = [_("On which day?")]
        ok = False
    if not ok:
        return subject_page(found, consent_form=form, status=UNPROCESSABLE)
    try:
        record_subject_consent(
            subject=found,
            purposes=[SubjectPurpose(each) for each in form.purposes.data or []],
            given_on=form.given_on.data if agrees else None,
            channel=ConsentChannel(form.channel.data),
            guardian=form.guardian.data,
            kept_where=form.kept_where.data,
            actor=current_actor(),
            now=request_now(),
            today=request_day(),
        )
    except RuleBroken as refused:
        form.form_errors.append(refused.words)
        return subject_page(found, consent_form=form, status=refused.status)
    flash(_("The answer is kept."), "success")
    return _to(found)


@blueprint.post(f"{BASE}/<subject_id>/consents/<consent_id>/withdraw")
@requires(KEEPER)
def withdraw_consent_of_subject(subject_id: str, consent_id: str) -> ResponseReturnValue:
    """The person agrees no longer; public pages close at once."""
    found = kept(subject_id, decides=True)
    consent = next(
        (each for each in queries.consents_of_subject(found.id) if each.public_id == consent_id),
        None,
    )
    if consent is None:
        raise NotFound
    if PlainForm().validate():
        withdraw_subject_consent(
            consent=consent, subject=found, actor=current_actor(), now=request_now()
        )
        flash(_("Withdrawn. What rested on it is closed to the public."), "success")
    return _to(found)


@blueprint.get(f"{BASE}/<subject_id>/copy.json")
@requires(KEEPER)
def copy_subject(subject_id: str) -> ResponseReturnValue:
    """What is kept of a person, to be given to them on request."""
    found = kept(subject_id, decides=True)
    content = json.dumps(copy_of_subject(found), ensure_ascii=False, indent=2).encode()
    return download(content, name=f"{found.full_name}.json", media_type="application/json")


@blueprint.route(f"{BASE}/<subject_id>/erase", methods=["GET", "POST"])
@requires(KEEPER)
def erase_subject_page(subject_id: str) -> ResponseReturnValue:
    """Forget a person on their request: what happens first, then the deed."""
    found = kept(subject_id, decides=True)
    if found.erased_at is not None or found.merged_into_id is not None:
        raise NotFound
    form = EraseForm()
    if form.validate_on_submit():
        erase_subject(subject=found, actor=current_actor(), now=request_now())
        flash(_("Name, unit, portrait and papers are gone."), "success")
        return redirect(url_for("submissions.subjects"))
    page = render_template(
        "submissions/subject_erase.html",
        subject=found,
        form=form,
        essays=queries.essays_about(current_actor(), found.id),
        mentions=queries.mentions_of(found.id),
    )
    return page, UNPROCESSABLE if form.errors else 200
