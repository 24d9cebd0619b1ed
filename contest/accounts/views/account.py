"""One's own account: data, devices, consents, password, second factor, language."""

import segno
from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from contest.accounts import queries
from contest.accounts.actions import account as account_actions
from contest.accounts.actions import consents as consent_actions
from contest.accounts.actions import passwords, people, signing_in
from contest.accounts.actions import second_factor as second_factor_actions
from contest.accounts.forms.account import (
    ChangePasswordForm,
    DetailsForm,
    DigitsForm,
    LanguageForm,
    PresentPasswordForm,
)
from contest.accounts.forms.fields import show_phone
from contest.accounts.labels import CONSENT_NAMES
from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import grants as grant_queries
from contest.accounts.queries import sign_ins
from contest.accounts.refusals import (
    ContactTaken,
    TooManyTries,
    WrongPassword,
    WrongSecondFactor,
)
from contest.accounts.rules import birth_of, format_birth
from contest.accounts.views.base import address, blueprint, go, keep_language, say_wait, settings
from contest.core.access import current_actor, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.i18n import language

_INVALID = 422
_WAITING = 429
_OFFERED = (ConsentPurpose.CONTACT, ConsentPurpose.PUBLISH_NAME)


@blueprint.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """Everything about me, with the way to change it."""
    actor = current_actor()
    person = queries.own_person(actor)
    return render_template(
        "accounts/account.html",
        person=person,
        phone=show_phone(person.phone),
        birth=format_birth(person.birth_date, person.birth_precision),
        path=None if person.unit is None else queries.unit_path(person.unit),
        roles=grant_queries.roles_of(person.id),
        sign_ins=sign_ins.live_sign_ins(person.id, request_now()),
        this_id=actor.sign_in_id,
        consents=queries.own_consents(person.id),
        consent_names=CONSENT_NAMES,
        codes_left=sign_ins.unused_recovery_codes(person.id),
        factor_required=settings().staff_second_factor == "required" and actor.is_staff,
        language_form=LanguageForm(locale=person.locale),
    )


@blueprint.route("/account/details", methods=["GET", "POST"])
@signed_in
def edit_details() -> ResponseReturnValue:
    """Change my data."""
    actor = current_actor()
    person = queries.own_person(actor)
    form = DetailsForm(
        person,
        full_name=person.full_name,
        phone=person.phone,
        email=person.email,
        birth=birth_of(person.birth_date, person.birth_precision),
        unit=person.unit.public_id if person.unit else "",
        form_of_address=person.form_of_address,
    )
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            account_actions.edit_own_details(
                person=person,
                full_name=form.full_name.data or "",
                phone=form.phone.data,
                email=form.email.data,
                birth=form.birth.data,
                unit=queries.unit_by_public_id(form.unit.data or ""),
                form_of_address=form.form_of_address.data or "",
                present=form.present.data or "",
                address=address(),
                actor=actor,
                now=request_now(),
            )
        except TooManyTries as error:
            form.form_errors.append(say_wait(error))
            status = _WAITING
        except WrongPassword as error:
            form.present.errors = [error.words]
        except ContactTaken as error:
            form.form_errors.append(error.words)
        else:
            flash(_("Your data are saved."))
            return go(url_for("accounts.account"))
    return render_template("accounts/edit_details.html", form=form), status


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    """Change my password; all other devices are signed out."""
    actor = current_actor()
    person = queries.own_person(actor)
    form = ChangePasswordForm()
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            passwords.change_password(
                person=person,
                present=form.present.data or "",
                password=form.password.data or "",
                address=address(),
                actor=actor,
                now=request_now(),
            )
        except TooManyTries as error:
            form.present.errors = [say_wait(error)]
            status = _WAITING
        except WrongPassword as error:
            form.present.errors = [error.words]
        else:
            flash(_("Your password is changed. All other devices are signed out."))
            return go(url_for("accounts.account"))
    return render_template("accounts/change_password.html", form=form), status


@blueprint.post("/account/language")
@signed_in
def choose_language() -> ResponseReturnValue:
    """The language of my pages and letters."""
    actor = current_actor()
    form = LanguageForm()
    if not form.validate_on_submit():
        raise NotFound
    locale = str(form.locale.data)
    people.choose_locale(
        person=queries.own_person(actor), locale=locale, actor=actor, now=request_now()
    )
    response = go(url_for("accounts.account", _anchor="language"))
    keep_language(response, locale)
    return response


@blueprint.post("/account/devices/<device_id>/end")
@signed_in
def end_device(device_id: str) -> ResponseReturnValue:
    """Sign one of my devices out."""
    actor = current_actor()
    found = sign_ins.own_sign_in(actor.person_id, device_id)
    if found is None:
        raise NotFound
    signing_in.end_sign_in(sign_in_id=found.id, actor=actor, now=request_now())
    flash(_("The device is signed out."))
    return go(url_for("accounts.account", _anchor="devices"))


