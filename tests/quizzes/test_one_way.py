"""A round without a way back: the server keeps the order, with JavaScript and without."""

from contest.contests.models import Round
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.actions import SaveCode
from contest.quizzes.models import Attempt, LedgerLine
from tests.quizzes.test_pages import (
    begin,
    minh,
    now,
    paper_of,
    running,
    save,
    stored,
)

__all__ = ["minh", "now", "running", "stored"]


def test_an_answer_to_a_question_that_was_left_is_refused(world):
    world.configure(one_way=True)
    world.open()
    person = world.cast.minh
    attempt = world.start(person)
    first, better = world.wrong(attempt, 0), world.right(attempt, 0)

    assert world.save(person, attempt, 1, 0, [first]).code is SaveCode.RECEIVED
    assert world.save(person, attempt, 2, 0, [better]).code is SaveCode.RECEIVED
    # Going on is received as an empty answer to the next question.
    assert world.save(person, attempt, 3, 1, []).code is SaveCode.RECEIVED
    assert world.save(person, attempt, 4, 0, [first]).code is SaveCode.PASSED
    assert world.save(person, attempt, 5, 0, []).code is SaveCode.PASSED
    # What was received before is acknowledged again, as a lost line asks for it.
    assert world.save(person, attempt, 2, 0, [better]).code is SaveCode.RECEIVED
    assert world.save(person, attempt, 6, 2, [world.right(attempt, 2)]).code is SaveCode.RECEIVED
    assert world.save(person, attempt, 7, 1, [world.right(attempt, 1)]).code is SaveCode.PASSED

    world.submit(person, attempt)
    assert world.attempt(attempt).answers == {"0": [better], "2": [world.right(attempt, 2)]}


def test_another_device_cannot_go_back_either(world):
    world.configure(one_way=True)
    world.open()
    person = world.cast.minh
    phone = world.start(person)
    world.save(person, phone, 1, 0, [world.right(phone, 0)])
    world.save(person, phone, 2, 1, [])
    laptop = world.start(person)
    assert world.save(person, laptop, 1, 0, [world.wrong(laptop, 0)]).code is SaveCode.PASSED
    assert world.save(person, laptop, 1, 1, [world.right(laptop, 1)]).code is SaveCode.RECEIVED


def test_everywhere_else_people_go_back_as_they_like(opened):
    person = opened.cast.minh
    attempt = opened.start(person)
    opened.save(person, attempt, 1, 3, [opened.right(attempt, 3)])
    outcome = opened.save(person, attempt, 2, 0, [opened.right(attempt, 0)])
    assert outcome.code is SaveCode.RECEIVED


def test_the_rule_of_a_running_round_is_the_attempts_own(world):
    """It is kept with the attempt, so that a save needs no look at the round."""
    world.open()
    attempt = world.start(world.cast.minh)
    assert world.attempt(attempt).one_way is None


def no_way_back(app):
    with app.app_context(), unit_of_work():
        # The round of this story is open; the terms are read again with another digest of it.
        from_round = db.session.query(Round).one().id
        db.session.query(Attempt).filter_by(round_id=from_round).update({"one_way": True})


def shown(page):
    return [number for number in range(5) if f'id="q{number + 1}"' in page.text]


def test_without_javascript_each_press_goes_one_question_on(app, minh, stored):
    address = begin(minh)
    no_way_back(app)
    paper = paper_of(minh, address)
    page = minh.get(address)
    assert shown(page) == [0, 1, 2, 3, 4]
    assert minh.get(f"{address}?q=3").text.count('aria-current="true"') == 1

    def press(slot, go, answer=None):
        fields = {"epoch": "1", f"shown-{slot}": "1", "go": str(go)}
        if answer is not None:
            fields[f"slot-{slot}"] = answer
        return minh.post(address, data=fields)

    press(0, 2, paper[0]["o"][1])
    assert shown(minh.get(f"{address}?q=1")) == [1, 2, 3, 4]  # the address asks in vain
    press(1, 4, paper[1]["o"][0])  # a step over a question is none
    assert shown(minh.get(address)) == [1, 2, 3, 4]
    press(1, 3)
    assert shown(minh.get(address)) == [2, 3, 4]
    minh.post(address, data={"epoch": "1", "shown-0": "1", "slot-0": paper[0]["o"][2], "go": "1"})
    assert "không quay lại câu này được nữa" in minh.get(address).text
    kept = stored(
        lambda session: [
            (line.slot, line.answer)
            for line in session.query(LedgerLine).order_by(LedgerLine.sequence)
        ]
    )
    assert kept == [
        (0, f'["{paper[0]["o"][1]}"]'),
        (1, "[]"),
        (1, f'["{paper[1]["o"][0]}"]'),
        (1, "[]"),
        (2, "[]"),
    ]


def test_the_refusal_has_a_sentence(app, minh):
    address = begin(minh)
    no_way_back(app)
    paper = paper_of(minh, address)
    assert save(minh, address, 1, 1, 1, [paper[1]["o"][0]]).status_code == 200
    refused = save(minh, address, 1, 2, 0, [paper[0]["o"][0]])
    assert refused.status_code == 422
    assert refused.get_json()["error"] == "passed"
    assert "không quay lại" in refused.get_json()["message"]
