"""The dossier of a contest: what it holds, having it made, fetching it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.contests.organised import organised_contest
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.files import download, read_file
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.jobs import own_job
from contest.results.actions import DOSSIER_JOB, ask_for_dossier
from contest.results.queries import published_rounds
from contest.results.queries.custody import dossier_custody
from contest.results.views.base import blueprint


@blueprint.get("/organise/contests/<slug>/dossier")
@requires(Permission.SEE_CONTEST)
def dossier(slug: str) -> ResponseReturnValue:
    """What the dossier holds, how it is checked, and who took the fuller one."""
    contest = organised_contest(slug, Permission.SEE_CONTEST)
    may_manage = current_actor().may(Permission.MANAGE_CONTEST, contest.scope.path)
    return render_template(
        "results/dossier.html",
        contest=contest,
        published=published_rounds([contest.id]),
        commands=("python3 verify.py", "python3 verify.py --ignore-digests"),
        may_manage=may_manage,
        custody=dossier_custody(contest) if may_manage else [],
    )


@blueprint.post("/organise/contests/<slug>/dossiers")
@requires(Permission.SEE_CONTEST)
def make_dossier(slug: str) -> ResponseReturnValue:
    """Have the dossier made that names nobody."""
    contest = organised_contest(slug, Permission.SEE_CONTEST)

    def address(job_id: str) -> str:
        return url_for("results.dossier_file", slug=slug, job_id=job_id)

    job = ask_for_dossier(
        contest=contest,
        full=False,
        locale=language(),
        title=_("Dossier of %(contest)s", contest=contest.title),
        address=address,
        actor=current_actor(),
        now=request_now(),
    )
    return redirect(url_for("core.job", job_id=job.public_id))


@blueprint.get("/organise/contests/<slug>/dossiers/<job_id>")
@requires(Permission.SEE_CONTEST)
def dossier_file(slug: str, job_id: str) -> ResponseReturnValue:
    """The dossier that I asked for, while I still work on the contest."""
    contest = organised_contest(slug, Permission.SEE_CONTEST)
    job = own_job(current_actor().person_id, job_id)
    report = {} if job is None or job.report is None else job.report
    if job is None or job.kind != DOSSIER_JOB or "file_id" not in report:
        raise NotFound
    if job.payload["full"] or contest.id != job.payload["contest_id"]:
        raise NotFound
    return download(
        read_file(report["file_id"]), name=report["file_name"], media_type="application/zip"
    )
