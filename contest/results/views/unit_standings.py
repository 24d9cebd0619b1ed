"""Standings of units in a round: the table, its rules, and the files."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import unit_path
from contest.accounts.queries.units import all_units
from contest.accounts.rules.units import UnitNode
from contest.contests.models import RankRun, Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.paging import Page, page_number
from contest.core.table_files import send_sheets
from contest.results import queries
from contest.results.actions import set_unit_terms
from contest.results.queries import UnitTable
from contest.results.rules.unit_standings import (
    StandingTerms,
    UnitView,
    above_each,
)
from contest.results.rules.unit_words import reason
from contest.results.standing_forms import UnitTermsForm
from contest.results.unit_sheets import found_units, standings_sheet
from contest.results.views.base import blueprint, ranked_round, result_tabs
from contest.results.views.public import units_since

_ADDRESS = "/organise/contests/<slug>/rounds/<int:number>/units"
_ON_A_PAGE = 100


def _view() -> UnitView:
    wanted = request.args.get("view", "")
    return UnitView(wanted) if wanted in set(UnitView) else UnitView.THEN


def _top(nodes: Sequence[UnitNode]) -> UnitNode | None:
    """The unit below which is looked at.

    Raises:
        NotFound: there is no such unit.
    """
    wanted = request.args.get("unit", "")
    if not wanted:
        return None
    found = next((node for node in nodes if node.public_id == wanted), None)
    if found is None:
        raise NotFound
    return found


def _table(round: Round, nodes: Sequence[UnitNode]) -> tuple[RankRun | None, UnitTable | None]:
    """The standings over the latest ranking; nothing while the codes are closed.

    A unit with one essay would tell whose it is by its mean.
    """
    run = queries.latest_run(round.id)
    if run is None or queries.is_sealed(round):
        return run, None
    terms = queries.unit_terms(round.contest_id) or StandingTerms()
    return run, queries.round_table(run, terms, view=_view(), top=_top(nodes))


def _without(owner: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """Shortens paths by the contest's own unit and those above it, which everybody knows."""

    def local(path: tuple[str, ...]) -> tuple[str, ...]:
        inside = len(path) > len(owner) and path[-len(owner) :] == owner
        return path[: -len(owner)] if inside else path

    return local


def _show(round: Round, form: UnitTermsForm | None = None) -> str:
    nodes = all_units()
    run, table = _table(round, nodes)
    found = found_units(table.lines, request.args.get("q", "")) if table else []
    number = page_number(request.args.get("page"))
    start = (min(number, max(1, -(-len(found) // _ON_A_PAGE))) - 1) * _ON_A_PAGE
    page = Page(found[start : start + _ON_A_PAGE], start // _ON_A_PAGE + 1, _ON_A_PAGE, len(found))
    chosen = queries.unit_terms(round.contest_id)
    actor = current_actor()
    return render_template(
        "results/unit_standings.html",
        round=round,
        contest=round.contest,
        tabs=result_tabs(round, "unit_standings", actor),
        run=run,
        table=table,
        page=page,
        above=above_each(table.lines) if table else {},
        reason=reason,
        local=_without(unit_path(round.contest.unit).parts),
        public_ids={node.id: node.public_id for node in nodes},
        since=units_since(page.items) if _view() is UnitView.THEN else {},
        parents={node.parent_id for node in nodes},
        view=_view().value,
        is_chosen=chosen is not None,
        form=form or UnitTermsForm.of(chosen or StandingTerms()),
        sealed=queries.is_sealed(round),
        may_manage=actor.may(Permission.MANAGE_CONTEST, round.contest.scope.path),
    )


@blueprint.get(_ADDRESS)
@requires(Permission.SEE_CONTEST)
def unit_standings(slug: str, number: int) -> ResponseReturnValue:
    """Units in order with the reason for every place, as then or as now, level by level."""
    return _show(ranked_round(slug, number, Permission.SEE_CONTEST))


@blueprint.post(_ADDRESS)
@requires(Permission.MANAGE_CONTEST)
def save_unit_terms(slug: str, number: int) -> ResponseReturnValue:
    """Keep the rules by which the units of the contest are ranked."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    form = UnitTermsForm()
    if not form.validate_on_submit():
        return _show(round, form), 422
    set_unit_terms(
        contest=round.contest, terms=form.terms(), actor=current_actor(), now=request_now()
    )
    flash(_("The rules of the unit standings are kept."), "success")
    return redirect(url_for("results.unit_standings", slug=slug, number=number))


@blueprint.get(f"{_ADDRESS}.<any(xlsx,csv):kind>")
@requires(Permission.SEE_CONTEST)
def unit_standings_file(slug: str, number: int, kind: str) -> ResponseReturnValue:
    """The standings as Excel or CSV, as then or as now."""
    round = ranked_round(slug, number, Permission.SEE_CONTEST)
    run, table = _table(round, all_units())
    if run is None or table is None:
        raise NotFound
    name = f"{slug}-{number}-units-{run.number}-{table.view.value}"
    return send_sheets([standings_sheet(table.lines, table.terms)], kind=kind, name=name)
