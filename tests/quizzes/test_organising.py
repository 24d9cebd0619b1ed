"""The organiser's pages: the paper, extra time, reported questions; and who may not see them."""

from datetime import timedelta

import pytest

from contest.contests.actions import add_round
from contest.contests.models import ContestKind, Round
from contest.contests.steps import wizard_steps
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes import queries
from contest.quizzes.actions.rounds import discard_settings
from contest.quizzes.models import ExtraTime, QuestionReport
from tests.quizzes.conftest import make_world

HERE = "/organise/contests/tim-hieu/rounds/1"


@pytest.fixture
def now():
    return utc_now()


@pytest.fixture
def world(app, cast, now):
    with app.app_context():
        return make_world(app, cast, now)


@pytest.fixture
def lan(world, signed_in):
    return signed_in(world.cast.lan)


def quiz(world):
    with world.app.app_context():
        found = queries.quiz_of(world.round_id)
        return found, queries.blueprint_of(found)


def test_the_paper_is_laid_out_with_live_stock(world, lan):
    page = lan.page(HERE + "/questions")
    cells = {field.get("name"): field for field in page.all("//h:input[@data-stock]")}
    topic = world.topic_ids[0]
    assert cells["cell-any-any"].get("data-stock") == "12"
    assert cells[f"cell-{topic}-easy"].get("value") == "2"
    answer = lan.submit(
        HERE + "/questions",
        {"minutes": "20", "attempts": "", f"cell-{topic}-easy": "3", "grace": "30"},
        action="/questions",
    )
    assert answer.status_code in {302, 303}, answer.text
    found, blueprint = quiz(world)
    assert (found.time_limit_seconds, found.attempts_allowed, found.grace_seconds) == (
        1200,
        None,
        30,
    )
    assert sum(cell.count for cell in blueprint) == 5


def test_unlimited_attempts_stay_unlimited_in_a_new_round(world, lan):
    with world.app.app_context(), unit_of_work():
        discard_settings(contest_round=db.session.get_one(Round, world.round_id))
    lan.submit(HERE + "/questions", {"attempts": ""}, action="/questions")
    found, _blueprint = quiz(world)
    assert found.attempts_allowed is None


def test_wrong_cells_and_shortage_are_shown(world, lan):
    topic = world.topic_ids[0]
    answer = lan.submit(HERE + "/questions", {f"cell-{topic}-easy": "abc"}, action="/questions")
    assert answer.status_code == 422
    lan.submit(HERE + "/questions", {f"cell-{topic}-easy": "9"}, action="/questions")
    page = lan.page(HERE + "/questions")
    assert page.all("//h:div[contains(@class, 'warn')]")


def test_another_bank_empties_the_paper(world, lan):
    lan.submit(HERE + "/questions", {"bank": ""}, action="/questions")
    found, blueprint = quiz(world)
    assert (found.bank_id, blueprint) == (None, ())


def test_extra_time_for_one_and_for_a_unit(world, lan):
    with world.app.app_context():
        world.open()
        started = world.start(world.cast.minh)
        before = world.attempt(started).deadline_at
    wrong = lan.submit(
        HERE + "/extra-time",
        {"code": "NIEMAND1", "minutes": "5", "reason": "Mất điện"},
        action="/extra-time",
    )
    assert wrong.status_code == 422
    lan.submit(
        HERE + "/extra-time",
        {"whose": "unit", "unit": world.cast.ward.public_id, "minutes": "5", "reason": "Mất điện"},
        action="/extra-time",
    )
    with world.app.app_context():
        assert db.session.query(ExtraTime).count() == 1
        assert world.attempt(started).deadline_at == before + timedelta(minutes=5)
    assert "Mất điện" in lan.get(HERE + "/extra-time").text


def test_a_report_is_answered(world, lan):
    with world.app.app_context():
        world.open()
        started = world.start(world.cast.minh)
        attempt = world.attempt(started)
        db.session.add(
            QuestionReport(
                round_id=world.round_id,
                attempt_id=attempt.id,
                revision_id=attempt.paper[0]["r"],
                slot=0,
                body="Câu này có hai đáp án.",
                reported_at=world.now,
            )
        )
        db.session.commit()
        public_id = db.session.query(QuestionReport).one().public_id
    assert "hai đáp án" in lan.get(HERE + "/reports").text
    lan.submit(f"{HERE}/reports/{public_id}", {"reply": "Đã xem lại."}, action=public_id)
    with world.app.app_context():
        assert db.session.query(QuestionReport).one().reply == "Đã xem lại."
    assert lan.get(HERE + "/reports/nichts").status_code == 404


def test_nobody_else_reaches_these_pages(world, signed_in, client):
    for person, status in ((world.cast.minh, 403), (world.cast.bao, 404), (world.cast.hoa, 403)):
        browser = signed_in(person)
        for path in ("/questions", "/extra-time", "/reports/x"):
            assert browser.get(HERE + path).status_code == status, (person.full_name, path)
    assert client.get(HERE + "/questions").status_code in {302, 303}


def test_the_questions_are_those_of_the_first_quiz_even_behind_an_essay(world, lan):
    with world.app.app_context(), unit_of_work():
        world.round.kind = ContestKind.ESSAY
        second = add_round(
            contest=world.contest,
            title="Tuần 2",
            kind=ContestKind.QUIZ,
            actor=None,
            now=world.now,
        )
        assert second.number == 2
        step = next(each for each in wizard_steps() if each.code == "questions")
        assert step.values(world.contest) == {"slug": "tim-hieu", "number": 2}
        assert step.applies(world.contest)
    assert lan.get(HERE + "/questions").status_code == 404
    assert lan.get("/organise/contests/tim-hieu/rounds/2/questions").status_code == 200


def test_a_contest_of_essays_alone_has_no_step_for_questions(world):
    with world.app.app_context(), unit_of_work():
        world.round.kind = ContestKind.ESSAY
        step = next(each for each in wizard_steps() if each.code == "questions")
        assert not step.applies(world.contest)
