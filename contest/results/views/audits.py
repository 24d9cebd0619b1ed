"""The fuller dossier, for auditors by right: their contests, having it made, taking it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import Contest
from contest.contests.queries import managed_contest, managed_contests
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.files import download, read_file
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.jobs import own_job
from contest.results.actions import FULL_DOSSIER_JOB, ask_for_dossier, note_dossier_taken
from contest.results.forms import FullDossierForm
from contest.results.queries import published_rounds
from contest.results.queries.custody import dossier_custody
from contest.results.rules.dossiers import digest_of_file
from contest.results.tasks import ZIP_TYPE
from contest.results.views.base import blueprint


def _audited(slug: str) -> Contest:
    contest = managed_contest(current_actor(), slug, Permission.AUDIT)
    if contest is None:
        raise NotFound
    return contest


@blueprint.get("/audits")
@requires(Permission.AUDIT)
def audits() -> ResponseReturnValue:
    """The contests that I may audit."""
    contests = managed_contests(current_actor(), Permission.AUDIT)
    heads = published_rounds([each.id for each in contests])
    published = {one.contest_slug for one in heads}
    return render_template("results/audits.html", contests=contests, published=published)


def _show(contest: Contest, form: FullDossierForm) -> str:
    return render_template(
        "results/audit.html",
        contest=contest,
        published=published_rounds([contest.id]),
        custody=dossier_custody(contest),
        form=form,
        commands=("python3 verify.py", "python3 verify.py --ignore-digests"),
    )


@blueprint.get("/audits/<slug>")
@requires(Permission.AUDIT)
def audit(slug: str) -> ResponseReturnValue:
    """What the fuller dossier holds, and who took it before."""
    return _show(_audited(slug), FullDossierForm())


@blueprint.post("/audits/<slug>/dossiers")
@requires(Permission.AUDIT)
def make_full_dossier(slug: str) -> ResponseReturnValue:
    """Have it made, with a reason that stays on record."""
    contest, form = _audited(slug), FullDossierForm()
    if not form.validate_on_submit():
        return _show(contest, form), 422

    def address(job_id: str) -> str:
        return url_for("results.full_dossier_file", slug=slug, job_id=job_id)

    job = ask_for_dossier(
        contest=contest,
        full=True,
        reason=form.reason.data or "",
        locale=language(),
        title=_("Fuller dossier of %(contest)s", contest=contest.title),
        address=address,
        actor=current_actor(),
        now=request_now(),
    )
    return redirect(url_for("core.job", job_id=job.public_id))


@blueprint.get("/audits/<slug>/dossiers/<job_id>")
@requires(Permission.AUDIT)
def full_dossier_file(slug: str, job_id: str) -> ResponseReturnValue:
    """The dossier that I asked for, while I am an auditor; that I took it stays on record."""
    contest = _audited(slug)
    job = own_job(current_actor().person_id, job_id)
    report = {} if job is None or job.report is None else job.report
    if job is None or job.kind != FULL_DOSSIER_JOB or "file_id" not in report:
        raise NotFound
    if contest.id != job.payload["contest_id"]:
        raise NotFound
    content = read_file(report["file_id"])
    note_dossier_taken(
        contest=contest,
        file_id=report["file_id"],
        digest=digest_of_file(content),
        actor=current_actor(),
        now=request_now(),
    )
    return download(content, name=report["file_name"], media_type=ZIP_TYPE)
