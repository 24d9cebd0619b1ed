"""Pages of results in real Chromium: axe on each, and the organiser's way without JavaScript."""

import pytest

from contest.contests.models import Round
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.results import queries
from contest.results.actions import decide_prizes, make_rank_run, publish
from tests.results.stories import TAKERS, Taker, closed_round, take_part
from tests.support.browser import DESKTOP, PHONE, axe
from tests.support.cast import sign_in_as

pytestmark = pytest.mark.browser

ORGANISE = "/organise/contests/tim-hieu-2026"
RESULTS = "/contests/tim-hieu-2026/results/1"
WORKROOM = (
    "/results",
    "/prizes",
    "/rounds/1/ranking",
    "/rounds/1/prizes",
    "/rounds/1/prizes/trace",
    "/rounds/1/publication",
    "/rounds/1/publication/preview",
)
PUBLIC = ("", "/units", "/answers", "/publications/1", "?q=tuong")


@pytest.fixture
def story(app):
    with app.app_context(), unit_of_work():
        story = closed_round(utc_now(), TAKERS)
        take_part(
            story, Taker("Nguyễn Văn Minh", 17, 9, 700_000), utc_now(), person=story.cast.minh
        )
        return story


def to_publication(app, story):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        make_rank_run(round=round, actor=story.organiser, now=utc_now())
        decide_prizes(over=round, actor=story.organiser, now=utc_now())
        publish(
            over=round,
            decision_number="47-QĐ/BTC",
            decided_on=None,
            actor=story.organiser,
            now=utc_now(),
        )


def sign_in(page, app, person, address):
    client = app.test_client()
    sign_in_as(client, person)
    page.context.add_cookies(
        [{"name": "gs", "value": client.get_cookie("gs").value, "url": address}]
    )


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=lambda screen: screen.name)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_of_the_room_is_accessible(app, window, address, story, screen, dark):
    to_publication(app, story)
    language = "en" if dark else "vi"
    with window(screen, dark=dark, language=language) as page:
        for rest in PUBLIC:
            page.goto(RESULTS + rest)
            axe(page)
        sign_in(page, app, story.cast.minh, address)
        page.goto(f"{RESULTS}/mine")
        axe(page)
    with window(screen, dark=dark, language=language) as page:
        sign_in(page, app, story.cast.lan, address)
        for rest in WORKROOM:
            page.goto(ORGANISE + rest)
            axe(page)


def test_lan_goes_from_the_close_to_publication_without_javascript(app, window, address, story):
    with app.app_context(), unit_of_work():
        for letter in "XYZ":
            take_part(story, Taker(f"Người {letter}", 20, 6, 1), utc_now())
    with window(PHONE, javascript=False) as page:
        sign_in(page, app, story.cast.lan, address)
        page.goto(f"{ORGANISE}/rounds/1/ranking")
        page.get_by_role("button", name="Xếp hạng vòng thi này").click()
        page.goto(f"{ORGANISE}/rounds/1/prizes")
        page.get_by_text("Những người được chọn dưới đây").click()
        page.get_by_text("Người Y", exact=False).first.click()
        page.get_by_label("Cách quyết định").fill("Bốc thăm, biên bản số 12")
        page.get_by_role("button", name="Xem kết quả của lựa chọn này").click()
        page.get_by_role("button", name="Quyết định 4 giải").click()
        page.get_by_label("Số quyết định").fill("47-QĐ/BTC")
        page.get_by_role("button", name="Công bố kết quả").click()
        page.goto(RESULTS)
        assert page.locator(".prize-card h2").first.inner_text() == "Người Y"
        assert "47-QĐ/BTC" in page.locator("main").inner_text()
    with app.app_context():
        head = queries.latest_publication(story.round.id)
        assert head is not None
        assert head.number == 1
