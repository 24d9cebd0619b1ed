"""Opening the codes of an essay round: what it will do, and doing it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import ContestKind, Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.results import queries
from contest.results.actions import consequences, unseal
from contest.results.forms import UnsealForm
from contest.results.views.base import blueprint, ranked_round, round_tabs


def essay_round_of(slug: str, number: int) -> Round:
    """An essay round of a contest that the person who asks manages.

    Raises:
        NotFound: there is none, it has no essays, or it is not theirs.
    """
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    if round.kind is not ContestKind.ESSAY:
        raise NotFound
    return round


def _show(round: Round, form: UnsealForm) -> str:
    done = queries.unsealing_of(round.id)
    return render_template(
        "results/unsealing.html",
        round=round,
        contest=round.contest,
        tabs=round_tabs(round, "unsealing", current_actor()),
        form=form,
        done=done,
        done_by=queries.unsealed_by(done) if done else "",
        effect=None if done else consequences(round=round, actor=current_actor()),
    )


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/unsealing", endpoint="unsealing")
@requires(Permission.MANAGE_CONTEST)
def unsealing_page(slug: str, number: int) -> ResponseReturnValue:
    """What opening the codes will do, what is in the way, or when it was done."""
    return _show(essay_round_of(slug, number), UnsealForm())


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/unsealing")
@requires(Permission.MANAGE_CONTEST)
def open_codes(slug: str, number: int) -> ResponseReturnValue:
    """Open the codes, once."""
    round, form = essay_round_of(slug, number), UnsealForm()
    if not form.validate_on_submit():
        return _show(round, form), 422
    unseal(round_=round, reason=form.reason.data or "", actor=current_actor(), now=request_now())
    flash(_("The codes are open. From here on these pages show names."), "success")
    return redirect(url_for("results.ranking", slug=slug, number=number))
