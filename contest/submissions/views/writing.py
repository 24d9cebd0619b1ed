"""Writing: my essays, the editor, versions, co-authors."""

from collections.abc import Sequence

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from contest.contests.models import Registration
from contest.contests.queries import registration_of
from contest.core.access import current_actor, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import format_time
from contest.core.i18n import gettext as _
from contest.core.web import wants_json
from contest.submissions import actions, queries
from contest.submissions.actions import Draft, Saved
from contest.submissions.forms import CoauthorsForm, DocumentForm, PictureForm, PlainForm, WriteForm
from contest.submissions.forms.entry_forms import answers_in, show_answers, write_form
from contest.submissions.models import Work, WorkState, WorkVersion
from contest.submissions.rules.answers import main_html, text_of_all, words_of_all
from contest.submissions.rules.differences import differences
from contest.submissions.rules.entry_forms import EntryForm, entry_form
from contest.submissions.rules.limits import (
    deadline,
    is_writable,
    writing_phase,
)
from contest.submissions.rules.refusals import EditedElsewhere
from contest.submissions.rules.texts import (
    Block,
    read_html,
    read_plain,
    words_of,
    write_html,
    write_plain,
    write_text,
)
from contest.submissions.views.room import (
    UNPROCESSABLE,
    blueprint,
    missing_of,
    own_work,
    settings_of,
    shown_html,
)


@blueprint.get("/contests/<slug>/rounds/<int:number>/essays")
@signed_in
def my_works(slug: str, number: int) -> ResponseReturnValue:
    """The call, the limits, and my essays in this round."""
    contest_round = queries.announced_round(slug, number)
    if contest_round is None:
        raise NotFound
    essay = queries.essay_round(contest_round.id)
    if essay is None:
        raise NotFound
    now, person_id = request_now(), current_actor().person_id
    works = queries.works_of(person_id, contest_round.id)
    screenings = queries.screenings_of([work.id for work in works])
    live = [
        work
        for work in works
        if work.state is not WorkState.WITHDRAWN and work.person_id == person_id
    ]
    return render_template(
        "submissions/my_works.html",
        contest=contest_round.contest,
        round=contest_round,
        essay=essay,
        works=[(work, screenings.get(work.id)) for work in works],
        registration=_registration(contest_round.contest_id),
        phase=writing_phase(essay, contest_round, now),
        deadline=deadline(essay, contest_round),
        may_begin=len(live) < essay.entries_per_author,
        form=PlainForm(),
    )


def _registration(contest_id: int) -> Registration | None:
    found = registration_of(contest_id, current_actor().person_id)
    return None if found is None or found.withdrawn_at is not None else found


@blueprint.post("/contests/<slug>/rounds/<int:number>/essays")
@signed_in
def begin(slug: str, number: int) -> ResponseReturnValue:
    """Begin an essay."""
    contest_round = queries.announced_round(slug, number)
    if contest_round is None:
        raise NotFound
    registration = _registration(contest_round.contest_id)
    if registration is None:
        flash(_("Please register and agree to take part first."))
        return redirect(url_for("contests.register", slug=slug))
    work = actions.create_work(
        contest_round=contest_round,
        registration=registration,
        actor=current_actor(),
        now=request_now(),
    )
    return redirect(url_for("submissions.write", public_id=work.public_id))


def _file_ids(work: Work) -> list[str]:
    return [file.public_id for file in queries.pictures_of(work)]


def _typed(form: WriteForm, work: Work, asked: EntryForm) -> Draft:
    """What was typed: the editor's HTML, or the textarea's plain text where there is no script.

    A textarea that nobody changed keeps headings and bold letters of the text before.
    """
    file_ids = _file_ids(work)
    if form.body_html.data:
        blocks = read_html(form.body_html.data, file_ids)
    else:
        present = read_html(main_html(work.version), file_ids) if work.version else []
        plain = (form.body.data or "").replace("\r\n", "\n").strip()
        unchanged = plain == write_plain(present, file_ids).strip()
        blocks = present if unchanged else read_plain(plain, file_ids)
    return Draft(
        title=form.title.data,
        blocks=blocks,
        subject_name=form.subject_name.data,
        subject_unit=form.subject_unit.data,
        subject_reason=form.subject_reason.data,
        answers=answers_in(form, asked),
    )


