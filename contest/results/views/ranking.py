"""The ranking of a round, for its organisers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import RankRun, Round, ScoreStatus, Stage
from contest.contests.organised import organised_contest
from contest.contests.queries import rank_key_codes
from contest.contests.rules import ranked_rounds
from contest.core import audit
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.files import download, read_file
from contest.core.i18n import format_count, language
from contest.core.i18n import gettext as _
from contest.core.jobs import own_job
from contest.core.paging import page_number
from contest.core.spreadsheets.writing import CSV_TYPE, XLSX_TYPE
from contest.core.table_files import send_sheets
from contest.core.vietnamese import fold
from contest.results import queries
from contest.results.actions import (
    MOST_AT_ONCE,
    RANKING_JOB,
    ask_for_ranking_file,
    keep_unit_sums,
    make_rank_run,
)
from contest.results.forms import RankForm
from contest.results.ranking_sheets import ranking_sheet
from contest.results.views.base import blueprint, key_words, ranked_round, result_tabs

_RANKABLE = (Stage.CLOSED, Stage.MARKING, Stage.DECIDED, Stage.PUBLISHED)
STATUS_NAMES = {
    ScoreStatus.RANKED: "",
    ScoreStatus.NO_PRIZE: "no_prize",
    ScoreStatus.DISQUALIFIED: "disqualified",
}


def _chosen_run(runs: list[RankRun]) -> RankRun | None:
    wanted = request.args.get("run", "")
    if wanted.isdecimal():
        found = next((run for run in runs if str(run.number) == wanted), None)
        if found is None:
            raise NotFound
        return found
    return runs[0] if runs else None


def _status() -> ScoreStatus | None:
    wanted = request.args.get("status", "")
    return ScoreStatus(wanted) if wanted in set(ScoreStatus) else None


def _list_of(round: Round, run: RankRun) -> dict[str, Any]:
    """What the table shows."""
    words = key_words(round, run.keys)
    division = next(
        (one for one in round.contest.divisions if one.public_id == request.args.get("division")),
        None,
    )
    page = queries.ranking_page(
        run,
        folded=fold(request.args.get("q", "")[:100]),
        division_id=division.id if division else None,
        status=_status(),
        page=page_number(request.args.get("page")),
    )
    above = queries.neighbours_above(run, page.items)
    return {
        "page": page,
        "words": words,
        "above": above,
        "division": division,
        "division_names": {one.id: one.name for one in round.contest.divisions},
        "counts": queries.status_counts(run.id),
    }


def _changes(run: RankRun, runs: list[RankRun]) -> dict[str, Any]:
    """Old and new places side by side, where there is an older run."""
    older = next((one for one in runs if one.number < run.number), None)
    if older is None:
        return {"older": None, "changes": None}
    page = page_number(request.args.get("changes"))
    return {"older": older, "changes": queries.changed_places(older, run, page=page)}


def _show(round: Round, form: RankForm, problem: str = "") -> str:
    actor = current_actor()
    runs = queries.rank_runs(round.id)
    run = _chosen_run(runs)
    context: dict[str, Any] = {}
    if run is not None:
        context = _list_of(round, run) | _changes(run, runs)
    return render_template(
        "results/ranking.html",
        round=round,
        contest=round.contest,
        tabs=result_tabs(round, "ranking", actor),
        form=form,
        problem=problem,
        runs=runs,
        run=run,
        may_manage=actor.may(Permission.MANAGE_CONTEST, round.contest.scope.path),
        is_closed=round.stage in _RANKABLE,
        disqualified_now=queries.disqualified_now(round),
        rule_words=key_words(round, list(rank_key_codes(round))),
        sealed=queries.is_sealed(round),
        is_long=run is not None and run.entries > MOST_AT_ONCE,
        **context,
    )


@blueprint.get("/organise/contests/<slug>/results")
@requires(Permission.SEE_CONTEST)
def overview(slug: str) -> ResponseReturnValue:
    """Where the results of each round stand."""
    contest = organised_contest(slug, Permission.SEE_CONTEST)
    rounds = ranked_rounds(contest.rounds)
    published = queries.published_rounds([contest.id]) if contest.announced_at else []
    return render_template(
        "results/overview.html",
        contest=contest,
        rounds=rounds,
        levels=queries.levels_of_rounds([one.id for one in rounds]),
        published={head.round_id: head for head in published},
        totals=queries.total_runs(contest.id)[:1],
        total_decision=queries.latest_allocation(contest),
        total_levels=queries.prize_levels(contest),
        total_heads=queries.total_heads(contest.id),
        may_manage=current_actor().may(Permission.MANAGE_CONTEST, contest.scope.path),
    )


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/ranking")
@requires(Permission.SEE_CONTEST)
def ranking(slug: str, number: int) -> ResponseReturnValue:
    """N, keys, places with their reasons, and what a new run has changed."""
    round = ranked_round(slug, number, Permission.SEE_CONTEST)
    return _show(round, RankForm())


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/ranking")
@requires(Permission.MANAGE_CONTEST)
def rank(slug: str, number: int) -> ResponseReturnValue:
    """Make a rank run."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    form = RankForm()
    if not form.validate_on_submit():
        return _show(round, form), 422
    run = make_rank_run(
        round=round, reason=form.reason.data or "", actor=current_actor(), now=request_now()
    )
    keep_unit_sums(run=run)
    flash(_("Ranked: %(count)s entries.", count=format_count(run.entries)), "success")
    return redirect(url_for("results.ranking", slug=slug, number=number))


