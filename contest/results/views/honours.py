"""The list of honoured persons, and choosing them from those written about."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from contest.contests.models import Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.results import queries
from contest.results.actions import (
    edit_honour,
    honour_subject,
    honours_as_json,
    move_honour,
    remove_honour,
)
from contest.results.forms import EditHonourForm, HonourForm
from contest.results.models import Honour
from contest.results.views.base import blueprint, result_tabs
from contest.results.views.unsealing import essay_round_of

_ADDRESS = "/organise/contests/<slug>/rounds/<int:number>/honours"


def _show(round: Round, form: HonourForm) -> str:
    sealed = queries.is_sealed(round)
    allocation = queries.latest_allocation(round)
    chosen = queries.honours(round.id)
    people = queries.people_written_about(
        round,
        request.args.get("q", ""),
        honoured={honour.subject_id for honour in chosen},
        winners_only="winners" in request.args,
        page=page_number(request.args.get("page")),
    )
    return render_template(
        "results/honours.html",
        round=round,
        contest=round.contest,
        tabs=result_tabs(round, "honours", current_actor()),
        sealed=sealed,
        chosen=[(honour, people.honoured.get(honour.subject_id)) for honour in chosen],
        edit_form=EditHonourForm(formdata=None),
        form=form,
        page=people.page,
        people=people.total,
        is_outdated=allocation is not None and honours_as_json(round) != allocation.honours,
    )


def _back(round: Round, anchor: str = "chosen") -> Response:
    return redirect(
        url_for("results.honours", slug=round.contest.slug, number=round.number, _anchor=anchor)
    )


def _line(round: Round, honour_id: str) -> Honour:
    found = queries.honour_in(round.id, honour_id)
    if found is None:
        raise NotFound
    return found


@blueprint.get(_ADDRESS, endpoint="honours")
@requires(Permission.MANAGE_CONTEST)
def honours_page(slug: str, number: int) -> ResponseReturnValue:
    """Who is honoured, and everybody whom essays are about."""
    return _show(essay_round_of(slug, number), HonourForm())


@blueprint.post(_ADDRESS)
@requires(Permission.MANAGE_CONTEST)
def add_honour(slug: str, number: int) -> ResponseReturnValue:
    """Honour the person whom an essay is about."""
    round, form = essay_round_of(slug, number), HonourForm()
    work = queries.work_of_code(round.id, form.code.data or "")
    if work is None:
        raise NotFound
    if not form.validate_on_submit() or not (form.citation.data or "").strip():
        if not form.citation.errors:
            form.citation.errors = [_("Write why this person is honoured.")]
        return _show(round, form), 422
    honour_subject(
        round=round,
        work=work,
        citation=form.citation.data or "",
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The person stands on the list."), "success")
    return _back(round)


@blueprint.post(f"{_ADDRESS}/<honour_id>")
@requires(Permission.MANAGE_CONTEST)
def save_honour(slug: str, number: int, honour_id: str) -> ResponseReturnValue:
    """Change a line; while the codes are closed only the reason and the agreement."""
    round, form = essay_round_of(slug, number), EditHonourForm()
    honour = _line(round, honour_id)
    if not form.validate_on_submit():
        return _show(round, HonourForm(formdata=None)), 422
    sealed = queries.is_sealed(round)
    edit_honour(
        round=round,
        honour=honour,
        citation=form.citation.data or "",
        full_name=None if sealed else form.full_name.data,
        unit_name=None if sealed else form.unit_name.data or "",
        agreed=bool(form.agreed.data),
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The line is kept."), "success")
    return _back(round)


@blueprint.post(f"{_ADDRESS}/<honour_id>/place")
@requires(Permission.MANAGE_CONTEST)
def place_honour(slug: str, number: int, honour_id: str) -> ResponseReturnValue:
    """Move a person up or down, or take them off the list."""
    round = essay_round_of(slug, number)
    honour = _line(round, honour_id)
    actor, now = current_actor(), request_now()
    step = request.form.get("step", "")
    if step == "remove":
        remove_honour(round=round, honour=honour, actor=actor, now=now)
    else:
        move_honour(round=round, honour=honour, up=step == "up", actor=actor, now=now)
    return _back(round)
