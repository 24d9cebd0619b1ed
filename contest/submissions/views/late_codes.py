"""The late door: the organiser issues codes, a contestant uses one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Person, Unit
from contest.accounts.queries import unit_by_public_id
from contest.contests.models import Registration, Round
from contest.contests.queries import registration_of
from contest.contests.rules import read_registration_code
from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.submissions import actions, queries
from contest.submissions.forms import PlainForm
from contest.submissions.forms.late_codes import LateCodeForm, UseCodeForm
from contest.submissions.queries.late_codes import late_code_in
from contest.submissions.queries.late_codes import late_codes as codes_of
from contest.submissions.queries.works import registration_by_code
from contest.submissions.rules.late_doors import opens
from contest.submissions.rules.limits import BEFORE_MARKING, deadline
from contest.submissions.views.room import (
    UNPROCESSABLE,
    blueprint,
    managed_round,
    settings_of,
    units_of_authors,
)


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/late-codes", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_CONTEST)
def late_codes(slug: str, number: int) -> ResponseReturnValue:
    """Codes issued in a round with what became of them, and a form for another."""
    contest_round = managed_round(slug, number)
    form = LateCodeForm()
    form.unit.offer(units_of_authors(contest_round.contest), empty=_("– choose –"))
    if form.validate_on_submit():
        refused = _issue(contest_round, form)
        if refused is None:
            return redirect(url_for("submissions.late_codes", slug=slug, number=number))
        form.form_errors.append(refused)
    now = request_now()
    page = render_template(
        "submissions/late_codes.html",
        contest=contest_round.contest,
        round=contest_round,
        codes=[(code, opens(code, contest_round, now)) for code in codes_of(contest_round.id)],
        deadline=deadline(settings_of(contest_round), contest_round),
        may_issue=contest_round.stage in BEFORE_MARKING,
        form=form,
    )
    return page, UNPROCESSABLE if form.errors else 200


def _issue(contest_round: Round, form: LateCodeForm) -> str | None:
    """Issue what was asked for; the words of a refusal."""
    person: Person | None = None
    unit: Unit | None = unit_by_public_id(form.unit.data) if form.unit.data else None
    if form.entry_code.data:
        code = read_registration_code(form.entry_code.data)
        known = registration_by_code(contest_round.contest_id, code) if code else None
        if known is None:
            return _("Nobody is registered in this contest under this code.")
        person = known.person
    elif unit is None:
        return _("Give an entry code or choose a unit, one of the two.")
    assert form.valid_until.data is not None  # noqa: S101  (the form asks for it)
    try:
        issued = actions.issue_late_code(
            contest_round=contest_round,
            person=person,
            unit=unit,
            reason=form.reason.data,
            valid_until=form.valid_until.data,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        return str(refused.words)
    flash(_("The code is %(code)s. It opens the round once.", code=issued.code), "success")
    return None


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/late-codes/<public_id>/withdraw")
@requires(Permission.MANAGE_CONTEST)
def withdraw_late_code(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    """Take back a code that nobody has used."""
    contest_round = managed_round(slug, number)
    code = late_code_in(contest_round.id, public_id)
    if code is None:
        raise NotFound
    if PlainForm().validate():
        actions.withdraw_late_code(
            code=code, contest_round=contest_round, actor=current_actor(), now=request_now()
        )
        flash(_("The code is taken back; it opens nothing any more."), "success")
    return redirect(url_for("submissions.late_codes", slug=slug, number=number))


@blueprint.route("/contests/<slug>/rounds/<int:number>/essays/late", methods=["GET", "POST"])
@signed_in
def use_late_code(slug: str, number: int) -> ResponseReturnValue:
    """Use a code after the deadline."""
    contest_round = queries.announced_round(slug, number)
    if contest_round is None or queries.essay_round(contest_round.id) is None:
        raise NotFound
    form = UseCodeForm()
    status = UNPROCESSABLE if form.is_submitted() and not form.validate() else 200
    if form.is_submitted() and not form.errors:
        registration: Registration | None = registration_of(
            contest_round.contest_id, current_actor().person_id
        )
        try:
            work = actions.use_late_code(
                contest_round=contest_round,
                registration=registration,
                code=form.code.data,
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
            status = refused.status
        else:
            flash(_("The round is open for this one work again."), "success")
            return redirect(url_for("submissions.write", public_id=work.public_id))
    page = render_template(
        "submissions/use_late_code.html",
        contest=contest_round.contest,
        round=contest_round,
        form=form,
    )
    return page, status
