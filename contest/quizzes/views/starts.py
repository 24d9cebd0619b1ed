"""Before the start: what one gets, what counts, and the button that begins."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import has_consent
from contest.contests.kinds import rank_key
from contest.contests.models import Registration, Round
from contest.contests.queries import registration_of
from contest.core.access import current_actor, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.quizzes import actions, queries
from contest.quizzes.models import QuizRound
from contest.quizzes.rules.blueprints import question_count
from contest.quizzes.views.room import blueprint, own_sitting, remember_epoch


def _load(slug: str, number: int) -> tuple[Round, QuizRound]:
    contest_round = queries.announced_round(slug, number)
    quiz = None if contest_round is None else queries.quiz_of(contest_round.id)
    if contest_round is None or quiz is None:
        raise NotFound
    return contest_round, quiz


def _registration(contest_round: Round) -> Registration | None:
    """The person's registration, when it is alive and they agreed to take part."""
    found = registration_of(contest_round.contest_id, current_actor().person_id)
    if found is None or found.withdrawn_at is not None:
        return None
    scope_id = contest_round.contest.scope_id
    agreed = has_consent(found.person_id, ConsentPurpose.TAKE_PART, scope_id)
    return found if agreed else None


@blueprint.get("/contests/<slug>/rounds/<int:number>/start")
@signed_in
def start(slug: str, number: int) -> ResponseReturnValue:
    """The time really available, attempts left, what counts, the keys in words."""
    contest_round, quiz = _load(slug, number)
    registration = _registration(contest_round)
    if registration is None:
        flash(_("Please register and agree to take part first."))
        return redirect(url_for("contests.register", slug=slug))
    return render_template(
        "quizzes/start.html",
        round=contest_round,
        contest=contest_round.contest,
        quiz=quiz,
        registration=registration,
        offer=queries.start_offer(quiz, contest_round, registration, request_now()),
        questions=question_count(queries.blueprint_of(quiz)),
        keys=[known for key in contest_round.rank_keys if (known := rank_key(key.code))],
    )


@blueprint.post("/contests/<slug>/rounds/<int:number>/start")
@signed_in
def begin(slug: str, number: int) -> ResponseReturnValue:
    """Begin an attempt, or go on with the open one on this device."""
    contest_round, quiz = _load(slug, number)
    try:
        opened = actions.start_attempt(
            quiz=quiz,
            contest_round=contest_round,
            registration=_registration(contest_round),
            actor=current_actor(),
            now=request_now(),
            address=request.remote_addr or "",
            device=request.user_agent.string,
        )
    except RuleBroken as refused:
        flash(refused.words, "error")
        return redirect(url_for("quizzes.start", slug=slug, number=number))
    remember_epoch(opened)
    return redirect(url_for("quizzes.attempt", public_id=opened.public_id))


@blueprint.post("/attempts/<public_id>/open")
@signed_in
def open_here(public_id: str) -> ResponseReturnValue:
    """Take the attempt over on this device; the older one is told."""
    sitting = own_sitting(public_id)
    attempt = queries.own_attempt(current_actor().person_id, sitting.public_id)
    if attempt is None:
        raise NotFound
    opened = actions.open_on_device(attempt=attempt, actor=current_actor(), now=request_now())
    remember_epoch(opened)
    return redirect(url_for("quizzes.attempt", public_id=public_id))
