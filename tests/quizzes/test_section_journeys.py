"""Sections with a time of their own, on Minh's phone in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt
from contest.quizzes.rules.sections import moved, read_spans, write_spans
from tests.quizzes.conftest import make_world
from tests.quizzes.test_journeys import RECEIVED, choose, now, start, stored
from tests.support.browser import PHONE, axe

__all__ = ["now"]
pytestmark = pytest.mark.browser


@pytest.fixture
def divided(app, cast, now):
    """Two sections of two questions each: two minutes and three."""
    with app.app_context():
        world = make_world(app, cast, now)
        world.configure(sections=[{"q": 2, "s": 120}, {"q": 2, "s": 180}], time_limit_seconds=300)
        world.open()
        world.agree(cast.minh)
    return world


def let_first_end_in(app, seconds):
    """Move the whole attempt so that its first section ends in some seconds."""
    with app.app_context(), unit_of_work():
        attempt = db.session.query(Attempt).one()
        spans = read_spans(attempt.sections)
        by = utc_now() + timedelta(seconds=seconds) - spans[0].ends_at
        attempt.sections = write_spans(moved(each, by) for each in spans)
        for name in ("started_at", "deadline_at", "grace_until"):
            setattr(attempt, name, getattr(attempt, name) + by)


def test_going_on_is_checked_and_there_is_no_way_back(divided, window):
    with window(PHONE) as page:
        start(page)
        expect(page.locator(".section-line")).to_contain_text("Phần 1/2")
        expect(page.locator("[data-slot]")).to_have_count(2)
        choose(page, 0)
        page.locator("[data-next]").click()
        page.locator("[data-next]").click()
        expect(page.locator("[data-check-words]")).to_contain_text("còn 1 câu chưa trả lời")
        axe(page)
        page.locator("[data-hand-in]").click()
        expect(page.locator(".section-line")).to_contain_text("Phần 2/2")
        expect(page.locator("[data-slot]")).to_have_count(3)  # with the prediction
        expect(page.locator(".pal [data-go='0']")).to_be_disabled()
        axe(page)
        choose(page, 1)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        page.locator(".pal [data-go='4']").click()
        page.locator("[data-next]").click()
        page.locator("[data-hand-in]").click()
        page.wait_for_url("**/receipt")
    assert sorted(stored(divided.app).answers) == ["0", "2"]


def test_a_section_that_ends_without_a_line_keeps_its_answer_for_the_grace(divided, window):
    with window(PHONE) as page:
        start(page)
        let_first_end_in(divided.app, 6)
        page.reload()
        expect(page.locator("h1")).to_contain_text("Câu 1")
        page.context.set_offline(True)
        choose(page, 2)
        expect(page.locator("[data-notice]")).to_contain_text("đã hết giờ", timeout=20_000)
        expect(page.locator("[data-slot='0'] .opt input").nth(0)).to_be_disabled()
        page.context.set_offline(False)
        expect(page.locator(".section-line")).to_contain_text("Phần 2/2", timeout=20_000)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        page.locator(".pal [data-go='4']").click()
        page.locator("[data-next]").click()
        page.locator("[data-hand-in]").click()
        page.wait_for_url("**/receipt")
    assert sorted(stored(divided.app).answers) == ["0"]
