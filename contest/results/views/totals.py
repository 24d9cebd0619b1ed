"""Totals of a contest over its rounds: weights, standings, publication, the public page."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import Contest
from contest.contests.organised import organised_contest
from contest.core.access import Permission, current_actor, public, requires, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.core.table_files import send_sheets
from contest.core.vietnamese import fold
from contest.results import queries
from contest.results.actions import is_current, make_totals, set_weights
from contest.results.forms import TotalsForm, WeightsForm
from contest.results.models import TotalRun
from contest.results.publication_sheets import total_sheets
from contest.results.queries import TotalHead
from contest.results.queries.total_publications import annulled_since
from contest.results.queries.total_why import TotalLine, own_total
from contest.results.rules.refusals import NoOwnTotal
from contest.results.rules.snapshots import Correction, correction
from contest.results.rules.total_snapshots import PublishedTotals, changed_total_parts
from contest.results.rules.total_words import TotalKeyWords, better_places, total_reason
from contest.results.rules.totals import Missing, counted_rounds
from contest.results.rules.unit_standings import UnitView, above_each
from contest.results.rules.unit_words import reason
from contest.results.unit_sheets import standings_sheet
from contest.results.views.base import blueprint, shown_over
from contest.results.views.public import highest, units_since

_UNITS = 50
_ADDRESS = "/organise/contests/<slug>/totals"


def _weights_form(contest: Contest) -> WeightsForm:
    rows = [{"weight": one.round.weight} for one in queries.weighed_rounds(contest)]
    return WeightsForm(formdata=None, data={"rounds": rows})


def _view() -> UnitView:
    """Units as they were at registration, or (`?view=now`) as they are now."""
    return UnitView.NOW if request.args.get("view") == UnitView.NOW else UnitView.THEN


def _units(contest: Contest, run: TotalRun, view: UnitView) -> dict[str, Any]:
    """The best units over the rounds, where the rules rank units."""
    terms = queries.unit_terms(contest.id)
    if terms is None:
        return {"unit_table": None}
    table = queries.contest_table(run, terms, view=view)
    return {
        "unit_table": table,
        "unit_above": above_each(table.lines),
        "most_units": _UNITS,
        "reason": reason,
        "since": units_since(table.lines[:_UNITS]) if view is UnitView.THEN else {},
    }


def _show(
    contest: Contest,
    *,
    weights: WeightsForm | None = None,
    totals: TotalsForm | None = None,
) -> str:
    rounds = queries.weighed_rounds(contest)
    runs = queries.total_runs(contest.id)
    heads = queries.total_heads(contest.id)
    counting = [one for one in rounds if one.round.weight > 0]
    context: dict[str, Any] = {"page": None}
    if runs:
        placed, missed = queries.missed_counts(runs[0])
        page = queries.standings_page(
            runs[0],
            folded=fold(request.args.get("q", "")[:100]),
            missed_only="missed" in request.args,
            page=page_number(request.args.get("page")),
        )
        context = {
            "page": page,
            "better": queries.better_totals(runs[0], page.items),
            "total_reason": total_reason,
            "placed": placed,
            "missed": missed,
            "is_current": is_current(contest, runs[0]),
            **_units(contest, runs[0], _view()),
            "view": _view().value,
        }
    return render_template(
        "results/totals.html",
        **shown_over(contest, "totals"),
        rounds=rounds,
        most=sum((one.round.weight for one in counting), Decimal(0)),
        is_ready=bool(counting) and all(one.is_ready for one in counting),
        runs=runs,
        run=runs[0] if runs else None,
        heads=heads,
        weights=weights or _weights_form(contest),
        totals=totals or TotalsForm(formdata=None),
        division_names={one.id: one.name for one in contest.divisions},
        may_manage=current_actor().may(Permission.MANAGE_CONTEST, contest.scope.path),
        **context,
    )


@blueprint.get(_ADDRESS, endpoint="totals")
@requires(Permission.SEE_CONTEST)
def totals_page(slug: str) -> ResponseReturnValue:
    """Weights, standings with the sum of each line, and what is published."""
    return _show(organised_contest(slug, Permission.SEE_CONTEST))


@blueprint.post(f"{_ADDRESS}/weights")
@requires(Permission.MANAGE_CONTEST)
def save_weights(slug: str) -> ResponseReturnValue:
    """Keep the weights."""
    contest, form = organised_contest(slug, Permission.MANAGE_CONTEST), WeightsForm()
    rounds = queries.weighed_rounds(contest)
    if not form.validate_on_submit() or len(form.rounds) != len(rounds):
        return _show(contest, weights=form), 422
    given = {
        one.round.number: row.form.weight.data or Decimal(0)
        for one, row in zip(rounds, form.rounds, strict=True)
    }
    set_weights(contest=contest, weights=given, actor=current_actor(), now=request_now())
    flash(_("The weights are kept."), "success")
    return redirect(url_for("results.totals", slug=slug))


@blueprint.post(_ADDRESS)
@requires(Permission.MANAGE_CONTEST)
def add_up(slug: str) -> ResponseReturnValue:
    """Make the totals."""
    contest, form = organised_contest(slug, Permission.MANAGE_CONTEST), TotalsForm()
    if not form.validate_on_submit():
        return _show(contest, totals=form), 422
    make_totals(
        contest=contest,
        missing=Missing(form.missing.data),
        reason=form.reason.data or "",
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The totals are made. Nothing is public yet."), "success")
    return redirect(url_for("results.totals", slug=slug))


@blueprint.get(f"{_ADDRESS}/units.<any(xlsx,csv):kind>")
@requires(Permission.SEE_CONTEST)
def total_units_file(slug: str, kind: str) -> ResponseReturnValue:
    """All units over the rounds of a contest, as then or (`?view=now`) as now."""
    contest = organised_contest(slug, Permission.SEE_CONTEST)
    runs, terms = queries.total_runs(contest.id), queries.unit_terms(contest.id)
    if not runs or terms is None:
        raise NotFound
    view = _view()
    table = queries.contest_table(runs[0], terms, view=view)
    sheet = standings_sheet(table.lines, terms)
    return send_sheets([sheet], kind=kind, name=f"{slug}-units-{runs[0].number}-{view.value}")


def _read_heads(slug: str) -> tuple[Sequence[TotalHead], TotalHead]:
    """The publications of a contest's totals, and the one that is read."""
    heads = queries.public_total_heads(slug)
    wanted = request.args.get("publication", "")
    head = next((one for one in heads if str(one.number) == wanted), heads[0] if heads else None)
    if head is None or (wanted and str(head.number) != wanted):
        raise NotFound
    return heads, head


