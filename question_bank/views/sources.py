"""The documents that questions of a bank cite: the list, with what has lapsed."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from question_bank import actions, queries
from question_bank.forms import SourceForm
from question_bank.models import Bank, QuestionSource
from question_bank.organising import SourceDates, SourceTaken
from question_bank.views.base import blueprint, page, the_bank

UNPROCESSABLE = 422


@blueprint.route("/<slug>/sources", methods=["GET", "POST"])
@requires(Permission.SEE_BANK)
def sources(slug: str) -> ResponseReturnValue:
    """The documents of a bank, and what is cited but not on the list; adding one."""
    bank = the_bank(slug)
    form = SourceForm(data={"citation": request.args.get("citation", "")})
    if request.method == "POST":
        bank = the_bank(slug, Permission.WRITE_QUESTIONS)
        if form.validate_on_submit() and _put(bank, None, form):
            flash(_("The document is on the list, and the questions that cite it are linked."))
            return redirect(url_for("question_bank.sources", slug=slug))
    return (
        page(
            "sources.html",
            bank,
            form=form,
            sources=queries.sources(bank.id, request_day()),
            unlisted=queries.unlisted(bank.id),
        ),
        UNPROCESSABLE if form.is_submitted() else 200,
    )


def _put(bank: Bank, source: QuestionSource | None, form: SourceForm) -> bool:
    try:
        actions.put_source(
            bank=bank, source=source, values=form.values, actor=current_actor(), now=request_now()
        )
    except SourceTaken as refusal:
        form.citation.errors = [refusal.words]
        return False
    except SourceDates as refusal:
        form.valid_to.errors = [refusal.words]
        return False
    return True


def _the_source(slug: str, source_id: str) -> tuple[Bank, QuestionSource]:
    bank = the_bank(slug, Permission.WRITE_QUESTIONS)
    found = queries.source_in(bank.id, source_id)
    if found is None:
        raise NotFound
    return bank, found


@blueprint.route("/<slug>/sources/<source_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_QUESTIONS)
def source(slug: str, source_id: str) -> ResponseReturnValue:
    """Change a document: when it lapses, its questions are flagged."""
    bank, found = _the_source(slug, source_id)
    form = SourceForm(obj=found)
    if form.validate_on_submit() and _put(bank, found, form):
        flash(_("Saved."))
        return redirect(url_for("question_bank.sources", slug=slug))
    status = UNPROCESSABLE if form.is_submitted() else 200
    return page("source.html", bank, form=form, source=found), status


@blueprint.post("/<slug>/sources/<source_id>/delete")
@requires(Permission.WRITE_QUESTIONS)
def delete_source(slug: str, source_id: str) -> ResponseReturnValue:
    """Take a document off the list."""
    bank, found = _the_source(slug, source_id)
    actions.delete_source(bank=bank, source=found, actor=current_actor(), now=request_now())
    flash(_("The document is off the list. Its questions keep their source line."))
    return redirect(url_for("question_bank.sources", slug=slug))