@blueprint.route("/essays/<public_id>", methods=["GET", "POST"])
@signed_in
def write(public_id: str) -> ResponseReturnValue:
    """The editor. Its script saves here too, and is answered in JSON."""
    work = own_work(public_id)
    asked = entry_form(settings_of(work.round))
    form = write_form(asked)
    if not form.is_submitted():
        form.show(work, work.version)
        show_answers(form, asked, work.version)
        return _editor(work, form)
    if not form.validate():
        if wants_json():
            return _invalid_json(form)
        return _editor(work, form, status=UNPROCESSABLE)
    draft = _typed(form, work, asked)
    try:
        saved = _save(work, form, draft)
    except RuleBroken as refused:
        if wants_json():
            return _refused_json(work, refused)
        form.form_errors.append(refused.words)
        return _editor(work, form, draft, status=refused.status, refused=refused)
    if wants_json():
        return _saved_json(saved)
    flash(_("Saved at %(time)s.", time=format_time(saved.version.saved_at)), "success")
    target = "submissions.preview" if request.form.get("go") == "preview" else "submissions.write"
    return redirect(url_for(target, public_id=public_id))


def _save(work: Work, form: WriteForm, draft: Draft) -> Saved:
    edit = form.edit.data or ""
    return actions.save_draft(
        work=work,
        draft=draft,
        edit=int(edit) if edit.isdecimal() and len(edit) < 9 else -1,  # noqa: PLR2004
        is_autosave=bool(request.form.get("autosave")),
        key=form.key.data or "",
        own_keys=(form.own_keys.data or "").split(),
        actor=current_actor(),
        now=request_now(),
    )


def _saved_json(saved: Saved) -> ResponseReturnValue:
    return jsonify(
        edit=saved.edit,
        saved=format_time(request_now()),
        words=saved.version.word_count,
        number=saved.version.number,
    )


def _invalid_json(form: WriteForm) -> ResponseReturnValue:
    """The first fault, in words; the page keeps what was typed and tries again when it changes."""
    faults = [str(error) for errors in form.errors.values() for error in errors]
    return jsonify(error="invalid", message=faults[0]), UNPROCESSABLE


def _refused_json(work: Work, refused: RuleBroken) -> ResponseReturnValue:
    code = "edited_elsewhere" if isinstance(refused, EditedElsewhere) else "refused"
    compare = url_for("submissions.versions", public_id=work.public_id)
    return jsonify(error=code, message=refused.words, compare=compare), refused.status


def _editor(
    work: Work,
    form: WriteForm,
    draft: Draft | None = None,
    *,
    status: int = 200,
    refused: RuleBroken | None = None,
) -> ResponseReturnValue:
    """The page; after a refusal with what was typed, and beside it what is stored."""
    essay, now, version = settings_of(work.round), request_now(), work.version
    file_ids = _file_ids(work)
    asked = entry_form(essay)
    stored = read_html(main_html(version), file_ids) if version else []
    blocks = list(draft.blocks) if draft is not None else stored
    if draft is None and form.is_submitted():
        blocks = list(_typed(form, work, asked).blocks)
    elsewhere = isinstance(refused, EditedElsewhere)
    if elsewhere:
        # Saving again is then a decision of the person who has seen both texts.
        form.edit.raw_data, form.edit.data = None, str(work.edit)
    page = render_template(
        "submissions/write.html",
        work=work,
        contest=work.round.contest,
        round=work.round,
        essay=essay,
        form=form,
        entry_form=asked,
        attached={each.key: queries.files_of_field(work, each.key) for each in asked.attached},
        plain=write_plain(blocks, file_ids),
        html=_editor_html(work, blocks),
        words_typed=words_of(blocks),
        version=version,
        save_keys=queries.save_keys(work.id),
        unsaved=form.is_submitted(),
        pictures=queries.pictures_of(work),
        documents=queries.documents_of(work),
        picture_form=PictureForm(formdata=None),
        document_form=DocumentForm(formdata=None, edit=str(work.edit)),
        missing=missing_of(work) if version is not None and not form.is_submitted() else [],
        writable=is_writable(essay, work, queries.outcome_of(work), now),
        screening=queries.screening_of(work.id),
        changes=differences(words_of_all(asked, version), _words_typed(asked, draft))
        if elsewhere and version and draft is not None
        else None,
        is_first_author=work.person_id == current_actor().person_id,
    )
    return page, status


