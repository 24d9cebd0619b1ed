"""Two at once: double starts and submits, a save held before its commit, closers side by side."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from contest.accounts.models import Consent
from contest.accounts.rules import token_digest
from contest.core.clock import micros
from contest.core.db import db
from contest.core.transactions import driver_connection, drop_driver_connection, unit_of_work
from contest.quizzes import actions, queries
from contest.quizzes.actions.saves import SAVE, Shape
from contest.quizzes.models import Attempt, ClosedBy, LedgerLine
from contest.quizzes.rules.answers import pack
from contest.quizzes.tasks import close_due


def together(app: Any, count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run something in many threads that begin at the same moment; returns what each gave."""
    results: list[Any] = [None] * count
    gate = threading.Barrier(count)

    def run(place: int) -> None:
        with app.app_context():
            gate.wait(30)
            try:
                results[place] = work(place)
            except Exception as error:  # noqa: BLE001  (what it was is looked at)
                results[place] = error
            finally:
                db.session.remove()
                drop_driver_connection()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_fifty_submits_at_once_give_one_receipt(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    opened.save(minh, attempt, 1, 0, [opened.right(attempt, 0)])
    actor = opened.actor(minh)
    db.session.remove()

    def submit(place: int) -> tuple[bool, str | None]:
        at = opened.now + timedelta(minutes=2, milliseconds=place)
        with unit_of_work():
            mine = queries.own_attempt(minh.id, attempt.public_id)
            ended = actions.submit_attempt(attempt=mine, actor=actor, now=at)
        sitting = queries.own_sitting(minh.id, attempt.public_id)
        return ended, sitting.receipt_code

    results = together(opened.app, 50, submit)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert sum(ended for ended, _code in results) == 1
    assert len({code for _ended, code in results}) == 1
    assert opened.attempt(attempt).correct_count == 1


def test_twenty_starts_at_once_give_one_attempt(opened):
    minh = opened.cast.minh
    opened.actor(minh)
    db.session.remove()

    def start(_place: int) -> int:
        return opened.start(minh).attempt_id

    results = together(opened.app, 20, start)
    started = [result for result in results if isinstance(result, int)]
    # On PostgreSQL two devices may raise the epoch at once; the slower one is asked to try again.
    assert {type(r).__name__ for r in results} <= {"int", "OpenedElsewhere"}
    assert len(set(started)) == 1
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1
    assert db.session.scalar(select(func.count()).select_from(Consent)) == 1


@pytest.mark.postgresql_only
def test_a_save_held_before_its_commit_is_not_lost_by_a_submit(opened):
    """The submit waits for the save's lock, and folds what the save then commits."""
    minh = opened.cast.minh
    attempt = opened.start(minh)
    right = opened.right(attempt, 0)
    token = opened.actor(minh).token
    db.session.remove()
    saved, go_on = threading.Event(), threading.Event()

    def save() -> int:
        connection = driver_connection()
        connection.autocommit = False
        count = SAVE[Shape.ONE].write(
            {
                "public_id": attempt.public_id,
                "token_hash": token_digest(token),
                "epoch": 1,
                "sequence": 1,
                "slot": 0,
                "answer": pack((right,)),
                "now": micros(opened.now + timedelta(seconds=5)),
            }
        )
        saved.set()
        assert go_on.wait(20)
        connection.commit()
        return count

    def submit() -> float:
        assert saved.wait(20)
        begun = time.monotonic()
        threading.Timer(0.4, go_on.set).start()
        opened.submit(minh, attempt)
        return time.monotonic() - begun

    count, waited = together(opened.app, 2, lambda place: (save, submit)[place]())
    assert count == 1
    assert waited > 0.3
    assert opened.attempt(attempt).answers == {"0": [right]}


@pytest.mark.postgresql_only
def test_a_save_that_waits_for_a_submit_sees_the_attempt_closed(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    right = opened.right(attempt, 0)
    db.session.remove()
    claimed, go_on = threading.Event(), threading.Event()
    actor = opened.actor(minh)

    def submit() -> None:
        with unit_of_work():
            mine = queries.own_attempt(minh.id, attempt.public_id)
            now = opened.now + timedelta(minutes=1)
            actions.submit_attempt(attempt=mine, actor=actor, now=now)
            claimed.set()
            assert go_on.wait(20)

    def save() -> Any:
        assert claimed.wait(20)
        threading.Timer(0.4, go_on.set).start()
        return opened.save(minh, attempt, 1, 0, [right])

    _none, outcome = together(opened.app, 2, lambda place: (submit, save)[place]())
    assert outcome.code is actions.SaveCode.CLOSED
    assert opened.attempt(attempt).answers == {}
    assert db.session.scalar(select(func.count()).select_from(LedgerLine)) == 0


def test_submit_and_close_at_the_border_end_the_attempt_once(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    end = opened.attempt(attempt).grace_until
    db.session.remove()

    def race(place: int) -> Any:
        if place % 2:
            return close_due(end + timedelta(microseconds=1))
        return int(opened.submit(minh, attempt, at=end))

    results = together(opened.app, 8, race)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert sum(results) == 1
    assert opened.attempt(attempt).submitted_at in {end, end - timedelta(minutes=1)}


def test_closers_side_by_side_close_each_attempt_once(opened):
    people = (opened.cast.minh, opened.cast.an, opened.cast.cuc)
    started = [opened.start(person) for person in people]
    for person, attempt in zip(people, started, strict=True):
        opened.save(person, attempt, 1, 0, [opened.right(attempt, 0)])
    db.session.remove()
    late = opened.now + timedelta(hours=1)
    results = together(opened.app, 4, lambda _place: close_due(late, batch=1))
    assert sum(results) == 3
    for attempt in started:
        ended = opened.attempt(attempt)
        assert ended.closed_by is ClosedBy.SERVER
        assert ended.submitted_at == ended.deadline_at
        assert ended.correct_count == 1
