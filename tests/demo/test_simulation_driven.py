"""Invented contestants take part in a running round, and the database holds what they know."""

from typing import Any

import pytest

from contest.core.clock import utc_now
from contest.core.db import db
from contest.demo.simulation.command import CannotSimulate, simulate
from contest.quizzes.models import Attempt, LedgerLine
from question_bank.actions import Content
from question_bank.models import Difficulty
from tests.demo.test_simulation import BODIES
from tests.quizzes.conftest import make_world

SECTIONS = [{"q": 2, "s": 120}, {"q": 2, "s": 180}]


def drive(app, address, **asked):
    values: dict[str, Any] = {"slug": "tim-hieu", "people": 6, "last_hour_share": 0.2}
    values |= {"seconds": 1.0, "address": address, "clients": 2, "seed": 5, "anyway": True}
    return simulate(app, **values | asked)


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
        report = drive(app, address)
        assert (report["first"], report["ok"]) == ([], True)
        assert report["attempts"] == 6
        slots = {slot for (slot,) in db.session.query(LedgerLine.slot)}
        assert slots == {0, 1, 2, 3, 4}  # the last one is the prediction
        handed_in = db.session.query(Attempt).filter(Attempt.submitted_at.is_not(None)).count()
        assert handed_in == report["handed_in"] > 0
        assert ("sections_left" in report["deeds"]) == ("sections" in settings)


ALL_KINDS = [
    *("single", "multiple", "true_false", "short_answer", "numeric"),
    *("matching", "ordering", "cloze"),
]


def test_people_answer_every_kind_and_predict(app, cast, address):
    with app.app_context():
        world = make_world(app, cast, utc_now())
        contents = [
            Content(
                kind=code,
                stem="Người là [[1]], quê [[2]], đi [[3]]." if code == "cloze" else f"Loại {code}?",
                body=BODIES[code],
                difficulty=Difficulty.EASY,
            )
            for code in ALL_KINDS
        ]
        world.ask_only(*contents)
        world.configure(one_page=True)
        world.open()
        report = drive(app, address, number=1)
        assert (report["first"], report["ok"]) == ([], True)
        found = db.session.query(Attempt).filter(Attempt.submitted_at.is_not(None)).all()
        assert max(each.correct_count for each in found) > len(ALL_KINDS) / 2
        assert any(each.prediction is not None for each in found)
        assert {key for each in found for key in each.answers} == set("01234567")


def test_a_full_house_lets_people_in_one_after_another(app, cast, address):
    with app.app_context():
        world = make_world(app, cast, utc_now())
        world.configure(one_page=True, most_open=2)
        world.open()
        report = drive(app, address, clients=4, seed=3)
        assert (report["first"], report["ok"]) == ([], True)
        assert report["deeds"]["waits"] > 0


def test_the_round_is_the_one_asked_for(app, cast, address):
    with app.app_context():
        world = make_world(app, cast, utc_now())
        world.open()
        with pytest.raises(CannotSimulate, match="round 2"):
            drive(app, address, number=2)
