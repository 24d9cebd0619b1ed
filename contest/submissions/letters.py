"""Letters of the room, in the language of whoever gets them."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale

from contest.accounts.models import Person
from contest.core.i18n import format_instant, ngettext
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail
from contest.core.vietnamese import given_name
from contest.submissions.models import ScreeningOutcome, Work
from contest.submissions.rules.screening import reason_words


def send_decision(
    *,
    person: Person,
    work: Work,
    outcome: ScreeningOutcome,
    reasons: Sequence[str],
    note: str,
    until: datetime | None,
    address: str,
    key: str,
    now: datetime,
) -> None:
    """An essay came back or is not accepted; without an e-mail address nothing is sent.

    Args:
        person: an author with an account.
        work: with the version that was decided about.
        outcome: returned or ineligible.
        reasons: codes of `rules.screening`.
        note: of the secretary.
        until: the deadline for a mended essay; None where it is the beginning of the marking.
        address: page of the essay.
        key: one letter for each key.
        now: the instant of the request.
    """
    if not person.email:
        return
    with force_locale(person.locale):
        version = work.submitted_version
        title = (version.title if version is not None else "") or _("Without a title yet")
        returned = outcome is ScreeningOutcome.RETURNED
        lines = [
            _("Hello %(name)s,", name=given_name(person.full_name)),
            _first_sentence(work, title, returned=returned),
            _(
                "Why: %(reasons)s",
                reasons="; ".join([*reason_words(reasons), *filter(None, [note])]),
            ),
        ]
        if returned:
            lines += [_deadline_sentence(until), _("Mend it here:") + f"\n{address}"]
        subject = (
            _("Please mend your essay “%(title)s”", title=title)
            if returned
            else _("Your essay “%(title)s” is not accepted", title=title)
        )
        body = "\n\n".join([*lines, _("Gương Sáng")]) + "\n"
        send_mail(to=person.email, subject=subject, body=body, key=key, now=now)


def _first_sentence(work: Work, title: str, *, returned: bool) -> str:
    contest = work.round.contest.title
    if returned:
        return _(
            "The secretary of %(contest)s has read your essay “%(title)s” and asks you to mend it. "
            "Nothing of it is lost.",
            contest=contest,
            title=title,
        )
    return _(
        "The secretary of %(contest)s has read your essay “%(title)s”. By the rules of the "
        "contest it cannot be marked.",
        contest=contest,
        title=title,
    )


def _deadline_sentence(until: datetime | None) -> str:
    if until is None:
        return _("Please hand it in again soon: it is possible until the marking begins.")
    return _("Please hand it in again before %(when)s.", when=format_instant(until))


def send_unit_remark(
    *, person: Person, work: Work, remark: str, address: str, key: str, now: datetime
) -> None:
    """The unit sent a work back with a remark; without an e-mail address nothing is sent.

    Args:
        person: an author with an account.
        work: with the version that was looked at.
        remark: of the unit.
        address: page of the work.
        key: one letter for each key.
        now: the instant of the request.
    """
    if not person.email:
        return
    with force_locale(person.locale):
        version = work.submitted_version
        title = (version.title if version is not None else "") or _("Without a title yet")
        lines = [
            _("Hello %(name)s,", name=given_name(person.full_name)),
            _("Your unit could not confirm your work “%(title)s” yet.", title=title),
            _("Remark of the unit: %(remark)s", remark=remark),
            _("Mend it here:") + f"\n{address}",
            _("Gương Sáng"),
        ]
        subject = _("Your unit has a remark on “%(title)s”", title=title)
        body = "\n\n".join(lines) + "\n"
        send_mail(to=person.email, subject=subject, body=body, key=key, now=now)


def send_unit_reminder(
    *, person: Person, contest: str, waiting: int, until: datetime, address: str, key: str,
    now: datetime,
) -> None:  # fmt: skip
    """Works of a unit's people still wait for its word; without an address nothing is sent.

    Args:
        person: a coordinator of the unit.
        contest: its title.
        waiting: how many works.
        until: by when.
        address: page on which they are confirmed.
        key: one letter for each key.
        now: the instant of the job.
    """
    if not person.email:
        return
    with force_locale(person.locale):
        lines = [
            _("Hello %(name)s,", name=given_name(person.full_name)),
            ngettext(
                "%(num)s work of your unit in %(contest)s waits to be confirmed.",
                "%(num)s works of your unit in %(contest)s wait to be confirmed.",
                waiting,
                contest=contest,
            ),
            _("Please do it before %(when)s:", when=format_instant(until)) + f"\n{address}",
            _("Gương Sáng"),
        ]
        subject = _("Works of your unit wait to be confirmed")
        body = "\n\n".join(lines) + "\n"
        send_mail(to=person.email, subject=subject, body=body, key=key, now=now)
