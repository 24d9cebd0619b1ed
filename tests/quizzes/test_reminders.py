"""A letter before the close: to those who agreed to it and have not begun, once."""

from datetime import timedelta

from contest.accounts.models import ConsentPurpose
from contest.core import jobs
from contest.core.db import db
from contest.core.mail import Mail
from contest.core.transactions import end_read
from contest.quizzes.tasks import remind_job

DAY = timedelta(days=1)


def agree(world, *people):
    world.agree(*people, purpose=ConsentPurpose.CONTACT)


def remind(world, at):
    end_read()
    remind_job(jobs.JobRun(1, {}, None, at))
    return [
        mail.recipient
        for mail in db.session.query(Mail).order_by(Mail.id)
        if (mail.key or "").startswith("reminder-")
    ]


def test_who_agreed_and_has_not_begun_is_reminded_once_in_the_last_day(opened):
    cast = opened.cast
    agree(opened, cast.minh, cast.an)
    opened.start(cast.an)
    close = opened.round.closes_at
    moment = timedelta(microseconds=1)
    assert remind(opened, close - DAY - moment) == []
    assert remind(opened, close - DAY) == [cast.minh.email]
    assert remind(opened, close - timedelta(hours=1)) == [cast.minh.email]


def test_nobody_is_written_to_without_consent_or_after_the_close(opened):
    assert remind(opened, opened.round.closes_at - DAY) == []
    agree(opened, opened.cast.minh)
    assert remind(opened, opened.round.closes_at) == []
