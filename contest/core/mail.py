"""Letters and short messages: a row in the transaction of an action, sent by a job; one a key."""

import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app
from sqlalchemy import Index, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from contest.config import Settings
from contest.core import jobs
from contest.core.clock import utc_now
from contest.core.db import Base, PublicIdMixin, UtcInstant, db, enum_type
from contest.core.text_hook import hand_over
from contest.core.transactions import unit_of_work

_BATCH: Final = 50
_MOST_TRIES: Final = 6
log = structlog.get_logger("mail")


class Channel(StrEnum):
    """How a letter travels: by mail, or as a short message through the hook (`core.text_hook`)."""

    MAIL = "mail"
    TEXT = "text"


class Mail(PublicIdMixin, Base):
    """A letter to one address, or a short message to one phone.

    A letter with a secret in it has `secret_until`, the instant from which the secret is worth
    nothing: its body is blanked once it has left, and at that instant at the latest.
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(160), unique=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel), default=Channel.MAIL)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    secret_until: Mapped[datetime | None] = mapped_column(UtcInstant)

    __table_args__ = (Index("ix_mail_sent_at_due_at", "sent_at", "due_at"),)


def send_mail(
    *,
    to: str,
    subject: str,
    body: str,
    now: datetime,
    key: str | None = None,
    secret_until: datetime | None = None,
    channel: Channel = Channel.MAIL,
) -> None:
    """Write a letter in the present transaction; it leaves after the commit.

    Args:
        to: address of one person, or a phone number.
        subject: one line.
        body: plain text.
        now: the instant of the request.
        key: a second letter with the same key is not written.
        secret_until: the body holds a secret that is good until then; it is not kept longer.
        channel: how it travels; a short message is its body alone.
    """
    if key is not None and db.session.scalar(select(Mail.id).where(Mail.key == key)) is not None:
        return
    db.session.add(
        Mail(
            key=key,
            channel=channel,
            recipient=to,
            subject=" ".join(subject.split()),
            body=body,
            created_at=now,
            due_at=now,
            secret_until=secret_until,
        )
    )


def latest_mail(limit: int = 50) -> list[Mail]:
    """The newest letters, for the development mailbox."""
    return list(db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(limit)))


def texts_leave() -> bool:
    """Whether short messages leave this installation: `TEXT_HOOK_URL` is set."""
    settings: Settings = current_app.extensions["settings"]
    return bool(settings.text_hook_url)


def _deliver(settings: Settings, letter: Mail) -> None:
    if letter.channel is Channel.TEXT:
        hand_over(
            url=settings.text_hook_url,
            secret=settings.text_hook_secret,
            key=letter.public_id,
            phone=letter.recipient,
            words=letter.body,
            now=utc_now(),
        )
        return
    url = urlsplit(settings.smtp_url)
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message.set_content(letter.body)
    connect = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with connect(url.hostname or "localhost", url.port or 0, timeout=20) as server:
        if url.username:
            if url.scheme == "smtp":
                server.starttls()
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


@jobs.task("core.send_mail", every=timedelta(seconds=5))
def deliver_mail(run: jobs.JobRun) -> None:
    """Send waiting letters; without SMTP they stay in the table (the development mailbox)."""
    del run
    settings: Settings = current_app.extensions["settings"]
    ways = {Channel.MAIL: settings.smtp_url, Channel.TEXT: settings.text_hook_url}
    open_ways = [channel for channel, url in ways.items() if url]
    if not open_ways:
        return
    with unit_of_work():
        waiting = list(
            db.session.scalars(
                select(Mail.id)
                .where(
                    Mail.sent_at.is_(None),
                    Mail.due_at <= utc_now(),
                    Mail.tries < _MOST_TRIES,
                    Mail.body != "",
                    Mail.channel.in_(open_ways),
                )
                .order_by(Mail.id)
                .limit(_BATCH)
            )
        )
    for mail_id in waiting:
        with unit_of_work():
            letter = db.session.get_one(Mail, mail_id)
            letter.tries += 1
            try:
                _deliver(settings, letter)
            except (OSError, smtplib.SMTPException) as error:
                log.warning("mail was not taken", mail=mail_id, error=type(error).__name__)
                letter.due_at = utc_now() + timedelta(minutes=2**letter.tries)
            else:
                letter.sent_at = utc_now()
                letter.body = letter.body if letter.secret_until is None else ""


@jobs.task("core.blank_letters", every=timedelta(minutes=1))
def blank_letters(run: jobs.JobRun) -> None:
    """Blank the letters whose secret is worth nothing any more, sent or not."""
    stale = (Mail.secret_until <= run.now, Mail.body != "")
    with unit_of_work():
        if db.session.scalar(select(Mail.id).where(*stale).limit(1)) is not None:
            db.session.execute(
                update(Mail)
                .where(*stale)
                .values(body="")
                .execution_options(synchronize_session=False)
            )
