"""The checker of the simulation finds a database that somebody tampered with."""

import json

import pytest
from sqlalchemy import delete, insert, select, update

from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.demo.simulation.checking import differences
from contest.demo.simulation.driving import Books, Line
from contest.quizzes.models import Attempt, LedgerLine
from tests.quizzes.conftest import make_world


@pytest.fixture
def kept(context, app, cast, now):
    """Minh and An answered and handed in; their books hold what they were told."""
    world = make_world(app, cast, now)
    world.open()
    books = []
    for person, right in ((cast.minh, 4), (cast.an, 2)):
        opened = world.start(person)
        own = Books(person.id, opened.public_id, ended=True)
        for slot in range(4):
            pick = world.right if slot < right else world.wrong
            answer = pick(opened, slot)
            world.save(person, opened, slot + 1, slot, answer)
            text = json.dumps([answer], separators=(",", ":"))
            own.lines.append(Line(opened.epoch, slot + 1, slot, text))
        world.submit(person, opened)
        books.append(own)
    end_read()
    return world, books


def tampered(world, books, statement):
    with unit_of_work():
        db.session.execute(statement)
    end_read()
    return differences(books, world.round_id)


def attempt_of(books):
    found = db.session.scalars(select(Attempt).where(Attempt.public_id == books.attempt)).one()
    values = {
        column.name: getattr(found, column.name)
        for column in Attempt.__table__.columns
        if column.name != "id"
    }
    key = found.id
    end_read()
    return key, values


def test_an_honest_database_differs_in_nothing(kept):
    world, books = kept
    assert differences(books, world.round_id) == []


def test_a_changed_answer_in_the_ledger(kept):
    world, books = kept
    key, _values = attempt_of(books[0])
    change = (
        update(LedgerLine)
        .where(LedgerLine.attempt_id == key, LedgerLine.slot == 2)
        .values(answer='["x9z"]')
    )
    (found,) = tampered(world, books, change)
    assert "1 acknowledged answers are missing or changed" in found


def test_a_lost_answer_in_the_ledger(kept):
    world, books = kept
    key, _values = attempt_of(books[1])
    gone = delete(LedgerLine).where(LedgerLine.attempt_id == key, LedgerLine.slot == 0)
    (found,) = tampered(world, books, gone)
    assert "missing" in found


def test_a_changed_answer_on_the_receipt(kept):
    world, books = kept
    key, values = attempt_of(books[0])
    answers = values["answers"] | {"1": ["x9z"]}
    (found,) = tampered(
        world, books, update(Attempt).where(Attempt.id == key).values(answers=answers)
    )
    assert "the answers on the receipt are not the last ones" in found


def test_changed_marks(kept):
    world, books = kept
    key, _values = attempt_of(books[1])
    (found,) = tampered(
        world, books, update(Attempt).where(Attempt.id == key).values(correct_count=4)
    )
    assert "4 right answers instead of 2" in found


def test_an_attempt_that_is_gone(kept):
    world, books = kept
    key, _values = attempt_of(books[0])
    with unit_of_work():
        db.session.execute(delete(LedgerLine).where(LedgerLine.attempt_id == key))
    (found,) = tampered(world, books, delete(Attempt).where(Attempt.id == key))
    assert "0 attempts instead of one" in found


def test_an_attempt_that_is_there_twice(kept):
    world, books = kept
    _key, values = attempt_of(books[0])
    again = values | {"public_id": "x" * 16, "receipt_code": None, "ordinal": 2}
    (found,) = tampered(world, books, insert(Attempt).values(**again))
    assert "2 attempts instead of one" in found


def test_an_attempt_taken_back_after_the_receipt(kept):
    world, books = kept
    key, _values = attempt_of(books[0])
    (found,) = tampered(
        world, books, update(Attempt).where(Attempt.id == key).values(submitted_at=None)
    )
    assert "handed in for one side only" in found


def test_answers_that_nobody_sent(kept):
    world, books = kept
    key, _values = attempt_of(books[0])
    line = {"round_id": world.round_id, "attempt_id": key, "epoch": 1, "slot": 0, "answer": "[]"}
    strange = [line | {"sequence": 90 + extra, "received_at": world.now} for extra in range(2)]
    (found,) = tampered(world, books, insert(LedgerLine).values(strange))
    assert "2 answers nobody was told of" in found
