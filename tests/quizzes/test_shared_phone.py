"""A phone that goes from hand to hand: what waits on it is its own person's, and goes in time."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from contest.core.clock import utc_now
from contest.quizzes.rules.timing import KEPT_ON_DEVICE, kept_until
from tests.quizzes.test_bad_line import answers, received
from tests.quizzes.test_journeys import RECEIVED, now, sign_in, start, world
from tests.support.browser import PHONE
from tests.support.cast import PASSWORD

__all__ = ["now", "world"]  # fixtures of the journeys
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('guong-sang.attempt.')).length"
FAR = """() => new Promise((give) => {
  indexedDB.open('guong-sang', 1).onsuccess = (opened) => {
    opened.target.result.transaction('attempts').objectStore('attempts').count().onsuccess =
      (counted) => give(counted.target.result);
  };
})"""
AGE = """() => {
  for (const key of Object.keys(localStorage)) {
    localStorage.setItem(key, JSON.stringify({...JSON.parse(localStorage.getItem(key)), until: %d}));
  }
}"""


def hour(number):
    return utc_now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=number)


def test_it_is_kept_some_days_after_the_round_or_after_a_later_attempt():
    assert kept_until(hour(5), hour(1)) == hour(5) + KEPT_ON_DEVICE
    assert kept_until(hour(5), hour(6)) == hour(6) + KEPT_ON_DEVICE
    assert kept_until(None, hour(1)) == hour(1) + KEPT_ON_DEVICE


def leave_without_a_line(page):
    """Minh answers two questions that never leave the phone, and the session ends."""
    start(page)
    attempt = page.url.partition("?")[0]
    page.context.set_offline(True)
    answers(page, 0, 1)
    expect(page.locator("[data-offline]")).to_be_visible()
    return attempt


@pytest.mark.browser
def test_the_next_person_neither_sees_nor_sends_what_waits(world, window):
    with window(PHONE) as page:
        attempt = leave_without_a_line(page)
        # Hoa signs in on the same phone while Minh's page still lies open behind hers.
        page.context.clear_cookies()
        hers = page.context.new_page()
        page.context.set_offline(False)
        hers.goto("/sign-in?next=/receipts")
        hers.locator("form [name=identifier]").fill("0900000004")
        hers.locator("form [name=password]").fill(PASSWORD)
        hers.locator("form [name=password]").press("Enter")
        hers.wait_for_url("**/receipts")
        assert hers.goto(attempt).status == 404
        assert hers.evaluate(KEPT) == 1
        # What Minh's page sends in her name is refused, and it shows his answers no longer.
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("#paper")).to_be_hidden(timeout=20_000)
        expect(page.locator("[data-check]")).to_be_hidden()
        assert received(world.app) == []
        hers.context.clear_cookies()
        sign_in(hers)
        hers.locator("form[action$='/start'] button").click()
        hers.wait_for_url("**/attempts/**")
        expect(hers.locator("[data-saved]")).to_have_text(RECEIVED)
        expect(hers.locator("[data-slot='0'] .opt input").nth(0)).to_be_checked()
    assert [slot for slot, _answer in received(world.app)] == [0, 1]


@pytest.mark.browser
def test_long_after_the_round_it_is_swept_away_by_whatever_page(world, window):
    with window(PHONE) as page:
        leave_without_a_line(page)
        page.context.set_offline(False)
        page.context.clear_cookies()
        page.evaluate(AGE % ((utc_now() + timedelta(days=1)).timestamp() * 1000))
        page.goto("/sign-in")
        page.wait_for_load_state("networkidle")
        assert (page.evaluate(KEPT), page.evaluate(FAR)) == (1, 1)
        page.evaluate(AGE % 1)
        page.goto("/sign-in")
        page.wait_for_function(f"{KEPT} === 0")
        page.wait_for_function(f"({FAR})().then((count) => count === 0)")
