"""Organisers and the secretary: the jury, its seats, and judges who leave."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Person
from contest.accounts.queries import person_by_identifier, person_by_public_id
from contest.accounts.rules import read_identifier
from contest.contests.models import Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.forms import clean_line
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.judging import actions, forms
from contest.judging.models import Juror
from contest.judging.queries.judges import judges_progress, sheet_counts
from contest.judging.queries.jury_lists import waiting_jury_lists
from contest.judging.queries.rounds import (
    conflicts_of,
    juror_in,
    jurors,
    people_to_invite,
)
from contest.judging.queries.would_conflict import would_conflict
from contest.judging.rules.sheets import LIVE
from contest.judging.views.room import UNPROCESSABLE, blueprint, essay_round, led_to_round

_BASE = "/organise/contests/<slug>/rounds/<int:number>/jury"


@blueprint.get("/organise/contests/<slug>/jury")
@requires(Permission.MANAGE_REGISTRATIONS)
def first_jury(slug: str) -> ResponseReturnValue:
    """The jury of the contest's first essay round."""
    return redirect(led_to_round(slug, "judging.jury"))


@blueprint.route(_BASE, methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def jury(slug: str, number: int) -> ResponseReturnValue:
    """Who is invited, who accepted, how much each takes; inviting one more."""
    contest_round = essay_round(slug, number)
    form = forms.InviteForm()
    known = people_to_invite(contest_round.contest.scope.path, contest_round.id)
    form.person.choices = [
        ("", _("– choose a judge –")),
        *((each.public_id, _with_unit(each)) for each in known),
    ]
    if form.validate_on_submit() and _invite(contest_round, form):
        flash(_("Invited. The seat counts once the invitation is accepted."), "success")
        return redirect(url_for("judging.jury", slug=slug, number=number))
    seats, counted = jurors(contest_round.id), sheet_counts(contest_round.id)
    page = render_template(
        "judging/jury.html",
        contest=contest_round.contest,
        round=contest_round,
        form=form,
        seats=seats,
        conflicts=conflicts_of([each.id for each in seats]),
        loads={juror_id: each.of(LIVE) for juror_id, each in counted.items()},
        lists=waiting_jury_lists(contest_round.id),
    )
    return page, UNPROCESSABLE if form.errors else 200


def _with_unit(person: Person) -> str:
    return person.full_name if person.unit is None else f"{person.full_name}, {person.unit.name}"


def _invite(contest_round: Round, form: forms.InviteForm) -> bool:
    person = person_by_public_id(form.person.data) if form.person.data else None
    if person is None and form.contact.data:
        person = person_by_identifier(read_identifier(form.contact.data))
    if person is None:
        words = _("Nobody with this telephone number or e-mail address has an account.")
        chosen = _("Choose a judge, or write a telephone number or e-mail address.")
        form.contact.errors = [words if form.contact.data else chosen]
        return False
    try:
        actions.invite_juror(
            contest_round=contest_round,
            person=person,
            capacity=form.capacity.data,
            is_chief=form.is_chief.data,
            actor=current_actor(),
            now=request_now(),
            letter=actions.Letter(url_for("judging.rounds", _external=True)),
        )
    except RuleBroken as refused:
        form.contact.errors = [refused.words]
        return False
    return True


def _seat(contest_round: Round, juror_id: str) -> Juror:
    found = juror_in(contest_round.id, juror_id)
    if found is None:
        raise NotFound
    return found


@blueprint.get(f"{_BASE}/dry-run")
@requires(Permission.MANAGE_REGISTRATIONS)
def would_judge_conflict(slug: str, number: int) -> ResponseReturnValue:
    """How many works somebody could mark, before they are invited."""
    contest_round = essay_round(slug, number)
    contact = clean_line(request.args.get("contact"))[:254]
    person = person_by_identifier(read_identifier(contact)) if contact else None
    return render_template(
        "judging/would_conflict.html",
        contest=contest_round.contest,
        round=contest_round,
        contact=contact,
        person=person,
        found=None if person is None else would_conflict(contest_round, person),
    )


@blueprint.route(f"{_BASE}/<juror_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def seat(slug: str, number: int, juror_id: str) -> ResponseReturnValue:
    """A judge's capacity and chair."""
    contest_round = essay_round(slug, number)
    juror = _seat(contest_round, juror_id)
    form = forms.SeatForm(obj=juror)
    if form.validate_on_submit():
        actions.set_seat(
            contest_round=contest_round,
            juror=juror,
            is_chief=form.is_chief.data,
            capacity=form.capacity.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Saved."), "success")
        return redirect(url_for("judging.jury", slug=slug, number=number))
    page = render_template(
        "judging/seat.html",
        contest=contest_round.contest,
        round=contest_round,
        juror=juror,
        form=form,
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.route(f"{_BASE}/<juror_id>/leave", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def leave(slug: str, number: int, juror_id: str) -> ResponseReturnValue:
    """Take a judge off the jury, after showing what that moves."""
    contest_round = essay_round(slug, number)
    juror = _seat(contest_round, juror_id)
    form = forms.ReasonForm()
    if form.validate_on_submit():
        moved = actions.leave_jury(
            contest_round=contest_round,
            juror=juror,
            reason=form.reason.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(
            ngettext(
                "%(num)s work waits for another judge now.",
                "%(num)s works wait for another judge now.",
                moved,
            )
        )
        return redirect(url_for("judging.assignment", slug=slug, number=number))
    load = next(
        (each for each in judges_progress(contest_round) if each.juror.id == juror.id), None
    )
    page = render_template(
        "judging/leave.html",
        contest=contest_round.contest,
        round=contest_round,
        juror=juror,
        load=load,
        form=form,
    )
    return page, UNPROCESSABLE if form.errors else 200