@blueprint.get("/contests/<slug>/results/totals.<any(xlsx,csv,zip):kind>")
@public
def download_totals(slug: str, kind: str) -> ResponseReturnValue:
    """Places, prizes and units of the totals as Excel or CSV in a zip; the places as CSV."""
    _heads, head = _read_heads(slug)
    sheets = total_sheets(queries.published_totals(head))
    return send_sheets(sheets, kind=kind, name=f"{slug}-{head.number}")


@blueprint.get("/contests/<slug>/results/totals")
@public
def public_totals(slug: str) -> ResponseReturnValue:
    """The published standings of a contest over its rounds."""
    heads, head = _read_heads(slug)
    said = queries.published_totals(head)
    return render_template(
        "results/public_totals.html",
        is_preview=False,
        slug=slug,
        heads=heads,
        corrects=_correction(heads, said),
        annulled=annulled_since(head, [one.number for one in said.rounds]),
        **totals_context(said),
    )


def _correction(heads: Sequence[TotalHead], said: PublishedTotals) -> Correction | None:
    """Against the publication before it; None for the first."""
    before = next((one for one in heads if one.number == said.number - 1), None)
    if before is None:
        return None
    was = queries.published_totals(before)
    return correction(before.number, was, said, changed_total_parts(was, said))


def totals_context(said: PublishedTotals) -> dict[str, Any]:
    """What the public page shows of published totals."""
    return {
        "said": said,
        "cards": [] if said.divisions else highest(said),
        "words": TotalKeyWords(),
        "better": better_places((line.division, line.place, line.total) for line in said.lines),
        "total_reason": total_reason,
        "most_units": _UNITS,
        "reason": reason,
        "since": units_since(said.standings.lines[:_UNITS] if said.standings else (), said.extras),
    }


@blueprint.get("/contests/<slug>/results/totals/mine")
@signed_in
def total_why(slug: str) -> ResponseReturnValue:
    """My rounds and my total beside the neighbours', without their names."""
    _heads, head = _read_heads(slug)
    own = own_total(current_actor().person_id, head)
    if own is None:
        raise NoOwnTotal
    best = own.run.terms.get("best")

    def counted(line: TotalLine) -> frozenset[int]:
        return counted_rounds([part and part[2] for part in line.parts], best)

    return render_template(
        "results/total_why.html",
        slug=slug,
        own=own,
        counted=counted,
        total_reason=total_reason,
        annulled=annulled_since(head, [one["number"] for one in own.run.terms["rounds"]]),
    )
