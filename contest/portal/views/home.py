"""The first page, for strangers and for those who are signed in; and the list of contests."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from contest.contests.models import Stage
from contest.contests.queries import public_contests
from contest.core.access import current_actor_or_none, public
from contest.core.clock import request_now
from contest.core.transactions import only_reads
from contest.core.vietnamese import fold, given_name
from contest.portal import queries
from contest.portal.views.base import blueprint
from contest.results.queries import published_rounds

_ON_HOME = 6
_ALL_RESULTS = 500


@blueprint.get("/")
@only_reads
@public
def home() -> ResponseReturnValue:
    """What a person can do here now."""
    now = request_now()
    actor = current_actor_or_none()
    running = [
        card
        for card in queries.cards(public_contests(limit=50), now)
        if card.stage in {Stage.OPEN, Stage.PLANNED}
    ]
    heads = published_rounds(limit=2 * _ON_HOME)
    results = [head for head in heads if head.annulled_at is None][:_ON_HOME]
    if actor is None:
        featured = next((card for card in running if card.stage is Stage.OPEN), None)
        others = [card for card in running if card is not featured][:_ON_HOME]
        return render_template(
            "portal/home.html", featured=featured, others=others, results=results
        )
    mine = queries.own_cards(actor, now)
    taken = {card.contest.id for card in mine}
    return render_template(
        "portal/my_contests.html",
        given_name=given_name(actor.full_name),
        mine=mine,
        others=[card for card in running if card.contest.id not in taken][:_ON_HOME],
        results=results,
    )


@blueprint.get("/contests")
@only_reads
@public
def contest_list() -> ResponseReturnValue:
    """Every announced contest, found with or without marks."""
    text = request.args.get("q", "")[:100]
    found = queries.cards(public_contests(text), request_now())
    return render_template("portal/contests.html", cards=found, text=text)


@blueprint.get("/results")
@only_reads
@public
def results() -> ResponseReturnValue:
    """The published results of all contests, the newest first."""
    text = request.args.get("q", "")[:100]
    words = fold(text).split()
    heads = [
        head
        for head in published_rounds(limit=_ALL_RESULTS)
        if all(word in fold(f"{head.round_title} {head.contest_title}") for word in words)
    ]
    return render_template("portal/results.html", heads=heads, text=text)
