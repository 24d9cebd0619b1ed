"""The pages of a contest's totals: every place with its reason, for organisers and everybody."""

from decimal import Decimal

import pytest

from contest.contests.actions import annul_round
from contest.contests.models import Round
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.results.rules.totals import counted_rounds
from tests.results.test_overall_prizes import DUC
from tests.results.test_totals import add_up, finish, go_public, two_weeks
from tests.support.pages import Page

ORGANISE = "/organise/contests/tim-hieu-2026/totals"
PUBLIC = "/contests/tim-hieu-2026/results/totals"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def story(app):
    with app.app_context(), unit_of_work():
        now = utc_now()
        story, second = two_weeks(now)
        finish(story, story.round, now)
        finish(story, second, now)
        add_up(story, now)
        go_public(story, now)
        return story


def test_organisers_and_everybody_read_why_somebody_stands_there(story, signed_in, new_client):
    own = signed_in(story.cast.lan).get(ORGANISE, headers=ENGLISH).text
    assert "2 points less than place 1" in own
    assert "nobody stands above" in own
    public = new_client().get(PUBLIC, headers=ENGLISH).text
    assert "58 points less than place 2" in public
    found = signed_in(story.cast.lan).get(f"{ORGANISE}?q=le+van+duc", headers=ENGLISH).text
    assert "2 points less than place 1" in found
    assert "nobody stands above" not in found


def mine(story, client_of, name):
    return client_of(story.persons[name]).get(f"{PUBLIC}/mine", headers=ENGLISH)


def test_a_contestant_reads_their_total_beside_the_neighbours(story, signed_in, new_client):
    page = Page(mine(story, signed_in, DUC).text)
    assert page.words("//h:span[@class='n']") == ["2"]
    *rounds, total = page.words("//h:tbody/h:tr")
    assert len(rounds) == 2
    assert total == "=Total1009840"
    assert "2 points less than place 1" in page.text
    for name in story.persons:
        if name != DUC:
            assert name not in page.text
    assert "My total" in signed_in(story.persons[DUC]).get(PUBLIC, headers=ENGLISH).text
    assert mine(story, lambda _person: signed_in(story.cast.an), DUC).status_code == 404
    assert new_client().get(f"{PUBLIC}/mine").status_code == 302


def test_which_rounds_count_is_said_where_only_the_best_do(app, signed_in):
    with app.app_context(), unit_of_work():
        now = utc_now()
        story, second = two_weeks(now)
        story.contest.best_rounds = 1
        finish(story, story.round, now)
        finish(story, second, now)
        add_up(story, now)
        go_public(story, now)
    text = mine(story, signed_in, DUC).text
    assert "Of each person the best round counts." in text
    assert "does not count" in text


def test_totals_say_that_a_round_of_theirs_was_annulled(app, story, signed_in, new_client):
    with app.app_context(), unit_of_work():
        first = db.session.get_one(Round, story.round.id)
        annul_round(round=first, reason="Lộ đề", actor=story.organiser, now=utc_now())
    for page in (mine(story, signed_in, DUC), new_client().get(PUBLIC, headers=ENGLISH)):
        assert "A round of this total was annulled since" in page.text


@pytest.mark.parametrize(
    ("given", "best", "counted"),
    [
        ((Decimal(3), None, Decimal(5)), None, {0, 2}),
        ((Decimal(3), None, Decimal(5)), 1, {2}),
        ((Decimal(3), Decimal(3), Decimal(1)), 1, {0}),
        ((None, None), 2, set()),
    ],
)
def test_the_best_rounds_of_a_total(given, best, counted):
    assert counted_rounds(given, best) == counted
