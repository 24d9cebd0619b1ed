"""Each round's answers in a partition of their own, where LEDGER_PARTITIONS asks for it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy import table as table_clause

from contest.core.db import db
from contest.core.partitions import give_partition
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes.actions.saves import SaveCode
from contest.quizzes.models import LedgerLine
from contest.quizzes.round_kind import QuizKind

pytestmark = pytest.mark.postgresql_only
MINUTE = timedelta(minutes=1)


@pytest.fixture
def app_options():
    return {"LEDGER_PARTITIONS": "1"}


def lines_in(table):
    return db.session.scalar(select(func.count()).select_from(table_clause(table)))


def test_a_round_opens_with_a_partition_and_its_answers_lie_there(world, cast, monkeypatch):
    monkeypatch.setattr(
        "tests.quizzes.conftest.actions.freeze_round",
        lambda *, contest_round, actor, now: QuizKind().freeze(contest_round, actor, now),
    )
    world.open()
    opened = world.start(cast.minh)
    for slot in range(3):
        right = world.right(opened, slot)
        assert world.save(cast.minh, opened, slot + 1, slot, [right]).code is SaveCode.RECEIVED
    again = world.save(cast.minh, opened, 3, 2, [world.right(opened, 2)], at=world.now + MINUTE)
    assert again.code is SaveCode.RECEIVED  # known by its key, and not written twice
    end_read()
    assert lines_in(f"answer_ledger_{world.round_id}") == 3
    assert lines_in("answer_ledger_rest") == 0
    world.submit(cast.minh, opened)
    assert len(world.attempt(opened).answers) == 3


def test_what_was_there_stays_where_it_is_and_goes_on(opened, cast):
    """Minh is in the middle of an attempt when another round gets the first partition."""
    attempt = opened.start(cast.minh)
    opened.save(cast.minh, attempt, 1, 0, [opened.right(attempt, 0)])
    end_read()
    with unit_of_work():
        assert give_partition(LedgerLine.__tablename__, 4711)
    with unit_of_work():
        assert give_partition(LedgerLine.__tablename__, 4712)
    saved = opened.save(cast.minh, attempt, 2, 1, [opened.right(attempt, 1)])
    assert saved.code is SaveCode.RECEIVED
    end_read()
    assert (lines_in("answer_ledger"), lines_in("answer_ledger_rest")) == (2, 2)
    opened.submit(cast.minh, attempt)
    assert len(opened.attempt(attempt).answers) == 2


def test_a_table_that_is_locked_is_not_waited_for(opened, cast, monkeypatch):
    monkeypatch.setattr("contest.core.partitions._PATIENCE", "50ms")
    with db.engine.connect() as other:
        other.execute(text("LOCK TABLE answer_ledger IN ROW EXCLUSIVE MODE"))
        with unit_of_work():
            assert not give_partition(LedgerLine.__tablename__, 4711)
        other.rollback()
    attempt = opened.start(cast.minh)
    assert opened.save(cast.minh, attempt, 1, 0, [opened.right(attempt, 0)]).received_at
