"""Organisers and the secretary: who looked at the code table, and what was done with it."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from contest.contests.models import ContestKind
from contest.contests.organised import organised_round
from contest.core.access import Permission, requires
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.paging import page_number
from contest.submissions.queries.custody import custody_page
from contest.submissions.views.room import blueprint

_WORDS: Final[dict[str, Words]] = {
    "submissions.blind_codes_asked": _l("had codes made, as a job"),
    "submissions.blind_codes_made": _l("made codes, or made texts behind them anew"),
    "submissions.code_table_read": _l("read the code table"),
    "submissions.pair_opened": _l("opened two works that share passages, beside their authors"),
    "submissions.work_opened": _l("opened a work beside its author and what judges read"),
    "submissions.works_advanced": _l("sent works on under new codes"),
    "judging.export_asked": _l("had essays and marks written into a file"),
    "results.unsealing_asked": _l("asked for the codes to be opened"),
    "results.unsealed": _l("opened the codes"),
}


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/codes/log")
@requires(Permission.MANAGE_REGISTRATIONS)
def custody(slug: str, number: int) -> ResponseReturnValue:
    """Every look at the code table of a round, the latest first; it names no work."""
    contest_round = organised_round(
        slug, number, Permission.MANAGE_REGISTRATIONS, ContestKind.ESSAY
    )
    return render_template(
        "submissions/custody.html",
        contest=contest_round.contest,
        round=contest_round,
        page=custody_page(contest_round.id, page=page_number(request.args.get("page"))),
        words=_WORDS,
    )
