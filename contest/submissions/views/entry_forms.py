"""The organiser builds the entry form of a round: templates, fields, order, previews."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import Round, Stage
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.submissions import actions, queries
from contest.submissions.forms import PlainForm
from contest.submissions.forms.entry_forms import FieldForm, HideForm, MoveForm, write_form
from contest.submissions.models import EssayRound, FieldSort
from contest.submissions.queries.hiding import rounds_with_copies, works_showing
from contest.submissions.rules.answers import composed
from contest.submissions.rules.entry_forms import (
    CORE,
    MOST_MEGABYTES,
    SUBJECT,
    TEMPLATES,
    WITH_FILES,
    Field,
    can_be_hidden,
    entry_form,
    template_fields,
)
from contest.submissions.rules.texts import paragraph, write_html
from contest.submissions.views.room import UNPROCESSABLE, blueprint, essay_rounds, managed_round
from contest.submissions.words import form_words, sort_words

_FILES_AT_FIRST = 3


def _round_with_form(slug: str, number: int) -> tuple[Round, EssayRound]:
    """A round that takes works, with its settings; 404 while these were never saved."""
    contest_round = managed_round(slug, number)
    essay = queries.essay_round(contest_round.id)
    if essay is None or not essay.takes_works:
        raise NotFound
    return contest_round, essay


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/form")
@requires(Permission.MANAGE_CONTEST)
def form_builder(slug: str, number: int) -> ResponseReturnValue:
    """The fields of the form, the ready templates, and what can be added."""
    contest_round, essay = _round_with_form(slug, number)
    form = entry_form(essay)
    return render_template(
        "submissions/form_builder.html",
        contest=contest_round.contest,
        round=contest_round,
        rounds=essay_rounds(contest_round.contest),
        entry_form=form,
        in_use=queries.has_works(contest_round.id),
        is_closed=contest_round.stage not in {Stage.PLANNED, Stage.OPEN},
        templates=[(each, template_fields(each)) for each in TEMPLATES],
        sorts=[(sort.value, sort_words(sort)) for sort in FieldSort],
        core=[each for each in CORE if each not in form],
        hidden={row.key: row for row in essay.fields if row.hidden_at is not None},
        **form_words(),
    )


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/form/template")
@requires(Permission.MANAGE_CONTEST)
def take_template(slug: str, number: int) -> ResponseReturnValue:
    """Take a ready template."""
    contest_round, _essay = _round_with_form(slug, number)
    template = request.form.get("template", "")
    if template not in TEMPLATES:
        raise NotFound
    actions.take_template(
        contest_round=contest_round, template=template, actor=current_actor(), now=request_now()
    )
    flash(_("The form is that of the template. Every field can be changed."), "success")
    return redirect(url_for("submissions.form_builder", slug=slug, number=number))


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/form/fields/new", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_CONTEST)
def new_field(slug: str, number: int) -> ResponseReturnValue:
    """Add a field: of a sort, or one of those that the product knows and the form lacks."""
    contest_round, essay = _round_with_form(slug, number)
    blank = _blank_field(request.args.get("sort", ""))
    if blank is None or blank.key in entry_form(essay):
        raise NotFound
    form = FieldForm()
    form.fit(blank)
    if not form.is_submitted():
        form.show(blank)
    if form.validate_on_submit():
        try:
            actions.add_field(
                contest_round=contest_round,
                field=form.field(blank),
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("The field is added at the end."), "success")
            return redirect(url_for("submissions.form_builder", slug=slug, number=number))
    return _field_page(contest_round, blank, form, is_new=True)


def _blank_field(sort: str) -> Field | None:
    """A new field of a sort, or one that the product knows, as it begins."""
    if sort in CORE:
        known = {each.key: each for each in template_fields(TEMPLATES[0])}.get(sort)
        return None if known is None else replace(known, required=sort == SUBJECT)
    if sort not in {each.value for each in FieldSort}:
        return None
    # Whoever is named beside a work may tell who wrote it: shown to judges only when somebody
    # says so.
    made = Field("", FieldSort(sort), "", shown=sort != FieldSort.PERSON)
    if made.sort in WITH_FILES:
        made = replace(made, most=_FILES_AT_FIRST, most_megabytes=MOST_MEGABYTES)
    return made


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/form/fields/<key>", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_CONTEST)
def edit_field(slug: str, number: int, key: str) -> ResponseReturnValue:
    """Change a field."""
    contest_round, essay = _round_with_form(slug, number)
    known = entry_form(essay).get(key)
    if known is None:
        raise NotFound
    form = FieldForm()
    form.fit(known, in_use=queries.has_works(contest_round.id))
    if not form.is_submitted():
        form.show(known)
    if form.validate_on_submit():
        try:
            actions.edit_field(
                contest_round=contest_round,
                key=key,
                field=form.field(known),
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("submissions.form_builder", slug=slug, number=number))
    return _field_page(contest_round, known, form)


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/form/fields/<key>/hide",
    methods=["GET", "POST"],
)
@requires(Permission.MANAGE_CONTEST)
def hide_field(slug: str, number: int, key: str) -> ResponseReturnValue:
    """Hide a field from judges that they were shown by mistake: what comes of it, then why."""
    contest_round, essay = _round_with_form(slug, number)
    field = entry_form(essay).get(key)
    if field is None or not can_be_hidden(field):
        raise NotFound
    form = HideForm()
    if form.validate_on_submit():
        left = actions.hide_field(
            contest_round=contest_round,
            key=key,
            reason=form.reason.data,
            title=_("“%(label)s” is hidden from judges", label=field.label),
            actor=current_actor(),
            now=request_now(),
        )
        flash(
            _("Judges no longer see this field in new works; the others follow within minutes.")
            if left
            else _("Judges no longer see this field."),
            "success",
        )
        return redirect(url_for("submissions.form_builder", slug=slug, number=number))
    rounds = [each.round_id for each in rounds_with_copies(contest_round)]
    page = render_template(
        "submissions/form_hide.html",
        contest=contest_round.contest,
        round=contest_round,
        entry_field=field,
        works=len(works_showing(rounds, [key])),
        form=form,
    )
    return page, UNPROCESSABLE if form.errors else 200


def _field_page(
    contest_round: Round, field: Field, form: FieldForm, *, is_new: bool = False
) -> ResponseReturnValue:
    in_use = queries.has_works(contest_round.id)
    page = render_template(
        "submissions/form_field.html",
        contest=contest_round.contest,
        round=contest_round,
        form=form,
        entry_field=field,
        sort=sort_words(field.sort),
        is_new=is_new,
        in_use=in_use,
        may_hide=in_use and not is_new and can_be_hidden(field),
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/form/fields/<key>/move")
@requires(Permission.MANAGE_CONTEST)
def move_field(slug: str, number: int, key: str) -> ResponseReturnValue:
    """Move a field one place up or down."""
    contest_round, _essay = _round_with_form(slug, number)
    form = MoveForm()
    if form.validate():
        actions.move_field(
            contest_round=contest_round,
            key=key,
            by=-1 if form.by.data == "up" else 1,
            actor=current_actor(),
            now=request_now(),
        )
    return redirect(
        url_for("submissions.form_builder", slug=slug, number=number, _anchor=f"field-{key}")
    )


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/form/fields/<key>/remove")
@requires(Permission.MANAGE_CONTEST)
def remove_field(slug: str, number: int, key: str) -> ResponseReturnValue:
    """Take a field out of the form."""
    contest_round, _essay = _round_with_form(slug, number)
    if PlainForm().validate():
        actions.remove_field(
            contest_round=contest_round, key=key, actor=current_actor(), now=request_now()
        )
        flash(_("The field is taken out."), "success")
    return redirect(url_for("submissions.form_builder", slug=slug, number=number))


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/form/preview")
@requires(Permission.MANAGE_CONTEST)
def preview_form(slug: str, number: int) -> ResponseReturnValue:
    """The form as those who enter see it, and what judges will be shown of it."""
    contest_round, essay = _round_with_form(slug, number)
    form = entry_form(essay)
    return render_template(
        "submissions/form_preview.html",
        contest=contest_round.contest,
        round=contest_round,
        essay=essay,
        entry_form=form,
        form=write_form(form, formdata=None),
        judges=_as_judges_see(essay),
        hidden=[each for each in form.fields if not each.shown],
        **form_words(),
    )


def _as_judges_see(essay: EssayRound) -> str:
    """What a judge's page is like, with words in place of what people will write."""
    form = entry_form(essay)
    answers = {each.key: _example(each) for each in form.further}
    words = [paragraph(_("Here stands what was written."))]
    return write_html(composed(form, words, answers, []))


def _example(field: Field) -> str:
    examples = {FieldSort.NUMBER: "1800", FieldSort.DATE: "2026-11-23"}
    if field.sort is FieldSort.CHOICE:
        return field.options[0]
    if field.sort is FieldSort.PERSON:
        return _("Full name") + "\n" + _("Unit or place")
    return examples.get(field.sort, _("Here stands what was written."))
