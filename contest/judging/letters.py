"""Letters of the room, in the language of whoever gets them."""

from datetime import datetime

from flask_babel import force_locale

from contest.accounts.models import Person
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail


def send_invitation(
    *, person: Person, contest: str, round_title: str, key: str, now: datetime
) -> None:
    """Somebody is asked to sit on a jury; without an e-mail address nothing is sent."""
    if not person.email:
        return
    with force_locale(person.locale):
        send_mail(
            to=person.email,
            subject=_("You are invited to judge: %(round)s", round=round_title),
            body=_(
                "You are invited to the jury of %(contest)s, %(round)s. "
                "Sign in and open “My judging” to accept or decline.",
                contest=contest,
                round=round_title,
            ),
            key=key,
            now=now,
        )
