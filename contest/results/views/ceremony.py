"""The big screen of a ceremony: prizes revealed level by level."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.paging import page_number
from contest.results.actions import preview_publication
from contest.results.models import contest_of
from contest.results.rules.ceremony import revealed
from contest.results.rules.words import told_title
from contest.results.views.base import blueprint, managed_over, place_of


@blueprint.get("/organise/contests/<slug>/totals/ceremony")
@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/ceremony")
@requires(Permission.MANAGE_CONTEST)
def ceremony(slug: str, number: int | None = None) -> ResponseReturnValue:
    """One step of the ceremony; the page holds nothing that is not revealed yet."""
    over = managed_over(slug, number)
    wanted = request.args.get("step", "0")
    step = page_number(wanted) if wanted not in {"", "0"} else 0
    said = preview_publication(over, now=request_now()).page
    screen = revealed(said, step)
    if not screen.steps:
        raise NotFound
    return render_template(
        "results/ceremony.html",
        **place_of(over),
        contest=contest_of(over),
        what=told_title(over),
        said=said,
        screen=screen,
    )
