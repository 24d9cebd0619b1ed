"""Letters of the room, in the language of whoever gets them."""

from datetime import datetime

from flask_babel import force_locale

from contest.accounts.labels import REQUEST_NAMES
from contest.accounts.models import Person, RequestState, SubjectRequest
from contest.accounts.rules.subject_requests import last_day
from contest.core.i18n import format_date
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail
from contest.core.vietnamese import given_name


def _send(
    person: Person,
    subject: str,
    lines: list[str],
    now: datetime,
    *,
    secret_until: datetime | None = None,
) -> None:
    if person.email:
        greeting = _("Hello %(name)s,", name=given_name(person.full_name))
        body = "\n\n".join([greeting, *lines, _("Gương Sáng")]) + "\n"
        send_mail(to=person.email, subject=subject, body=body, now=now, secret_until=secret_until)


def send_reset_link(*, person: Person, link: str, until: datetime, now: datetime) -> None:
    """The link with which a person chooses a new password until an instant; not kept longer."""
    with force_locale(person.locale):
        _send(
            person,
            _("Choose a new password"),
            [
                _("Somebody, probably you, asked for a new password for your account."),
                _("Open this address within an hour:") + "\n" + link,
                _("If it was not you, do nothing: your password stays as it is."),
            ],
            now,
            secret_until=until,
        )


def send_already_registered(*, person: Person, link: str, now: datetime) -> None:
    """Somebody tried to create an account that exists: only its owner is told."""
    with force_locale(person.locale):
        _send(
            person,
            _("You have an account already"),
            [
                _(
                    "Somebody, probably you, tried to create an account with your phone number or "
                    "e-mail address. There is one already, and nothing was changed."
                ),
                _("If you forgot your password, choose a new one here:") + "\n" + link,
            ],
            now,
        )


def send_password_changed(*, person: Person, now: datetime) -> None:
    """Tell the owner that the password is another one."""
    with force_locale(person.locale):
        _send(
            person,
            _("Your password was changed"),
            [
                _("The password of your account was changed; other devices were signed out."),
                _("If it was not you, choose a new password at once and tell the organisers."),
            ],
            now,
        )


def send_second_factor_changed(*, person: Person, is_on: bool, now: datetime) -> None:
    """Tell the owner that the second factor was turned on or off."""
    with force_locale(person.locale):
        words = (
            _("From now on signing in also asks for six digits from your phone.")
            if is_on
            else _("From now on signing in asks for the password alone.")
        )
        _send(
            person,
            _("Two-step sign-in was turned on") if is_on else _("Two-step sign-in was turned off"),
            [words, _("If it was not you, change your password at once.")],
            now,
        )


def send_request_received(*, person: Person, request: SubjectRequest, now: datetime) -> None:
    """Tell a person that the request about their data is here, and until when it is answered."""
    with force_locale(person.locale):
        _send(
            person,
            _("Your request about your data has been received"),
            [
                _("You asked for: %(kind)s.", kind=str(REQUEST_NAMES[request.kind])),
                _(
                    "A person looks at it and confirms this by %(confirm)s at the latest. You get "
                    "the answer by %(finish)s at the latest.",
                    confirm=format_date(last_day(request.confirm_due_at), weekday=True),
                    finish=format_date(last_day(request.finish_due_at), weekday=True),
                ),
                _(
                    "You can follow the request, or take it back, under “My data and rights” in "
                    "your account. If it was not you, sign in, take it back and change your "
                    "password."
                ),
            ],
            now,
        )


def send_request_confirmed(*, person: Person, request: SubjectRequest, now: datetime) -> None:
    """Tell a person that somebody has begun to look at the request."""
    with force_locale(person.locale):
        _send(
            person,
            _("We are looking at your request"),
            [
                _("You asked for: %(kind)s.", kind=str(REQUEST_NAMES[request.kind])),
                _(
                    "The organisers have read your request. You get the answer by %(finish)s at "
                    "the latest.",
                    finish=format_date(last_day(request.finish_due_at), weekday=True),
                ),
            ],
            now,
        )


def send_request_answered(*, person: Person, request: SubjectRequest, now: datetime) -> None:
    """The answer to a request: done or refused, with the words of whoever answered."""
    with force_locale(person.locale):
        done = request.state is RequestState.DONE
        _send(
            person,
            _("Your request has been carried out")
            if done
            else _("Your request has not been granted"),
            [
                _("You asked for: %(kind)s.", kind=str(REQUEST_NAMES[request.kind])),
                request.answer,
                _("If you do not agree, you may complain to the organisers or to the authority."),
            ],
            now,
        )
