"""Organisers: pauses of a unit, later closes, late answers that count; each with its reason."""

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Unit
from contest.accounts.queries import all_units_on
from contest.contests.models import Entry, Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import RuleBroken
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.quizzes import actions
from contest.quizzes.forms import LaterCloseForm, PauseForm, WhoseForm
from contest.quizzes.queries import decisions as lines
from contest.quizzes.views.room import (
    UNPROCESSABLE,
    blueprint,
    managed_round,
    read_unit,
    read_whose,
)

_Form = TypeVar("_Form", bound=WhoseForm | PauseForm)
_ROUND = "/organise/contests/<slug>/rounds/<int:number>"


def _offer_units(form: WhoseForm | PauseForm) -> None:
    today = request_day()
    form.unit.offer(all_units_on(today), empty=_("– choose the unit –"))


def _decision_page(
    contest_round: Round,
    form: _Form,
    *,
    template: str,
    decide: Callable[[Round, _Form], str | None],
    known: Callable[[int], object],
) -> ResponseReturnValue:
    """A page with the decisions made so far and a form for another one.

    Args:
        contest_round: which round.
        form: as it was sent, or empty.
        template: of the page.
        decide: makes the decision and returns what is said about it; None when the form lacks
            something. A broken rule stands above the form.
        known: the decisions of a round, for the table.
    """
    _offer_units(form)
    if form.validate_on_submit():
        try:
            said = decide(contest_round, form)
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            if said is not None:
                flash(said, "success")
                return redirect(request.path)
    page = render_template(
        template,
        contest=contest_round.contest,
        round=contest_round,
        form=form,
        lines=known(contest_round.id),
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.route(f"{_ROUND}/pause", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def pause(slug: str, number: int) -> ResponseReturnValue:
    """Stop the clocks of a unit, for a power cut that began some minutes ago."""
    return _decision_page(
        managed_round(slug, number),
        PauseForm(),
        template="quizzes/pause.html",
        decide=_pause,
        known=lines.pauses,
    )


def _pause(contest_round: Round, form: PauseForm) -> str | None:
    unit = read_unit(form)
    if unit is None or form.from_at.data is None or form.until_at.data is None:
        return None
    decision = actions.pause_unit(
        contest_round=contest_round,
        unit=unit,
        from_at=form.from_at.data,
        until_at=form.until_at.data,
        reason=form.reason.data,
        actor=current_actor(),
        now=request_now(),
    )
    return ngettext(
        "The pause is recorded; %(num)s open attempt got its time back.",
        "The pause is recorded; %(num)s open attempts got their time back.",
        decision.attempts,
    )


@blueprint.route(f"{_ROUND}/later-close", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def later_close(slug: str, number: int) -> ResponseReturnValue:
    """Let a contestant or a unit begin until another instant than the others."""
    return _decision_page(
        managed_round(slug, number),
        LaterCloseForm(),
        template="quizzes/later_close.html",
        decide=_move,
        known=lines.later_closes,
    )


def _move(contest_round: Round, form: LaterCloseForm) -> str | None:
    whose = read_whose(contest_round, form)
    if whose is None or form.closes_at.data is None:
        return None
    actions.move_close(
        contest_round=contest_round,
        entry=whose[0],
        unit=whose[1],
        closes_at=form.closes_at.data,
        reason=form.reason.data,
        actor=current_actor(),
        now=request_now(),
    )
    return _("The moved close is recorded and holds at once.")


@blueprint.route(f"{_ROUND}/late-answers", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def late_answers(slug: str, number: int) -> ResponseReturnValue:
    """What counting late answers would change, then counting them."""
    contest_round, form = managed_round(slug, number), WhoseForm()
    _offer_units(form)
    effects: list[actions.LateEffect] | None = None
    if form.validate_on_submit():
        whose = read_whose(contest_round, form)
        if whose is not None and request.form.get("go") == "count":
            if _count(contest_round, form, whose):
                return redirect(url_for("quizzes.late_answers", slug=slug, number=number))
        elif whose is not None:
            effects = actions.late_effects(
                contest_round=contest_round, entry=whose[0], unit=whose[1]
            )
    page = render_template(
        "quizzes/late_answers.html",
        contest=contest_round.contest,
        round=contest_round,
        form=form,
        effects=effects,
        waiting=lines.waiting_evidence(contest_round.id),
        lines=lines.late_rulings(contest_round.id),
    )
    return page, UNPROCESSABLE if form.errors else 200


def _count(contest_round: Round, form: WhoseForm, whose: tuple[Entry | None, Unit | None]) -> bool:
    entry, unit = whose
    try:
        ruling = actions.count_late(
            contest_round=contest_round,
            entry=entry,
            unit=unit,
            reason=form.reason.data,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        form.form_errors.append(refused.words)
        return False
    flash(
        ngettext(
            "The late answers count now; %(num)s attempt changed.",
            "The late answers count now; %(num)s attempts changed.",
            ruling.changed,
        ),
        "success",
    )
    return True
