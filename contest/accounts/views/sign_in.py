"""Signing in and out, creating an account, codes and forgotten passwords."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from contest.accounts import queries
from contest.accounts.actions import passwords, second_factor, signing_in
from contest.accounts.forms.sign_in import (
    ActivateForm,
    CodeForm,
    CreateAccountForm,
    ForgotForm,
    NewPasswordForm,
    SecondFactorForm,
    SignInForm,
)
from contest.accounts.models import CodePurpose, Person
from contest.accounts.queries.sign_ins import live_challenge, live_code, live_mail_token
from contest.accounts.refusals import (
    ContactTaken,
    TooManyTries,
    WrongCode,
    WrongCredentials,
    WrongSecondFactor,
)
from contest.accounts.views.base import (
    address,
    blueprint,
    device,
    enter_session,
    go,
    say_wait,
    settings,
)
from contest.core.access import current_actor, current_actor_or_none, public, signed_in
from contest.core.clock import request_now
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.transactions import only_reads
from contest.core.views import own_path

_CHALLENGE = "challenge"
_CODE = "code"
_WAITING = 429
_INVALID = 422


def _next() -> str:
    return own_path(request.args.get("next"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@only_reads
@public
def sign_in() -> ResponseReturnValue:
    """Phone number or e-mail address, and password."""
    if request.method == "GET" and current_actor_or_none() is not None:
        return redirect(_next())
    form = SignInForm(identifier=session.get("identifier", ""))
    status = 200
    if form.validate_on_submit():
        try:
            return _try_sign_in(form)
        except TooManyTries as error:
            form.form_errors.append(say_wait(error))
            status = _WAITING
        except WrongCredentials as error:
            form.form_errors.append(error.words)
            status = _INVALID
    elif form.is_submitted():
        status = _INVALID
    return render_template("accounts/sign_in.html", form=form, next=_next()), status


def _try_sign_in(form: SignInForm) -> ResponseReturnValue:
    now = request_now()
    result = signing_in.sign_in(
        identifier=form.identifier.data or "",
        password=form.password.data or "",
        device=device(),
        address=address(),
        now=now,
    )
    remember = bool(form.remember.data)
    if result.needs_second_factor:
        session[_CHALLENGE] = [result.token, remember]
        return redirect(url_for("accounts.confirm", next=_next()), 303)
    enter_session(token=result.token, now=now, remember=remember)
    return go(_next(), locale=result.person.locale)


@blueprint.route("/sign-in/confirm", methods=["GET", "POST"])
@public
def confirm() -> ResponseReturnValue:
    """The second factor, after a right password."""
    now = request_now()
    token, remember = session.get(_CHALLENGE, ("", False))
    if live_challenge(token, now) is None:
        session.pop(_CHALLENGE, None)
        return redirect(url_for("accounts.sign_in", next=_next()))
    form = SecondFactorForm()
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            result = second_factor.confirm_sign_in(
                token=token,
                typed=form.code.data or "",
                device=device(),
                address=address(),
                now=now,
            )
        except TooManyTries as error:
            form.code.errors = [say_wait(error)]
            status = _WAITING
        except (WrongSecondFactor, WrongCode) as error:
            form.code.errors = [error.words]
        else:
            enter_session(token=result.token, now=now, remember=remember)
            return go(_next(), locale=result.person.locale)
    return render_template("accounts/confirm.html", form=form, next=_next()), status


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this device's sign-in."""
    actor = current_actor()
    signing_in.end_sign_in(sign_in_id=actor.sign_in_id, actor=actor, now=request_now())
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return go("/")


@blueprint.route("/register", methods=["GET", "POST"])
@public
def create_account() -> ResponseReturnValue:
    """Create an account. The answer is the same when there is one already."""
    if request.method == "GET" and current_actor_or_none() is not None:
        return redirect(_next())
    form = CreateAccountForm()
    if not form.validate_on_submit():
        status = _INVALID if form.is_refused else 200
        return render_template("accounts/create_account.html", form=form, next=_next()), status
    assert form.contact.data is not None  # noqa: S101  (a required field)
    passwords.create_account(
        full_name=form.full_name.data or "",
        contact=form.contact.data,
        password=form.password.data or "",
        birth=form.birth.data,
        unit=queries.unit_by_public_id(form.unit.data or ""),
        consents=form.given_consents(),
        locale=language(),
        reset_page=settings().public_url + url_for("accounts.forgot_password"),
        now=request_now(),
    )
    session["identifier"] = request.form.get("contact", "")[:254]
    return go(url_for("accounts.account_created", next=_next()))


