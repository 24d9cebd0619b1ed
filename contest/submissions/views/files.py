"""Pictures and documents: added, described, taken away, fetched."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.files import download, read_file
from contest.core.forms import BaseForm
from contest.core.i18n import format_count, ngettext
from contest.core.i18n import gettext as _
from contest.submissions import actions, queries
from contest.submissions.blind_access import may_read_blind
from contest.submissions.forms import CaptionForm, DocumentForm, PictureForm, PlainForm
from contest.submissions.forms.entry_forms import FieldFileForm
from contest.submissions.models import Work, WorkFile, WorkFileKind
from contest.submissions.views.room import blueprint, managed_round, own_work


def _back(work: Work, anchor: str) -> ResponseReturnValue:
    address = url_for("submissions.write", public_id=work.public_id, _anchor=anchor)
    return redirect(address)


def _say_errors(form: BaseForm) -> None:
    for errors in form.errors.values():
        flash(str(errors[0]), "error")


@blueprint.post("/essays/<public_id>/pictures")
@signed_in
def add_picture(public_id: str) -> ResponseReturnValue:
    """Add a picture; a refusal is said on the page of the essay, where nothing is lost."""
    work = own_work(public_id)
    form = PictureForm()
    if not form.validate():
        _say_errors(form)
        return _back(work, "pictures")
    try:
        actions.add_picture(
            work=work,
            content=form.picture.data.read(),
            caption=form.caption.data,
            alternative_text=form.alternative_text.data,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        flash(refused.words, "error")
    else:
        flash(_("The picture is added, without the data of the camera."), "success")
    return _back(work, "pictures")


@blueprint.post("/essays/<public_id>/document")
@signed_in
def add_document(public_id: str) -> ResponseReturnValue:
    """Read a document into the editor."""
    work = own_work(public_id)
    form = DocumentForm()
    if not form.validate():
        _say_errors(form)
        return _back(work, "document")
    edit = form.edit.data or ""
    try:
        read, saved = actions.add_document(
            work=work,
            content=form.document.data.read(),
            name=form.document.data.filename or "",
            edit=int(edit) if edit.isdecimal() and len(edit) < 9 else -1,  # noqa: PLR2004
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        flash(refused.words, "error")
        raise_if_half_done(refused)
        return _back(work, "document")
    words = saved.version.word_count
    said = ngettext(
        "%(count)s word was read.", "%(count)s words were read.", words, count=format_count(words)
    )
    flash(said, "success")
    if read.document.left_out:
        lines = " · ".join(read.document.left_out)
        flash(_("Left out, because judges must not see it: %(lines)s", lines=lines), "info")
    if read.further_pictures:
        flash(
            ngettext(
                "The document holds %(num)s picture more than the rules allow; it stayed out.",
                "The document holds %(num)s pictures more than the rules allow; they stayed out.",
                read.further_pictures,
            ),
            "info",
        )
    if read.lost_pictures:
        flash(_("Some pictures could not be read. Please add them one by one."), "error")
    return _back(work, "document")


def raise_if_half_done(refused: RuleBroken) -> None:
    """A refusal after the first change must undo it: the request ends as an error."""
    if refused.status == 409:  # noqa: PLR2004
        raise refused


def _own_file(work: Work, file_id: str) -> WorkFile:
    found = next((file for file in queries.live_files(work) if file.public_id == file_id), None)
    if found is None:
        raise NotFound
    return found


@blueprint.post("/essays/<public_id>/fields/<key>/files")
@signed_in
def add_field_file(public_id: str, key: str) -> ResponseReturnValue:
    """Add a file to a field of the form; a refusal is said on the page, where nothing is lost."""
    work = own_work(public_id)
    form = FieldFileForm()
    if not form.validate():
        _say_errors(form)
        return _back(work, f"field-{key}")
    try:
        actions.add_field_file(
            work=work,
            key=key,
            content=form.file.data.read(),
            name=form.file.data.filename or "",
            caption=form.caption.data,
            alternative_text=form.alternative_text.data,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        flash(refused.words, "error")
    else:
        flash(_("The file is added."), "success")
    return _back(work, f"field-{key}")


@blueprint.post("/essays/<public_id>/files/<file_id>")
@signed_in
def describe_file(public_id: str, file_id: str) -> ResponseReturnValue:
    """The words of a picture."""
    work = own_work(public_id)
    form = CaptionForm()
    if not form.validate():
        _say_errors(form)
        return _back(work, "pictures")
    actions.describe_file(
        work=work,
        file=_own_file(work, file_id),
        caption=form.caption.data,
        alternative_text=form.alternative_text.data,
        now=request_now(),
    )
    flash(_("Saved."), "success")
    return _back(work, "pictures")


@blueprint.post("/essays/<public_id>/files/<file_id>/remove")
@signed_in
def remove_file(public_id: str, file_id: str) -> ResponseReturnValue:
    """Take a file away."""
    work = own_work(public_id)
    if PlainForm().validate():
        found = _own_file(work, file_id)
        actions.remove_file(work=work, file=found, actor=current_actor(), now=request_now())
        flash(_("The file is taken away."), "success")
        if found.field_key:
            return _back(work, f"field-{found.field_key}")
    return _back(work, "pictures")


def _answer(file: WorkFile) -> ResponseReturnValue:
    """A picture as drawn anew; a document as handed in, to be saved."""
    is_picture = file.kind is WorkFileKind.PICTURE and file.clean_id is not None
    stored_id = file.clean_id if is_picture else file.original_id
    assert stored_id is not None  # noqa: S101  (one of the two is)
    name = file.public_id if is_picture else file.original.original_name
    return download(read_file(stored_id), name=name, media_type=file.media_type)


@blueprint.get("/essays/files/<file_id>")
@signed_in
def file(file_id: str) -> ResponseReturnValue:
    """A file of one's own work."""
    found = queries.own_file(current_actor().person_id, file_id)
    if found is None:
        raise NotFound
    return _answer(found)


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/screening/files/<file_id>")
@requires(Permission.MANAGE_REGISTRATIONS)
def screening_file(slug: str, number: int, file_id: str) -> ResponseReturnValue:
    """A file of a work, for the secretary."""
    contest_round = managed_round(slug, number, Permission.MANAGE_REGISTRATIONS)
    found = queries.file_in_round(contest_round.id, file_id)
    if found is None:
        raise NotFound
    return _answer(found)


@blueprint.get("/blind/<file_id>")
@requires(Permission.MARK)
def blind_file(file_id: str) -> ResponseReturnValue:
    """A picture for a judge who holds a sheet for its work: no name, nothing of the camera."""
    found = queries.blind_file(file_id)
    if found is None or not may_read_blind(actor=current_actor(), work_id=found.work_id):
        raise NotFound
    assert found.clean_id is not None  # noqa: S101  (the query asks for it)
    suffix = found.media_type.rpartition("/")[2]
    return download(
        read_file(found.clean_id), name=f"picture.{suffix}", media_type=found.media_type
    )
