"""A letter before the close: to those who agreed to it and have not begun, once."""

from datetime import timedelta

from sqlalchemy import select, update

from contest.accounts.models import ConsentPurpose
from contest.contests.models import Disqualification, Entry, Registration
from contest.core import jobs
from contest.core.db import db
from contest.core.mail import Mail
from contest.core.transactions import end_read, unit_of_work
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


def test_who_is_out_of_the_contest_is_not_called_back(opened):
    cast = opened.cast
    agree(opened, cast.minh, cast.an)
    with unit_of_work():
        for person, of_round in ((cast.minh, None), (cast.an, opened.round_id)):
            db.session.add(disqualified(opened, person, of_round))
    close = opened.round.closes_at
    assert remind(opened, close - DAY) == []
    with unit_of_work():
        db.session.execute(update(Disqualification).values(lifted_at=opened.now))
    assert sorted(remind(opened, close - DAY)) == sorted([cast.minh.email, cast.an.email])


def disqualified(world, person, round_id):
    entry = db.session.scalars(
        select(Entry).join(Registration).where(Registration.person_id == person.id)
    ).one()
    return Disqualification(
        entry_id=entry.id,
        round_id=round_id,
        reason="Nhờ người khác thi thay",
        decided_by_id=world.cast.lan.id,
        decided_at=world.now,
    )


def test_a_reminder_comes_in_ones_language_and_leads_to_the_start(opened, app, signed_in):
    cast = opened.cast
    agree(opened, cast.minh, cast.an)
    with unit_of_work():
        db.session.merge(cast.an).locale = "en"
    remind(opened, opened.round.closes_at - DAY)
    bodies = {
        mail.recipient: mail.body
        for mail in db.session.query(Mail).where(Mail.key.startswith("reminder-"))
    }
    end_read()
    assert "bạn chưa vào thi" in bodies[cast.minh.email]
    assert "you have not begun yet" in bodies[cast.an.email]
    site = app.extensions["settings"].public_url
    for body in bodies.values():
        assert f"{site}/contests/tim-hieu/rounds/1/start" in body
        assert f"{site}/account" in body
    page = signed_in(cast.lan).page("/organise/contests/tim-hieu/rounds/1/live").text
    assert "Đã nhắc 2 người." in page


def test_nobody_is_written_to_without_consent_or_after_the_close(opened):
    assert remind(opened, opened.round.closes_at - DAY) == []
    agree(opened, opened.cast.minh)
    assert remind(opened, opened.round.closes_at) == []
