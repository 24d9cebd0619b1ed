"""Letters of the room, in the language of whoever gets them."""

from datetime import datetime

from flask_babel import force_locale

from contest.accounts.models import Person
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail
from contest.core.vietnamese import given_name


def _send(person: Person, subject: str, lines: list[str], now: datetime) -> None:
    if person.email:
        greeting = _("Hello %(name)s,", name=given_name(person.full_name))
        body = "\n\n".join([greeting, *lines, _("Gương Sáng")]) + "\n"
        send_mail(to=person.email, subject=subject, body=body, now=now)


def send_reset_link(*, person: Person, link: str, now: datetime) -> None:
    """The link with which a person chooses a new password."""
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
