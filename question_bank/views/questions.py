"""Questions: the bank's page with its search, one question, the editor, review steps."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from question_bank import actions, queries
from question_bank.beside import bank_pages
from question_bank.exports import EXPORTS
from question_bank.forms import FilterForm, QuestionForm, SaveFilterForm, StepForm
from question_bank.kinds import KINDS, kind_of
from question_bank.models import Bank, Question, QuestionRevision, Topic
from question_bank.rules import (
    STEP_PERMISSION,
    ExternalIdTaken,
    QuestionChanged,
    compare_revisions,
    steps_open_to,
    topic_path,
)
from question_bank.uses import history_of
from question_bank.views.base import blueprint, page, the_bank, the_question
from question_bank.views.media import form_media, submitted


@blueprint.get("/<slug>")
@requires(Permission.SEE_BANK)
def bank(slug: str) -> ResponseReturnValue:
    """The questions of a bank: search, narrow, sort, page."""
    found = the_bank(slug)
    topics = queries.topic_choices(found.id)
    form = FilterForm(request.args).for_bank(
        topics,
        queries.tag_names(found.id),
        queries.source_choices(found.id),
        queries.authors(found.id),
    )
    wanted, questions = queries.searched_page(
        found.id,
        form.wanted(request.args),
        today=request_day(),
        page=page_number(request.args.get("page")),
    )
    return page(
        "bank.html",
        found,
        form=form,
        wanted=wanted,
        questions=questions,
        counts=queries.state_counts(found.id),
        kinds=KINDS,
        waiting_import=queries.waiting_import(found.id),
        exports=EXPORTS,
        filters=queries.saved_filters(found.id, current_actor().person_id),
        filter_form=SaveFilterForm(formdata=None),
        bank_pages=bank_pages(),
    )


@blueprint.route("/<slug>/questions/new", methods=["GET", "POST"])
@requires(Permission.WRITE_QUESTIONS)
def new_question(slug: str) -> ResponseReturnValue:
    """Write a question of one kind."""
    found = the_bank(slug, Permission.WRITE_QUESTIONS)
    kind = request.args.get("kind", "single")
    if kind not in KINDS:
        raise NotFound
    form = QuestionForm.open(kind, queries.topic_choices(found.id))
    if submitted(found, form):
        question = _save(found, form, None)
        if question is not None:
            flash(_("The question is saved as a draft."))
            return redirect(address_of(found, question))
    status = 422 if form.is_submitted() else 200
    return page(
        "question_form.html",
        found,
        form=form,
        question=None,
        kinds=KINDS,
        media=form_media(found, form),
    ), status


@blueprint.route("/<slug>/questions/<question_id>/edit", methods=["GET", "POST"])
@requires(Permission.WRITE_QUESTIONS)
def edit_question(slug: str, question_id: str) -> ResponseReturnValue:
    """Write a new revision of a question."""
    found = the_bank(slug, Permission.WRITE_QUESTIONS)
    question = the_question(found, question_id)
    tags = queries.tags_of([question.id]).get(question.id, ())
    form = QuestionForm.open(question.kind, queries.topic_choices(found.id), question, tags)
    if submitted(found, form) and _save(found, form, question) is not None:
        flash(_("Saved."))
        return redirect(address_of(found, question))
    status = 422 if form.is_submitted() else 200
    return page(
        "question_form.html",
        found,
        form=form,
        question=question,
        kinds=KINDS,
        media=form_media(found, form),
    ), status


def _save(found: Bank, form: QuestionForm, question: Question | None) -> Question | None:
    """Create or revise; a refusal is shown at its field and nothing is saved."""
    actor, now = current_actor(), request_now()
    path = topic_path(form.new_topic.data or "")
    topic: Topic | None = actions.ensure_topic(bank=found, path=path)
    content = form.content(topic)
    try:
        if question is None:
            return actions.create_question(bank=found, content=content, actor=actor, now=now)
        actions.revise_question(
            bank=found,
            question=question,
            content=content,
            expected_number=form.expected_number,
            actor=actor,
            now=now,
        )
    except ExternalIdTaken as refusal:
        form.external_id.errors = [refusal.words]
        return None
    except QuestionChanged as refusal:
        form.stem.errors = [refusal.words]
        return None
    return question


def address_of(found: Bank, question: Question) -> str:
    """Return the address of a question's page."""
    return url_for("question_bank.question", slug=found.slug, question_id=question.public_id)


@blueprint.get("/<slug>/questions/<question_id>")
@requires(Permission.SEE_BANK)
def question(slug: str, question_id: str) -> ResponseReturnValue:
    """One question: what it says, where it stands, its history and what changed."""
    found = the_bank(slug)
    shown = the_question(found, question_id)
    actor = current_actor()
    history = queries.history(shown.id)
    current = history[0].revision
    older = _older(history, request.args.get("with", 0, type=int))
    kind = kind_of(current.kind)
    steps = steps_open_to(actions.standing_of(found, shown), actor.person_id)
    return page(
        "question.html",
        found,
        question=shown,
        revision=current,
        kind=kind,
        body=kind.parse(current.body),
        media=queries.media_named(found.id, current.stem, current.body, current.explanation),
        history=history,
        past=history_of(shown.id),
        older=older,
        changes=None if older is None else compare_revisions(older, current),
        steps=[step for step in steps if STEP_PERMISSION[step] in queries.rights_on(actor, found)],
        step_form=StepForm(),
        comments=queries.comments(shown.id),
        names=queries.person_names(
            [shown.created_by_id, shown.checked_by_id, shown.approved_by_id]
        ),
        tags=queries.tags_of([shown.id]).get(shown.id, ()),
        topic_path=dict(queries.topic_choices(found.id)).get(shown.topic_id or 0, ""),
        twins=queries.twins(found.id, shown.stem_digest, shown.id),
        banks=queries.banks_for(actor, Permission.WRITE_QUESTIONS),
    )


def _older(history: list[queries.RevisionLine], number: int) -> QuestionRevision | None:
    for line in history[1:]:
        if line.revision.number == number:
            return line.revision
    return history[1].revision if len(history) > 1 else None


@blueprint.post("/<slug>/questions/<question_id>/copy")
@requires(Permission.WRITE_QUESTIONS)
def copy_question(slug: str, question_id: str) -> ResponseReturnValue:
    """Copy a question as a draft into this bank or another one of the actor's."""
    found = the_bank(slug)
    question = the_question(found, question_id)
    target = the_bank(request.form.get("bank") or slug, Permission.WRITE_QUESTIONS)
    copied = actions.copy_question(
        bank=target, question=question, actor=current_actor(), now=request_now()
    )
    flash(_("This is the copy. Change what differs."))
    return redirect(
        url_for("question_bank.edit_question", slug=target.slug, question_id=copied.public_id)
    )