def _record_download(round: Round, run: RankRun, kind: str) -> None:
    audit.record(
        "results.ranking_downloaded",
        actor=current_actor(),
        now=request_now(),
        subject=("rank_run", run.id),
        scope_id=round.contest.scope_id,
        data={"round": round.number, "run": run.number, "format": kind},
    )


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/ranking.<any(xlsx,csv):kind>")
@requires(Permission.SEE_CONTEST)
def ranking_download(slug: str, number: int, kind: str) -> ResponseReturnValue:
    """The whole ranking as Excel or CSV; who took it is recorded. A long one is made by a job."""
    round = ranked_round(slug, number, Permission.SEE_CONTEST)
    run = _chosen_run(queries.rank_runs(round.id))
    if run is None:
        raise NotFound
    if run.entries > MOST_AT_ONCE:
        return redirect(
            url_for("results.ranking", slug=slug, number=number, run=run.number, _anchor="file")
        )
    _record_download(round, run, kind)
    name = f"{slug}-{number}-ranking-{run.number}"
    return send_sheets([ranking_sheet(round, run)], kind=kind, name=name)


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/ranking-files")
@requires(Permission.SEE_CONTEST)
def make_ranking_file(slug: str, number: int) -> ResponseReturnValue:
    """Have the file of a long ranking made."""
    round = ranked_round(slug, number, Permission.SEE_CONTEST)
    run = _chosen_run(queries.rank_runs(round.id))
    kind = request.form.get("kind", "xlsx")
    if run is None or kind not in {"xlsx", "csv"}:
        raise NotFound

    def address(job_id: str) -> str:
        return url_for("results.ranking_file", slug=slug, number=number, job_id=job_id)

    job = ask_for_ranking_file(
        run=run,
        kind=kind,
        locale=language(),
        title=_("Ranking of %(round)s as a file", round=round.title),
        address=address,
        actor=current_actor(),
        now=request_now(),
    )
    return redirect(url_for("core.job", job_id=job.public_id))


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/ranking-files/<job_id>")
@requires(Permission.SEE_CONTEST)
def ranking_file(slug: str, number: int, job_id: str) -> ResponseReturnValue:
    """The file that I asked for, while I still work on the contest; fetching stays on record."""
    round = ranked_round(slug, number, Permission.SEE_CONTEST)
    job = own_job(current_actor().person_id, job_id)
    report = {} if job is None or job.report is None else job.report
    if job is None or job.kind != RANKING_JOB or "file_id" not in report:
        raise NotFound
    run = queries.run_by_number(round.id, job.payload["number"])
    if run is None or run.id != job.payload["run_id"]:
        raise NotFound
    kind = job.payload["kind"]
    _record_download(round, run, kind)
    return download(
        read_file(report["file_id"]),
        name=report["file_name"],
        media_type=CSV_TYPE if kind == "csv" else XLSX_TYPE,
    )
