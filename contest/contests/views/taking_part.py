"""Registering as a contestant."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.consent_texts import current_words
from contest.accounts.models import ConsentPurpose, Person
from contest.accounts.queries import has_consent, own_person, unit_by_public_id
from contest.accounts.rules import birth_parts, format_birth
from contest.contests import actions
from contest.contests.forms import RegisterForm
from contest.contests.models import Contest, Registration
from contest.contests.queries import public_contest, registration_of
from contest.contests.rules import RegistrationClosed, RosterOnly, asks_for_birth
from contest.contests.views.room import blueprint, units_to_take_part
from contest.core.access import current_actor, signed_in
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.core.i18n import language

_UNPROCESSABLE = 422


def _load(slug: str) -> Contest:
    contest = public_contest(slug)
    if contest is None:
        raise NotFound
    return contest


@blueprint.route("/contests/<slug>/register", methods=["GET", "POST"])
@signed_in
def register(slug: str) -> ResponseReturnValue:
    """Take part: the form, or the registration one has with its code."""
    contest = _load(slug)
    person = own_person(current_actor())
    known = registration_of(contest.id, person.id)
    form = _prepared_form(contest, person)
    if known is not None and known.withdrawn_at is None:
        return _registered(contest, known, form)
    if form.validate_on_submit():
        try:
            _register(contest, person, form)
        except (RosterOnly, RegistrationClosed):
            raise
        except RuleBroken as refused:
            form.form_errors = [refused.words]
        else:
            flash(_("You are registered."), "success")
            return redirect(url_for("contests.register", slug=slug))
    return _form_page(contest, person, form)


def _prepared_form(contest: Contest, person: Person) -> RegisterForm:
    """Only what the contest needs and the account does not tell yet."""
    form = RegisterForm()
    form.today = request_day()
    if person.birth_date is not None:
        del form.birth
    if person.unit_id is not None and not form.is_submitted():
        form.unit.data = person.unit.public_id if person.unit else ""
    form.unit.offer(units_to_take_part(contest), empty=_("– choose your unit –"))
    return form


def _register(contest: Contest, person: Person, form: RegisterForm) -> None:
    read = form.birth_read if "birth" in form else None
    birth_date, precision = birth_parts(read)
    unit = unit_by_public_id(form.unit.data) if form.unit.data else None
    actions.register(
        contest=contest,
        person=person,
        unit=unit,
        birth_date=birth_date,
        birth_precision=precision,
        agreement=_agreement(form),
        actor=current_actor(),
        now=request_now(),
    )


def _agreement(form: RegisterForm) -> actions.Agreement:
    return actions.Agreement(
        take_part=form.take_part.data,
        publish_name=form.publish_name.data,
        locale=language(),
    )


def _form_page(contest: Contest, person: Person, form: RegisterForm) -> ResponseReturnValue:
    closed: RuleBroken | None = None
    try:
        actions.check_self_registration(contest, request_now())
    except RuleBroken as refused:
        closed = refused
    page = render_template(
        "contests/register.html",
        contest=contest,
        person=person,
        form=form,
        closed=closed,
        birth=format_birth(person.birth_date, person.birth_precision),
        asks_birth=asks_for_birth(contest),
        words=_consent_words(),
    )
    return page, _UNPROCESSABLE if form.errors else 200


def _consent_words() -> dict[str, str]:
    shown = language()
    return {
        "take_part": current_words(ConsentPurpose.TAKE_PART).body(shown),
        "publish_name": current_words(ConsentPurpose.PUBLISH_NAME).body(shown),
    }


def _registered(contest: Contest, known: Registration, form: RegisterForm) -> ResponseReturnValue:
    """The registration with its code; people from a roster agree here first."""
    agreed = has_consent(known.person_id, ConsentPurpose.TAKE_PART, contest.scope_id)
    for name in ("birth", "unit"):
        if name in form:
            del form[name]
    if not agreed and form.validate_on_submit():
        actions.agree(registration=known, agreement=_agreement(form), now=request_now())
        flash(_("Thank you. You can take part now."), "success")
        return redirect(url_for("contests.register", slug=contest.slug))
    page = render_template(
        "contests/registered.html",
        contest=contest,
        registration=known,
        agreed=agreed,
        form=form,
        words=_consent_words(),
        publishes=has_consent(known.person_id, ConsentPurpose.PUBLISH_NAME, contest.scope_id),
    )
    return page, _UNPROCESSABLE if form.errors else 200


@blueprint.route("/contests/<slug>/register/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(slug: str) -> ResponseReturnValue:
    """Leave a contest oneself."""
    contest = _load(slug)
    known = registration_of(contest.id, current_actor().person_id)
    if known is None or known.withdrawn_at is not None:
        raise NotFound
    form = RegisterForm()
    for name in ("birth", "unit", "take_part", "publish_name"):
        del form[name]
    if form.validate_on_submit():
        actions.withdraw(registration=known, actor=current_actor(), now=request_now())
        flash(_("You have withdrawn from this contest."), "success")
        return redirect(url_for("portal.contest", slug=slug))
    return render_template(
        "contests/withdraw_self.html", contest=contest, registration=known, form=form
    )
