"""Rounds: planned in the wizard, opened and closed by hand or by time."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests import actions
from contest.contests.forms import CloseForm, NewRoundForm, RoundForm
from contest.contests.kinds import rank_keys_for
from contest.contests.models import Contest, ContestKind, Round, Stage
from contest.contests.organised import organised_contest, organised_round
from contest.contests.queries import decisions_of, is_ready, readiness
from contest.contests.rules import NotReady, WrongRankKeys, instant_of, ranked_rounds, round_window
from contest.contests.rules.series import later_overlaps
from contest.contests.views.room import blueprint, go_on
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import RuleBroken
from contest.core.i18n import gettext as _

_UNPROCESSABLE = 422
_WEEK = timedelta(days=7)
_OPENS_MINUTE, _CLOSES_MINUTE = 10 * 60, 9 * 60


@blueprint.route("/organise/contests/<slug>/rounds", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def rounds(slug: str) -> ResponseReturnValue:
    """The rounds of a contest; a new one begins here."""
    contest = organised_contest(slug)
    week = len(ranked_rounds(contest.rounds)) + 1
    form = NewRoundForm(title=_("Week %(number)s", number=week), kind=contest.kind.value)
    if form.validate_on_submit():
        added = _plan(contest, form)
        return redirect(url_for("contests.round", slug=slug, number=added.number))
    now = request_now()
    decided = decisions_of([each.id for each in contest.rounds if each.stage is not Stage.PLANNED])
    page = render_template(
        "contests/rounds.html",
        contest=contest,
        form=form,
        windows={each.id: round_window(each, now) for each in contest.rounds},
        decisions={
            each.id: [one for one in decided if one.round_id == each.id] for each in contest.rounds
        },
    )
    return page, _UNPROCESSABLE if form.errors else 200


def _plan(contest: Contest, form: NewRoundForm) -> Round:
    """A new round; the first one gets the usual week from the contest's first day."""
    opens_at = closes_at = None
    if contest.starts_on is not None and not contest.rounds and not form.is_practice.data:
        opens_at = instant_of(contest.starts_on, _OPENS_MINUTE)
        closes_at = instant_of(contest.starts_on + _WEEK, _CLOSES_MINUTE)
    return actions.add_round(
        contest=contest,
        title=form.title.data,
        kind=ContestKind(form.kind.data),
        is_practice=form.is_practice.data,
        opens_at=opens_at,
        closes_at=closes_at,
        actor=current_actor(),
        now=request_now(),
    )


@blueprint.post("/organise/contests/<slug>/rounds/done")
@requires(Permission.MANAGE_CONTEST)
def rounds_done(slug: str) -> ResponseReturnValue:
    """Leave the step: on to the next one."""
    return go_on(organised_contest(slug), "rounds")


