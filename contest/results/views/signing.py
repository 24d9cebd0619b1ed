"""Signing a decision, on a round or over the totals: who must, and doing it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Person
from contest.contests.models import Round
from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.results import queries
from contest.results.actions.signing import set_signatories, sign_decision
from contest.results.forms import SignatoriesForm, SignForm
from contest.results.models import Over, contest_of
from contest.results.queries.honours import honours
from contest.results.queries.signing import (
    SignState,
    may_sign,
    people_who_may_sign,
    round_to_sign,
    sign_state,
    totals_to_sign,
)
from contest.results.result_documents import annex_heads, annex_rows, places_alone
from contest.results.rules.refusals import RoleLost
from contest.results.rules.signing import ROLE_NAMES
from contest.results.rules.words import told_title
from contest.results.views.base import (
    blueprint,
    level_names,
    managed_over,
    place_of,
    shown_over,
)
from contest.results.views.prizes import extras_as_decided


def _list(over: Over, state: SignState) -> dict[str, Any]:
    """The list that is signed: codes alone while the round is sealed."""
    if state.allocation is None:
        return {"awards": [], "lines": {}, "names": {}, "places": None, "extras": []}
    if places_alone(state.allocation) is not None:
        heads, rows = annex_heads(state.allocation), annex_rows(state.allocation)
        return {"places": rows, "heads": heads, "extras": extras_as_decided(state.allocation)}
    awards = queries.awards_of(state.allocation.id)
    kept = {one["id"]: one["citation"] for one in state.allocation.honours}
    honoured = honours(over.id) if isinstance(over, Round) and kept else []
    return {
        "places": None,
        "extras": extras_as_decided(state.allocation),
        "honoured": [one for one in honoured if one.public_id in kept],
        "citations": kept,
        "awards": awards,
        "lines": queries.ranking_lines_of(
            state.allocation.ranking, [one.entry_id for one in awards]
        ),
        "names": level_names(queries.prize_levels(over)),
    }


def _show(over: Over, form: SignatoriesForm, people: Sequence[Person]) -> str:
    state = sign_state(over)
    return render_template(
        "results/sign_off.html",
        **shown_over(over, "sign_off"),
        address=url_for("results.signing", **_signing(over), _external=True),
        state=state,
        form=form,
        roles=ROLE_NAMES,
        may_sign={person.id for person in people},
        **_list(over, state),
    )


@blueprint.get("/organise/contests/<slug>/totals/sign-off")
@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/sign-off")
@requires(Permission.MANAGE_CONTEST)
def sign_off(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Who must sign, who has, and the documents."""
    over = managed_over(slug, number)
    people = people_who_may_sign(over)
    form = SignatoriesForm.of(people)
    form.fill(sign_state(over))
    return _show(over, form, people)


@blueprint.post("/organise/contests/<slug>/totals/sign-off")
@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/sign-off")
@requires(Permission.MANAGE_CONTEST)
def save_signatories(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Say who must sign."""
    over = managed_over(slug, number)
    people = people_who_may_sign(over)
    form = SignatoriesForm.of(people)
    if not form.validate_on_submit():
        return _show(over, form, people), 422
    set_signatories(over=over, people=form.people(people), actor=current_actor(), now=request_now())
    flash(_("Who must sign is saved."), "success")
    return redirect(url_for("results.sign_off", **place_of(over)))


def _signing(over: Over) -> dict[str, Any]:
    """The values of the address where a decision is signed."""
    return {"round_id": over.public_id} if isinstance(over, Round) else {"slug": over.slug}


def _mine(round_id: str | None, slug: str | None) -> Over:
    person_id = current_actor().person_id
    found = (
        totals_to_sign(person_id, slug or "")
        if round_id is None
        else round_to_sign(person_id, round_id)
    )
    if found is None:
        raise NotFound
    if not may_sign(found, person_id):
        raise RoleLost  # the list is not public yet, and no longer theirs to read
    return found


@blueprint.get("/signing/totals/<slug>")
@blueprint.get("/signing/<round_id>")
@signed_in
def signing(round_id: str | None = None, slug: str | None = None) -> ResponseReturnValue:
    """The list that waits for my signature."""
    over = _mine(round_id, slug)
    state, actor = sign_state(over), current_actor()
    form = SignForm()
    form.expected.data = state.allocation.digest if state.allocation else ""
    return render_template(
        "results/signing.html",
        contest=contest_of(over),
        what=told_title(over),
        action=url_for("results.sign", **_signing(over)),
        state=state,
        mine=state.line_of(actor.person_id),
        two_steps=actor.second_factor,
        form=form,
        roles=ROLE_NAMES,
        **_list(over, state),
    )


@blueprint.post("/signing/totals/<slug>")
@blueprint.post("/signing/<round_id>")
@signed_in
def sign(round_id: str | None = None, slug: str | None = None) -> ResponseReturnValue:
    """Sign the list that was shown."""
    over = _mine(round_id, slug)
    form = SignForm()
    sign_decision(
        over=over,
        expected=form.expected.data or "",
        address=url_for("results.signing", **_signing(over), _external=True),
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Signed. Your signature stands over exactly this list."), "success")
    return redirect(url_for("results.signing", **_signing(over)))