def _words_typed(asked: EntryForm, draft: Draft) -> str:
    return text_of_all(
        asked,
        title=draft.title,
        text=write_text(draft.blocks),
        subject=(draft.subject_name, draft.subject_unit, draft.subject_reason),
        answers=draft.answers,
    )


def _editor_html(work: Work, blocks: Sequence[Block]) -> Markup:
    """The text for the editor, with pictures at the author's addresses."""
    return shown_html(work, write_html(blocks), "submissions.file")


@blueprint.get("/essays/<public_id>/versions")
@signed_in
def versions(public_id: str) -> ResponseReturnValue:
    """Every version that was kept, and what changed between two."""
    work = own_work(public_id)
    known = queries.versions_of(work.id)
    by_number = {version.number: version for version in known}
    newer = by_number.get(request.args.get("new", 0, type=int)) or (known[0] if known else None)
    older = by_number.get(request.args.get("old", 0, type=int)) or _before(known, newer)
    asked = entry_form(settings_of(work.round))
    before = words_of_all(asked, older) if older else ""
    changes = differences(before, words_of_all(asked, newer)) if newer else []
    return render_template(
        "submissions/versions.html",
        work=work,
        versions=known,
        newer=newer,
        older=older,
        changes=changes,
        form=PlainForm(edit=str(work.edit)),
    )


def _before(known: list[WorkVersion], newer: WorkVersion | None) -> WorkVersion | None:
    older = [version for version in known if newer is not None and version.number < newer.number]
    return older[0] if older else None


@blueprint.post("/essays/<public_id>/versions/<int:number>")
@signed_in
def restore(public_id: str, number: int) -> ResponseReturnValue:
    """Go on from an older version."""
    work = own_work(public_id)
    version = queries.version_of(work.id, number)
    if version is None:
        raise NotFound
    edit = request.form.get("edit", "")
    actions.restore_version(
        work=work,
        version=version,
        edit=int(edit) if edit.isdecimal() and len(edit) < 9 else -1,  # noqa: PLR2004
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Version %(number)s is the newest again; nothing was lost.", number=number), "success")
    return redirect(url_for("submissions.write", public_id=public_id))


@blueprint.route("/essays/<public_id>/authors", methods=["GET", "POST"])
@signed_in
def authors(public_id: str) -> ResponseReturnValue:
    """Who wrote together."""
    work = own_work(public_id)
    if not settings_of(work.round).coauthors_allowed or (
        work.person_id != current_actor().person_id
    ):
        raise NotFound
    form = CoauthorsForm()
    if not form.is_submitted():
        form.show(work)
    status = UNPROCESSABLE if form.is_submitted() and not form.validate() else 200
    if form.is_submitted() and not form.errors:
        try:
            actions.set_coauthors(
                work=work,
                coauthors=form.coauthors(),
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
            status = refused.status
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("submissions.write", public_id=public_id))
    page = render_template(
        "submissions/authors.html", work=work, form=form, contest=work.round.contest
    )
    return page, status