@blueprint.post("/account/devices/end-others")
@signed_in
def end_other_devices() -> ResponseReturnValue:
    """Sign all my devices out but this one."""
    actor = current_actor()
    signing_in.end_other_sign_ins(
        person=queries.own_person(actor),
        keep_id=actor.sign_in_id,
        actor=actor,
        now=request_now(),
    )
    flash(_("All other devices are signed out."))
    return go(url_for("accounts.account", _anchor="devices"))


@blueprint.post("/account/consents/<purpose>/give")
@signed_in
def give_consent(purpose: str) -> ResponseReturnValue:
    """Agree to something on the platform as a whole."""
    actor = current_actor()
    if purpose not in _OFFERED:
        raise NotFound
    consent_actions.record_consent(
        person=queries.own_person(actor),
        purpose=ConsentPurpose(purpose),
        scope=None,
        channel="web",
        locale=language(),
        now=request_now(),
    )
    flash(_("Your consent is kept. You can withdraw it at any time."))
    return go(url_for("accounts.account", _anchor="consents"))


@blueprint.post("/account/consents/<consent_id>/withdraw")
@signed_in
def withdraw_consent(consent_id: str) -> ResponseReturnValue:
    """Withdraw one of my consents."""
    actor = current_actor()
    found = queries.own_consent(actor.person_id, consent_id)
    if found is None:
        raise NotFound
    consent_actions.withdraw_consent(consent=found, actor=actor, now=request_now())
    flash(_("Your consent is withdrawn."))
    return go(url_for("accounts.account", _anchor="consents"))


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@signed_in
def second_factor() -> ResponseReturnValue:
    """Two-step sign-in: off, being set up, or on."""
    actor = current_actor()
    person = queries.own_person(actor)
    form = DigitsForm()
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            codes = second_factor_actions.turn_on_second_factor(
                person=person, digits=form.digits.data or "", actor=actor, now=request_now()
            )
        except WrongSecondFactor as error:
            form.digits.errors = [error.words]
        else:
            return render_template("accounts/recovery_codes.html", codes=codes, is_new=True)
    code, key = None, ""
    if person.totp_secret and person.totp_confirmed_at is None:
        key = second_factor_actions.key_to_type(person=person)
        text = second_factor_actions.enrolment_address(person=person)
        code = Markup(segno.make(text).svg_inline(scale=5, border=3, light="#fff"))  # noqa: S704
    return (
        render_template(
            "accounts/second_factor.html",
            form=form,
            person=person,
            code=code,
            key=key,
            codes_left=sign_ins.unused_recovery_codes(person.id),
            password_form=PresentPasswordForm(),
            required=settings().staff_second_factor == "required" and actor.is_staff,
        ),
        status,
    )


@blueprint.post("/account/second-factor/start")
@signed_in
def start_second_factor() -> ResponseReturnValue:
    """Make the secret that the phone will learn."""
    person = queries.own_person(current_actor())
    if person.totp_confirmed_at is None:
        second_factor_actions.prepare_second_factor(person=person)
    return go(url_for("accounts.second_factor"))


@blueprint.post("/account/second-factor/turn-off")
@signed_in
def turn_off_second_factor() -> ResponseReturnValue:
    """Sign in by password alone again."""
    actor = current_actor()
    person = queries.own_person(actor)
    refused = _password_refused(PresentPasswordForm())
    if refused is not None:
        return refused
    second_factor_actions.turn_off_second_factor(person=person, actor=actor, now=request_now())
    flash(_("Two-step sign-in is off."))
    return go(url_for("accounts.account", _anchor="second-factor"))


@blueprint.post("/account/second-factor/recovery-codes")
@signed_in
def renew_recovery_codes() -> ResponseReturnValue:
    """Ten new recovery codes, shown once."""
    actor = current_actor()
    person = queries.own_person(actor)
    if person.totp_confirmed_at is None:
        raise NotFound
    refused = _password_refused(PresentPasswordForm())
    if refused is not None:
        return refused
    codes = second_factor_actions.renew_recovery_codes(
        person=person, actor=actor, now=request_now()
    )
    return render_template("accounts/recovery_codes.html", codes=codes, is_new=False)


def _password_refused(form: PresentPasswordForm) -> ResponseReturnValue | None:
    """The page again when the password typed once more is not right."""
    person = queries.own_person(current_actor())
    try:
        if form.validate_on_submit():
            passwords.check_present_password(
                person=person,
                present=form.present.data or "",
                address=address(),
                now=request_now(),
            )
            return None
        status = _INVALID
    except TooManyTries as error:
        form.present.errors = [say_wait(error)]
        status = _WAITING
    except WrongPassword as error:
        form.present.errors = [error.words]
        status = _INVALID
    page = render_template(
        "accounts/second_factor.html",
        form=DigitsForm(formdata=None),
        person=person,
        code=None,
        codes_left=sign_ins.unused_recovery_codes(person.id),
        password_form=form,
        required=settings().staff_second_factor == "required",
    )
    return page, status
