"""Opening the codes of an essay round: what it will do, asking for it, and agreeing as another."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import ContestKind, Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.results import queries
from contest.results.actions import ask_unsealing, consequences, unseal
from contest.results.forms import AgreeForm, UnsealForm
from contest.results.queries.seal import name_of, unsealing_request
from contest.results.views.base import blueprint, ranked_round, result_tabs


def essay_round_of(
    slug: str, number: int, permission: Permission = Permission.MANAGE_CONTEST
) -> Round:
    """An essay round of a contest that the person who asks manages.

    Raises:
        NotFound: there is none, it has no essays, or it is not theirs.
    """
    round = ranked_round(slug, number, permission)
    if round.kind is not ContestKind.ESSAY:
        raise NotFound
    return round


def _show(round: Round, form: UnsealForm, agree: AgreeForm) -> str:
    done = queries.unsealing_of(round.id)
    asked = None if done else unsealing_request(round.id)
    return render_template(
        "results/unsealing.html",
        round=round,
        contest=round.contest,
        tabs=result_tabs(round, "unsealing", current_actor()),
        form=form,
        agree=agree,
        done=done,
        done_by=queries.unsealed_by(done) if done else "",
        asked=asked,
        asked_by="" if asked is None else name_of(asked.asked_by_id),
        is_mine=asked is not None and asked.asked_by_id == current_actor().person_id,
        may_ask=current_actor().may(Permission.MANAGE_CONTEST, round.contest.scope.path),
        effect=None if done else consequences(round=round, actor=current_actor()),
    )


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/unsealing", endpoint="unsealing")
@requires(Permission.MANAGE_REGISTRATIONS)
def unsealing_page(slug: str, number: int) -> ResponseReturnValue:
    """What opening the codes will do, what is in the way, or when it was done."""
    round = essay_round_of(slug, number, Permission.MANAGE_REGISTRATIONS)
    return _show(round, UnsealForm(), AgreeForm())


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/unsealing/request")
@requires(Permission.MANAGE_CONTEST)
def ask_for_codes(slug: str, number: int) -> ResponseReturnValue:
    """Ask that the codes be opened; another person agrees."""
    round, form = essay_round_of(slug, number), UnsealForm()
    if not form.validate_on_submit():
        return _show(round, form, AgreeForm(formdata=None)), 422
    ask_unsealing(
        round_=round, reason=form.reason.data or "", actor=current_actor(), now=request_now()
    )
    flash(_("Asked. Another organiser or the secretary opens the codes on this page."), "success")
    return redirect(url_for("results.unsealing", slug=slug, number=number))


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/unsealing")
@requires(Permission.MANAGE_REGISTRATIONS)
def open_codes(slug: str, number: int) -> ResponseReturnValue:
    """Open the codes that somebody else asked for, once."""
    round = essay_round_of(slug, number, Permission.MANAGE_REGISTRATIONS)
    agree = AgreeForm()
    if not agree.validate_on_submit():
        return _show(round, UnsealForm(formdata=None), agree), 422
    unseal(round_=round, actor=current_actor(), now=request_now())
    flash(_("The codes are open. From here on these pages show names."), "success")
    return redirect(url_for("results.unsealing", slug=slug, number=number))