@blueprint.route("/organise/contests/<slug>/rounds/<int:number>", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def round(slug: str, number: int) -> ResponseReturnValue:
    """Name, window, ranking keys and expected dates of a round."""
    found = organised_round(slug, number)
    form = RoundForm(obj=found)
    form.offer_keys(found.kind)
    if not form.is_submitted():
        form.show(found)
    if form.validate_on_submit():
        try:
            _save_round(found, form)
        except WrongRankKeys as refused:
            form.key_1.errors = [refused.words]
        except RuleBroken as refused:
            form.closes_hour.errors = [refused.words]
        else:
            flash(_("Saved."), "success")
            _tell_overlaps(found)
            return redirect(url_for("contests.rounds", slug=slug))
    page = render_template(
        "contests/round.html",
        contest=found.contest,
        round=found,
        form=form,
        keys=rank_keys_for(found.kind),
    )
    return page, _UNPROCESSABLE if form.errors else 200


def _tell_overlaps(found: Round) -> None:
    for each in later_overlaps(found):
        flash(
            _(
                "%(title)s opens before this round closes: both then run side by side. Move its"
                " opening if you do not want that.",
                title=each.title,
            ),
            "warn",
        )


def _save_round(found: Round, form: RoundForm) -> None:
    actor, now = current_actor(), request_now()
    planned = found.stage is Stage.PLANNED
    expected = (found.marked_by, found.decided_by, found.published_by)
    actions.edit_round(
        round=found,
        title=form.title.data,
        opens_at=form.opens_at() if planned else found.opens_at,
        closes_at=form.closes_at(),
        is_practice=form.is_practice.data if planned else found.is_practice,
        reason=form.reason.data or "",
        actor=actor,
        now=now,
    )
    if planned:
        codes = [] if found.is_practice else form.key_codes()
        actions.set_rank_keys(round=found, codes=codes, actor=actor, now=now)
    typed = (form.marked_by.data, form.decided_by.data, form.published_by.data)
    if typed != expected:  # left as they were, they have moved with an extension
        actions.set_due_dates(
            round=found, marked_by=typed[0], decided_by=typed[1], published_by=typed[2]
        )


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/again")
@requires(Permission.MANAGE_CONTEST)
def repeat_round(slug: str, number: int) -> ResponseReturnValue:
    """Plan the same round a week later."""
    found = organised_round(slug, number)
    week = len(ranked_rounds(found.contest.rounds)) + 1
    added = actions.copy_round(
        source=found,
        contest=found.contest,
        shift=_WEEK,
        title=_("Week %(number)s", number=week),
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("%(title)s is planned a week later, with the same settings.", title=added.title))
    return redirect(url_for("contests.rounds", slug=slug))


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/delete")
@requires(Permission.MANAGE_CONTEST)
def delete_round(slug: str, number: int) -> ResponseReturnValue:
    """Take a planned round out."""
    found = organised_round(slug, number)
    actions.delete_round(round=found, actor=current_actor(), now=request_now())
    flash(_("The round is deleted."), "success")
    return redirect(url_for("contests.rounds", slug=slug))


@blueprint.route("/organise/contests/<slug>/rounds/<int:number>/open", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def open_round(slug: str, number: int) -> ResponseReturnValue:
    """The readiness list, and opening when it is clean."""
    found = organised_round(slug, number)
    now = request_now()
    if found.stage is not Stage.PLANNED:
        flash(_("This round has been opened already."))
        return redirect(url_for("contests.rounds", slug=slug))
    items = readiness(found, now)
    status = 200
    if request.method == "POST":
        try:
            opened = actions.open_round(round=found, actor=current_actor(), now=now)
        except NotReady:
            status = NotReady.status
        else:
            words = _("The round is open.") if opened else _("It was opened a moment ago.")
            flash(words, "success")
            return redirect(url_for("contests.rounds", slug=slug))
    page = render_template(
        "contests/open_round.html",
        contest=found.contest,
        round=found,
        items=items,
        ready=is_ready(items),
        early=found.opens_at is not None and now < found.opens_at,
        refused=status != 200,  # noqa: PLR2004
    )
    return page, status


@blueprint.route("/organise/contests/<slug>/rounds/<int:number>/close", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def close_round(slug: str, number: int) -> ResponseReturnValue:
    """What closing does, and closing with a reason when it comes early."""
    found = organised_round(slug, number)
    now = request_now()
    if found.stage is not Stage.OPEN:
        flash(_("This round is not open."))
        return redirect(url_for("contests.rounds", slug=slug))
    form = CloseForm()
    early = found.closes_at is not None and now < found.closes_at
    if form.validate_on_submit():
        if early and not form.reason.data:
            form.reason.errors = [_("Please write the reason: it stays with the decision.")]
        else:
            actions.close_round(
                round=found, actor=current_actor(), now=now, reason=form.reason.data or ""
            )
            flash(_("The round is closed."), "success")
            return redirect(url_for("contests.rounds", slug=slug))
    page = render_template(
        "contests/close_round.html", contest=found.contest, round=found, form=form, early=early
    )
    return page, _UNPROCESSABLE if form.errors else 200
