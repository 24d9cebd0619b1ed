"""Pages of the room in real Chromium: axe on each, on a phone and on a desktop, JavaScript on and off."""

import io
from datetime import timedelta

import pytest
import xlsxwriter

from contest.contests import actions, queries
from contest.core.clock import LOCAL_ZONE, utc_now
from contest.core.transactions import unit_of_work
from tests.contests.conftest import build_world
from tests.support.browser import DESKTOP, PHONE, axe

pytestmark = pytest.mark.browser

STEPS = (
    "/basics",
    "/audience",
    "/divisions",
    "/rounds",
    "/rounds/1",
    "/rounds/1/open",
    "/rules",
    "/announce",
    "/registrations",
    "/rosters",
    "/codes",
)


@pytest.fixture
def here(app, cast, story):
    """The contest of the stories with people from a roster, and another roster to be looked at."""
    with app.app_context():
        world = build_world(app, cast, utc_now(), story)
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            page = book.add_worksheet("Danh sách")
            rows = [
                ["Họ và tên", "Ngày sinh", "Đơn vị", "SĐT"],
                ["Nguyễn Thị Ánh Nguyệt", "19/5/1990", "Trường THCS Nguyễn Trãi", "0912000301"],
                ["Trần Bình", "31/2/1990", "Tổ dân phố 5", "0912000302"],
                ["H’Mơ Niê Kđăm", "4-2-92", "Tổ dân phố 5", "0912000303"],
            ]
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    page.write_string(place, column, cell)
        for taken in (True, False):
            with unit_of_work():
                roster = actions.stage_roster(
                    contest=world.contest,
                    content=buffer.getvalue(),
                    file_name="Danh sách.xlsx",
                    actor=None,
                    now=world.now,
                )
                if taken:
                    actions.take_roster(roster=roster, actor=None, now=world.now)
        world.announced()
        today = world.now.astimezone(LOCAL_ZONE).date()
        world.tell(starts_on=today, ends_on=today + timedelta(days=20))
        world.tell_round(
            opens_at=world.now + timedelta(days=1), closes_at=world.now + timedelta(days=7)
        )
    return world


def sign_in(page, client, address):
    page.context.add_cookies(
        [{"name": "gs", "value": client.get_cookie("gs").value, "url": address}]
    )


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=lambda screen: screen.name)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_of_the_room_is_accessible(here, window, address, signed_in, screen, dark):
    with here.app.app_context():
        rosters = [f"/rosters/{each.public_id}" for each in queries.roster_imports(here.contest)]
        person = queries.registrations_page(here.contest, queries.RegistrationFilter()).items[0]
        rosters.append(f"/registrations/{person.registration.public_id}")
    with window(screen, dark=dark, language="en" if dark else "vi") as page:
        sign_in(page, signed_in(here.cast.lan), address)
        for rest in (*STEPS, *rosters):
            page.goto(f"/organise/contests/{here.slug}{rest}")
            axe(page)


def test_minh_registers_on_a_phone_without_javascript(here, window, address, signed_in):
    with window(PHONE, javascript=False) as page:
        sign_in(page, signed_in(here.cast.minh), address)
        page.goto(f"/contests/{here.slug}/register")
        page.get_by_role("button", name="Đăng ký dự thi").click()
        assert page.locator(".field-error").count() == 1
        page.locator("label[for=take_part]").click()
        page.get_by_role("button", name="Đăng ký dự thi").click()
        code = page.locator(".big-code").inner_text()
    with here.app.app_context():
        assert queries.registration_of(here.contest.id, here.cast.minh.id).code == code


def test_the_unit_of_a_contestant_is_found_by_typing_without_marks(
    here, window, address, signed_in
):
    with window(PHONE) as page:
        sign_in(page, signed_in(here.cast.an), address)
        page.goto(f"/contests/{here.slug}/register")
        axe(page)
        page.get_by_role("combobox").fill("nguyen trai")
        page.get_by_role("option", name="Trường THCS Nguyễn Trãi").click()
        page.locator("label[for=take_part]").click()
        page.get_by_role("button", name="Đăng ký dự thi").click()
        page.locator(".big-code").wait_for()
        axe(page)
    with here.app.app_context():
        assert (
            queries.registration_of(here.contest.id, here.cast.an.id).unit_id == here.cast.school.id
        )
