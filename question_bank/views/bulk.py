"""Changing many questions: choosing them, what changes, carrying it out, undoing it."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.core import jobs
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.paging import Page, page_number
from question_bank import actions, queries
from question_bank.forms import BulkForm, FilterForm
from question_bank.models import Bank, BulkChange, BulkState
from question_bank.organising import FIELDS, changed_values, differing
from question_bank.views.base import blueprint, page, the_bank

SIZE = 50


@blueprint.post("/<slug>/changes")
@requires(Permission.WRITE_QUESTIONS)
def plan_bulk(slug: str) -> ResponseReturnValue:
    """Take the ticked questions, or all that the filter finds, to be changed."""
    bank = the_bank(slug, Permission.WRITE_QUESTIONS)
    chosen = request.form.getlist("question")
    if request.form.get("all") == "1":
        form = FilterForm(request.args).for_bank(
            queries.topic_choices(bank.id),
            queries.tag_names(bank.id),
            queries.source_choices(bank.id),
            queries.authors(bank.id),
        )
        wanted = queries.with_beginnings(bank.id, form.wanted(request.args))
        chosen = queries.ids_by_filter(bank.id, wanted, today=request_day())
    change = actions.plan_bulk(
        bank=bank, public_ids=chosen, actor=current_actor(), now=request_now()
    )
    if change is None:
        flash(_("Tick the questions first."), "warning")
        kept: dict[str, Any] = {key: value for key, value in request.args.items() if value}
        return redirect(url_for("question_bank.bank", slug=slug, **kept))
    return redirect(_address(bank, change))


def _address(bank: Bank, change: BulkChange) -> str:
    return url_for("question_bank.bulk", slug=bank.slug, change_id=change.public_id)


def _the_change(slug: str, change_id: str) -> tuple[Bank, BulkChange]:
    bank = the_bank(slug, Permission.WRITE_QUESTIONS)
    found = queries.bulk_change_in(bank.id, current_actor().person_id, change_id)
    if found is None:
        raise NotFound
    return bank, found


@blueprint.route("/<slug>/changes/<change_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_QUESTIONS)
def bulk(slug: str, change_id: str) -> ResponseReturnValue:
    """What is to change, shown question by question before it is done, and afterwards."""
    bank, change = _the_change(slug, change_id)
    if change.state in (BulkState.RUNNING, BulkState.UNDOING) and change.job_public_id:
        return redirect(url_for("core.job", job_id=change.job_public_id))
    topics, sources = queries.topic_choices(bank.id), queries.source_choices(bank.id)
    may_review = Permission.REVIEW_QUESTIONS in queries.rights_on(current_actor(), bank)
    form = BulkForm.showing(change.wanted).for_bank(topics, sources, may_review=may_review)
    if form.validate_on_submit():
        try:
            actions.set_wanted(change=change, wanted=form.wanted)
        except RuleBroken as refusal:
            flash(refusal.words, "warning")
        return redirect(_address(bank, change))
    latest = queries.latest_changes(bank.id, current_actor().person_id)
    names: dict[str, dict[Any, str]] = {"topic": dict(topics), "source": dict(sources)}
    return page(
        "bulk.html",
        bank,
        form=form,
        change=change,
        names=names,
        fields=FIELDS,
        lines=_lines(change),
        latest=[each for each in latest if each.id != change.id],
    ), 422 if form.is_submitted() else 200


def _lines(change: BulkChange) -> Page[Any]:
    """The questions of this page with what differs; a planned change is computed, not done."""
    number = page_number(request.args.get("page"))
    ids = queries.bulk_page_ids(change.id, number, SIZE)
    rows = []
    for line in queries.bulk_lines(change.id, ids):
        planned = change.state is BulkState.PLANNED
        after = changed_values(line.before, change.wanted) if planned else line.after
        rows.append((line, after, () if after is None else differing(line.before, after)))
    return Page(rows, number, SIZE, change.questions)


@blueprint.post("/<slug>/changes/<change_id>/apply")
@requires(Permission.WRITE_QUESTIONS)
def apply_bulk(slug: str, change_id: str) -> ResponseReturnValue:
    """Carry a change out: at once, or as a job when it is large."""
    bank, change = _the_change(slug, change_id)
    return _carry_out(bank, change, undo=False)


@blueprint.post("/<slug>/changes/<change_id>/undo")
@requires(Permission.WRITE_QUESTIONS)
def undo_bulk(slug: str, change_id: str) -> ResponseReturnValue:
    """Give the questions back what they held before."""
    bank, change = _the_change(slug, change_id)
    return _carry_out(bank, change, undo=True)


def _carry_out(bank: Bank, change: BulkChange, *, undo: bool) -> ResponseReturnValue:
    actor, now = current_actor(), request_now()
    actions.begin_bulk(change=change, undo=undo)
    if change.questions > actions.BATCH:
        job = jobs.enqueue(
            "question_bank.change_many",
            payload={"change": change.id, "undo": undo, "language": language()},
            actor=actor,
            now=now,
            title=_("Undoing a change of many questions") if undo else _("Changing many questions"),
        )
        change.job_public_id = job.public_id
        return redirect(url_for("core.job", job_id=job.public_id))
    work = actions.undo_batch if undo else actions.change_batch
    ids = queries.bulk_ids(change.id, 0, actions.BATCH)
    work(change=change, ids=ids, actor=actor, now=now)
    actions.end_bulk(change=change, undo=undo, actor=actor, now=now)
    flash(_("The change is undone.") if undo else _("The change is carried out."), "success")
    return redirect(_address(bank, change))


@blueprint.post("/<slug>/changes/<change_id>/drop")
@requires(Permission.WRITE_QUESTIONS)
def drop_bulk(slug: str, change_id: str) -> ResponseReturnValue:
    """Leave everything as it is."""
    bank, change = _the_change(slug, change_id)
    actions.drop_bulk(change=change)
    flash(_("Nothing was changed."))
    return redirect(url_for("question_bank.bank", slug=bank.slug))
