"""What stands in a later section of a paper is nobody's to see before that section begins."""

import pytest

from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt, QuizRound
from question_bank import actions
from question_bank.actions import Content
from question_bank.kinds.choice import new_choice_body
from question_bank.media.reading import read_medium
from question_bank.models import Difficulty
from question_bank.queries import revisions
from tests.question_bank.test_media import HOUSE, picture
from tests.quizzes.conftest import make_world
from tests.quizzes.test_pages import begin

PICTURES = [read_medium(picture(f"#0{number}5fa3"), HOUSE) for number in range(4)]


def _content(number):
    return Content(
        kind="single",
        stem=f"Câu hỏi thứ {number} là gì?\n{PICTURES[number].token}",
        body=new_choice_body([f"Nhà {number}", f"Đình {number}"], [0]),
        difficulty=Difficulty.EASY,
    )


@pytest.fixture
def now():
    return utc_now()


@pytest.fixture
def pictured(app, cast, now):
    """An open round of four questions with a picture each, two in each section."""
    with app.app_context():
        world = make_world(app, cast, now)
        with unit_of_work():
            actions.keep_media(bank_id=world.bank_id, media=PICTURES, actor=None, now=now)
        world.ask_only(*(_content(number) for number in range(4)))
        with unit_of_work():
            quiz = db.session.query(QuizRound).one()
            quiz.sections = [{"q": 2, "s": 120}, {"q": 2, "s": 180}]
            quiz.time_limit_seconds = 300
        world.open()
        world.agree(cast.minh)
    return world


@pytest.fixture
def asked(app):
    """The stem and the picture's name of each question in the order of the one paper."""

    def read():
        with app.app_context():
            ids = [slot["r"] for slot in db.session.query(Attempt).one().paper if "r" in slot]
            known = revisions(ids)
            return [
                (known[each].stem.partition("\n")[0], next(iter(known[each].media))) for each in ids
            ]

    return read


def test_a_later_section_is_shown_by_no_page_before_it_begins(pictured, signed_in, asked):
    minh = signed_in(pictured.cast.minh)
    address = begin(minh)
    paper = asked()

    def fetched():
        return [minh.get(f"{address}/media/{ref}").status_code for _stem, ref in paper]

    def told():
        pages = [
            minh.get(f"{address}/reports/{number}", follow_redirects=True).text
            for number in range(1, 5)
        ]
        return [any(stem in page for page in pages) for stem, _ref in paper]

    assert told() == [True, True, False, False]
    assert fetched() == [200, 200, 404, 404]
    ahead = minh.post(f"{address}/reports/3", data={"body": "Câu này khó hiểu quá."})
    assert ahead.status_code == 422
    minh.post(f"{address}/sections", data={"section": "2"})
    assert told() == [True, True, True, True]
    assert fetched() == [200, 200, 200, 200]


def test_an_epoch_beyond_every_column_is_none(pictured, signed_in):
    minh = signed_in(pictured.cast.minh)
    address = begin(minh)
    sent = {"epoch": "9" * 30, "shown-0": "1", "slot-0": "a", "go": "1"}
    assert minh.post(address, data=sent).status_code == 302


def test_a_section_that_was_never_reached_is_not_told_after_handing_in(pictured, signed_in, asked):
    minh = signed_in(pictured.cast.minh)
    address = begin(minh)
    minh.post(f"{address}/submit")
    later = asked()[2][0]
    assert later not in minh.get(f"{address}/reports/3", follow_redirects=True).text