@blueprint.get("/register/done")
@public
def account_created() -> ResponseReturnValue:
    """What to do next, whether or not there was an account before."""
    form = SignInForm(identifier=session.get("identifier", ""))
    return render_template("accounts/account_created.html", form=form, next=_next())


@blueprint.route("/activate", methods=["GET", "POST"])
@public
def activate() -> ResponseReturnValue:
    """Type a printed code."""
    form = CodeForm(code=request.args.get("code", ""))
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            passwords.check_code(code=form.code.data or "", address=address(), now=request_now())
        except TooManyTries as error:
            form.code.errors = [say_wait(error)]
            status = _WAITING
        except WrongCode as error:
            form.code.errors = [error.words]
        else:
            session[_CODE] = form.code.data
            return go(url_for("accounts.use_code"))
    return render_template("accounts/activate.html", form=form), status


@blueprint.route("/activate/choose", methods=["GET", "POST"])
@public
def use_code() -> ResponseReturnValue:
    """With a right code: how to sign in from now on, and a password."""
    found = live_code(session.get(_CODE, ""), request_now())
    if found is None:
        session.pop(_CODE, None)
        flash(WrongCode().words, "error")
        return redirect(url_for("accounts.activate"))
    person = found.person
    if found.purpose is CodePurpose.RESET:
        return _reset_with_code(person)
    form = ActivateForm(phone=person.phone, email=person.email)
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            passwords.activate(
                code=session[_CODE],
                phone=form.phone.data,
                email=form.email.data,
                password=form.password.data or "",
                consents=form.given_consents(),
                locale=language(),
                address=address(),
                now=request_now(),
            )
        except TooManyTries as error:
            form.form_errors.append(say_wait(error))
            status = _WAITING
        except (WrongCode, ContactTaken) as error:
            form.form_errors.append(error.words)
        else:
            return _welcome(person)
    path = None if person.unit is None else queries.unit_path(person.unit)
    return render_template("accounts/use_code.html", form=form, person=person, path=path), status


def _reset_with_code(person: Person) -> ResponseReturnValue:
    form = NewPasswordForm()
    status = _INVALID if form.is_refused else 200
    if form.validate_on_submit():
        try:
            passwords.reset_by_code(
                code=session[_CODE],
                password=form.password.data or "",
                address=address(),
                now=request_now(),
            )
        except (WrongCode, TooManyTries) as error:
            form.form_errors.append(error.words)
            status = error.status
        else:
            return _welcome(person)
    return render_template("accounts/new_password.html", form=form, person=person), status


def _welcome(person: Person) -> ResponseReturnValue:
    """Sign in who has just proved who they are; with a second factor, that comes first."""
    session.pop(_CODE, None)
    if person.totp_confirmed_at is not None:
        flash(_("Your new password holds. Sign in with it."))
        return go(url_for("accounts.sign_in"))
    now = request_now()
    token = signing_in.open_sign_in(person=person, device=device(), address=address(), now=now)
    enter_session(token=token, now=now, remember=False)
    flash(_("Your account is ready. You are signed in."))
    return go("/", locale=person.locale)


@blueprint.route("/forgot-password", methods=["GET", "POST"])
@public
def forgot_password() -> ResponseReturnValue:
    """Ask for a link by mail; the answer is the same for everybody."""
    form = ForgotForm()
    if not form.validate_on_submit():
        status = _INVALID if form.is_refused else 200
        return render_template("accounts/forgot_password.html", form=form), status
    base = settings().public_url
    passwords.request_reset(
        identifier=form.identifier.data or "",
        reset_link=lambda token: base + url_for("accounts.reset_password", token=token),
        now=request_now(),
    )
    return go(url_for("accounts.reset_requested"))


@blueprint.get("/forgot-password/sent")
@public
def reset_requested() -> ResponseReturnValue:
    """What happens next, and what to do without an e-mail address."""
    return render_template("accounts/reset_requested.html")


@blueprint.route("/reset-password/<token>", methods=["GET", "POST"])
@public
def reset_password(token: str) -> ResponseReturnValue:
    """The link of the letter: choose a new password."""
    now = request_now()
    found = live_mail_token(token, now)
    if found is None or found.purpose is not CodePurpose.MAIL_RESET:
        flash(_("This link was used or is too old. Ask for a new one."), "error")
        return redirect(url_for("accounts.forgot_password"))
    form = NewPasswordForm()
    if not form.validate_on_submit():
        status = _INVALID if form.is_refused else 200
        page = render_template("accounts/new_password.html", form=form, person=found.person)
        return page, status
    person = passwords.reset_by_mail(token=token, password=form.password.data or "", now=now)
    return _welcome(person)
