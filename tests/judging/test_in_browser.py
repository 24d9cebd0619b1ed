"""The judge's desk in a real browser: keyboard, autosave over a lost line, notes, accessibility."""

import pytest
from playwright.sync_api import expect

from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read
from contest.judging.models import MarkSheet, SheetNote, SheetState
from tests.judging.conftest import make_jury
from tests.support.browser import DESKTOP, PHONE, axe
from tests.support.cast import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def live(context, app, cast):
    made = make_jury(app, cast, utc_now())
    for person in (cast.hoa, cast.tu, cast.cuc):
        made.seat(person)
    made.assign()
    made.app = app
    return made


def sign_in(page, identifier, target):
    page.goto("/sign-in?next=" + target)
    page.locator("form [name=identifier]").fill(identifier)
    page.locator("form [name=password]").fill(PASSWORD)
    page.locator("form [name=password]").press("Enter")
    page.wait_for_url("**" + target)


def first_sheet(live):
    return f"/judge/sheets/{live.sheets(live.cast.hoa)[0].public_id}"


def stored(live):
    end_read()
    db.session.expire_all()
    return live.sheets(live.cast.hoa)[0]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=lambda screen: screen.name)
def test_pages_are_accessible(live, window, screen, dark):
    with window(screen, dark=dark) as page:
        sign_in(page, "0900000004", "/judge")
        axe(page)
        for address in (
            f"/judge/{live.round.public_id}",
            f"/judge/{live.round.public_id}/conflicts",
            first_sheet(live),
        ):
            page.goto(address)
            axe(page)
    with window(screen, dark=dark) as page:
        sign_in(page, "0900000002", "/organise/contests/guong-sang/rounds/1/jury")
        for name in ("jury", "assignment?seed=s", "marking", "marking/fairness", "rubric"):
            page.goto(f"/organise/contests/guong-sang/rounds/1/{name}")
            axe(page)


def test_marks_by_keyboard_are_saved_and_survive_a_lost_line(live, window):
    first = first_sheet(live)
    with window(DESKTOP) as page:
        sign_in(page, "0900000004", "/judge")
        page.goto(first)
        marks = page.locator("[data-criterion] input")
        marks.nth(0).focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(marks.nth(0)).to_have_value("0,5")
        page.keyboard.press("ArrowDown")
        expect(marks.nth(1)).to_be_focused()
        expect(page.locator(".crit.on .bands")).to_be_visible()
        page.keyboard.type("3,25")
        expect(page.locator("[data-total]")).to_have_text("3,75")
        expect(page.locator("[data-missing]")).to_have_text("còn 2 tiêu chí")
        expect(page.locator("[data-saved-words]")).to_contain_text("Đã lưu")
        page.context.set_offline(True)
        marks.nth(2).fill("1,5")
        expect(page.locator("[data-saved-words]")).to_contain_text("Đang chờ mạng")
        page.context.set_offline(False)
        expect(page.locator("[data-saved-words]")).to_contain_text("Đã lưu", timeout=12_000)
        assert str(stored(live).total) == "5.25"
        marks.nth(3).fill("2")
        page.locator("[data-next]").click()
        page.wait_for_url(lambda url: not url.endswith(first))
        assert stored(live).state is SheetState.DONE


def test_save_and_next_without_a_line_waits_for_it_and_then_goes_on(live, window):
    first = first_sheet(live)
    with window(PHONE) as page:
        sign_in(page, "0900000004", "/judge")
        page.goto(first)
        marks = page.locator("[data-criterion] input")
        for at, points in enumerate(("2", "3", "1,5")):
            marks.nth(at).fill(points)
        expect(page.locator("[data-saved-words]")).to_contain_text("Đã lưu")
        page.context.set_offline(True)
        marks.nth(3).fill("1")
        page.locator("[data-next]").click()
        expect(page.locator("[data-saved-words]")).to_contain_text("tự lưu và đi tiếp")
        expect(marks.nth(3)).to_have_value("1")
        page.evaluate(
            "() => { const node = document.querySelector('[data-text] p').lastChild;"
            " const range = document.createRange(); range.setStart(node, 0); range.setEnd(node, 5);"
            " const s = getSelection(); s.removeAllRanges(); s.addRange(range); }"
        )
        page.locator("[data-note-form] textarea").fill("Câu rất đắt")
        page.locator("[data-note-form] button[type=submit]").click()
        expect(page.locator("[data-note-problem]")).to_contain_text("mất mạng")
        expect(page.locator("[data-note-form] textarea")).to_have_value("Câu rất đắt")
        page.context.set_offline(False)
        page.wait_for_url(lambda url: not url.endswith(first), timeout=12_000)
        assert stored(live).state is SheetState.DONE


