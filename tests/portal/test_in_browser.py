"""The shared parts and the portal's pages in a real browser: narrow and wide, light and dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from contest.app import STATIC, create_app
from contest.contests.models import Stage
from contest.core.static_files import compressed_copy
from tests.portal.conftest import SLUG, TITLE
from tests.support.browser import DESKTOP, PHONE, SCREENS, Screen, axe, live_server, open_window
from tests.support.gallery.app import create_gallery

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
SMALLEST = Screen("smallest", 320, 640, touch=True)
FIRST_VISIT = 150_000
LATER_PAGE = 30_000
WIDEST = Screen("widest", 1920, 1080, touch=False)


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with live_server(create_gallery()) as address:
        yield address


@pytest.mark.parametrize(
    ("screen", "dark"),
    [(SMALLEST, False), (PHONE, True), (DESKTOP, False), (WIDEST, True)],
    ids=lambda one: one.name if isinstance(one, Screen) else "",
)
def test_every_shared_part_is_accessible_and_fits(browser, gallery, screen, dark):
    with open_window(browser, gallery, screen, dark=dark) as page:
        for path in ("/public", "/workroom", "/focus"):
            page.goto(path)
            axe(page)


def test_a_unit_is_found_without_marks_by_keyboard_alone(browser, gallery):
    with open_window(browser, gallery, PHONE) as page:
        page.goto("/public")
        box = page.get_by_role("combobox", name="Đơn vị của bạn")
        box.press_sequentially("dak mil")
        page.get_by_role("option", name="Xã Đắk Mil").wait_for()
        axe(page)
        box.press("Enter")
        assert box.input_value() == "Xã Đắk Mil"
        assert page.locator("select[name=unit]").input_value() == "4"


def test_without_javascript_the_unit_is_an_ordinary_list(browser, gallery):
    with open_window(browser, gallery, PHONE, javascript=False) as page:
        page.goto("/public")
        page.get_by_label("Đơn vị của bạn").select_option("4")
        assert page.locator("select[name=unit]").input_value() == "4"


def test_the_colours_that_a_person_chooses_stay(browser, gallery):
    with open_window(browser, gallery, DESKTOP) as page:
        page.goto("/public")
        page.get_by_role("button", name="Tối").click()
        page.goto("/focus")
        assert page.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.name)
def test_a_stranger_goes_from_the_first_page_to_registering(window, weeks, screen):
    weeks()
    with window(screen) as page:
        page.goto("/")
        axe(page)
        page.get_by_role("link", name="Vào cuộc thi").click()
        assert page.locator("h1").inner_text().replace("\u00a0", " ") == TITLE
        axe(page)
        page.locator(".go .btn-big").click()
        assert "/sign-in" in page.url or "/register" in page.url


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(window, weeks):
    weeks()
    with window(PHONE) as page:
        page.goto("/contests")
        menu = page.locator("details.phone-menu")
        menu.locator("summary").press("Enter")
        page.get_by_role("link", name="Kết quả").wait_for()
        axe(page)
        page.keyboard.press("Escape")
        assert menu.get_attribute("open") is None


@pytest.mark.parametrize(
    "stage", [Stage.PLANNED, Stage.OPEN, Stage.MARKING], ids=lambda stage: stage.value
)
def test_the_contest_page_is_accessible_whatever_its_stage(window, weeks, stage):
    weeks(stage)
    with window(PHONE, dark=True) as page:
        page.goto(f"/contests/{SLUG}?round=1")
        axe(page)


class Traffic:
    """What a window fetches, in bytes on the line, for each document that asked for it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._documents: list[str] = []
        self._asked: dict[str, str] = {}
        self._ended: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._note_begin)
        session.on("Network.loadingFinished", self._note_end)
        session.on("Network.loadingFailed", self._note_end)
        session.send("Network.enable")

    def _note_begin(self, event: dict[str, Any]) -> None:
        self._asked[event["requestId"]] = event["loaderId"]
        if event["type"] == "Document":
            self._documents.append(event["loaderId"])

    def _note_end(self, event: dict[str, Any]) -> None:
        self._ended[event["requestId"]] = event.get("encodedDataLength", 0)

    def visit(self, path: str) -> int:
        """Open a page; gives what came for it, whenever it came."""
        self._page.goto(path, wait_until="networkidle")
        while self._asked.keys() - self._ended.keys():
            self._page.wait_for_timeout(20)
        document = self._documents[-1]
        return sum(self._ended[key] for key, asker in self._asked.items() if asker == document)


def test_a_first_visit_and_a_later_page_stay_within_their_budgets(app, weeks, browser, instance):
    weeks()
    served = create_app(app.extensions["settings"], static_dir=compressed_copy(STATIC, instance))
    with live_server(served) as address, open_window(browser, address, PHONE) as page:
        traffic = Traffic(page)
        first, later = traffic.visit("/contests/tim-hieu"), traffic.visit("/contests")
        assert (first <= FIRST_VISIT, later <= LATER_PAGE) == (True, True), (first, later)
