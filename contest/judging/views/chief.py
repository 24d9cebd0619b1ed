"""The chief judge's door to what waits in the marking: by codes, never by names of authors."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from contest.core.access import current_actor, signed_in
from contest.core.errors import NotFound
from contest.judging.models import JurorState
from contest.judging.queries import desk as queries
from contest.judging.rules.sheets import check_role
from contest.judging.views.queue import (
    Door,
    decide_page,
    lower_page,
    move_now,
    move_page,
    open_works_page,
    queue_page,
)
from contest.judging.views.room import blueprint

_BASE = "/judge/<round_id>/chief"


def chief_door(round_id: str) -> Door:
    """The queue of a round over whose jury I preside.

    Raises:
        NotFound: I do not.
        RoleLost: the judge's role was taken away.
    """
    juror = queries.own_seat(current_actor().person_id, round_id)
    if juror is None or juror.state is not JurorState.ACCEPTED or not juror.is_chief:
        raise NotFound
    contest_round = queries.round_of_seat(juror)
    check_role(actor=current_actor(), juror=juror, scope_path=contest_round.contest.scope.path)

    def address(page: str, **values: Any) -> str:
        name = "take_chief_move" if page == "take_move" else f"chief_{page}"
        return url_for(f"judging.{name}", round_id=round_id, **values)

    return Door(contest_round, "base.html", address, chief=juror)


@blueprint.get(_BASE)
@signed_in
def chief_queue(round_id: str) -> ResponseReturnValue:
    """What waits: third markings, marks that differ, works given back, judges who are late."""
    return queue_page(chief_door(round_id))


@blueprint.get(f"{_BASE}/open")
@signed_in
def chief_open(round_id: str) -> ResponseReturnValue:
    """Every work without its mark."""
    return open_works_page(chief_door(round_id))


@blueprint.route(f"{_BASE}/works/<code>", methods=["GET", "POST"])
@signed_in
def chief_decide(round_id: str, code: str) -> ResponseReturnValue:
    """Record the mark of a work, with minutes."""
    return decide_page(chief_door(round_id), code)


@blueprint.route(f"{_BASE}/works/<code>/fewer-marks", methods=["GET", "POST"])
@signed_in
def chief_lower(round_id: str, code: str) -> ResponseReturnValue:
    """Let a work be content with fewer marks."""
    return lower_page(chief_door(round_id), code)


@blueprint.get(f"{_BASE}/move")
@signed_in
def chief_move(round_id: str) -> ResponseReturnValue:
    """Move sheets from one judge to another: the choice and its preview."""
    return move_page(chief_door(round_id))


@blueprint.post(f"{_BASE}/move")
@signed_in
def take_chief_move(round_id: str) -> ResponseReturnValue:
    """Move what the preview showed."""
    return move_now(chief_door(round_id))
