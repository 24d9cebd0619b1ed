"""Lists of commendations from spreadsheets: upload, preview with errors at the cell, taking."""

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.awards.actions.commendation_files import (
    REGISTER,
    stage_commendations,
    take_commendations,
)
from contest.awards.actions.registers import discard_import
from contest.awards.forms.commendations import (
    LIST_BYTES,
    CommendationFileForm,
    form_of,
    level_of,
)
from contest.awards.models import RegisterImport
from contest.awards.queries.commendations import kept_import
from contest.awards.refusals import RowsRefused
from contest.awards.rules.commendation_sheets import SHOWN
from contest.awards.views.base import blueprint
from contest.awards.views.commendations import INVALID, kept_unit
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.spreadsheets import UnreadableFile
from contest.core.vietnamese import nfc

_BASE: Final = "/organise/commendations/files"


def read_upload(form: CommendationFileForm) -> tuple[bytes, str]:
    """The bytes and the name of the file a form brought.

    Raises:
        UnreadableFile: it is too large.
    """
    content = form.file.data.read(LIST_BYTES + 1)
    if len(content) > LIST_BYTES:
        raise UnreadableFile("too_large", _("The file is larger than 3 MB. Split it."))
    return content, nfc(form.file.data.filename)


@blueprint.route(f"{_BASE}/new/<unit_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTERS)
def new_commendation_file(unit_id: str) -> ResponseReturnValue:
    """Bring a list; nothing stands in the register before the preview was seen."""
    unit = kept_unit(unit_id)
    form = CommendationFileForm()
    if form.validate_on_submit():
        try:
            content, name = read_upload(form)
            staged = stage_commendations(
                register_unit=unit,
                content=content,
                file_name=name,
                level=level_of(form.level.data),
                form=form_of(form.form.data),
                actor=current_actor(),
                now=request_now(),
            )
        except UnreadableFile as unreadable:
            form.file.errors = [unreadable.words]
        else:
            return redirect(url_for("awards.commendation_file", file_id=staged.public_id))
    page = render_template("awards/commendation_file_new.html", form=form, unit=unit)
    return page, INVALID if form.errors else 200


def _staged(file_id: str) -> RegisterImport:
    found = kept_import(current_actor(), REGISTER, file_id)
    if found is None:
        raise NotFound
    return found


@blueprint.get(f"{_BASE}/<file_id>")
@requires(Permission.MANAGE_REGISTERS)
def commendation_file(file_id: str) -> ResponseReturnValue:
    """The preview: rows, what is wrong at which cell; or what taking did."""
    staged = _staged(file_id)
    columns = [name for name in SHOWN if any(row["typed"].get(name) for row in staged.rows)]
    return render_template("awards/commendation_file.html", staged=staged, columns=columns)


@blueprint.post(f"{_BASE}/<file_id>/take")
@requires(Permission.MANAGE_REGISTERS)
def take_commendation_file(file_id: str) -> ResponseReturnValue:
    """Enter all rows, or none."""
    staged = _staged(file_id)
    try:
        count = take_commendations(staged=staged, actor=current_actor(), now=request_now())
    except RowsRefused as refused:
        flash(refused.words, "error")
        page = render_template("awards/commendation_file.html", staged=staged, columns=list(SHOWN))
        return page, refused.status
    words = ngettext("%(num)s row stands in the register.", "%(num)s rows stand in the register.",
                     count)  # fmt: skip
    flash(words, "success")
    return redirect(url_for("awards.commendations"))


@blueprint.post(f"{_BASE}/<file_id>/discard")
@requires(Permission.MANAGE_REGISTERS)
def discard_commendation_file(file_id: str) -> ResponseReturnValue:
    """Throw the list away."""
    discard_import(staged=_staged(file_id), actor=current_actor(), now=request_now())
    flash(_("Thrown away. Nothing of it stands in the register."), "success")
    return redirect(url_for("awards.commendations"))
