"""Organisers and the secretary: how far the marking is, decisions, closing."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.i18n import gettext as _
from contest.judging import actions
from contest.judging.rules.refusals import MarksOpen
from contest.judging.views.queue import (
    Door,
    decide_page,
    lower_page,
    move_now,
    move_page,
    open_works_page,
    queue_page,
)
from contest.judging.views.room import blueprint, essay_round, led_to_round

_BASE = "/organise/contests/<slug>/rounds/<int:number>/marking"


@blueprint.get("/organise/contests/<slug>/marking")
@requires(Permission.MANAGE_REGISTRATIONS)
def first_marking(slug: str) -> ResponseReturnValue:
    """The marking of the contest's first essay round."""
    return redirect(led_to_round(slug, "judging.marking"))


def organisers_door(
    slug: str, number: int, permission: Permission = Permission.MANAGE_REGISTRATIONS
) -> Door:
    """The queue of a round for those who organise it."""
    contest_round = essay_round(slug, number, permission)
    names = {
        "queue": "judging.marking",
        "decide": "judging.decide",
        "lower": "judging.lower",
        "move": "judging.move",
        "checks": "judging.checks",
        "decide_check": "judging.decide_check",
        "leave_out": "judging.leave_out",
        "open": "judging.open_works",
        "take_move": "judging.take_move",
    }

    def address(page: str, **values: Any) -> str:
        return url_for(names[page], slug=slug, number=number, **values)

    return Door(
        contest_round,
        "workroom.html",
        address,
        may_close=current_actor().may(Permission.MANAGE_CONTEST, contest_round.contest.scope.path),
    )


@blueprint.get(_BASE)
@requires(Permission.MANAGE_REGISTRATIONS)
def marking(slug: str, number: int) -> ResponseReturnValue:
    """By judge, what waits for a third marking or a decision, and whether it can be closed."""
    return queue_page(organisers_door(slug, number))


@blueprint.get(f"{_BASE}/open")
@requires(Permission.MANAGE_REGISTRATIONS)
def open_works(slug: str, number: int) -> ResponseReturnValue:
    """Every work without its mark."""
    return open_works_page(organisers_door(slug, number))


@blueprint.route(f"{_BASE}/works/<code>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def decide(slug: str, number: int, code: str) -> ResponseReturnValue:
    """Record the mark that people agreed on for a work, with minutes."""
    return decide_page(organisers_door(slug, number), code)


@blueprint.route(f"{_BASE}/works/<code>/fewer-marks", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def lower(slug: str, number: int, code: str) -> ResponseReturnValue:
    """Let a work be content with fewer marks."""
    return lower_page(organisers_door(slug, number), code)


@blueprint.get(f"{_BASE}/move")
@requires(Permission.MANAGE_REGISTRATIONS)
def move(slug: str, number: int) -> ResponseReturnValue:
    """Move sheets from one judge to another: the choice and its preview."""
    return move_page(organisers_door(slug, number))


@blueprint.post(f"{_BASE}/move")
@requires(Permission.MANAGE_REGISTRATIONS)
def take_move(slug: str, number: int) -> ResponseReturnValue:
    """Move what the preview showed."""
    return move_now(organisers_door(slug, number))


@blueprint.post(f"{_BASE}/close")
@requires(Permission.MANAGE_CONTEST)
def close(slug: str, number: int) -> ResponseReturnValue:
    """Lock the marks; refused with the works that are still open."""
    door = organisers_door(slug, number, Permission.MANAGE_CONTEST)
    try:
        actions.close_marking(contest_round=door.round, actor=current_actor(), now=request_now())
    except MarksOpen as refused:
        return queue_page(door, status=refused.status, refused=refused.words)
    flash(_("The marks are locked. Now the round can be ranked."), "success")
    return redirect(url_for("judging.marking", slug=slug, number=number))


@blueprint.post(f"{_BASE}/reminders")
@requires(Permission.MANAGE_REGISTRATIONS)
def reminders(slug: str, number: int) -> ResponseReturnValue:
    """Have late judges reminded each morning, or no longer."""
    contest_round = essay_round(slug, number)
    reminds = request.form.get("remind") == "1"
    actions.set_reminders(
        contest_round=contest_round, reminds=reminds, actor=current_actor(), now=request_now()
    )
    on = _("Late judges get a letter each morning from now on.")
    flash(on if reminds else _("No more letters are sent to late judges."), "success")
    return redirect(url_for("judging.marking", slug=slug, number=number))
