"""The room in Chromium: by hand on a phone, without JavaScript, and every page under axe."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Page

from contest.accounts.actions import second_factor
from contest.accounts.models import Person, Unit
from contest.core.db import db
from contest.core.transactions import unit_of_work
from tests.support.browser import DESKTOP, PHONE, Screen, axe
from tests.support.cast import PASSWORD, Cast, committed_cast, sign_in_as
from tests.support.pages import CheckingClient
from tests.support.provinces import grow_province

pytestmark = pytest.mark.browser
Window = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def cast(app: Flask, now: datetime) -> Cast:
    with app.app_context():
        return committed_cast(now)


@contextmanager
def signed_in(
    window: Window, client: CheckingClient, person: Person, screen: Screen, **options: object
) -> Iterator[Page]:
    """A window with the cookie of a person who has signed in."""
    sign_in_as(client, person)
    cookie = client.get_cookie("gs")
    assert cookie is not None
    with window(screen, **options) as page:
        page.goto("/sign-in")
        page.context.add_cookies([{"name": "gs", "value": cookie.value, "url": page.url}])
        yield page


def test_somebody_registers_on_a_phone_without_javascript(window: Window, cast: Cast) -> None:
    with window(PHONE, javascript=False) as page:
        page.goto("/register")
        page.fill("[name=full_name]", "Phan Thị Bưởi")
        page.fill("[name=contact]", "0912 345 678")
        page.fill("[name=birth]", "5/1990")
        page.select_option("[name=unit]", cast.school.public_id)
        page.fill("[name=password]", "mười con vịt")
        page.check("[name=take_part]", force=True)
        page.click("main button[type=submit]")
        assert page.input_value("[name=identifier]") == "0912 345 678"
        page.fill("[name=password]", "mười con vịt")
        page.click("main button[type=submit]")
        page.goto("/account")
        assert page.inner_text("h1") == "Tài khoản của tôi"
        assert "05/1990" in page.inner_text("main")


def test_a_unit_is_found_by_typing_without_marks(window: Window, cast: Cast) -> None:
    with window(PHONE) as page:
        page.goto("/register")
        page.fill("[data-picker] input", "nguyen trai")
        page.click("[data-picker] [role=option]")
        assert page.input_value("[name=unit]") == cast.school.public_id


@pytest.fixture
def province(app: Flask, cast: Cast) -> None:
    """More units than a list would show."""
    with app.app_context(), unit_of_work():
        grow_province(db.session.get_one(Unit, cast.province.id), 400)


@pytest.mark.usefixtures("province")
def test_a_unit_among_hundreds_is_found_by_keyboard_and_by_touch(window: Window) -> None:
    with window(PHONE) as page:
        page.goto("/register")
        assert page.locator("select[name=unit]").count() == 0
        box = page.get_by_role("combobox", name="Đơn vị của bạn")
        box.press_sequentially("phuong nghia")
        page.wait_for_selector("[role=option]:has-text('Phường Nghĩa Lộ')")
        axe(page)
        box.press("Enter")
        assert box.input_value() == "Phường Nghĩa Lộ"
        assert page.inner_text(".picker-path") == "Tỉnh Lâm Sơn"
        first = page.input_value("[name=unit]")
        assert first != ""
        box.fill("chi doan so 7 dong trieu")
        page.tap("[role=option]:has-text('Phường Đông Triều')")
        assert page.input_value("[name=unit]") not in {"", first}
        box.fill("khong co o dau ca")
        page.wait_for_selector(".picker-said:has-text('Không thấy. Bạn thử gõ ít chữ hơn.')")
        box.press("Escape")
        box.fill("")
        page.locator("[name=full_name]").focus()
        assert page.input_value("[name=unit]") == ""


@pytest.mark.usefixtures("province")
def test_a_unit_among_hundreds_is_chosen_without_javascript(window: Window) -> None:
    with window(PHONE, javascript=False) as page:
        page.goto("/register")
        page.fill("[name=full_name]", "Phan Thị Bưởi")
        page.fill("[name=contact]", "0912 345 678")
        page.fill("[name=birth]", "5/1990")
        page.fill("[name=password]", "mười con vịt")
        page.fill("[name=unit-text]", "xuan hoa")
        page.click("[name=unit-find]")
        page.check("label:has-text('Phường Xuân Hoà') >> nth=0", force=True)
        page.check("[name=take_part]", force=True)
        page.click(".form-actions button[type=submit]")
        page.fill("[name=password]", "mười con vịt")
        page.click("main button[type=submit]")
        page.goto("/account")
        assert "Phường Xuân Hoà" in page.inner_text("main")


def test_signing_in_with_two_steps(window: Window, app: Flask, cast: Cast, now: datetime) -> None:
    with window(DESKTOP) as page:
        page.goto("/sign-in?next=/account/second-factor")
        page.fill("[name=identifier]", "0900000002")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.click("main form[action$='/start'] button")
        axe(page)
        assert page.locator(".qr svg").count() == 1


PLACES = ("light-phone", "dark-desktop")


@pytest.mark.parametrize("place", PLACES)
def test_pages_of_those_outside_pass_axe(window: Window, cast: Cast, place: str) -> None:
    screen = PHONE if "phone" in place else DESKTOP
    with window(screen, dark="dark" in place) as page:
        for path in ("/sign-in", "/register", "/register/done", "/activate", "/forgot-password"):
            page.goto(path)
            axe(page)


@pytest.mark.parametrize("place", PLACES)
def test_pages_of_the_administrator_pass_axe(
    window: Window, client: CheckingClient, app: Flask, cast: Cast, place: str
) -> None:
    minh, ward = cast.minh.public_id, cast.ward.public_id
    with app.app_context(), unit_of_work():
        second_factor.prepare_second_factor(person=db.session.get_one(Person, cast.admin.id))
    paths = (
        "/account",
        "/account/details",
        "/account/password",
        "/account/second-factor",
        "/people",
        f"/people/{minh}",
        f"/people/{minh}/edit",
        f"/people/{minh}/merge/{cast.tu.public_id}",
        "/people/codes",
        "/people/duplicates",
        "/units",
        f"/units/{ward}",
        f"/units/{ward}/edit",
        f"/units/{ward}/end",
        f"/units/{ward}/merge",
        "/grants",
        "/grants/new",
        f"/grants/new?on=unit:{ward}&q=a",
    )
    screen = PHONE if "phone" in place else DESKTOP
    with signed_in(window, client, cast.admin, screen, dark="dark" in place) as page:
        for path in paths:
            page.goto(path)
            axe(page)
