"""Minh's line and phone at their worst, in a real browser: 2G, a dead battery, the last minute."""

import json
import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from contest.core.clock import utc_now
from contest.core.db import db
from contest.quizzes.models import LateEvidence, LedgerLine
from contest.quizzes.tasks import close_due
from tests.quizzes.test_journeys import (
    RECEIVED,
    choose,
    end_in,
    now,
    sign_in,
    start,
    stored,
    world,
)
from tests.support.browser import FLAGS, PHONE, axe
from toolchain.programs import find_chromium

__all__ = ["now", "world"]  # fixtures of the journeys
pytestmark = pytest.mark.browser
SECOND = timedelta(seconds=1)
TWO_G = {
    "offline": False,
    "latency": 800,  # ms
    "downloadThroughput": 250_000 / 8,
    "uploadThroughput": 50_000 / 8,
}


def answers(page, *options):
    """Choose an option of this question and of the ones after it."""
    for number, option in enumerate(options):
        if number:
            page.locator("[data-next]").click()
        choose(page, option)


def received(app):
    """What the ledger holds: slot and answer, in the order of arrival."""
    with app.app_context():
        lines = db.session.query(LedgerLine).order_by(LedgerLine.received_at, LedgerLine.sequence)
        return [(line.slot, json.loads(line.answer)) for line in lines]


def evidence(app):
    """The questions that late evidence is about."""
    with app.app_context():
        return sorted(line.slot for line in db.session.query(LateEvidence))


