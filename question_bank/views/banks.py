"""Banks: the list, opening one, its settings, its topics."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from question_bank import actions, queries
from question_bank.forms import BankForm, TopicForm
from question_bank.models import Bank, Topic
from question_bank.topic_uses import topic_uses
from question_bank.views.base import blueprint, page, the_bank


@blueprint.get("/")
@requires(Permission.SEE_BANK)
def bank_list() -> ResponseReturnValue:
    """Every bank that the actor may see."""
    return page("bank_list.html", banks=queries.banks_for(current_actor()))


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_BANK)
def new_bank() -> ResponseReturnValue:
    """Open a bank for one of the actor's units."""
    actor = current_actor()
    units = queries.units_for_banks(actor)
    form = BankForm().for_units(units)
    if form.validate_on_submit():
        scope = queries.unit_scope(actor, form.unit_id.data)
        if scope is None:
            raise NotFound
        bank = actions.create_bank(
            name=form.name.data or "",
            unit_id=form.unit_id.data,
            unit_scope=scope,
            two_person_review=form.two_person_review.data,
            actor=actor,
            now=request_now(),
        )
        flash(_("The bank is open. Import questions or write the first one."))
        return redirect(url_for("question_bank.bank", slug=bank.slug))
    return page("bank_form.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/<slug>/settings", methods=["GET", "POST"])
@requires(Permission.MANAGE_BANK)
def bank_settings(slug: str) -> ResponseReturnValue:
    """Change a bank's name and its way of reviewing."""
    bank = the_bank(slug, Permission.MANAGE_BANK)
    form = BankForm(obj=bank).for_units([])
    if form.validate_on_submit():
        actions.change_bank(
            bank=bank,
            name=form.name.data or "",
            two_person_review=form.two_person_review.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Saved."))
        return redirect(url_for("question_bank.bank", slug=bank.slug))
    return page("bank_form.html", bank, form=form), 422 if form.is_submitted() else 200


@blueprint.route("/<slug>/topics", methods=["GET", "POST"])
@requires(Permission.SEE_BANK)
def topic_tree(slug: str) -> ResponseReturnValue:
    """The topics of a bank as a tree; adding one."""
    bank = the_bank(slug)
    topics = queries.topics(bank.id)
    form = TopicForm().for_topics([(node.id, node.path) for node in topics])
    if request.method == "POST":
        bank = the_bank(slug, Permission.WRITE_QUESTIONS)
        if form.validate_on_submit() and _add_topic(bank, form):
            flash(_("The topic is added."))
            return redirect(url_for("question_bank.topic_tree", slug=slug))
    status = 422 if form.is_submitted() else 200
    return page("topics.html", bank, form=form, topics=topics), status


def _add_topic(bank: Bank, form: TopicForm) -> bool:
    try:
        actions.create_topic(
            bank=bank,
            name=form.name.data or "",
            parent_id=form.parent,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refusal:
        form.name.errors = [refusal.words]
        return False
    return True


@blueprint.route("/<slug>/topics/<topic_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_QUESTIONS)
def topic(slug: str, topic_id: str) -> ResponseReturnValue:
    """Rename or move a topic."""
    bank, found = _the_topic(slug, topic_id)
    branch = queries.branch_of(bank.id, found.id)
    others = [choice for choice in queries.topic_choices(bank.id) if choice[0] not in branch]
    form = TopicForm(data={"name": found.name, "parent_id": found.parent_id or 0})
    form.for_topics(others)
    if form.validate_on_submit() and _change_topic(bank, found, form):
        flash(_("Saved."))
        return redirect(url_for("question_bank.topic_tree", slug=slug))
    status = 422 if form.is_submitted() else 200
    used = queries.topic_is_used(found.id)
    return page("topic.html", bank, form=form, topic=found, others=others, used=used), status


def _the_topic(slug: str, topic_id: str) -> tuple[Bank, Topic]:
    bank = the_bank(slug, Permission.WRITE_QUESTIONS)
    found = queries.topic_named_in_address(bank.id, topic_id)
    if found is None:
        raise NotFound
    return bank, found


def _change_topic(bank: Bank, found: Topic, form: TopicForm) -> bool:
    try:
        actions.change_topic(
            bank=bank,
            topic=found,
            name=form.name.data or "",
            parent_id=form.parent,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refusal:
        form.name.errors = [refusal.words]
        return False
    return True


@blueprint.route("/<slug>/topics/<topic_id>/merge", methods=["GET", "POST"])
@requires(Permission.WRITE_QUESTIONS)
def merge_topic(slug: str, topic_id: str) -> ResponseReturnValue:
    """What merging a topic into another one moves; then move it and delete the topic."""
    bank, found = _the_topic(slug, topic_id)
    into = queries.topic_in(bank.id, request.values.get("into", 0, type=int))
    if into is None:
        raise NotFound
    if request.method == "POST":
        actions.merge_topic(
            bank=bank, topic=found, into=into, actor=current_actor(), now=request_now()
        )
        flash(_("The questions moved to “%(topic)s”.", topic=into.name))
        return redirect(url_for("question_bank.topic_tree", slug=slug))
    papers = [title for use in topic_uses() for title in use.papers([found.id])]
    effect = queries.merge_effect(bank.id, found, into)
    return page("topic_merge.html", bank, topic=found, into=into, effect=effect, papers=papers)


@blueprint.post("/<slug>/topics/<topic_id>/delete")
@requires(Permission.WRITE_QUESTIONS)
def delete_topic(slug: str, topic_id: str) -> ResponseReturnValue:
    """Delete an empty topic."""
    bank, found = _the_topic(slug, topic_id)
    actions.delete_topic(bank=bank, topic=found, actor=current_actor(), now=request_now())
    flash(_("The topic is deleted."))
    return redirect(url_for("question_bank.topic_tree", slug=slug))
