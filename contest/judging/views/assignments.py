"""The secretary: assigning works, with a preview and its certificate."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import RuleBroken
from contest.core.i18n import ngettext
from contest.judging import actions, forms
from contest.judging.queries.progress import progress
from contest.judging.queries.rounds import assignment_runs, jurors
from contest.judging.rules.assignment import Assigned, Impossible
from contest.judging.rules.conflicts import Finding
from contest.judging.shortages import shortage_words
from contest.judging.views.room import blueprint, essay_round
from contest.submissions.rules.refusals import CodesBeingMade


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page shows of a proposal.

    Attributes:
        refusal: why no assignment is possible (the minimum cut as a sentence).
        warning: why loads cannot be even.
        note: why there is nothing to draw from.
    """

    seed: str
    result: Assigned | None
    refusal: str
    warning: str
    note: str
    forbidden: list[tuple[str, int]]


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/assignment")
@requires(Permission.MANAGE_REGISTRATIONS)
def assignment(slug: str, number: int) -> ResponseReturnValue:
    """Where the assignment stands; with `seed`, a proposal that can be taken."""
    contest_round = essay_round(slug, number)
    seed = request.args.get("seed", "")[:64]
    seats = jurors(contest_round.id)
    return render_template(
        "judging/assignment.html",
        contest=contest_round.contest,
        round=contest_round,
        seats=seats,
        names={each.id: each.person.full_name for each in seats},
        stand=progress(contest_round),
        runs=assignment_runs(contest_round.id),
        preview=_preview(contest_round, seed) if seed else None,
        form=forms.EmptyForm(),
    )


def _preview(contest_round: Round, seed: str) -> Preview:
    try:
        _problem, result = actions.preview_assignment(contest_round=contest_round, seed=seed)
    except Impossible as impossible:
        return Preview(seed, None, shortage_words(contest_round, impossible.shortage), "", "", [])
    except RuleBroken as refused:
        return Preview(seed, None, "", "", refused.words, [])
    forbidden = [
        (Finding.of(key).words, count)
        for key, count in sorted(result.certificate.forbidden.items())
    ]
    warning = ""
    if result.shortage is not None:
        warning = shortage_words(contest_round, result.shortage)
    return Preview(seed, result, "", warning, "", forbidden)


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/assignment/draw")
@requires(Permission.MANAGE_REGISTRATIONS)
def draw(slug: str, number: int) -> ResponseReturnValue:
    """Draw a new seed and show what comes of it."""
    contest_round = essay_round(slug, number)
    seed = actions.draw_proposal(
        contest_round=contest_round, actor=current_actor(), now=request_now()
    )
    return redirect(url_for("judging.assignment", slug=slug, number=number, seed=seed))


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/assignment")
@requires(Permission.MANAGE_REGISTRATIONS)
def take(slug: str, number: int) -> ResponseReturnValue:
    """Take exactly the proposal that was shown."""
    contest_round = essay_round(slug, number)
    seed = request.form.get("seed", "")[:64]
    try:
        run = actions.take_assignment(
            contest_round=contest_round,
            seed=seed,
            input_digest=request.form.get("digest", ""),
            actor=current_actor(),
            now=request_now(),
        )
    except CodesBeingMade as refused:
        flash(refused.words, "error")
        return redirect(url_for("judging.assignment", slug=slug, number=number, seed=seed))
    flash(
        ngettext(
            "%(num)s sheet was handed to the judges.",
            "%(num)s sheets were handed to the judges.",
            int(run.certificate["new_marks"]),
        ),
        "success",
    )
    return redirect(url_for("judging.marking", slug=slug, number=number))
