"""Invented contestants take part in a running round, and the database holds what they know."""

import pytest

from contest.core.clock import utc_now
from contest.core.db import db
from contest.demo.simulation.command import simulate
from contest.quizzes.models import Attempt, LedgerLine
from tests.quizzes.conftest import make_world

SECTIONS = [{"q": 2, "s": 120}, {"q": 2, "s": 180}]


@pytest.mark.parametrize(
    "settings",
    [
        {"one_page": True},
        {"one_way": True},
        {"sections": SECTIONS, "time_limit_seconds": 300},
        {"one_way": True, "sections": SECTIONS, "time_limit_seconds": 300},
    ],
    ids=["one page", "one way", "sections", "one way in sections"],
)
def test_people_get_through_every_way_of_going_on(app, cast, address, settings):
    with app.app_context():
        world = make_world(app, cast, utc_now())
        world.configure(**settings)
        world.open()
        report = simulate(
            app,
            slug="tim-hieu",
            people=6,
            last_hour_share=0.2,
            seconds=1.0,
            address=address,
            clients=2,
            seed=5,
            anyway=True,
        )
        assert (report["first"], report["ok"]) == ([], True)
        assert report["attempts"] == 6
        slots = {slot for (slot,) in db.session.query(LedgerLine.slot)}
        assert slots == {0, 1, 2, 3}
        handed_in = db.session.query(Attempt).filter(Attempt.submitted_at.is_not(None)).count()
        assert handed_in == report["handed_in"] > 0
        assert ("sections_left" in report["deeds"]) == ("sections" in settings)
