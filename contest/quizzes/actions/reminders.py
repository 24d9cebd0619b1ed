"""Letters and messages before a round closes, to those who agreed to them and have not begun."""

from datetime import datetime, timedelta
from typing import Final

from flask_babel import force_locale
from sqlalchemy import String, cast, exists, false, literal, or_, select

from contest.accounts.models import Consent, ConsentPurpose, Person
from contest.contests.models import (
    Contest,
    ContestKind,
    Disqualification,
    Entry,
    Registration,
    Round,
    Stage,
)
from contest.core.db import db
from contest.core.i18n import format_instant
from contest.core.i18n import gettext as _
from contest.core.mail import Channel, Mail, send_mail
from contest.quizzes.models import Attempt

BEFORE: Final = timedelta(hours=24)
AT_ONCE: Final = 200
_SHORTEST: Final = timedelta(hours=48)


def rounds_to_remind(now: datetime) -> list[int]:
    """Open ranked quizzes that close within 24 hours and were open for two days at least."""
    rows = db.session.execute(
        select(Round.id, Round.opens_at, Round.closes_at)
        .join(Contest, Contest.id == Round.contest_id)
        .where(
            Round.stage == Stage.OPEN,
            Round.kind == ContestKind.QUIZ,
            Round.is_practice.is_(False),
            Round.closes_at > now,
            Round.closes_at <= now + BEFORE,
            Contest.announced_at.is_not(None),
        )
    )
    return [row.id for row in rows if row.closes_at - row.opens_at >= _SHORTEST]


def remind_some(*, round_id: int, by_text: bool, site: str, now: datetime) -> int:
    """Write to the next people who have not begun; one letter or message a person and round.

    Each in their own language. Who was disqualified, from this round or from the contest, is not
    called to a round that will not count.

    Args:
        round_id: which round.
        site: address of the site, without a slash at its end.
        by_text: short messages leave this installation; who has a phone then gets one, and only
            who has none a letter.
        now: the instant of the run.

    Returns:
        How many letters were written; fewer than `AT_ONCE` means that nobody is left.
    """
    found = db.session.get_one(Round, round_id)
    contest = found.contest
    key = literal(f"reminder-{round_id}-") + cast(Registration.id, String)
    reached = Person.phone.is_not(None) if by_text else false()
    rows = db.session.execute(
        select(Registration.id, Person.email, Person.phone, Person.locale)
        .join(Person, Person.id == Registration.person_id)
        .join(Entry, Entry.registration_id == Registration.id)
        .where(
            Registration.contest_id == contest.id,
            Registration.withdrawn_at.is_(None),
            or_(Person.email.is_not(None), reached),
            Person.disabled_at.is_(None),
            Person.merged_into_id.is_(None),
            exists().where(
                Consent.person_id == Person.id,
                Consent.purpose == ConsentPurpose.CONTACT,
                Consent.scope_id == contest.scope_id,
                Consent.withdrawn_at.is_(None),
            ),
            ~exists().where(Attempt.round_id == round_id, Attempt.entry_id == Entry.id),
            ~exists().where(
                Disqualification.entry_id == Entry.id,
                or_(Disqualification.round_id.is_(None), Disqualification.round_id == round_id),
                Disqualification.lifted_at.is_(None),
            ),
            ~exists().where(Mail.key == key),
        )
        .order_by(Registration.id)
        .limit(AT_ONCE)
    ).all()
    words = {}
    for registration_id, email, phone, locale in rows:
        if locale not in words:
            with force_locale(locale):
                words[locale] = _words(found, site)
        subject, body, why = words[locale]
        channel = Channel.TEXT if by_text and phone else Channel.MAIL
        send_mail(
            to=(phone if channel is Channel.TEXT else email) or "",
            channel=channel,
            subject=subject,
            body=body if channel is Channel.TEXT else f"{body}\n\n{why}\n",
            now=now,
            key=f"reminder-{round_id}-{registration_id}",
        )
    return len(rows)


def _words(found: Round, site: str) -> tuple[str, str, str]:
    """Subject, body, and for a letter why it came and how no more come."""
    names = {"round": found.title, "contest": found.contest.title}
    body = _(
        "%(round)s of “%(contest)s” closes on %(closes)s, and you have not begun yet.",
        **names,
        closes=format_instant(found.closes_at),
    )
    start = f"{site}/contests/{found.contest.slug}/rounds/{found.number}/start"
    why = _(
        "You agreed to be contacted about this contest. If you no longer want letters, take that "
        "back in your account: %(account)s",
        account=f"{site}/account",
    )
    return _("%(round)s closes soon: %(contest)s", **names), f"{body} {start}", why
