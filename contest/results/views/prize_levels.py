"""Prize levels, limits, unit prizes, side prizes: a step of the wizard, a page of its own."""

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.actions import leave_wizard_at
from contest.contests.models import Contest, ContestKind, Round
from contest.contests.organised import organised_contest
from contest.contests.rules import ranked_rounds
from contest.contests.steps import next_step
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.results import queries
from contest.results.actions import (
    set_extra_prizes,
    set_prize_levels,
    set_prize_terms,
    set_prizes_of_contest,
)
from contest.results.extra_prize_forms import ExtraPrizesForm
from contest.results.forms import PrizesForm, TermsForm, prize_rows
from contest.results.models import PLACES_SHOWN, Over, contest_of, number_of
from contest.results.queries.carrying import carried_into
from contest.results.queries.extra_prizes import extra_prizes, kind_of_over
from contest.results.rules.extra_words import MEASURE_NAMES
from contest.results.rules.words import told_title
from contest.results.views.base import blueprint, level_names

TOTALS: Final = "total"
"""What `?round=` says for the prizes over the totals."""


def _chosen(contest: Contest) -> Over | None:
    """The round whose prizes are set, or the contest for those over the totals."""
    rounds = ranked_rounds(contest.rounds)
    wanted = request.args.get("round", "")
    if wanted == TOTALS and len(rounds) > 1:
        return contest
    if wanted:
        found = next((one for one in rounds if str(one.number) == wanted), None)
        if found is None:
            raise NotFound
        return found
    return rounds[0] if rounds else None


def _address(over: Over) -> dict[str, Any]:
    """The values of the address of the page where these prizes are set."""
    return {"slug": contest_of(over).slug, "round": number_of(over) or TOTALS}


def _levels_form(over: Over) -> PrizesForm:
    """The levels as they are kept, where another form of the page was sent."""
    rows = prize_rows(queries.prize_levels(over), usual=False)
    return PrizesForm(formdata=None, data={"levels": rows})


def _show_levels(
    contest: Contest,
    over: Over | None,
    form: PrizesForm,
    terms: TermsForm | None = None,
    beside: ExtraPrizesForm | None = None,
) -> str:
    levels = queries.prize_levels(over) if over else []
    carried = carried_into(over) if over else []
    extras = extra_prizes(over) if over else []
    if over and beside is None:
        beside = ExtraPrizesForm.of(kind_of_over(over), extras)
    return render_template(
        "results/prizes.html",
        contest=contest,
        over=over,
        address=_address(over) if over else {},
        what=told_title(over) if over else "",
        is_total=over is contest,
        is_essay=isinstance(over, Round) and over.kind is ContestKind.ESSAY,
        rounds=ranked_rounds(contest.rounds),
        total_key=TOTALS,
        form=form,
        levels=levels,
        budget=queries.budget(levels, len(contest.divisions), extras=extras),
        extras=extras,
        beside=beside,
        measure_names=MEASURE_NAMES,
        carried=carried,
        level_words=level_names(levels),
        is_decided=over is not None and queries.latest_allocation(over) is not None,
        next_step=next_step("prizes"),
        terms=terms or (TermsForm(obj=queries.prize_terms(over)) if over else None),
    )


@blueprint.get("/organise/contests/<slug>/prizes")
@requires(Permission.MANAGE_CONTEST)
def prizes(slug: str) -> ResponseReturnValue:
    """The prize levels of a round or over the totals; `?usual=1` offers those of a usual week."""
    contest = organised_contest(slug, Permission.MANAGE_CONTEST)
    over = _chosen(contest)
    levels = queries.prize_levels(over) if over else []
    rows = prize_rows(levels, usual="usual" in request.args)
    many = len(ranked_rounds(contest.rounds)) > 1 and over is not contest
    form = PrizesForm(data={"levels": rows, "everywhere": many and not levels})
    return _show_levels(contest, over, form)


@blueprint.post("/organise/contests/<slug>/prizes")
@requires(Permission.MANAGE_CONTEST)
def save_prizes(slug: str) -> ResponseReturnValue:
    """Keep the levels; on to the next step while the contest is a draft."""
    contest = organised_contest(slug, Permission.MANAGE_CONTEST)
    over = _chosen(contest)
    form = PrizesForm()
    if over is None:
        raise NotFound
    if not form.validate_on_submit():
        return _show_levels(contest, over, form), 422
    actor, now, values = current_actor(), request_now(), form.values()
    if form.everywhere.data and over is not contest:
        set_prizes_of_contest(contest=contest, levels=values, actor=actor, now=now)
    else:
        set_prize_levels(over=over, levels=values, actor=actor, now=now)
    flash(_("The prizes are kept."), "success")
    following = next_step("prizes")
    if request.form.get("then") == "next" and following is not None:
        leave_wizard_at(contest=contest, step=following.code)
        return redirect(url_for(following.endpoint, **following.values(contest)))
    return redirect(url_for("results.prizes", **_address(over)))


@blueprint.post("/organise/contests/<slug>/prizes/terms")
@requires(Permission.MANAGE_CONTEST)
def save_terms(slug: str) -> ResponseReturnValue:
    """Keep the limits on prizes, and what everybody reads of marks and places."""
    contest = organised_contest(slug, Permission.MANAGE_CONTEST)
    over, terms = _chosen(contest), TermsForm()
    if over is None:
        raise NotFound
    if not terms.validate_on_submit():
        return _show_levels(contest, over, _levels_form(over), terms), 422
    set_prize_terms(
        over=over,
        per_author=terms.per_author.data,
        per_unit=terms.per_unit.data,
        shows_criteria=bool(terms.shows_criteria.data),
        places_shown=terms.places_shown.data or PLACES_SHOWN,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The limits are kept."), "success")
    return redirect(url_for("results.prizes", **_address(over)))


@blueprint.post("/organise/contests/<slug>/prizes/beside")
@requires(Permission.MANAGE_CONTEST)
def save_extra_prizes(slug: str) -> ResponseReturnValue:
    """Keep the unit prizes and side prizes."""
    contest = organised_contest(slug, Permission.MANAGE_CONTEST)
    over = _chosen(contest)
    if over is None:
        raise NotFound
    beside = ExtraPrizesForm.of(kind_of_over(over))
    if not beside.validate_on_submit():
        return _show_levels(contest, over, _levels_form(over), beside=beside), 422
    set_extra_prizes(over=over, prizes=beside.values(), actor=current_actor(), now=request_now())
    flash(_("The unit prizes and side prizes are kept."), "success")
    return redirect(url_for("results.prizes", **_address(over)) + "#beside")
