"""Publishing: the preview, the publication, and the ones before it."""

from collections.abc import Sequence
from typing import Any, Final, cast

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
from contest.results.models import Over, ScheduledPublication
from contest.results.queries import PublicationHead, TotalHead
from contest.results.queries.scheduling import stopped_publication, waiting_publication
from contest.results.rules.refusals import (
    DecisionOutdated,
    HonoursMoved,
    NotDecidedYet,
    NotSignedYet,
    RoundsNotPublished,
    ScheduleTimeWrong,
    StillSealed,
    TotalsMoved,
)
from contest.results.rules.snapshots import Published, changed_parts, prize_changes
from contest.results.rules.total_snapshots import PublishedTotals, changed_total_parts
from contest.results.views.base import blueprint, managed_over, place_of, shown_over
from contest.results.views.public import page_context
from contest.results.views.totals import totals_context

UNREADY: Final = (
    NotDecidedYet,
    DecisionOutdated,
    StillSealed,
    HonoursMoved,
    TotalsMoved,
    RoundsNotPublished,
    NotSignedYet,
)
AnyPreview = Preview[Published] | Preview[PublishedTotals]
_ORGANISE: Final = "/organise/contests/<slug>"
_ROUND: Final = f"{_ORGANISE}/rounds/<int:number>/publication"
_TOTALS: Final = f"{_ORGANISE}/totals/publication"


def _preview(over: Over, form: PublishForm) -> tuple[AnyPreview | None, str]:
    """What would be published, or the sentence that says what is missing first."""
    try:
        found = preview_publication(
            over,
            now=request_now(),
            decision_number=form.decision_number.data or "",
            decided_on=form.decided_on.data,
        )
        return found, ""
    except UNREADY as refused:
        return None, refused.words


def _heads(over: Over) -> Sequence[PublicationHead | TotalHead]:
    if isinstance(over, Round):
        return queries.publication_heads(over.id)
    return queries.total_heads(over.id)


def _differences(head: PublicationHead | TotalHead, page: Published | PublishedTotals) -> Any:
    """Who gains or loses a prize against a publication, and which parts are others."""
    if isinstance(head, TotalHead):
        before, after = queries.published_totals(head), cast("PublishedTotals", page)
        return {
            "changes": prize_changes(before, after),
            "parts": changed_total_parts(before, after),
        }
    was, now = queries.publication(head), cast("Published", page)
    return {"changes": prize_changes(was, now), "parts": changed_parts(was, now)}


def _show(over: Over, form: PublishForm, *, status: int = 200) -> ResponseReturnValue:
    preview, problem = _preview(over, form)
    heads = _heads(over)
    context: dict[str, Any] = {"changes": [], "parts": []}
    if preview is not None:
        form.expected.data = preview.body
        form.number.data = preview.number
        if heads:
            context = _differences(heads[0], preview.page)
    waiting = waiting_publication(over)
    page = render_template(
        "results/publish.html",
        **shown_over(over, "publish"),
        waiting=waiting,
        will_stop=waiting is not None and not _still_holds(over, waiting),
        stopped=stopped_publication(over),
        preview=preview,
        problem=problem,
        heads=heads,
        form=form,
        sealed=queries.is_sealed(over),
        **context,
    )
    return page, status


def _still_holds(over: Over, waiting: ScheduledPublication) -> bool:
    """Whether what waits is still what would appear at its instant."""
    if isinstance(over, Round) and over.annulled_at is not None:
        return False
    try:
        then = preview_publication(over, now=waiting.due_at)
    except UNREADY:
        return False
    return (then.body, then.number) == (waiting.expected_body, waiting.expected_number)


@blueprint.get(_TOTALS)
@blueprint.get(_ROUND)
@requires(Permission.MANAGE_CONTEST)
def publish(slug: str, number: int | None = None) -> ResponseReturnValue:
    """What would be published, what it changes, and what was published before."""
    over = managed_over(slug, number)
    form, waiting = PublishForm(), waiting_publication(over)
    before = waiting or next(iter(_heads(over)), None)
    if before is not None:
        form.decision_number.data = before.decision_number
        form.decided_on.data = before.decided_on
    if waiting is not None:  # another time must not lose what was written for it
        form.reason.data = waiting.reason
    return _show(over, form)


@blueprint.post(_TOTALS)
@blueprint.post(_ROUND)
@requires(Permission.MANAGE_CONTEST)
def save_publication(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Publish what was previewed."""
    over = managed_over(slug, number)
    form = PublishForm()
    if not form.validate_on_submit():
        return _show(over, form, status=422)
    if form.appears_at.data is not None:
        words = _("Leave the time empty to publish at once, or press “Publish at this time”.")
        form.appears_at.errors = [words]
        return _show(over, form, status=422)
    publish_results(
        over=over,
        decision_number=form.decision_number.data or "",
        decided_on=form.decided_on.data,
        reason=form.reason.data or "",
        expected_body=form.expected.data or "",
        expected_number=form.number.data,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Published. Everybody can read it now."), "success")
    return redirect(url_for("results.publish", **place_of(over)))


@blueprint.post(f"{_TOTALS}/schedule")
@blueprint.post(f"{_ROUND}/schedule")
@requires(Permission.MANAGE_CONTEST)
def schedule(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Have what was previewed appear at an instant, in place of what waits."""
    over = managed_over(slug, number)
    form = PublishForm()
    if not form.validate_on_submit():
        return _show(over, form, status=422)
    if form.appears_at.data is None:
        form.appears_at.errors = [ScheduleTimeWrong().words]
        return _show(over, form, status=422)
    try:
        made = schedule_publication(
            over=over,
            due_at=form.appears_at.data,
            decision_number=form.decision_number.data or "",
            decided_on=form.decided_on.data,
            reason=form.reason.data or "",
            expected_body=form.expected.data or "",
            expected_number=form.number.data,
            address=url_for("results.publish", **place_of(over), _external=True),
            actor=current_actor(),
            now=request_now(),
        )
    except ScheduleTimeWrong as refused:
        form.appears_at.errors = [refused.words]
        return _show(over, form, status=422)
    flash(_("Scheduled: it appears %(time)s.", time=format_instant(made.due_at)), "success")
    return redirect(url_for("results.publish", **place_of(over)))


@blueprint.post(f"{_TOTALS}/cancel")
@blueprint.post(f"{_ROUND}/cancel")
@requires(Permission.MANAGE_CONTEST)
def cancel_schedule(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Cancel the publication that waits."""
    over = managed_over(slug, number)
    cancel_scheduled(
        over=over,
        public_id=request.form.get("scheduled", ""),
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Cancelled: nothing appears by itself."), "success")
    return redirect(url_for("results.publish", **place_of(over)))


@blueprint.get(f"{_TOTALS}/preview")
@blueprint.get(f"{_ROUND}/preview")
@requires(Permission.MANAGE_CONTEST)
def preview(slug: str, number: int | None = None) -> ResponseReturnValue:
    """The page exactly as the public would see it now, or with ?scheduled=1 when it appears."""
    over = managed_over(slug, number)
    waiting = waiting_publication(over)
    if "scheduled" in request.args and waiting is None:
        raise NotFound
    try:
        found = (
            preview_publication(
                over,
                now=waiting.due_at,
                decision_number=waiting.decision_number,
                decided_on=waiting.decided_on,
            )
            if waiting is not None and "scheduled" in request.args
            else preview_publication(over, now=request_now())
        )
    except UNREADY:
        raise NotFound from None
    if isinstance(found.page, PublishedTotals):
        context = totals_context(found.page)
        return render_template("results/public_totals.html", is_preview=True, slug=slug, **context)
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
