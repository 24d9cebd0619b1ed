"""The short way in for an answer: what it answers itself, and what it hands on to the page."""

import json
import sqlite3
from contextlib import contextmanager

import pytest
from flask import request, request_started

from contest.core.db import db
from contest.quizzes.actions import saves
from contest.quizzes.models import LedgerLine
from contest.quizzes.rules.answers import save_signature
from tests.quizzes.test_pages import begin, minh, now, paper_of, running, save, token_of

__all__ = ["minh", "now", "running"]


@contextmanager
def long_way(app):
    """The endpoints of what went through the whole application."""
    endpoints = []

    def hear(sender):
        del sender
        endpoints.append(request.endpoint)

    with request_started.connected_to(hear, app):
        yield endpoints


def received_lines(app):
    with app.app_context():
        lines = db.session.query(LedgerLine).order_by(LedgerLine.sequence)
        return [(line.sequence, line.slot, json.loads(line.answer)) for line in lines]


def options(client, address, slot):
    return paper_of(client, address)[slot]["o"]


def test_what_is_received_is_answered_at_the_door(minh):
    address = begin(minh)
    option = options(minh, address, 0)[0]
    with long_way(minh.application) as endpoints:
        answer = save(minh, address, 1, 1, 0, [option])
    assert (answer.status_code, endpoints) == (200, [])
    assert received_lines(minh.application) == [(1, 0, [option])]


def test_the_same_answer_again_goes_the_long_way_and_is_told_alike(minh):
    address = begin(minh)
    option = options(minh, address, 0)[0]
    first = save(minh, address, 1, 1, 0, [option])
    with long_way(minh.application) as endpoints:
        again = save(minh, address, 1, 1, 0, [option])
    assert (again.status_code, endpoints) == (200, ["quizzes.save"])
    assert again.json["received"] == first.json["received"]
    assert received_lines(minh.application) == [(1, 0, [option])]


@pytest.mark.parametrize(
    ("answer", "status"), [(["no-such-option"], 422), ({"a": 1}, 422)], ids=["option", "shape"]
)
def test_what_is_refused_is_told_in_words_by_the_page(minh, answer, status):
    address = begin(minh)
    with long_way(minh.application) as endpoints:
        refused = save(minh, address, 1, 1, 0, answer)
    assert (refused.status_code, endpoints) == (status, ["quizzes.save"])
    assert refused.json["message"]
    assert received_lines(minh.application) == []


def test_a_database_that_fails_at_the_door_is_asked_again_by_the_page(minh, monkeypatch):
    address = begin(minh)
    option = options(minh, address, 0)[0]
    whole = saves.SAVE[saves.Shape.ONE].write
    failures = [sqlite3.OperationalError("disk I/O error")]

    def write(values):
        if failures:
            raise failures.pop()
        return whole(values)

    monkeypatch.setattr(saves.SAVE[saves.Shape.ONE], "write", write)
    with long_way(minh.application) as endpoints:
        answer = save(minh, address, 1, 1, 0, [option])
    assert (answer.status_code, endpoints) == (200, ["quizzes.save"])
    assert received_lines(minh.application) == [(1, 0, [option])]


def test_a_body_cut_off_on_the_way_is_no_answer(minh):
    address = begin(minh)
    secret = minh.application.secret_key
    cut = minh.post(
        address + "/answers",
        data=b'{"epoch": 1, "seq',
        content_type="application/json",
        headers={"X-Save-Signature": save_signature(secret, token_of(minh))},
        environ_overrides={"CONTENT_LENGTH": "400"},
        csrf=False,
    )
    assert cut.status_code == 400
    assert received_lines(minh.application) == []
