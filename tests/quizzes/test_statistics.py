"""Item statistics of a round: after the close alone, by its people alone, and in the bank."""

from datetime import timedelta

import pytest

from contest.contests.models import Round, Stage
from contest.core import jobs
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes import queries
from contest.quizzes.actions import statistics as statistics_actions
from question_bank.models import Bank, Question
from tests.quizzes.conftest import make_world

HERE = "/organise/contests/tim-hieu/rounds/1/statistics"


def answered(world):
    """Minh knows everything, An half, Cúc nothing and leaves one empty; then the round closes."""
    cast = world.cast
    for person, right in ((cast.minh, 4), (cast.an, 2), (cast.cuc, 0)):
        opened = world.start(person)
        for slot in range(4 if right else 3):
            pick = world.right if slot < right else world.wrong
            world.save(person, opened, slot + 1, slot, pick(opened, slot))
        world.submit(person, opened)
    with unit_of_work():
        world.round.stage = Stage.CLOSED
        world.round.closed_at = world.now + timedelta(days=7)


def test_nothing_is_shown_while_people_answer(opened, signed_in):
    """Lan sees that it comes after the close; figures of an open round would be the key."""
    lan = signed_in(opened.cast.lan)
    assert "khi vòng thi đã đóng" in lan.page(HERE).text
    assert lan.post(HERE).status_code == 404
    assert lan.get(HERE + ".xlsx").status_code == 404
    assert opened.start(opened.cast.minh)
    with unit_of_work():
        opened.round.stage = Stage.CLOSED
    assert lan.post(HERE).status_code == 404, "an attempt still has time"


def test_strangers_and_other_organisers_find_nothing(app, cast, now, signed_in):
    """Bảo organises for another organisation, Minh takes part."""
    with app.app_context():
        world = make_world(app, cast, now)
        world.open()
        answered(world)
    assert signed_in(cast.lan).get(HERE).status_code == 200
    for person in (cast.bao, cast.minh):
        assert signed_in(person).get(HERE).status_code in {403, 404}


def test_from_the_close_to_the_question_page(opened, signed_in):
    """Lan works them out, reads a question's options, takes the file; the bank remembers."""
    answered(opened)
    lan = signed_in(opened.cast.lan)
    assert "chưa được tính" in lan.page(HERE).text
    assert lan.submit(HERE, {}, action="/statistics").status_code in {302, 303}
    page = lan.page(HERE)
    assert "3 lượt" in page.text
    lines = queries.item_lines(opened.round_id)
    assert {line.verdicts[0].code for line in lines} == {"few"}
    assert sum(line.met.total for line in lines) == 12
    kept = queries.round_figures(opened.round_id)
    assert (kept.attempts, kept.figures.mean, kept.thirds) == (3, 2.0, (1, 1, 1))
    detail = lan.page(f"{HERE}/{lines[0].public_id}")
    assert "Nhóm điểm cao" in detail.text
    assert "đáp án" in detail.text
    assert lan.get(f"{HERE}/nothing").status_code == 404
    assert lan.get(HERE + ".xlsx").status_code == 200
    assert "Câu hỏi" in lan.get(HERE + ".csv").text
    with opened.app.app_context():
        question = db.session.query(Question).filter_by(public_id=lines[0].public_id).one()
        history = queries.question_history(question.id)
        bank = db.session.get(Bank, opened.bank_id)
        assert [use.round for use in history.uses] == ["Tuần 1"]
        assert history.together.attempts == lines[0].figures.attempts
        address = f"/banks/{bank.slug}/questions/{question.public_id}"
    assert "Cuộc thi tìm hiểu tư tưởng" in lan.page(address).text


def test_a_large_round_is_counted_by_a_job(opened, signed_in, monkeypatch):
    """The same figures, with a page to come back to; twice gives the same."""
    answered(opened)
    monkeypatch.setattr(statistics_actions, "MOST_IN_REQUEST", 2)
    lan = signed_in(opened.cast.lan)
    answer = lan.submit(HERE, {}, action="/statistics")
    assert "/jobs/" in answer.location
    jobs.run_due_jobs()
    first = queries.item_lines(opened.round_id)
    assert len(first) >= 4
    lan.submit(HERE, {}, action="/statistics")
    jobs.run_due_jobs()
    assert queries.item_lines(opened.round_id) == first
    assert db.session.get(Round, opened.round_id).stage is Stage.CLOSED


@pytest.mark.sqlite_only
def test_a_file_of_a_round_without_figures_is_not_there(opened, signed_in):
    """404, not an empty table."""
    answered(opened)
    assert signed_in(opened.cast.lan).get(HERE + ".csv").status_code == 404
