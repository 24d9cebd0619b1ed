"""The public page of a contest."""

from flask import render_template
from flask.typing import ResponseReturnValue

from contest.contests.queries import public_contest
from contest.core.access import current_actor_or_none, public
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.transactions import only_reads
from contest.portal import queries
from contest.portal.views.base import blueprint, found_round, wanted_number
from contest.results.rules.words import prize_name


@blueprint.get("/contests/<slug>")
@only_reads
@public
def contest(slug: str) -> ResponseReturnValue:
    """What, when, who, prizes and rules, with one button that says what will happen."""
    found = public_contest(slug)
    if found is None:
        raise NotFound
    number = wanted_number()
    page = queries.contest_page(found, current_actor_or_none(), number, request_now())
    found_round(page.round, number)
    return render_template("portal/contest.html", page=page, contest=found, prize_name=prize_name)
