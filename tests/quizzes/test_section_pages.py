"""Sections with a time of their own, by HTTP: settings, start, attempt, going on, receipt."""

from datetime import timedelta

import pytest

from contest.contests.models import Round, Stage
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt, QuizRound
from contest.quizzes.rules.sections import moved, read_spans, write_spans
from tests.quizzes.conftest import make_world
from tests.quizzes.test_pages import START, begin, minh, now, paper_of, running, save, stored

__all__ = ["minh", "now", "running", "stored"]

TWO = [{"q": 2, "s": 120}, {"q": 2, "s": 180}]


@pytest.fixture
def divided(running, app, change):
    """The open round has two sections; its terms are read anew under another digest."""

    def divide(session):
        quiz = session.query(QuizRound).one()
        quiz.sections, quiz.time_limit_seconds = TWO, 300
        quiz.pool_digest = "0" * 64

    change(divide)
    return running


@pytest.fixture
def change(app):

    def do(work):
        with app.app_context(), unit_of_work():
            work(db.session)

    return do


def pass_minutes(minutes):
    """All instants of the attempt lie earlier, as if so many minutes had gone by."""

    def work(session):
        attempt = session.query(Attempt).one()
        by = timedelta(minutes=minutes)
        for name in ("started_at", "deadline_at", "grace_until"):
            setattr(attempt, name, getattr(attempt, name) - by)
        attempt.sections = write_spans(moved(each, -by) for each in read_spans(attempt.sections))

    return work


def shown(page):
    return [int(each.get("data-slot")) for each in page.all("//h:section[@data-slot]")]


def test_each_section_has_a_page_of_its_own(divided, minh, change, stored):
    start = minh.page(START)
    told = " ".join(start.words("//h:dd")).replace("\u00a0", " ")
    assert "phần 1: 2 câu, 2 phút; phần 2: 2 câu, 3 phút" in told
    address = begin(minh)
    page = minh.page(address)
    assert shown(page) == [0, 1]
    paper = paper_of(minh, address)
    assert save(minh, address, 1, 1, 0, [paper[0]["o"][0]]).status_code == 200
    ahead = save(minh, address, 1, 2, 2, [paper[2]["o"][0]])
    assert (ahead.status_code, ahead.json["error"]) == (422, "section_ahead")
    assert shown(minh.page(f"{address}?q=4")) == [0, 1]

    check = minh.page(address + "/check")
    assert "Sang phần 2" in check.text
    assert "/submit" not in check.text
    answer = minh.submit(address + "/check", action="/sections")
    assert answer.headers["Location"] == address
    assert shown(minh.page(address)) == [2, 3, 4]
    back = save(minh, address, 1, 3, 1, [paper[1]["o"][0]])
    assert (back.status_code, back.json["error"]) == (422, "passed")
    state = minh.get(address + "/state").json
    assert state["section"] == 2

    change(pass_minutes(4.5))  # in the grace of the second and last one
    receipt = minh.submit(address + "/check", action="/submit").headers["Location"]
    words = " ".join(minh.page(receipt).words("//h:dd"))
    assert "trả lời 1/2 câu" in words
    assert "trả lời 0/2 câu" in words


def test_at_its_end_the_next_one_is_on_the_page(divided, minh, change):
    address = begin(minh)
    paper = paper_of(minh, address)
    change(pass_minutes(3.5))
    assert shown(minh.page(address)) == [2, 3, 4]
    late = save(minh, address, 1, 1, 1, [paper[1]["o"][0]])
    assert (late.status_code, late.json["error"]) == (409, "section_over")
    assert "hết giờ" in late.json["message"]
    # Without JavaScript the sentence stands on the page.
    minh.post(address, data={"epoch": "1", "shown-1": "1", "slot-1": paper[1]["o"][1], "go": "1"})
    assert "Phần đó đã hết giờ" in minh.get(address).text


def test_going_on_needs_the_device_that_writes(divided, minh, signed_in):
    address = begin(minh)
    other = signed_in(divided.cast.minh)
    other.post(address + "/sections", data={"section": "2"})
    assert shown(minh.page(address)) == [0, 1]
    assert minh.post(address + "/sections", data={"section": "3"}).status_code == 422
    assert minh.post(address + "/sections", data={"section": "x"}).status_code == 422
    stranger = signed_in(divided.cast.an)
    assert stranger.post(address + "/sections", data={"section": "2"}).status_code == 404
    assert shown(minh.page(address)) == [0, 1]


def test_the_organiser_divides_the_paper(app, cast, now, signed_in):
    with app.app_context():
        make_world(app, cast, now)
    lan = signed_in(cast.lan)
    at = "/organise/contests/tim-hieu/rounds/1/questions"

    def fill(**fields):
        return lan.submit(at, fields, action="/questions")

    wrong = {"section-1-questions": "zwei", "section-1-minutes": "2"}
    answer = fill(**wrong)
    assert answer.status_code == 422
    assert "Mỗi phần cần số câu hỏi là số nguyên" in answer.text
    assert 'value="zwei"' in answer.text
    assert fill(**{"section-1-questions": "4", "section-1-minutes": "5"}).status_code == 422
    right = {
        "section-1-questions": "2",
        "section-1-minutes": "2,5",
        "section-2-questions": "1",
        "section-2-minutes": "3",
    }
    assert fill(**right).status_code == 302
    assert "Các phần có tổng cộng 3 câu, còn đề thi có 4 câu" in lan.get(at).text
    assert fill(**{"section-2-questions": "2"}).status_code == 302
    with app.app_context():
        quiz = db.session.query(QuizRound).one()
        assert quiz.sections == [{"q": 2, "s": 150}, {"q": 2, "s": 180}]
        assert quiz.time_limit_seconds == 330


def test_each_section_has_a_heading_where_its_questions_are_shown(divided, minh, change):
    """While it is checked, and on the result once the key may be seen."""
    address = begin(minh)
    assert "Phần 1/2" in minh.page(address + "/check").words("//h:h1/preceding-sibling::h:p")
    minh.submit(address + "/check", action="/sections")
    assert "Phần 2/2" in minh.page(address + "/check").words("//h:h1/preceding-sibling::h:p")
    minh.submit(address + "/check", action="/submit")

    def publish(session):
        session.query(Round).one().stage = Stage.PUBLISHED

    change(publish)
    result = minh.page(address + "/result")
    assert result.words("//h:h2/h:span[1]") == ["Phần 1/2", "Phần 2/2"]
    assert result.words("//h:h3/h:span[1]") == ["Câu 1", "Câu 2", "Câu 3", "Câu 4"]
