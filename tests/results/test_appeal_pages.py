"""The pages of appeals: filing, the queue, the answer."""

from datetime import timedelta
from decimal import Decimal

from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.results.actions.appeals import set_appeal_terms
from contest.results.models import Appeal
from tests.results.test_signing import decided, go_public


def window_of(story, now, *, closes_at):
    set_appeal_terms(
        round=story.round,
        opens_at=now,
        closes_at=closes_at,
        threshold=Decimal("0.5"),
        actor=story.organiser,
        now=now,
    )


def test_on_the_pages_a_contestant_asks_and_reads_the_answer(app, now, signed_in):
    with app.app_context(), unit_of_work():
        story = decided(now)
        go_public(story, now)
        window_of(story, now, closes_at=now + timedelta(days=4_000))
        lan, mine, an = story.cast.lan, story.persons["K'Brỏih"], story.cast.an
    page = "/contests/tim-hieu-2026/results/1/appeal"
    contestant = signed_in(mine)
    assert contestant.get(page).status_code == 200
    assert contestant.post(page, data={"body": ""}).status_code == 422
    assert contestant.post(page, data={"body": "Xin xem lại bài"}).status_code == 302
    assert contestant.post(page, data={"body": "Lần nữa"}).status_code == 409
    with app.app_context(), unit_of_work():
        public_id = db.session.query(Appeal).one().public_id
    organiser = signed_in(lan)
    queue = "/organise/contests/tim-hieu-2026/rounds/1/appeals"
    assert "K&#39;Brỏih" in organiser.get(queue).text
    assert organiser.get(f"{queue}/{public_id}").status_code == 200
    assert (
        organiser.post(f"{queue}/{public_id}/answer", data={"answer": "Điểm đúng."}).status_code
        == 302
    )
    assert organiser.get(f"{queue}/{public_id}/answer.pdf").mimetype == "application/pdf"
    assert "Điểm đúng." in contestant.get(page).text
    assert signed_in(an).get(f"/re-marking/{public_id}").status_code == 404
