"""The list of people as a file: a short one at once, a long one by a job."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.actions import exports as export_actions
from contest.accounts.people_sheets import people_sheet
from contest.accounts.queries import people as people_queries
from contest.accounts.views.base import blueprint
from contest.accounts.views.people import KEPT, people_filter
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import LOCAL_ZONE, request_now
from contest.core.errors import NotFound
from contest.core.files import download, read_file
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.jobs import own_job
from contest.core.spreadsheets.writing import CSV_TYPE, XLSX_TYPE
from contest.core.table_files import send_sheets

_KINDS = ("xlsx", "csv")


@blueprint.get("/people.<any(xlsx, csv):kind>")
@requires(Permission.SEE_PEOPLE)
def export_people(kind: str) -> ResponseReturnValue:
    """The same list as a file; each export is on record, because it holds personal data."""
    actor, now = current_actor(), request_now()
    wanted, _form = people_filter(actor)
    rows = people_queries.count_people_to_export(actor, wanted)
    if rows > export_actions.MOST_AT_ONCE:
        kept: dict[str, Any] = {key: request.args[key] for key in KEPT if request.args.get(key)}
        return redirect(url_for("accounts.people", **kept, _anchor="file"))
    export_actions.note_people_exported(
        rows=rows, kind=kind, unit=wanted.unit, actor=actor, now=now
    )
    day = now.astimezone(LOCAL_ZONE).date().isoformat()
    title = _("People")
    return send_sheets([people_sheet(actor, wanted)], kind=kind, name=f"{title} {day}")


@blueprint.post("/people/files")
@requires(Permission.SEE_PEOPLE)
def make_people_file() -> ResponseReturnValue:
    """Have the file of a long list made."""
    kind = request.form.get("kind", "")
    if kind not in _KINDS:
        raise NotFound
    actor = current_actor()
    wanted, _form = people_filter(actor)
    job = export_actions.ask_for_people_file(
        wanted=wanted,
        kind=kind,
        locale=language(),
        title=_("The list of people as a file"),
        address=lambda job_id: url_for("accounts.people_file", job_id=job_id),
        actor=actor,
        now=request_now(),
    )
    return redirect(url_for("core.job", job_id=job.public_id))


@blueprint.get("/people/files/<job_id>")
@requires(Permission.SEE_PEOPLE)
def people_file(job_id: str) -> Response:
    """The file that I asked for, while I still see everybody in it; fetching stays on record."""
    job = own_job(current_actor().person_id, job_id)
    report = {} if job is None or job.report is None else job.report
    if job is None or job.kind != export_actions.PEOPLE_JOB or "file_id" not in report:
        raise NotFound
    if not people_queries.covers_export(current_actor(), report.get("range", ("",))):
        raise NotFound
    kind = job.payload["kind"]
    export_actions.note_people_exported(
        rows=report["rows"], kind=kind, unit=None, actor=current_actor(), now=request_now()
    )
    return download(
        read_file(report["file_id"]),
        name=report["file_name"],
        media_type=CSV_TYPE if kind == "csv" else XLSX_TYPE,
    )
