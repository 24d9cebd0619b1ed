"""The pages of a contest's totals: every place with its reason, for organisers and everybody."""

import pytest

from contest.core.clock import utc_now
from contest.core.transactions import unit_of_work
from tests.results.test_totals import add_up, finish, go_public, two_weeks

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
