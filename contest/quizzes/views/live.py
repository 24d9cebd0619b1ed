"""Organisers: a running round in counters; everybody: the public board, as it was stored."""

from datetime import datetime
from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from contest.contests.models import Round, Stage
from contest.core.access import Permission, public, requires
from contest.core.clock import from_micros, request_now
from contest.core.errors import NotFound
from contest.core.i18n import language
from contest.core.replica import reports
from contest.quizzes.queries import live as queries
from contest.quizzes.queries.live import LINGERS
from contest.quizzes.rules.live import BoardState, board_state, is_late
from contest.quizzes.views.room import blueprint, managed_round

_AT = "/organise/contests/<slug>/rounds/<int:number>/live"
EVERY = 15
"""Seconds between two looks of an open page; the counters are made as often."""


@blueprint.get(_AT)
@requires(Permission.SEE_CONTEST)
@reports
def live(slug: str, number: int) -> ResponseReturnValue:
    """People in the quiz, saves a second, units not yet started, errors; from counters alone."""
    contest_round = managed_round(slug, number, Permission.SEE_CONTEST)
    now = request_now()
    found = queries.live_view(contest_round.id, now)
    context: dict[str, Any] = {
        "contest": contest_round.contest,
        "round": contest_round,
        "live": found,
        "every": EVERY,
        "picture": _picture(found),
        "runs": _runs(contest_round, now),
        "is_late": is_late(contest_round.stage, found.latest.at if found else None, now),
    }
    tag = f"{language()}-{contest_round.stage.value}-{found.latest.at if found else ''}"
    if "X-Fragment" in request.headers:
        response = make_response(render_template("quizzes/_live.html", **context))
        response.set_etag(f"{tag}-{found.error_share if found else ''}-{context['is_late']}")
        return response.make_conditional(request)
    silent = queries.silent_units(contest_round.id, request.args.get("page", 1, type=int))
    return render_template(
        "quizzes/live.html", **context, silent=silent, reminded=queries.reminded(contest_round.id)
    )


def _runs(contest_round: Round, now: datetime) -> bool:
    """Whether the round is counted now: open, or closed a few minutes ago."""
    closed = contest_round.closed_at
    lingers = contest_round.stage is Stage.CLOSED and closed is not None and closed > now - LINGERS
    return contest_round.stage is Stage.OPEN or lingers


def _picture(found: queries.LiveView | None) -> list[dict[str, Any]]:
    """Bars of the people in the quiz over the last minutes, in per cent of the highest."""
    if found is None:
        return []
    top = max((each.open_attempts for each in found.line), default=0) or 1
    return [
        {
            "at": each.at,
            "count": each.open_attempts,
            "height": round(100 * each.open_attempts / top),
        }
        for each in found.line
    ]


@blueprint.get("/contests/<slug>/rounds/<int:number>/board")
@public
def board(slug: str, number: int) -> ResponseReturnValue:
    """How many take part, where the rules show it: a stored page; frozen before the close."""
    place = queries.board_place(slug, number)
    if place is None:
        raise NotFound
    state = board_state(
        place.shown,
        place.stage,
        freeze_minutes=place.freeze_minutes,
        closes_at=place.closes_at,
        now=request_now(),
    )
    stored = None if state is BoardState.HIDDEN else queries.stored_board(place.round_id)
    if stored is None:
        raise NotFound
    page = "quizzes/_board.html" if "X-Fragment" in request.headers else "quizzes/board.html"
    response = make_response(
        render_template(
            page,
            place=place,
            body=stored.body,
            made_at=from_micros(stored.body["at"]),
            frozen_at=stored.frozen_at,
            is_final=stored.is_final,
        )
    )
    response.set_etag(f"{language()}-{stored.digest}-{stored.frozen_at}-{stored.is_final}")
    return response.make_conditional(request)
