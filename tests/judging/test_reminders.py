"""Judges whose sheets are late are reminded once a day, where the secretary wants it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.jobs import JobRun
from contest.core.mail import Mail
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions
from contest.judging.models import JudgedRound, Juror, JurorState
from contest.judging.rules.refusals import MarkingClosed
from contest.judging.tasks import remind_judges_job
from tests.judging.test_marking import judges_of
from tests.judging.test_pages import token_of

BASE = "/organise/contests/guong-sang/rounds/1"


@pytest.fixture
def late(marking):
    """The marks were due yesterday, and the secretary wants judges reminded."""
    lan = marking.actor(marking.cast.lan)
    with unit_of_work():
        judged = db.session.get(JudgedRound, marking.round_id)
        judged.marks_due_at = marking.now - timedelta(days=1)
        actions.set_reminders(contest_round=marking.round, reminds=True, actor=lan, now=marking.now)
    return marking


def morning(marking, days=0, hour=8):
    day = marking.now.astimezone(LOCAL_ZONE).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL_ZONE)


def run(now):
    end_read()
    remind_judges_job(JobRun(0, {}, None, now))
    end_read()


def letters():
    return db.session.scalars(
        select(Mail).where(Mail.key.startswith("judging.reminder")).order_by(Mail.id)
    ).all()


def test_each_late_judge_gets_one_letter_a_day(late):
    run(morning(late))
    run(morning(late, hour=15))
    first = letters()
    assert {each.recipient for each in first} == {
        person.email for person in (late.cast.hoa, late.cast.tu, late.cast.cuc)
    }
    assert len(first) == 3
    assert all("bài của Sơ khảo chưa chấm xong" in each.body for each in first)
    assert all("/judge" in each.body for each in first)
    run(morning(late, days=1))
    assert len(letters()) == 6


def test_nobody_is_written_to_at_night_or_before_the_day(late):
    run(morning(late, hour=4))
    assert letters() == []
    with unit_of_work():
        db.session.get(JudgedRound, late.round_id).marks_due_at = morning(late, days=3)
    run(morning(late))
    assert letters() == []


def test_who_is_done_or_left_gets_no_letter(late):
    for sheet in late.sheets(late.cast.hoa):
        late.finish(late.cast.hoa, sheet.work_id, "7")
    with unit_of_work():
        seat = db.session.query(Juror).filter_by(person_id=late.cast.tu.id).one()
        seat.state = JurorState.LEFT
    run(morning(late))
    assert [each.recipient for each in letters()] == [late.cast.cuc.email]


def test_locked_marks_remind_nobody_and_cannot_be_set_to(late):
    with unit_of_work():
        db.session.get(JudgedRound, late.round_id).closed_at = late.now
    run(morning(late))
    assert letters() == []
    lan = late.actor(late.cast.lan)
    with pytest.raises(MarkingClosed), unit_of_work():
        actions.set_reminders(contest_round=late.round, reminds=True, actor=lan, now=late.now)


def test_the_secretary_turns_letters_on_and_sees_when_they_were_sent(live, signed_in):
    lan = signed_in(live.cast.lan)
    page = lan.get(f"{BASE}/marking").get_data(as_text=True)
    assert "Đang tắt thư nhắc giám khảo quá hạn." in page
    data = {"csrf_token": token_of(page), "remind": "1"}
    assert lan.post(f"{BASE}/marking/reminders", data=data).location == f"{BASE}/marking"
    with unit_of_work():
        judged = db.session.get(JudgedRound, live.round_id)
        assert judged.reminds_late
        judged.marks_due_at = live.now - timedelta(days=1)
    run(morning(live))
    page = lan.get(f"{BASE}/marking").get_data(as_text=True)
    assert "Giám khảo quá hạn nhận thư nhắc mỗi sáng." in page
    assert page.count("Đã nhắc ngày") == 3
    lan.post(f"{BASE}/marking/reminders", data={"csrf_token": token_of(page)})
    assert not db.session.get(JudgedRound, live.round_id).reminds_late


def test_a_third_marking_for_which_no_judge_is_free_stands_on_the_page(live, signed_in):
    work_id = live.work_ids[2]
    for person, total in zip(judges_of(live, work_id), ("6", "8"), strict=True):
        live.finish(person, work_id, total)
    lan = signed_in(live.cast.lan)
    assert "Không còn giám khảo phù hợp" not in lan.get(f"{BASE}/marking").get_data(as_text=True)
    third = next(
        person
        for person in (live.cast.hoa, live.cast.tu, live.cast.cuc)
        if person.id not in {each.id for each in judges_of(live, work_id)}
    )
    with unit_of_work():
        seat = db.session.query(Juror).filter_by(person_id=third.id).one()
        seat.capacity = 1
    page = lan.get(f"{BASE}/marking").get_data(as_text=True)
    assert "Không còn giám khảo phù hợp" in page
    assert "chấm lần ba" in page
