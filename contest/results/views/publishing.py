"""Publishing: the preview, the publication, and the ones before it."""

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import format_instant
from contest.core.i18n import gettext as _
from contest.results import queries
from contest.results.actions import Preview, preview_publication
from contest.results.actions import publish as publish_results
from contest.results.actions.scheduling import cancel_scheduled, schedule_publication
from contest.results.forms import PublishForm
from contest.results.models import ScheduledPublication
from contest.results.queries.scheduling import stopped_publication, waiting_publication
from contest.results.rules.refusals import (
    DecisionOutdated,
    HonoursMoved,
    NotDecidedYet,
    NotSignedYet,
    ScheduleTimeWrong,
    StillSealed,
)
from contest.results.rules.snapshots import changed_parts, prize_changes
from contest.results.views.base import blueprint, ranked_round, round_tabs
from contest.results.views.public import page_context

UNREADY: Final = (NotDecidedYet, DecisionOutdated, StillSealed, HonoursMoved, NotSignedYet)


def _preview(round: Round, form: PublishForm) -> tuple[Preview | None, str]:
    """What would be published, or the sentence that says what is missing first."""
    try:
        found = preview_publication(
            round,
            now=request_now(),
            decision_number=form.decision_number.data or "",
            decided_on=form.decided_on.data,
        )
        return found, ""
    except UNREADY as refused:
        return None, refused.words


def _show(round: Round, form: PublishForm, *, status: int = 200) -> ResponseReturnValue:
    preview, problem = _preview(round, form)
    heads = queries.publication_heads(round.id)
    context: dict[str, Any] = {"changes": [], "parts": []}
    if preview is not None:
        form.expected.data = preview.body
        form.number.data = preview.number
        if heads:
            before = queries.publication(heads[0])
            context["changes"] = prize_changes(before, preview.page)
            context["parts"] = changed_parts(before, preview.page)
    waiting = waiting_publication(round.id)
    page = render_template(
        "results/publish.html",
        waiting=waiting,
        will_stop=waiting is not None and not _still_holds(round, waiting),
        stopped=stopped_publication(round.id),
        round=round,
        contest=round.contest,
        tabs=round_tabs(round, "publish", current_actor()),
        preview=preview,
        problem=problem,
        heads=heads,
        form=form,
        sealed=queries.is_sealed(round),
        **context,
    )
    return page, status


def _still_holds(round: Round, waiting: ScheduledPublication) -> bool:
    """Whether what waits is still what would appear at its instant."""
    if round.annulled_at is not None:
        return False
    try:
        then = preview_publication(round, now=waiting.due_at)
    except UNREADY:
        return False
    return (then.body, then.number) == (waiting.expected_body, waiting.expected_number)


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/publication")
@requires(Permission.MANAGE_CONTEST)
def publish(slug: str, number: int) -> ResponseReturnValue:
    """What would be published, what it changes, and what was published before."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    heads = queries.publication_heads(round.id)
    form = PublishForm()
    if heads and not form.is_submitted():
        form.decision_number.data = heads[0].decision_number
        form.decided_on.data = heads[0].decided_on
    return _show(round, form)


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/publication")
@requires(Permission.MANAGE_CONTEST)
def save_publication(slug: str, number: int) -> ResponseReturnValue:
    """Publish what was previewed."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    form = PublishForm()
    if not form.validate_on_submit():
        return _show(round, form, status=422)
    if form.appears_at.data is not None:
        words = _("Leave the time empty to publish at once, or press “Publish at this time”.")
        form.appears_at.errors = [words]
        return _show(round, form, status=422)
    publish_results(
        round=round,
        decision_number=form.decision_number.data or "",
        decided_on=form.decided_on.data,
        reason=form.reason.data or "",
        expected_body=form.expected.data or "",
        expected_number=form.number.data,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Published. Everybody can read it now."), "success")
    return redirect(url_for("results.publish", slug=slug, number=number))


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/publication/schedule")
@requires(Permission.MANAGE_CONTEST)
def schedule(slug: str, number: int) -> ResponseReturnValue:
    """Have what was previewed appear at an instant, in place of what waits."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    form = PublishForm()
    if not form.validate_on_submit():
        return _show(round, form, status=422)
    if form.appears_at.data is None:
        form.appears_at.errors = [ScheduleTimeWrong().words]
        return _show(round, form, status=422)
    try:
        made = schedule_publication(
            round=round,
            due_at=form.appears_at.data,
            decision_number=form.decision_number.data or "",
            decided_on=form.decided_on.data,
            reason=form.reason.data or "",
            expected_body=form.expected.data or "",
            expected_number=form.number.data,
            address=url_for("results.publish", slug=slug, number=number, _external=True),
            actor=current_actor(),
            now=request_now(),
        )
    except ScheduleTimeWrong as refused:
        form.appears_at.errors = [refused.words]
        return _show(round, form, status=422)
    flash(_("Scheduled: it appears %(time)s.", time=format_instant(made.due_at)), "success")
    return redirect(url_for("results.publish", slug=slug, number=number))


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/publication/cancel")
@requires(Permission.MANAGE_CONTEST)
def cancel_schedule(slug: str, number: int) -> ResponseReturnValue:
    """Cancel the publication that waits."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    cancel_scheduled(
        round=round,
        public_id=request.form.get("scheduled", ""),
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Cancelled: nothing appears by itself."), "success")
    return redirect(url_for("results.publish", slug=slug, number=number))


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/publication/preview")
@requires(Permission.MANAGE_CONTEST)
def preview(slug: str, number: int) -> ResponseReturnValue:
    """The page exactly as the public would see it now, or with ?scheduled=1 when it appears."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    waiting = waiting_publication(round.id)
    if "scheduled" in request.args and waiting is None:
        raise NotFound
    try:
        found = (
            preview_publication(
                round,
                now=waiting.due_at,
                decision_number=waiting.decision_number,
                decided_on=waiting.decided_on,
            )
            if waiting is not None and "scheduled" in request.args
            else preview_publication(round, now=request_now())
        )
    except UNREADY:
        raise NotFound from None
    context = page_context(found.page, request.args.get("q", ""), show_all=True)
    return render_template(
        "results/public.html",
        is_preview=True,
        slug=slug,
        number=number,
        heads=[],
        readable=frozenset(),
        **context,
    )