def test_a_note_is_written_on_selected_text(live, window):
    with window(DESKTOP) as page:
        sign_in(page, "0900000004", "/judge")
        page.goto(first_sheet(live))
        page.evaluate(
            "() => { const p = document.querySelectorAll('[data-text] p')[1]; const node = p.lastChild;"
            " const at = node.data.indexOf('Mười chín'); const range = document.createRange();"
            " range.setStart(node, at); range.setEnd(node, at + 9);"
            " const s = getSelection(); s.removeAllRanges(); s.addRange(range); }"
        )
        page.locator("[data-note-form] textarea").fill("Câu rất đắt")
        page.locator("[data-note-form] button[type=submit]").click()
        expect(page.locator("[data-text] mark")).to_have_text("Mười chín")
        end_read()
        assert db.session.query(SheetNote).count() == 1


def tab_to(page, selector, most=60):
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached by the keyboard")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=lambda screen: screen.name)
def test_a_note_is_written_by_the_keyboard_alone(live, window, screen):
    with window(screen) as page:
        sign_in(page, "0900000004", "/judge")
        page.goto(first_sheet(live))
        tab_to(page, "[data-note-new] summary")
        page.keyboard.press("Enter")
        tab_to(page, "[data-note-form] [name=passage]")
        page.keyboard.press("ArrowDown")
        expect(page.locator("[data-note-quote]")).to_have_text(
            "Sáng nào cũng vậy, chị Năm đã có mặt ở cổng cơ quan."
        )
        for _step in range(3):  # the second paragraph as a whole, its first sentence, its second
            page.keyboard.press("ArrowDown")
        passage = "Mười chín năm, chưa một lần cổng mở muộn."
        expect(page.locator("[data-note-quote]")).to_have_text(passage)
        assert page.evaluate("document.getSelection().toString()") == passage
        axe(page)
        page.keyboard.press("Tab")
        page.keyboard.type("Câu rất đắt")
        tab_to(page, "[data-note-form] button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("[data-text] mark")).to_have_text(passage)
        expect(page.locator("[data-note-line] p").first).to_have_text("Câu rất đắt")
        # The keyboard goes on where it was; back on the note its passage lights up.
        expect(page.locator("[data-note-new] summary")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(page.locator("[data-text] mark")).to_have_class("here")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        tab_to(page, "[data-note-form] textarea")
        page.keyboard.press("Escape")
        expect(page.locator("[data-note-form]")).to_be_hidden()
        expect(page.locator("[data-note-new] summary")).to_be_focused()
        end_read()
        assert db.session.query(SheetNote).count() == 1


def test_a_note_without_javascript_is_chosen_from_the_list(live, window):
    with window(DESKTOP, javascript=False) as page:
        sign_in(page, "0900000004", "/judge")
        page.goto(first_sheet(live))
        page.locator("[data-note-new] summary").click()
        page.locator("[data-note-form] textarea").fill("Câu rất đắt")
        page.locator("[data-note-form] button[type=submit]").click()
        expect(page.locator("#note-error")).to_contain_text("Ghi chú phải gắn với một đoạn")
        expect(page.locator("[data-note-form] textarea")).to_have_value("Câu rất đắt")
        passage = "Mười chín năm, chưa một lần cổng mở muộn."
        page.locator("[data-note-form] [name=passage]").select_option(label=passage)
        page.locator("[data-note-form] button[type=submit]").click()
        expect(page.locator("[data-text] mark")).to_have_text(passage)


def test_two_tabs_of_one_judge(live, window):
    with window(DESKTOP) as page:
        sign_in(page, "0900000004", "/judge")
        page.goto(first_sheet(live))
        other = page.context.new_page()
        other.goto(first_sheet(live))
        other.locator("[data-criterion] input").nth(0).fill("1")
        expect(other.locator("[data-saved-words]")).to_contain_text("Đã lưu")
        page.locator("[data-criterion] input").nth(0).fill("2")
        expect(page.locator("[data-problem-title]")).to_have_text("Phiếu đã được lưu ở nơi khác")
        assert stored(live).total == 1
        page.evaluate("console.clear()")


def test_without_javascript_the_sheet_is_a_form(live, window):
    with window(PHONE, javascript=False) as page:
        sign_in(page, "0900000004", "/judge")
        page.goto(first_sheet(live))
        for place, points in enumerate(("1", "2", "1", "1,5")):
            page.locator("[data-criterion] input").nth(place).fill(points)
        page.locator("button[value=next]").click()
        page.wait_for_url(lambda url: not url.endswith(first_sheet(live)))
    assert (stored(live).state, str(stored(live).total)) == (SheetState.DONE, "5.5")
    end_read()
    assert db.session.query(MarkSheet).filter_by(state=SheetState.DONE).count() == 1
