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
from contest.results.forms import FullDossierForm
from contest.results.queries import published_rounds
from contest.results.views.base import blueprint


def _show(slug: str, form: FullDossierForm) -> str:
    contest = organised_contest(slug, Permission.SEE_CONTEST)
    return render_template(
        "results/dossier.html",
        contest=contest,
        published=published_rounds([contest.id]),
        form=form,
        commands=("python3 verify.py", "python3 verify.py --ignore-digests"),
        may_manage=current_actor().may(Permission.MANAGE_CONTEST, contest.scope.path),
    )


@blueprint.get("/organise/contests/<slug>/dossier")
@requires(Permission.SEE_CONTEST)
def dossier(slug: str) -> ResponseReturnValue:
    """What the dossier holds and how it is checked."""
    return _show(slug, FullDossierForm())


def _ask(slug: str, *, full: bool, reason: str = "") -> ResponseReturnValue:
    permission = Permission.MANAGE_CONTEST if full else Permission.SEE_CONTEST
    contest = organised_contest(slug, permission)

    def address(job_id: str) -> str:
        return url_for("results.dossier_file", slug=slug, job_id=job_id)

    job = ask_for_dossier(
        contest=contest,
        full=full,
        reason=reason,
        locale=language(),
        title=_("Dossier of %(contest)s", contest=contest.title),
        address=address,
        actor=current_actor(),
        now=request_now(),
    )
    return redirect(url_for("core.job", job_id=job.public_id))


@blueprint.post("/organise/contests/<slug>/dossiers")
@requires(Permission.SEE_CONTEST)
def make_dossier(slug: str) -> ResponseReturnValue:
    """Have the dossier made that names nobody."""
    return _ask(slug, full=False)


@blueprint.post("/organise/contests/<slug>/full-dossiers")
@requires(Permission.MANAGE_CONTEST)
def make_full_dossier(slug: str) -> ResponseReturnValue:
    """Have the fuller one made, for auditors, with a reason that stays on record."""
    form = FullDossierForm()
    if not form.validate_on_submit():
        return _show(slug, form), 422
    return _ask(slug, full=True, reason=form.reason.data or "")


@blueprint.get("/organise/contests/<slug>/dossiers/<job_id>")
@requires(Permission.SEE_CONTEST)
def dossier_file(slug: str, job_id: str) -> ResponseReturnValue:
    """The dossier that I asked for, while I still work on the contest."""
    job = own_job(current_actor().person_id, job_id)
    report = {} if job is None or job.report is None else job.report
    if job is None or job.kind != DOSSIER_JOB or "file_id" not in report:
        raise NotFound
    full = job.payload["full"]
    contest = organised_contest(slug, Permission.MANAGE_CONTEST if full else Permission.SEE_CONTEST)
    if contest.id != job.payload["contest_id"]:
        raise NotFound
    return download(
        read_file(report["file_id"]), name=report["file_name"], media_type="application/zip"
    )
