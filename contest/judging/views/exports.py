"""Organisers and the secretary: essays and marks as a file, made by a job."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.files import download, read_file
from contest.core.i18n import gettext as _
from contest.core.jobs import own_job
from contest.core.spreadsheets.writing import XLSX_TYPE
from contest.judging import actions
from contest.judging.views.room import blueprint, essay_round

_BASE = "/organise/contests/<slug>/rounds/<int:number>/marking/file"


@blueprint.post(_BASE)
@requires(Permission.MANAGE_REGISTRATIONS)
def export(slug: str, number: int) -> ResponseReturnValue:
    """Have the file made."""
    contest_round = essay_round(slug, number)

    def address(job_id: str) -> str:
        return url_for("judging.exported", slug=slug, number=number, job_id=job_id)

    job = actions.ask_for_export(
        contest_round=contest_round,
        title=_("Essays and marks of %(round)s", round=contest_round.title),
        address=address,
        actor=current_actor(),
        now=request_now(),
    )
    return redirect(url_for("core.job", job_id=job.public_id))


@blueprint.get(f"{_BASE}/<job_id>")
@requires(Permission.MANAGE_REGISTRATIONS)
def exported(slug: str, number: int, job_id: str) -> Response:
    """The file that I asked for, while I still work on the contest; fetching stays on record."""
    contest_round = essay_round(slug, number)
    job = own_job(current_actor().person_id, job_id)
    report = {} if job is None or job.report is None else job.report
    is_it = job is not None and job.kind == actions.EXPORT_JOB and "file_id" in report
    if job is None or not is_it or job.payload["round_id"] != contest_round.id:
        raise NotFound
    actions.note_export_fetched(
        contest_round=contest_round,
        file_id=report["file_id"],
        actor=current_actor(),
        now=request_now(),
    )
    return download(read_file(report["file_id"]), name=report["file_name"], media_type=XLSX_TYPE)
