"""Two people at once: one of them does it, the other is told."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from contest.contests.models import RankRun, Round, Stage
from contest.contests.rules import StageMoved
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.results.actions import decide_prizes, make_rank_run, publish
from contest.results.models import Allocation, Publication
from contest.results.rules.refusals import DecisionMoved, PublishedMeanwhile, RankingMoved
from tests.results.stories import Story, closed_round


@pytest.fixture
def story(app) -> Story:
    with app.app_context(), unit_of_work():
        return closed_round(utc_now())


def both(app, story: Story, work: Callable[[Round], object]) -> list[str]:
    """What two threads that begin together come to."""
    start, outcomes = threading.Barrier(2), []

    def one() -> None:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    work(db.session.get_one(Round, story.round.id))
            except (RankingMoved, DecisionMoved, PublishedMeanwhile, StageMoved) as refused:
                outcomes.append(type(refused).__name__)
            else:
                outcomes.append("done")

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


def count(app, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_two_publish_at_once(app, story):
    with app.app_context(), unit_of_work():
        round, now = db.session.get_one(Round, story.round.id), utc_now()
        make_rank_run(round=round, actor=story.organiser, now=now)
        decide_prizes(over=round, actor=story.organiser, now=now)

    def work(round: Round) -> None:
        publish(
            over=round,
            decision_number="",
            decided_on=None,
            expected_number=1,
            actor=story.organiser,
            now=utc_now(),
        )

    outcomes = both(app, story, work)
    assert outcomes in (["PublishedMeanwhile", "done"], ["StageMoved", "done"])
    assert count(app, Publication) == 1
    with app.app_context():
        assert db.session.get_one(Round, story.round.id).stage is Stage.PUBLISHED


@pytest.mark.postgresql_only
def test_two_rank_at_once(app, story):
    outcomes = both(
        app,
        story,
        lambda round: make_rank_run(round=round, reason="x", actor=story.organiser, now=utc_now()),
    )
    assert "done" in outcomes
    assert count(app, RankRun) == outcomes.count("done")


@pytest.mark.postgresql_only
def test_two_decide_at_once(app, story):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        make_rank_run(round=round, actor=story.organiser, now=utc_now())
    outcomes = both(
        app,
        story,
        lambda round: decide_prizes(over=round, reason="x", actor=story.organiser, now=utc_now()),
    )
    assert "done" in outcomes
    assert count(app, Allocation) == outcomes.count("done")
