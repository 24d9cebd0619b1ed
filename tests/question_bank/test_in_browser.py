"""The question bank in real Chromium: axe on each page; importing and writing without JavaScript."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import func, select

from contest.core.db import db
from contest.core.transactions import unit_of_work
from question_bank import actions, queries
from question_bank.formats import find_format
from question_bank.models import Question, QuestionState
from tests.question_bank.conftest import INPUTS, SAMPLE, Room
from tests.support.browser import DESKTOP, PHONE, axe
from tests.support.pages import CheckingClient

pytestmark = pytest.mark.browser

Window = Callable[..., AbstractContextManager[Page]]
SignedIn = Callable[[Any], CheckingClient]
LEGACY = INPUTS / "Cau hoi cu 2009 may phong VH.xlsx"


def sign_in(page: Page, client: CheckingClient, address: str) -> None:
    cookie = client.get_cookie("gs")
    assert cookie is not None
    page.context.add_cookies([{"name": "gs", "value": cookie.value, "url": address}])


@pytest.fixture
def pages(app: Flask, room: Room, now: datetime) -> list[str]:
    """The sample bank, a file that waits, and the address of every page of the room."""
    content = LEGACY.read_bytes()
    with app.app_context(), unit_of_work():
        actions.import_file(
            bank=room.bank,
            content=SAMPLE.read_bytes(),
            file_name=SAMPLE.name,
            approve=True,
            actor=None,
            now=now,
        )
        waiting = actions.begin_import(
            bank=room.bank,
            file_name=LEGACY.name,
            content=content,
            file_format=find_format(content),
            actor=None,
            now=now,
        )
        actions.read_import(question_import=waiting, content=content, now=now)
        question = queries.question_page(
            room.bank.id, queries.QuestionFilter(), today=date(2026, 9, 2)
        ).items[0]
        [topic, *_others] = queries.topics(room.bank.id)
        bank = f"/banks/{room.bank.slug}"
        return [
            "/banks/",
            "/banks/new",
            bank,
            f"{bank}?q=khong+co+cau+nao",
            f"{bank}/settings",
            f"{bank}/topics",
            f"{bank}/topics/{topic.public_id}",
            f"{bank}/questions/{question.public_id}",
            f"{bank}/questions/{question.public_id}/edit",
            f"{bank}/questions/new?kind=multiple",
            f"{bank}/imports/new",
            f"{bank}/imports/{waiting.public_id}",
            f"{bank}/imports/{waiting.public_id}/rows/9",
        ]


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=lambda screen: screen.name)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_of_the_room_is_accessible(
    pages: list[str],
    room: Room,
    window: Window,
    address: str,
    signed_in: SignedIn,
    screen: Any,
    dark: bool,
) -> None:
    with window(screen, dark=dark, language="en" if dark else "vi") as page:
        sign_in(page, signed_in(room.cast.lan), address)
        for path in pages:
            page.goto(path)
            axe(page)


def test_lan_imports_on_a_phone_without_javascript(
    app: Flask, room: Room, window: Window, address: str, signed_in: SignedIn, tmp_path: Path
) -> None:
    file = tmp_path / "Tuần 4.csv"
    file.write_text(
        "câu hỏi,A,B,C,đáp án\nQuê Bác ở đâu?,Nghệ An,Huế,Hà Nội,A\nCâu hỏng?,Một,Hai,Ba,E\n"
    )
    with window(PHONE, javascript=False) as page:
        sign_in(page, signed_in(room.cast.lan), address)
        page.goto(f"/banks/{room.bank.slug}/imports/new")
        page.set_input_files("input[type=file]", file)
        page.get_by_role("button", name="Đọc tệp và cho xem").click()
        page.get_by_text("Nhận 1 câu, để lại 1 câu").wait_for()
        page.get_by_role("link", name="Sửa tại đây").click()
        page.locator("input[name=key][value='1']").check(force=True)
        page.get_by_role("button", name="Lưu dòng đã sửa").click()
        page.get_by_role("button", name="Nhận 2 câu dùng được").click()
        page.get_by_text("Đã nhận: 2 câu mới").wait_for()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Question)) == 2


def test_lan_writes_and_approves_a_question_by_keyboard(
    app: Flask, room: Room, window: Window, address: str, signed_in: SignedIn
) -> None:
    with window(DESKTOP) as page:
        sign_in(page, signed_in(room.cast.lan), address)
        page.goto(f"/banks/{room.bank.slug}/questions/new?kind=single")
        assert page.locator("[data-option]:visible").count() == 4
        page.locator("#stem").fill("Bác Hồ đọc Tuyên ngôn Độc lập ở đâu?")
        for place, text in enumerate(("Ba Đình", "Tân Trào", "Pác Bó", "Kim Liên")):
            page.locator(f"#options-{place}-text").fill(text)
        # A place for one more appears as soon as the last one is written.
        assert page.locator("[data-option]:visible").count() == 5
        page.locator("input[name=key][value='0']").focus()
        page.keyboard.press("Space")
        page.locator("#stem").focus()
        page.get_by_role("button", name="Lưu bản nháp").press("Enter")
        page.get_by_role("button", name="Duyệt", exact=True).press("Enter")
        page.get_by_text("Đã ghi nhận.").wait_for()
    with app.app_context():
        assert db.session.scalars(select(Question.state)).one() is QuestionState.APPROVED
