"""Organisers: the verification round of those who stand in front of the ranking."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.i18n import ngettext
from contest.quizzes.actions.verification import invite_to_verification
from contest.quizzes.fairness_words import OUTCOMES
from contest.quizzes.forms.fairness import FrontForm
from contest.quizzes.queries.verifications import (
    MOST_PLACES,
    entries_of_round,
    front_of_ranking,
)
from contest.quizzes.views.room import UNPROCESSABLE, blueprint, managed_round

_FIRST = 20


def _places() -> int:
    asked = request.args.get("places", _FIRST, type=int)
    return max(1, min(asked, MOST_PLACES))


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/verifications", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_CONTEST)
def verifications(slug: str, number: int) -> ResponseReturnValue:
    """The first places with their invitations and outcomes; inviting those who are ticked."""
    contest_round, places = managed_round(slug, number), _places()
    lines = front_of_ranking(contest_round.id, places)
    form = FrontForm()
    uninvited = [line for line in lines if line.held_at is None]
    form.entries.choices = [(line.entry_public_id, line.full_name) for line in uninvited]
    if not form.is_submitted():
        form.entries.data = [line.entry_public_id for line in uninvited]
    if form.validate_on_submit() and form.held_at.data is not None:
        invited = entries_of_round(contest_round, form.entries.data or [])
        for entry in invited:
            invite_to_verification(
                contest_round=contest_round,
                entry=entry,
                held_at=form.held_at.data,
                words=form.words.data or "",
                actor=current_actor(),
                now=request_now(),
            )
        flash(
            ngettext("%(num)s person is invited.", "%(num)s people are invited.", len(invited)),
            "success",
        )
        return redirect(url_for("quizzes.verifications", slug=slug, number=number, places=places))
    page = render_template(
        "quizzes/verifications.html",
        contest=contest_round.contest,
        round=contest_round,
        lines=lines,
        places=places,
        form=form,
        outcomes=OUTCOMES,
    )
    return page, UNPROCESSABLE if form.errors else 200
