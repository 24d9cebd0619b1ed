"""Letters of the room, in the language of whoever gets them."""

from datetime import datetime

from flask_babel import force_locale

from contest.accounts.models import Person
from contest.core.i18n import format_instant, ngettext
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail
from contest.core.vietnamese import given_name


def send_invitation(
    *,
    person: Person,
    contest: str,
    round_title: str,
    key: str,
    now: datetime,
    address: str = "",
    code: str = "",
) -> None:
    """Somebody is asked to sit on a jury; without an e-mail address nothing is sent.

    Args:
        person: who is invited.
        contest: title of the contest.
        round_title: of the round.
        key: one letter for each key.
        now: the instant of the request.
        address: where to answer, or with `code` where to choose a password.
        code: of a new account.
    """
    if not person.email:
        return
    with force_locale(person.locale):
        lines = [
            _("Hello %(name)s,", name=given_name(person.full_name)),
            _(
                "You are invited to the jury of %(contest)s, %(round)s. "
                "Sign in and open “My judging” to accept or decline.",
                contest=contest,
                round=round_title,
            ),
        ]
        if code:
            lines.append(
                _("An account was made for you. Open this address and type the code:")
                + f"\n{address}\n{code}"
            )
        elif address:
            lines.append(_("Answer here:") + f"\n{address}")
        send_mail(
            to=person.email,
            subject=_("You are invited to judge: %(round)s", round=round_title),
            body="\n\n".join([*lines, _("Gương Sáng")]) + "\n",
            key=key,
            now=now,
        )


def send_reminder(
    *,
    person: Person,
    round_title: str,
    todo: int,
    due_at: datetime,
    address: str,
    key: str,
    now: datetime,
) -> None:
    """A judge's sheets are late.

    Args:
        person: the judge, with an e-mail address.
        round_title: of the round.
        todo: sheets that are not finished.
        due_at: when the marks were due.
        address: of the judge's desk.
        key: one letter for each key.
        now: the instant of the job.
    """
    with force_locale(person.locale):
        lines = [
            _("Hello %(name)s,", name=given_name(person.full_name)),
            ngettext(
                "%(num)s essay of %(round)s still waits for your mark; marks were due by %(when)s.",
                "%(num)s essays of %(round)s still wait for your marks; marks were due by "
                "%(when)s.",
                todo,
                round=round_title,
                when=format_instant(due_at),
            ),
            _("If you cannot finish them, tell the secretary, who can give them to other judges."),
            _("Your works are here:") + f"\n{address}",
            _("Gương Sáng"),
        ]
        send_mail(
            to=person.email or "",
            subject=_("Marks are late: %(round)s", round=round_title),
            body="\n\n".join(lines) + "\n",
            key=key,
            now=now,
        )
