"""Signing the decision of a round: who must, and doing it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import Round
from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.results import queries
from contest.results.actions.signing import set_signatories, sign_decision
from contest.results.forms import SignatoriesForm, SignForm
from contest.results.queries.signing import (
    SignState,
    people_who_may_sign,
    round_to_sign,
    sign_state,
)
from contest.results.rules.signing import ROLE_NAMES
from contest.results.views.base import blueprint, level_names, ranked_round, round_tabs


def _list(round: Round, state: SignState) -> dict[str, Any]:
    """The list that is signed: codes alone while the round is sealed."""
    if state.allocation is None:
        return {"awards": [], "lines": {}, "names": {}}
    awards = queries.awards_of(state.allocation.id)
    return {
        "awards": awards,
        "lines": queries.ranking_lines_of(
            state.allocation.rank_run, [one.entry_id for one in awards]
        ),
        "names": level_names(queries.prize_levels(round.id)),
    }


def _show(round: Round, form: SignatoriesForm) -> str:
    state = sign_state(round)
    return render_template(
        "results/sign_off.html",
        round=round,
        contest=round.contest,
        tabs=round_tabs(round, "sign_off", current_actor()),
        state=state,
        form=form,
        roles=ROLE_NAMES,
        **_list(round, state),
    )


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/sign-off")
@requires(Permission.MANAGE_CONTEST)
def sign_off(slug: str, number: int) -> ResponseReturnValue:
    """Who must sign, who has, and the documents."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    form = SignatoriesForm.of(people_who_may_sign(round))
    form.fill(sign_state(round))
    return _show(round, form)


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/sign-off")
@requires(Permission.MANAGE_CONTEST)
def save_signatories(slug: str, number: int) -> ResponseReturnValue:
    """Say who must sign."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    people = people_who_may_sign(round)
    form = SignatoriesForm.of(people)
    if not form.validate_on_submit():
        return _show(round, form), 422
    set_signatories(
        round=round, people=form.people(people), actor=current_actor(), now=request_now()
    )
    flash(_("Who must sign is saved."), "success")
    return redirect(url_for("results.sign_off", slug=slug, number=number))


def _mine(round_id: str) -> Round:
    found = round_to_sign(current_actor().person_id, round_id)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/signing/<round_id>")
@signed_in
def signing(round_id: str) -> ResponseReturnValue:
    """The list that waits for my signature."""
    round = _mine(round_id)
    state, actor = sign_state(round), current_actor()
    form = SignForm()
    form.expected.data = state.allocation.digest if state.allocation else ""
    return render_template(
        "results/signing.html",
        round=round,
        contest=round.contest,
        state=state,
        mine=state.line_of(actor.person_id),
        two_steps=actor.second_factor,
        form=form,
        roles=ROLE_NAMES,
        **_list(round, state),
    )


@blueprint.post("/signing/<round_id>")
@signed_in
def sign(round_id: str) -> ResponseReturnValue:
    """Sign the list that was shown."""
    round = _mine(round_id)
    form = SignForm()
    sign_decision(
        round=round,
        expected=form.expected.data or "",
        address=url_for("results.signing", round_id=round_id, _external=True),
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Signed. Your signature stands over exactly this list."), "success")
    return redirect(url_for("results.signing", round_id=round_id))
