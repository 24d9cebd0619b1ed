"""The ranking of a round, for its organisers."""

import tempfile
from collections.abc import Iterator
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import RankRun, Round, ScoreStatus, Stage
from contest.contests.queries import rank_key_codes
from contest.contests.rules import ranked_rounds
from contest.core import audit
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import format_count
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.core.vietnamese import fold
from contest.results import queries
from contest.results.actions import make_rank_run
from contest.results.forms import RankForm
from contest.results.sheets import (
    CSV_TYPE,
    XLSX_TYPE,
    Cell,
    Sheet,
    csv_lines,
    write_xlsx,
)
from contest.results.views.base import (
    blueprint,
    key_words,
    organised_contest,
    organised_round,
    round_tabs,
)

_RANKABLE = (Stage.CLOSED, Stage.MARKING, Stage.DECIDED, Stage.PUBLISHED)
STATUS_NAMES = {
    ScoreStatus.RANKED: "",
    ScoreStatus.NO_PRIZE: "no_prize",
    ScoreStatus.DISQUALIFIED: "disqualified",
}


def _chosen_run(round: Round, runs: list[RankRun]) -> RankRun | None:
    wanted = request.args.get("run", "")
    if wanted.isdecimal():
        found = next((run for run in runs if run.number == int(wanted)), None)
        if found is None:
            raise NotFound
        return found
    del round
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
    run = _chosen_run(round, runs)
    context: dict[str, Any] = {}
    if run is not None:
        context = _list_of(round, run) | _changes(run, runs)
    return render_template(
        "results/ranking.html",
        round=round,
        contest=round.contest,
        tabs=round_tabs(round, "ranking", actor),
        form=form,
        problem=problem,
        runs=runs,
        run=run,
        may_manage=actor.may(Permission.MANAGE_CONTEST, round.contest.scope.path),
        is_closed=round.stage in _RANKABLE,
        disqualified_now=queries.disqualified_now(round),
        rule_words=key_words(round, list(rank_key_codes(round))),
        sealed=queries.is_sealed(round),
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
        may_manage=current_actor().may(Permission.MANAGE_CONTEST, contest.scope.path),
    )


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/ranking")
@requires(Permission.SEE_CONTEST)
def ranking(slug: str, number: int) -> ResponseReturnValue:
    """N, keys, places with their reasons, and what a new run has changed."""
    round = organised_round(slug, number, Permission.SEE_CONTEST)
    return _show(round, RankForm())


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/ranking")
@requires(Permission.MANAGE_CONTEST)
def rank(slug: str, number: int) -> ResponseReturnValue:
    """Make a rank run."""
    round = organised_round(slug, number, Permission.MANAGE_CONTEST)
    form = RankForm()
    if not form.validate_on_submit():
        return _show(round, form), 422
    run = make_rank_run(
        round=round, reason=form.reason.data or "", actor=current_actor(), now=request_now()
    )
    flash(_("Ranked: %(count)s entries.", count=format_count(run.entries)), "success")
    return redirect(url_for("results.ranking", slug=slug, number=number))


def _rows(round: Round, run: RankRun) -> Iterator[list[Cell]]:
    words = key_words(round, run.keys)
    divisions = {one.id: one.name for one in round.contest.divisions}
    status = {
        ScoreStatus.RANKED: "",
        ScoreStatus.NO_PRIZE: _("takes no prize"),
        ScoreStatus.DISQUALIFIED: _("disqualified"),
    }
    for line in queries.ranking_lines(run):
        yield [
            line.place,
            line.full_name,
            line.unit_path,
            line.code,
            divisions.get(line.division_id or 0, ""),
            float(line.points),
            *(words.shown(position, line.keys) for position in range(len(run.keys))),
            status[line.status],
        ]


def ranking_sheet(round: Round, run: RankRun) -> Sheet:
    """A whole ranking as a table."""
    words = key_words(round, run.keys)
    columns = [
        _("Place"),
        _("Full name"),
        _("Unit"),
        _("Contestant code"),
        _("Division"),
        _("Points"),
        *words.labels,
        _("Status"),
    ]
    widths = (8, 32, 60, 16, 16, 10, *(18 for _label in words.codes), 18)
    return Sheet(_("Ranking"), columns, _rows(round, run), widths)


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
    """The whole ranking as Excel or CSV; who took it is recorded."""
    round = organised_round(slug, number, Permission.SEE_CONTEST)
    run = _chosen_run(round, queries.rank_runs(round.id))
    if run is None:
        raise NotFound
    _record_download(round, run, kind)
    sheet = ranking_sheet(round, run)
    return send_sheets([sheet], kind, f"{slug}-{number}-ranking-{run.number}")


def send_sheets(sheets: list[Sheet], kind: str, name: str) -> Response:
    """Tables as a file to keep: all of them in Excel, the first in CSV."""
    target: Any = tempfile.SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115  (closed when sent)
    if kind == "csv":
        for part in csv_lines(sheets[0]):
            target.write(part.encode())
    else:
        write_xlsx(target, sheets)
    target.seek(0)
    return send_file(
        target,
        mimetype=CSV_TYPE if kind == "csv" else XLSX_TYPE,
        as_attachment=True,
        download_name=f"{name}.{kind}",
        max_age=0,
        etag=False,  # made anew each time
    )
