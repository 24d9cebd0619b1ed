"""What a disqualification or another mark would do, before anybody decides it."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from contest.contests.kinds import SupposesResults, kind_of
from contest.contests.models import ContestKind, Round
from contest.contests.rules import RefusedResult
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.i18n import gettext as _
from contest.results import queries
from contest.results.actions.what_if import WhatIf, supposed_results
from contest.results.queries.what_if import entries_of_codes
from contest.results.rules.refusals import (
    NobodyChosen,
    NotRankedYet,
    RemarkOutOfScale,
    SameResults,
    WhatIfSealed,
)
from contest.results.standing_forms import WhatIfForm
from contest.results.views.base import blueprint, level_names, ranked_round, result_tabs

_ADDRESS = "/organise/contests/<slug>/rounds/<int:number>/what-if"


def _show(round: Round, form: WhatIfForm, found: WhatIf | None = None, problem: str = "") -> str:
    context: dict[str, Any] = {"found": found, "problem": problem}
    return render_template(
        "results/what_if.html",
        round=round,
        contest=round.contest,
        tabs=result_tabs(round, "what_if", current_actor()),
        form=form,
        run=queries.latest_run(round.id),
        is_essay=round.kind is ContestKind.ESSAY,
        asks_marks=_ask_for_marks(round, form),
        level_names=level_names(queries.prize_levels(round)),
        **context,
    )


def _ask_for_marks(round: Round, form: WhatIfForm) -> bool:
    """Whether other results can be supposed; the form then names what a result is here."""
    if round.kind is ContestKind.ESSAY:
        return True
    kind, run = kind_of(round), queries.latest_run(round.id)
    if run is None or not isinstance(kind, SupposesResults):
        return False
    key = kind.supposed_key(tuple(run.keys))
    if key == "correct":
        form.ask_for_right_answers()
    return key is not None


@blueprint.get(_ADDRESS)
@requires(Permission.MANAGE_CONTEST)
def what_if(slug: str, number: int) -> ResponseReturnValue:
    """Asks whom to leave out, or whose mark to change."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    return _show(round, WhatIfForm(formdata=None, codes=request.args.get("codes", "")[:500]))


@blueprint.post(_ADDRESS)
@requires(Permission.MANAGE_CONTEST)
def suppose(slug: str, number: int) -> ResponseReturnValue:
    """Places, N and prizes before and after; writes nothing."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    form = WhatIfForm()
    if not form.validate_on_submit():
        return _show(round, form), 422
    marks = form.other_marks() if _ask_for_marks(round, form) else {}
    out = [code.lower() for code in form.left_out()]
    known = entries_of_codes(round, [*out, *marks])
    missing = [code.upper() for code in (*out, *marks) if code not in known]
    if known and missing:
        words = _("No entry of this ranking has the code %(codes)s.", codes=", ".join(missing))
        return _show(round, form, problem=words), 422
    try:
        found = supposed_results(
            round=round,
            out=[known[code] for code in out if code in known],
            marks={known[code].id: mark for code, mark in marks.items() if code in known},
            actor=current_actor(),
            now=request_now(),
        )
    except (
        NobodyChosen,
        NotRankedYet,
        RefusedResult,
        RemarkOutOfScale,
        SameResults,
        WhatIfSealed,
    ) as refused:
        return _show(round, form, problem=refused.words), refused.status
    return _show(round, form, found)
