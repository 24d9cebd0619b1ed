"""The organisers' desk, and the home of one contest as they see it."""

from dataclasses import astuple

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from contest.contests import steps
from contest.contests.models import Round, Stage
from contest.contests.organised import organised_contest
from contest.contests.queries import own_registrations
from contest.contests.rules import round_window, stage_at
from contest.core import navigation
from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_now
from contest.core.errors import Forbidden, NotFound
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.spreadsheets.writing import Sheet
from contest.core.table_files import send_sheets
from contest.portal import queries
from contest.portal.rules import UnitShare, found_units, life_line
from contest.portal.views.base import blueprint, found_round, wanted_number
from contest.results.models import contest_of
from contest.results.queries import latest_publication
from contest.results.queries.signing import waiting_signatures
from question_bank.queries import banks_for

_UNITS_IN_CHART = 8


@blueprint.get("/organise")
@signed_in
def desk() -> ResponseReturnValue:
    """Everything that waits for an organiser, and where their rooms are."""
    actor = current_actor()
    if not actor.is_staff:
        raise Forbidden
    contests = (
        queries.desk_contests(actor, request_now())
        if actor.may_somewhere(Permission.SEE_CONTEST)
        else []
    )
    banks = banks_for(actor) if actor.may_somewhere(Permission.SEE_BANK) else []
    navigation.enter("desk", title="")
    return render_template(
        "portal/desk.html",
        contests=contests,
        waiting=[each for each in contests if each.task is not None],
        to_sign=[
            (over if isinstance(over, Round) else None, contest_of(over))
            for over in waiting_signatures(actor.person_id)
        ],
        banks=banks,
        may_create=actor.may_somewhere(Permission.MANAGE_CONTEST),
        takes_part=bool(own_registrations(actor.person_id)),
    )


@blueprint.get("/organise/contests/<slug>")
@requires(Permission.SEE_CONTEST)
def contest_home(slug: str) -> ResponseReturnValue:
    """Life line, what is missing, who is there now, and two charts."""
    contest = organised_contest(slug, Permission.SEE_CONTEST)
    now = request_now()
    number = wanted_number()
    shown = found_round(queries.visible_round(contest, number, now), number)
    prepared, items = queries.next_tasks(contest, shown, now)
    stage = stage_at(shown, now) if shown else Stage.PLANNED
    begun = shown is not None and stage is not Stage.PLANNED
    published = latest_publication(shown.id) if shown else None
    return render_template(
        "portal/contest_home.html",
        contest=contest,
        round=shown,
        stage=stage,
        window=round_window(shown, now) if shown else None,
        life=life_line(
            shown,
            stage,
            announced_at=contest.announced_at,
            published_at=published.published_at if published else None,
            now=now,
        )
        if shown
        else [],
        published=published,
        prepared=prepared,
        items=items,
        step=queries.next_step(shown, now) if shown and begun else None,
        live=queries.live_numbers(shown, now) if shown and begun else None,
        units=queries.participation(contest, shown, now) if shown and begun else None,
        units_shown=_UNITS_IN_CHART,
        days=queries.day_lines(contest, shown, now) if shown and begun else [],
        steps=[] if contest.announced_at else steps.wizard_steps(),
        may_manage=current_actor().may(Permission.MANAGE_CONTEST, contest.scope.path),
    )


@blueprint.get("/organise/contests/<slug>/live")
@requires(Permission.SEE_CONTEST)
def contest_live(slug: str) -> ResponseReturnValue:
    """The part of the home page that is asked for again and again."""
    contest = organised_contest(slug, Permission.SEE_CONTEST)
    now = request_now()
    number = wanted_number()
    shown = found_round(queries.visible_round(contest, number, now), number)
    stage = stage_at(shown, now) if shown else Stage.PLANNED
    live = queries.live_numbers(shown, now) if shown else None
    response = make_response(render_template("portal/_live.html", stage=stage, live=live))
    # The hour on the page is no change: the script takes it from the answer's head.
    numbers = "" if live is None else "-".join(str(value) for value in astuple(live))
    response.set_etag(f"{stage.value}-{language()}-{numbers}")
    return response.make_conditional(request)


@blueprint.get("/organise/contests/<slug>/figures")
@requires(Permission.SEE_CONTEST)
def statistics(slug: str) -> ResponseReturnValue:
    """The tables behind the charts, and how points are spread."""
    contest = organised_contest(slug, Permission.SEE_CONTEST)
    now = request_now()
    number = wanted_number()
    shown = found_round(queries.visible_round(contest, number, now), number)
    begun = shown is not None and stage_at(shown, now) is not Stage.PLANNED
    units = queries.participation(contest, shown, now) if shown and begun else None
    query = " ".join(request.args.get("q", "")[:100].split())
    return render_template(
        "portal/statistics.html",
        contest=contest,
        round=shown,
        units=units,
        lines=_unit_lines(units, query) if units else [],
        query=query,
        sort=request.args.get("sort", ""),
        direction=request.args.get("direction", "asc"),
        days=queries.day_lines(contest, shown, now) if shown and begun else [],
        spread=queries.points_spread(shown) if shown and begun else [],
    )


def _unit_lines(units: queries.Participation, query: str) -> list[UnitShare]:
    """The units from which people took part, searched and sorted as asked for."""
    taking_part = [unit for unit in units.units if unit.persons]
    return found_units(
        taking_part,
        query,
        request.args.get("sort", ""),
        descending=request.args.get("direction") == "desc",
    )


@blueprint.get("/organise/contests/<slug>/figures.<any(xlsx,csv):kind>")
@requires(Permission.SEE_CONTEST)
def statistics_file(slug: str, kind: str) -> ResponseReturnValue:
    """The table by unit as a file, those without anybody too; searched and sorted likewise."""
    contest = organised_contest(slug, Permission.SEE_CONTEST)
    now = request_now()
    number = wanted_number()
    shown = found_round(queries.visible_round(contest, number, now), number)
    if shown is None or stage_at(shown, now) is Stage.PLANNED:
        raise NotFound
    lines = found_units(
        queries.participation(contest, shown, now).units,
        request.args.get("q", ""),
        request.args.get("sort", ""),
        descending=request.args.get("direction") == "desc",
    )
    sheet = Sheet(
        _("By unit"),
        [_("Unit"), _("Persons"), _("Attempts"), _("Head-count"), _("Share of head-count")],
        (
            [
                unit.name or _("No unit given"),
                unit.persons,
                unit.attempts,
                unit.headcount,
                unit.rate,
            ]
            for unit in lines
        ),
        (60, 14, 14, 14, 14),
    )
    return send_sheets([sheet], kind=kind, name=f"{slug}-{shown.number}-units")


@blueprint.get("/organise/contests/<slug>/setup")
@requires(Permission.MANAGE_CONTEST)
def setup(slug: str) -> ResponseReturnValue:
    """The frame of the wizard: each step with its state; a draft is resumed here."""
    contest = organised_contest(slug, Permission.MANAGE_CONTEST)
    return render_template(
        "portal/setup.html",
        contest=contest,
        steps=steps.wizard_steps(),
        resume=steps.resume_step(contest),
    )
