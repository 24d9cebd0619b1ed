"""Minutes, decision and list of prizes as files."""

from flask import current_app, request
from flask.typing import ResponseReturnValue

from contest.core import audit
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import LOCAL_ZONE, request_now
from contest.core.documents import PDF
from contest.core.errors import NotFound
from contest.core.files import download
from contest.core.table_files import send_sheets
from contest.results.actions.publications import check_date
from contest.results.actions.signing import check_signed
from contest.results.forms import PaperForm
from contest.results.models import contest_of, number_of
from contest.results.queries.publications import last_published
from contest.results.queries.signing import sign_state
from contest.results.result_documents import (
    Asked,
    HeaderStyle,
    Paper,
    annex_sheet,
    result_document,
)
from contest.results.views.base import blueprint, managed_over
from contest.results.views.prizes import told_steps


@blueprint.get("/organise/contests/<slug>/totals/documents/<any(decision,minutes):paper>.pdf")
@blueprint.get(
    "/organise/contests/<slug>/rounds/<int:number>/documents/<any(decision,minutes):paper>.pdf"
)
@requires(Permission.MANAGE_CONTEST)
def result_paper(slug: str, paper: str, number: int | None = None) -> ResponseReturnValue:
    """Minutes or decision as PDF; a draft says that it is one; none is older than the contest."""
    over = managed_over(slug, number)
    state = sign_state(over)
    if state.allocation is None:
        raise NotFound
    form = PaperForm(request.args)
    published = last_published(over)
    asked = Asked(
        number=(form.number.data or "").strip() or (published.decision_number if published else ""),
        day=form.day.data or (published.decided_on if published else None),
        place=(form.place.data or "").strip(),
    )
    if asked.day is not None:  # a paper may be prepared for a later day, not for one before
        today = request_now().astimezone(LOCAL_ZONE).date()
        check_date(over, min(asked.day, today), request_now())
    style = HeaderStyle.PARTY if form.style.data == HeaderStyle.PARTY else HeaderStyle.STATE
    steps = told_steps(over, state.allocation) if paper == Paper.MINUTES else []
    instance = current_app.extensions["settings"].instance
    made = result_document(
        over,
        state,
        Paper(paper),
        style,
        asked,
        steps=steps,
        instance=instance,
    )
    audit.record(
        "results.document_made",
        actor=current_actor(),
        now=request_now(),
        subject=("allocation", state.allocation.id),
        scope_id=contest_of(over).scope_id,
        data={"round": number_of(over), "paper": paper, "final": state.is_final},
    )
    return download(made, name=f"{slug}-{number or 'totals'}-{paper}.pdf", media_type=PDF)


@blueprint.get("/organise/contests/<slug>/totals/prize-list.<any(xlsx,csv):kind>")
@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/prize-list.<any(xlsx,csv):kind>")
@requires(Permission.MANAGE_CONTEST)
def prize_list(slug: str, kind: str, number: int | None = None) -> ResponseReturnValue:
    """The list of prizes as Excel or CSV; refused before everybody has signed."""
    over = managed_over(slug, number)
    state = sign_state(over)
    if state.allocation is None:
        raise NotFound
    check_signed(over)
    return send_sheets(
        [annex_sheet(state.allocation)], kind=kind, name=f"{slug}-{number or 'totals'}-prizes"
    )
