"""The queue of a bank's reported questions: what contestants wrote, and what became of it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext
from contest.core.paging import page_number
from contest.quizzes import actions
from contest.quizzes.forms import SettleForm
from contest.quizzes.models import ReportOutcome
from contest.quizzes.queries.reported import (
    open_report_count,
    papers_of_topics,
    reported_questions,
)
from contest.quizzes.views.room import blueprint
from question_bank import queries as bank_queries
from question_bank.beside import BankPage, register_bank_page
from question_bank.models import Bank
from question_bank.topic_uses import TopicUse, register_topic_use


def _the_bank(slug: str, permission: Permission) -> Bank:
    bank = bank_queries.bank_by_slug(current_actor(), slug, permission)
    if bank is None:
        raise NotFound
    return bank


@blueprint.get("/banks/<slug>/reported")
@requires(Permission.SEE_BANK)
def reported(slug: str) -> ResponseReturnValue:
    """Questions that contestants reported, the most reported first."""
    bank = _the_bank(slug, Permission.SEE_BANK)
    rights = bank_queries.rights_on(current_actor(), bank)
    only_open = request.args.get("state") != "all"
    return render_template(
        "quizzes/reported.html",
        bank=bank,
        lines=reported_questions(
            bank.id, only_open=only_open, page=page_number(request.args.get("page"))
        ),
        only_open=only_open,
        form=SettleForm(),
        may_write=Permission.WRITE_QUESTIONS in rights,
        may_review=Permission.REVIEW_QUESTIONS in rights,
        may_regrade=current_actor().may_somewhere(Permission.MANAGE_CONTEST),
    )


@blueprint.post("/banks/<slug>/reported/<question_id>")
@requires(Permission.REVIEW_QUESTIONS)
def settle_reported(slug: str, question_id: str) -> ResponseReturnValue:
    """Answer everybody who reported a question and waits."""
    bank = _the_bank(slug, Permission.REVIEW_QUESTIONS)
    question = bank_queries.question_in(bank.id, question_id)
    if question is None:
        raise NotFound
    form = SettleForm()
    if form.validate_on_submit():
        answered = actions.settle_reports(
            question_id=question.id,
            reply=form.reply.data,
            outcome=ReportOutcome(form.outcome.data or ""),
            scope_id=bank.scope_id,
            actor=current_actor(),
            now=request_now(),
        )
        flash(
            ngettext(
                "%(num)s contestant has the answer.",
                "%(num)s contestants have the answer.",
                answered,
            ),
            "success",
        )
    else:
        flash(_("Write the answer first."), "warning")
    return redirect(url_for("quizzes.reported", slug=slug))


def register() -> None:
    """Put the queue beside the banks, and tell them which topics papers take."""
    register_bank_page(
        BankPage(
            "reported",
            _l("Questions with reports"),
            "quizzes.reported",
            Permission.SEE_BANK,
            open_report_count,
        )
    )
    register_topic_use(TopicUse("quizzes", papers_of_topics, _move_topic))


def _move_topic(topic_id: int, other_id: int) -> None:
    actions.move_topic(topic_id=topic_id, other_id=other_id)