@contextmanager
def phone_with_memory(browser, folder):
    """A browser of its own with a profile on the disk; gives its process and its page."""
    command = [str(find_chromium()), *FLAGS, "--headless=new", "--remote-debugging-port=0"]
    port = folder / "DevToolsActivePort"
    port.unlink(missing_ok=True)
    process = subprocess.Popen(
        [*command, f"--user-data-dir={folder}", "--accept-lang=vi-VN", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not (port.exists() and port.read_text().strip()):
            assert process.poll() is None, "the browser did not start"
            time.sleep(0.05)
        address = f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
        phone = browser.browser_type.connect_over_cdp(address)
        yield process, phone.contexts[0].pages[0]
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_killed_browser_finds_its_answers_again(world, browser, address, tmp_path):
    """The battery dies a moment after the last press; nothing of it had left the phone."""
    with phone_with_memory(browser, tmp_path) as (process, page):
        start(page, address)
        page.context.set_offline(True)
        answers(page, 0, 1, 2)
        expect(page.locator("[data-offline]")).to_be_visible()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert received(world.app) == []
    with phone_with_memory(browser, tmp_path) as (_process, page):
        sign_in(page, address=address)
        page.locator("form[action$='/start'] button").click()
        page.wait_for_url("**/attempts/**")
        expect(page.locator("[data-notice]")).to_contain_text("Các câu đó chưa được nhận")
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        expect(page.locator("[data-slot='0'] .opt input").nth(0)).to_be_checked()
        expect(page.locator("[data-waiting]")).to_be_hidden()
    assert [slot for slot, _answer in received(world.app)] == [0, 1, 2]


def test_on_2g_and_with_gaps_every_answer_is_received_once(world, window):
    with window(PHONE) as page:
        start(page)
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", TWO_G)
        page.reload()
        answers(page, 0, 1)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        choose(page, 2)
        line.send("Network.emulateNetworkConditions", {**TWO_G, "offline": True})  # in its flight
        page.locator("[data-next]").click()
        choose(page, 3)
        # Told by this answer at the latest: on a quick machine the one before may have arrived.
        expect(page.locator("[data-offline]")).to_be_visible(timeout=30_000)
        line.send("Network.emulateNetworkConditions", TWO_G)
        expect(page.locator("[data-count=a]")).to_contain_text("3", timeout=30_000)
        expect(page.locator("[data-waiting]")).to_be_hidden(timeout=30_000)
        page.locator(".pal [data-go='4']").click()
        page.locator("[data-next]").click()
        page.locator("[data-hand-in]").click()
        page.wait_for_url("**/receipt", timeout=30_000)
    assert sorted(stored(world.app).answers) == ["0", "1", "2"]
    lines = received(world.app)
    assert len({(slot, *answer) for slot, answer in lines}) == len(lines)


def test_a_hand_in_without_a_line_outlives_the_page(world, window):
    """Minh hands in on the bus and closes everything; opening the attempt again sends it."""
    with window(PHONE) as page:
        start(page)
        page.context.set_offline(True)
        answers(page, 3, 0)
        page.locator(".pal [data-go='4']").click()
        page.locator("[data-next]").click()
        page.locator("[data-hand-in]").click()
        expect(page.locator("[data-notice]")).to_contain_text("Đang chờ mạng để nộp bài")
        address = page.url
        context = page.context
        page.close()
        context.set_offline(False)
        again = context.new_page()
        again.goto(address)
        again.wait_for_url("**/receipt")
        expect(again.locator("[data-late]")).to_be_hidden()
    assert sorted(stored(world.app).answers) == ["0", "1"]


def test_a_tab_that_is_overtaken_with_an_answer_in_flight_does_not_disturb_the_other(world, window):
    with window(PHONE) as page:
        start(page)
        held = []
        page.route("**/answers", lambda each: held.append(each))  # noqa: PLW0108  (playwright wants a function)
        choose(page, 0)
        expect(page.locator("[data-saved]")).to_contain_text("Đang gửi")
        page.wait_for_timeout(100)
        other = page.context.new_page()
        other.goto(page.url)
        expect(page.locator("[data-ended]")).to_be_visible()
        held[0].continue_()
        expect(other.locator("[data-saved]")).to_have_text(RECEIVED)
        other.wait_for_timeout(500)
        choose(other, 1)
        expect(other.locator("[data-saved]")).to_have_text(RECEIVED)
        expect(other.locator("[data-ended]")).to_be_hidden()
        other.reload()
        expect(other.locator("[data-slot='0'] .opt input").nth(1)).to_be_checked()


def to_the_end_without_a_line(world, page, grace):
    """Minh's line is lost in the last seconds; two answers are given before the clock stands."""
    start(page)
    answers(page, 0)
    expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
    end_in(world, 8 * SECOND, grace)
    page.reload()
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^0:0\d$"))
    page.context.set_offline(True)
    page.locator("[data-next]").click()
    answers(page, 1, 2)
    expect(page.locator("[data-notice]")).to_contain_text("Đã hết giờ", timeout=20_000)
    expect(page.locator("[data-slot='2'] .opt input").first).to_be_disabled()


def test_answers_of_the_last_seconds_arrive_in_the_grace(world, window):
    with window(PHONE) as page:
        to_the_end_without_a_line(world, page, 60 * SECOND)
        expect(page.locator("[data-notice]")).to_contain_text(re.compile(r"trước \d\d:\d\d:\d\d"))
        axe(page)
        page.context.set_offline(False)
        page.wait_for_url("**/receipt", timeout=30_000)
        expect(page.locator("[data-late]")).to_be_hidden()
    attempt = stored(world.app)
    assert sorted(attempt.answers) == ["0", "1", "2"]
    assert attempt.submitted_at >= attempt.deadline_at
    assert evidence(world.app) == []


@pytest.mark.parametrize("is_closed", [False, True])
def test_what_arrives_after_the_grace_is_evidence_and_minh_is_told(world, window, is_closed):
    """All of it is evidence, not only the first; closed by the server before, or not yet."""
    with window(PHONE) as page:
        to_the_end_without_a_line(world, page, 5 * SECOND)
        expect(page.locator("[data-notice]")).to_contain_text(
            "Mạng chưa trở lại kịp giờ", timeout=20_000
        )
        axe(page)
        if is_closed:
            with world.app.app_context():
                assert close_due(utc_now()) == 1
        page.context.set_offline(False)
        expect(page.locator("[data-ended]")).to_be_visible(timeout=20_000)
        expect(page.locator("[data-ended-list] li")).to_have_count(2)
        axe(page)
        page.locator("[data-ended-actions] a").click()
        expect(page.locator("[data-late] li")).to_have_text(["Câu 2", "Câu 3"])
        if not is_closed:
            page.locator("form[action$='/submit'] button").click()
        page.wait_for_url("**/receipt")
        page.reload()
        expect(page.locator("[data-late]")).to_contain_text("2 câu trả lời của bạn đến quá muộn")
        axe(page)
    assert evidence(world.app) == [1, 2]
    assert sorted(stored(world.app).answers) == ["0"]


def test_a_phone_that_wakes_after_the_end_still_gives_its_evidence(world, window):
    """The battery died before the end; the receipt sends what the phone kept, and says so."""
    with window(PHONE) as page:
        start(page)
        address = page.url
        page.context.set_offline(True)
        answers(page, 0, 1)
        context = page.context
        page.close()
        end_in(world, timedelta(hours=-1))
        with world.app.app_context():
            assert close_due(utc_now()) == 1
        context.set_offline(False)
        again = context.new_page()
        again.goto(address)
        again.wait_for_url("**/receipt")
        expect(again.locator("[data-late]")).to_contain_text("quá muộn")
        expect(again.locator("[data-late] li")).to_have_text(["Câu 1", "Câu 2"])
        axe(again)
    assert evidence(world.app) == [0, 1]
