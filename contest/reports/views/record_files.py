"""Lists of older contests, models and projects: upload, preview, taking."""

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.awards.actions.registers import discard_import
from contest.awards.models import RegisterImport
from contest.awards.queries.commendations import kept_import
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.spreadsheets import UnreadableFile
from contest.core.vietnamese import nfc
from contest.reports.actions.records import CONTESTS, stage_records, take_records
from contest.reports.forms import RecordFileForm
from contest.reports.rules.record_sheets import CONTEST_SHOWN, PROJECT_SHOWN
from contest.reports.views.base import blueprint
from contest.reports.views.records import INVALID, kept_unit

_BASE: Final = "/organise/reports/files/<any(contests, projects):register>"
_MOST_BYTES: Final = 3_000_000


def _list(register: str) -> str:
    return url_for("reports.contest_records" if register == CONTESTS else "reports.projects")


def _content(form: RecordFileForm) -> bytes:
    content: bytes = form.file.data.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise UnreadableFile("too_large", _("The file is larger than 3 MB. Split it."))
    return content


@blueprint.route(f"{_BASE}/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTERS)
def new_record_file(register: str) -> ResponseReturnValue:
    """Bring a list; nothing stands in the register before the preview was seen."""
    form = RecordFileForm(current_actor())
    if form.validate_on_submit():
        try:
            staged = stage_records(
                register=register,
                unit=kept_unit(form.unit.data),
                content=_content(form),
                file_name=nfc(form.file.data.filename),
                actor=current_actor(),
                now=request_now(),
            )
        except UnreadableFile as unreadable:
            form.file.errors = [unreadable.words]
        else:
            return redirect(
                url_for("reports.record_file", register=register, file_id=staged.public_id)
            )
    page = render_template(
        "reports/record_file_new.html", form=form, register=register, back=_list(register)
    )
    return page, INVALID if form.errors else 200


def _staged(register: str, file_id: str) -> RegisterImport:
    found = kept_import(current_actor(), register, file_id)
    if found is None:
        raise NotFound
    return found


@blueprint.get(f"{_BASE}/<file_id>")
@requires(Permission.MANAGE_REGISTERS)
def record_file(register: str, file_id: str) -> ResponseReturnValue:
    """The preview: rows, what is wrong at which cell; or what taking did."""
    staged = _staged(register, file_id)
    shown = CONTEST_SHOWN if register == CONTESTS else PROJECT_SHOWN
    columns = [name for name in shown if any(row["typed"].get(name) for row in staged.rows)]
    return render_template(
        "reports/record_file.html",
        staged=staged,
        columns=columns,
        register=register,
        back=_list(register),
    )


@blueprint.post(f"{_BASE}/<file_id>/take")
@requires(Permission.MANAGE_REGISTERS)
def take_record_file(register: str, file_id: str) -> ResponseReturnValue:
    """Enter all rows, or none."""
    count = take_records(
        staged=_staged(register, file_id), actor=current_actor(), now=request_now()
    )
    words = ngettext("%(num)s row stands in the register.", "%(num)s rows stand in the register.",
                     count)  # fmt: skip
    flash(words, "success")
    return redirect(_list(register))


@blueprint.post(f"{_BASE}/<file_id>/discard")
@requires(Permission.MANAGE_REGISTERS)
def discard_record_file(register: str, file_id: str) -> ResponseReturnValue:
    """Throw the list away."""
    discard_import(staged=_staged(register, file_id), actor=current_actor(), now=request_now())
    flash(_("Thrown away. Nothing of it stands in the register."), "success")
    return redirect(_list(register))
