"""Pages without a domain: language, jobs, the development mailbox, health."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from werkzeug.exceptions import HTTPException

from contest.core import audit, jobs, mail
from contest.core.access import current_actor, demo_only, public, signed_in
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.errors import NotFound
from contest.core.i18n import LANGUAGE_COOKIE, LANGUAGES
from contest.core.retention import FILE_JOBS
from contest.core.transactions import unit_of_work

blueprint = Blueprint("core", __name__)
_A_YEAR = timedelta(days=365)


def own_path(target: str | None) -> str:
    """The path of an address on this site, for "next" parameters; "/" for anything else."""
    parts = urlsplit(target or "")
    path = parts.path
    foreign = parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//")
    if foreign or "\\" in path:
        return "/"
    return path + (f"?{parts.query}" if parts.query else "")


@blueprint.get("/language/<code>")
@public
def choose_language(code: str) -> ResponseReturnValue:
    """Keep the language in a cookie and go back to the page."""
    if code not in LANGUAGES:
        raise NotFound
    response = redirect(own_path(request.args.get("next")))
    response.set_cookie(LANGUAGE_COOKIE, code, max_age=_A_YEAR, samesite="Lax", httponly=True)
    return response


@blueprint.get("/health")
@public
def health() -> ResponseReturnValue:
    """For a load balancer: the database answers."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/jobs")
@signed_in
def job_list() -> ResponseReturnValue:
    """The long work that I asked for."""
    return render_template("core/jobs.html", jobs=jobs.own_jobs(current_actor().person_id))


@blueprint.get("/jobs/<job_id>")
@signed_in
def job(job_id: str) -> ResponseReturnValue:
    """Progress, then the report; the page's script asks for the fragment."""
    found = jobs.own_job(current_actor().person_id, job_id)
    if found is None:
        raise NotFound
    template = "core/_job.html" if request.args.get("part") else "core/job.html"
    return render_template(template, job=found, again=_asked_again_at(found))


def _asked_again_at(job: jobs.Job) -> str:
    """Where a file that is deleted can be asked for again; empty while there is no need."""
    gone, page = (job.report or {}).get("gone"), FILE_JOBS.get(job.kind)
    if not gone or page is None:
        return ""
    try:
        _endpoint, values = current_app.url_map.bind("").match(gone)
    except HTTPException:  # an address of before an update
        return ""
    return url_for(page, **{name: value for name, value in values.items() if name != "job_id"})


@blueprint.get("/mailbox")
@demo_only
def mailbox() -> ResponseReturnValue:
    """The letters that a demo would have sent."""
    return render_template("core/mailbox.html", letters=mail.latest_mail())


@jobs.task("core.seal_events", every=timedelta(seconds=5))
def seal_events(run: jobs.JobRun) -> None:
    """Chain the audit events of the last seconds."""
    del run
    sealed = 1
    while sealed:
        with unit_of_work():
            sealed = audit.seal_events(now=utc_now())


@jobs.task("core.forget_jobs", every=timedelta(hours=1))
def forget_jobs(run: jobs.JobRun) -> None:
    """Delete rows of recurring jobs that have served."""
    del run
    with unit_of_work():
        jobs.forget_old_jobs(now=utc_now())
