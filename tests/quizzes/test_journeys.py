"""Contestants in a real browser: a lost line, a reload, a second device, no JavaScript."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from contest.core.clock import LOCAL_ZONE, utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt, LateEvidence, Pause
from tests.quizzes.conftest import make_world
from tests.support.browser import DESKTOP, PHONE, axe
from tests.support.cast import PASSWORD

pytestmark = pytest.mark.browser
START = "/contests/tim-hieu/rounds/1/start"
HTML = "text/html; charset=utf-8"
RECEIVED = re.compile(r"Đã nhận \d\d:\d\d:\d\d")


@pytest.fixture
def now():
    return utc_now()


@pytest.fixture
def world(app, cast, now):
    """An open round in which Minh may take part."""
    with app.app_context():
        world = make_world(app, cast, now)
        world.open()
        world.agree(cast.minh)
    return world


def sign_in(page, target=START, address=""):
    page.goto(f"{address}/sign-in?next={target}")
    page.locator("form [name=identifier]").fill("0900000003")
    page.locator("form [name=password]").fill(PASSWORD)
    page.locator("form [name=password]").press("Enter")
    page.wait_for_url("**" + target)


def start(page, address=""):
    sign_in(page, address=address)
    page.locator("form[action$='/start'] button").click()
    page.wait_for_url("**/attempts/**")


def choose(page, number):
    """Press an option of the question that is shown."""
    page.locator("[data-slot]:not([hidden]) .opt").nth(number).click()


def stored(app):
    with app.app_context():
        return db.session.query(Attempt).one()


def test_a_whole_attempt_on_a_phone(world, window):
    with window(PHONE) as page:
        start(page)
        expect(page.locator("h1")).to_have_text("Câu 1 trong 4")
        axe(page)
        choose(page, 0)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        page.keyboard.press("ArrowRight")
        expect(page.locator("h1")).to_have_text("Câu 2 trong 4")
        page.keyboard.press("2")
        page.locator("[data-flag]").click()
        page.locator("[data-next]").click()
        page.locator(".pal [data-go='4']").click()
        page.locator("#prediction").fill("128")
        expect(page.locator(".pal [data-go='4']")).to_have_class(re.compile(r"\ba\b"))
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        page.reload()
        expect(page.locator("#prediction")).to_have_value("128")
        expect(page.locator(".pal [data-go='1']")).to_have_class(re.compile(r"\bf\b"))
        page.locator("[data-next]").click()
        expect(page.locator("[data-check] li")).to_have_count(3)
        axe(page)
        page.locator("[data-hand-in]").click()
        page.wait_for_url("**/receipt")
        axe(page)
        assert page.evaluate("localStorage.length") == 0
    attempt = stored(world.app)
    assert len(attempt.answers) == 2
    assert attempt.prediction == 128


def test_the_line_is_cut_in_the_middle_and_the_page_reloaded(world, window):
    with window(PHONE) as page:
        start(page)
        choose(page, 0)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        page.context.set_offline(True)
        page.locator("[data-next]").click()
        choose(page, 1)
        page.locator("[data-next]").click()
        choose(page, 2)
        expect(page.locator("[data-offline]")).to_be_visible()
        expect(page.locator("[data-waiting]")).to_contain_text("2")
        axe(page)
        page.context.set_offline(False)
        page.reload()  # what waited is kept and sent after the reload
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        expect(page.locator("[data-waiting]")).to_be_hidden()
        page.locator(".pal [data-go='1']").click()
        expect(page.locator("[data-slot='1'] .opt input").nth(1)).to_be_checked()
        page.locator(".pal [data-go='4']").click()
        page.locator("[data-next]").click()
        page.context.set_offline(True)
        page.locator("[data-hand-in]").click()
        expect(page.locator("[data-notice]")).to_contain_text("Đang chờ mạng để nộp bài")
        page.context.set_offline(False)
        page.wait_for_url("**/receipt", timeout=30_000)
    assert sorted(stored(world.app).answers) == ["0", "1", "2"]


def test_a_page_asked_for_before_the_answer_arrived_shows_it_all_the_same(world, window):
    """The line comes back, the person reloads, and the page overtakes what the queue sends."""
    with window(PHONE) as page:
        start(page)
        stale = page.request.get(page.url).text()
        choose(page, 1)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        page.route("**/attempts/*?q=1", lambda route: route.fulfill(body=stale, content_type=HTML))
        page.reload()
        expect(page.locator("[data-slot='0'] .opt input").nth(1)).to_be_checked()
        expect(page.locator(".pal [data-go='0']")).to_have_class(re.compile(r"\ba\b"))


def test_a_second_device_takes_over_and_the_first_one_shows_its_queue(world, window):
    with window(PHONE) as phone, window(DESKTOP) as laptop:
        start(phone)
        choose(phone, 0)
        expect(phone.locator("[data-saved]")).to_have_text(RECEIVED)
        phone.context.set_offline(True)
        phone.locator("[data-next]").click()
        choose(phone, 3)
        sign_in(laptop)
        laptop.locator("form[action$='/start'] button").click()
        laptop.wait_for_url("**/attempts/**")
        expect(laptop.locator("[data-slot='0'] .opt input").nth(0)).to_be_checked()
        choose(laptop, 1)
        expect(laptop.locator("[data-saved]")).to_have_text(RECEIVED)
        axe(laptop)
        phone.context.set_offline(False)
        expect(phone.locator("[data-ended]")).to_be_visible(timeout=20_000)
        expect(phone.locator("[data-ended-list]")).to_contain_text("Câu 2")
        axe(phone)
        # Going back is a decision of the person, and nothing is merged silently.
        phone.locator("[data-ended-actions] a").click()
        expect(phone.locator("[data-leftover]")).to_contain_text("Câu 2")
        axe(phone)
        phone.locator("form[action$='/open'] button").click()
        expect(phone.locator("[data-notice]")).to_contain_text("Câu 2")
        expect(phone.locator("[data-slot='0'] .opt input").nth(1)).to_be_checked()
        expect(phone.locator("[data-slot='1'] .opt input:checked")).to_have_count(0)


def test_a_second_tab_takes_over_from_the_first(world, window):
    with window(DESKTOP) as page:
        start(page)
        other = page.context.new_page()
        other.goto(page.url)
        expect(page.locator("[data-ended]")).to_be_visible()
        choose(other, 0)
        expect(other.locator("[data-saved]")).to_have_text(RECEIVED)
        other.close()


def test_without_javascript_everything_works_as_a_form(world, window):
    with window(PHONE, javascript=False) as page:
        start(page)
        choose(page, 0)
        page.locator("[data-next]").click()
        expect(page.locator("h1")).to_have_text("Câu 2 trong 4")
        choose(page, 1)
        page.locator(".pal button[value='5']").click()
        page.locator("#prediction").fill("77")
        page.locator("[data-next]").click()
        page.locator("form[action$='/submit'] button").click()
        page.wait_for_url("**/receipt")
    attempt = stored(world.app)
    assert (sorted(attempt.answers), attempt.prediction) == (["0", "1"], 77)


def test_what_comes_after_the_end_is_shown_and_kept_as_evidence(world, window):
    with window(PHONE) as page:
        start(page)
        choose(page, 0)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        page.context.set_offline(True)
        page.locator("[data-next]").click()
        choose(page, 1)
        expect(page.locator("[data-offline]")).to_be_visible()
        with world.app.app_context(), unit_of_work():
            attempt = db.session.query(Attempt).one()
            for name in ("started_at", "deadline_at", "grace_until"):
                setattr(attempt, name, getattr(attempt, name).replace(year=2020))
        page.context.set_offline(False)
        expect(page.locator("[data-ended]")).to_be_visible(timeout=20_000)
        expect(page.locator("[data-ended-list]")).to_contain_text("Câu 2")
    with world.app.app_context():
        assert db.session.query(LateEvidence).count() == 1


def test_extra_time_reaches_the_page_that_is_open(world, window, signed_in):
    """The clock asks before it hands in, so that a late decision still finds Minh at work."""
    with window(PHONE) as page:
        start(page)
        end_in(world, timedelta(seconds=20))
        page.reload()
        expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^0:[01]\d$"))
        answer = signed_in(world.cast.lan).submit(
            "/organise/contests/tim-hieu/rounds/1/extra-time",
            {
                "whose": "unit",
                "unit": world.cast.ward.public_id,
                "minutes": "30",
                "reason": "Mất điện ở điểm thi",
            },
            action="/extra-time",
        )
        assert answer.status_code in {302, 303}, answer.text
        expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^29:\d\d$"), timeout=60_000)
        expect(
            page.get_by_role("status").filter(has_text="Bạn được thêm thời gian")
        ).to_be_visible()
        choose(page, 0)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
    assert stored(world.app).submitted_at is None


def test_a_power_cut_stops_the_clock_of_the_page_that_is_open(world, window, signed_in):
    """Minh answers on while the clock stands, and learns without a reload that it runs again."""
    with window(PHONE) as page:
        start(page)
        expect(page.locator("[data-paused]")).to_be_hidden()
        moment = utc_now()
        answer = signed_in(world.cast.lan).submit(
            "/organise/contests/tim-hieu/rounds/1/pause",
            {
                "unit": world.cast.ward.public_id,
                "from_at": local_minute(moment),
                "until_at": local_minute(moment + timedelta(minutes=45)),
                "reason": "Mất điện ở điểm thi",
            },
            action="/pause",
        )
        assert answer.status_code in {302, 303}, answer.text
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        stopped = page.get_by_role("status").filter(has_text="Đồng hồ đang dừng")
        expect(stopped).to_be_visible()
        stands = page.locator("[data-clock]").text_content()
        assert re.fullmatch(r"1[45]:\d\d", stands)
        choose(page, 0)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        axe(page)
        page.reload()
        expect(stopped).to_be_visible()
        assert page.locator("[data-clock]").text_content() == stands
        with world.app.app_context(), unit_of_work():
            db.session.execute(update(Pause).values(until_at=utc_now()))
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(stopped).to_be_hidden()
        expect(page.locator("[data-clock-words]")).to_have_text("Đồng hồ chạy tiếp.")
    assert stored(world.app).submitted_at is None


def test_a_page_that_is_open_learns_that_its_round_was_annulled(world, window, signed_in):
    """Minh may go on and keeps a receipt, but is not left to work for nothing unknowingly."""
    with window(PHONE) as page:
        start(page)
        told = page.get_by_role("status").filter(has_text="đã bị hủy")
        expect(told).to_be_hidden()
        answer = signed_in(world.cast.lan).submit(
            "/organise/contests/tim-hieu/rounds/1/annul",
            {"reason": "Đề bị lộ trước giờ mở"},
            action="/annul",
        )
        assert answer.status_code in {302, 303}, answer.text
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(told).to_be_visible()
        choose(page, 0)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        axe(page)
        page.reload()
        expect(told).to_be_visible()
    assert stored(world.app).submitted_at is None


def local_minute(moment):
    """What a field for a date and a time is given."""
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")


def end_in(world, left, grace=timedelta(minutes=1)):
    """Let the running attempt end so soon."""
    with world.app.app_context(), unit_of_work():
        attempt = db.session.query(Attempt).one()
        attempt.deadline_at = utc_now() + left
        attempt.grace_until = attempt.deadline_at + grace


def test_on_one_page_a_phone_shows_all_questions_and_hands_in(app, cast, now, window):
    with app.app_context():
        world = make_world(app, cast, now)
        world.configure(one_page=True)
        world.open()
    with window(PHONE) as page:
        sign_in(page)
        page.locator("label[for=take_part]").click()  # nobody has asked Minh before
        page.locator("form[action$='/start'] button").click()
        page.wait_for_url("**/attempts/**")
        expect(page.locator("[data-slot]:visible")).to_have_count(5)
        axe(page)
        for slot in range(4):
            page.locator(f"[data-slot='{slot}'] .opt").nth(slot).click()
        page.locator("#prediction").fill("12")
        expect(page.locator("[data-count=a]")).to_contain_text("5")
        page.locator("[data-next]").click()
        page.locator("[data-hand-in]").click()
        page.wait_for_url("**/receipt")
    attempt = stored(app)
    assert (len(attempt.answers), attempt.prediction) == (4, 12)


def test_without_a_way_back_the_order_holds_on_a_lost_line_too(app, cast, now, window):
    with app.app_context():
        world = make_world(app, cast, now)
        world.configure(one_way=True)
        world.open()
    with window(PHONE) as page:
        sign_in(page)
        page.locator("label[for=take_part]").click()
        page.locator("form[action$='/start'] button").click()
        page.wait_for_url("**/attempts/**")
        axe(page)
        choose(page, 0)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        page.context.set_offline(True)
        page.locator("[data-next]").click()
        expect(page.locator("h1")).to_have_text("Câu 2 trong 4")
        expect(page.locator("[data-previous]")).to_be_hidden()
        expect(page.locator(".pal [data-go='0']")).to_be_disabled()
        page.locator("[data-next]").click()  # empty: said first
        expect(page.locator("[data-notice]")).to_contain_text("Câu này còn trống")
        expect(page.locator("h1")).to_have_text("Câu 2 trong 4")
        page.locator("[data-next]").click()
        choose(page, 2)
        page.context.set_offline(False)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        expect(page.locator("[data-waiting]")).to_be_hidden()
        page.reload()
        expect(page.locator("h1")).to_have_text("Câu 3 trong 4")
        expect(page.locator("[data-slot]")).to_have_count(3)
        expect(page.locator("[data-count=a]")).to_contain_text("2")
        page.locator("[data-next]").click()
        choose(page, 3)
        page.locator("[data-next]").click()
        page.locator("#prediction").fill("12")
        page.locator("[data-next]").click()
        page.locator("[data-hand-in]").click()
        page.wait_for_url("**/receipt")
    attempt = stored(app)
    assert (sorted(attempt.answers), attempt.prediction) == (["0", "2", "3"], 12)
