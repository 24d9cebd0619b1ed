"""The review: a reviewer's queue, steps, comments, and the whole history of a question."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.paging import page_number
from question_bank import actions, queries
from question_bank.forms import FilterForm, StepForm, WaitingForm
from question_bank.kinds import KINDS
from question_bank.models import QuestionRevision
from question_bank.rules import STEP_PERMISSION, compare_revisions
from question_bank.views.base import blueprint, page, the_bank, the_question
from question_bank.views.questions import address_of

QUEUE = "queue"


@blueprint.get("/review-queue")
@requires(Permission.REVIEW_QUESTIONS)
def review_queue() -> ResponseReturnValue:
    """What waits for me in all banks that I review, the longest waiting first."""
    actor = current_actor()
    banks = queries.banks_for(actor, Permission.REVIEW_QUESTIONS)
    form = WaitingForm(request.args).for_banks([(each.slug, each.name) for each in banks])
    return page(
        "review_queue.html",
        form=form,
        kinds=KINDS,
        waiting=queries.waiting_for(actor, form.wanted, page=page_number(request.args.get("page"))),
    )


@blueprint.post("/<slug>/questions/states")
@requires(Permission.REVIEW_QUESTIONS)
def change_states(slug: str) -> ResponseReturnValue:
    """Take a review step with the ticked questions, or with all that the filter finds."""
    found = the_bank(slug, Permission.REVIEW_QUESTIONS)
    back = url_for("question_bank.bank", slug=slug, **_kept_filter())
    step = StepForm(MultiDict({"to": request.form.get("to", "")}))
    if step.wanted is None:
        return redirect(back)
    chosen = request.form.getlist("question")
    if request.form.get("all") == "1":
        form = FilterForm(request.args).for_bank(
            queries.topic_choices(found.id),
            queries.tag_names(found.id),
            queries.source_choices(found.id),
            queries.authors(found.id),
        )
        wanted = queries.with_beginnings(found.id, form.wanted(request.args))
        chosen = queries.ids_by_filter(found.id, wanted, today=request_day())
    done, refused = actions.change_states(
        bank=found,
        questions=queries.questions_by_public_id(found.id, chosen),
        to=step.wanted,
        actor=current_actor(),
        now=request_now(),
    )
    _tell(done, refused)
    return redirect(back)


def _kept_filter() -> dict[str, Any]:
    return {key: value for key, value in request.args.items() if value}


def _tell(done: int, refused: list[RuleBroken]) -> None:
    if done:
        words = ngettext("%(num)s question changed.", "%(num)s questions changed.", done)
        flash(words, "success")
    if refused:
        words = ngettext(
            "%(num)s question stayed as it was. %(why)s",
            "%(num)s questions stayed as they were. %(why)s",
            len(refused),
            why=refused[0].words,
        )
        flash(words, "warning")
    if not done and not refused:
        flash(_("Tick the questions first."), "warning")


@blueprint.post("/<slug>/questions/<question_id>/state")
@requires(Permission.SEE_BANK)
def change_state(slug: str, question_id: str) -> ResponseReturnValue:
    """Take a review step, or leave a comment."""
    form = StepForm()
    wanted = form.wanted
    needed = Permission.SEE_BANK if wanted is None else STEP_PERMISSION[wanted]
    found = the_bank(slug, needed)
    question = the_question(found, question_id)
    comment = form.comment.data or ""
    actor, now = current_actor(), request_now()
    back = address_of(found, question)
    if not form.validate_on_submit():
        flash(_("This comment is too long."), "warning")
    elif wanted is not None:
        actions.change_state(
            bank=found, question=question, to=wanted, comment=comment, actor=actor, now=now
        )
        flash(_("The step is recorded."), "success")
        back = url_for("question_bank.review_queue") if _from_queue() else back
    elif comment:
        actions.write_comment(question=question, body=comment, actor=actor, now=now)
        flash(_("The comment is saved."), "success")
    return redirect(back)


def _from_queue() -> bool:
    return request.args.get("from") == QUEUE


@blueprint.post("/<slug>/comments/<comment_id>")
@requires(Permission.SEE_BANK)
def resolve_comment(slug: str, comment_id: str) -> ResponseReturnValue:
    """Say that what a comment asks for is done, or open it again."""
    found = the_bank(slug)
    actor = current_actor()
    rights = queries.rights_on(actor, found)
    works_here = rights & {Permission.WRITE_QUESTIONS, Permission.REVIEW_QUESTIONS}
    comment = queries.comment_in(found.id, comment_id)
    if comment is None or not works_here:
        raise NotFound
    said, question = comment
    actions.resolve_comment(
        bank=found,
        comment=said,
        resolved=request.form.get("resolved") == "1",
        actor=actor,
        now=request_now(),
    )
    return redirect(f"{address_of(found, question)}#comments")


@blueprint.get("/<slug>/questions/<question_id>/history")
@requires(Permission.SEE_BANK)
def history(slug: str, question_id: str) -> ResponseReturnValue:
    """Everything that happened to a question, and the difference between any two wordings."""
    found = the_bank(slug)
    question = the_question(found, question_id)
    wordings = {line.revision.number: line.revision for line in queries.history(question.id)}
    newest = max(wordings)
    new = _chosen(wordings, "to", newest)
    old = _chosen(wordings, "from", max(new.number - 1, min(wordings)))
    return page(
        "history.html",
        found,
        question=question,
        timeline=queries.timeline(question.id),
        numbers=sorted(wordings),
        old=old,
        new=new,
        changes=compare_revisions(old, new) if old.number != new.number else (),
    )


def _chosen(wordings: dict[int, QuestionRevision], name: str, usual: int) -> QuestionRevision:
    return wordings.get(request.args.get(name, usual, type=int)) or wordings[usual]
