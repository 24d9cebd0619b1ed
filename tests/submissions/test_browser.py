"""The editor in a real browser: Vietnamese input methods, paste, a line that comes and goes."""

import pytest
from playwright.sync_api import Route, expect

from contest.core.db import db
from contest.submissions import queries
from contest.submissions.models import Work
from tests.submissions.conftest import WORDS
from tests.support.browser import DESKTOP, PHONE, axe
from tests.support.cast import PASSWORD

pytestmark = pytest.mark.browser

PASTED = (
    "<!--[if gte mso 9]><xml></xml><![endif]--><style>p.MsoNormal{margin:0}</style>"
    "<p class='MsoNormal' style='font-family:Times'><b>Chị Nhạn</b><o:p></o:p></p>"
    "<p class='MsoNormal'><span lang=VI>quét sân <a href='javascript:1'>trường</a></span></p>"
)


def sign_in(page, person):
    page.goto("/sign-in")
    page.locator("input[name='login'], input[name='identifier'], input[type='text']").first.fill(
        person.phone.replace("+84", "0")
    )
    page.locator("input[type='password']").fill(PASSWORD)
    page.locator("form:has(input[type='password']) button[type='submit']").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def wait_until_wiped(page):
    """The copy on the device goes when the server has everything."""
    for _ in range(100):
        if page.evaluate("localStorage.length") == 0:
            return
        page.wait_for_timeout(200)
    pytest.fail("the device still keeps a copy")


def paste(page, html):
    page.locator(".essay-rich").evaluate(
        """(target, html) => {
            const data = new DataTransfer();
            data.setData('text/html', html);
            target.dispatchEvent(new ClipboardEvent('paste',
                {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        html,
    )


def stored(live):
    with live.app.app_context():
        work = db.session.query(Work).one()
        return work.version


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_writing_with_an_input_method(live, window, screen):
    with live.app.app_context():
        public_id = live.begin(live.cast.minh)
    with window(screen) as page:
        sign_in(page, live.cast.minh)
        page.goto(f"/essays/{public_id}")
        editor = page.locator(".essay-rich")
        expect(editor).to_be_visible(timeout=20_000)
        axe(page)
        editor.click()
        keys = page.context.new_cdp_session(page)
        # As Telex composes: c, cô, côn, công; the letters change while they are typed.
        for step in ("c", "co", "cô", "côn", "công"):
            keys.send(
                "Input.imeSetComposition",
                {"text": step, "selectionStart": len(step), "selectionEnd": len(step)},
            )
        keys.send("Input.insertText", {"text": "công"})
        page.keyboard.type(" việc")
        expect(page.locator("[data-count]")).to_have_text("2")
        expect(page.locator("[data-save-state]")).to_contain_text("Đã lưu", timeout=10_000)
        assert stored(live).body_text == "công việc"
        page.keyboard.press("Enter")
        paste(page, PASTED)
        expect(page.locator("[data-count]")).to_have_text("7")
        wait_until_wiped(page)
        version = stored(live)
        assert version.body_text == "công việc\nChị Nhạn\nquét sân trường"
        assert "<strong>Chị Nhạn</strong>" in version.body_html


LISTED = (
    "<p class=MsoListParagraph style='text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]>"
    "<span style='font-family:Symbol;mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>Dậy sớm"
    "</p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·"
    "</span>Quét sân</p><p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.</span>"
    "Một</p><table><tr><td><p class=MsoNormal onclick='x()'>Ô bảng</p></td></tr></table>"
    "<table><tr><td><p>Năm 2025</p></td><td><p><b>150</b> suất quà</p></td></tr></table>"
    "<p><img width=9 src='file:///C:/Users/MINH/clip_image001.png'></p>"
    "<p>Hết<del cite='mailto:Tám'>bỏ đi</del><span class=MsoCommentReference>[LT1]</span></p>"
    "<div style='mso-element:comment-list'><p class=MsoCommentText>Lê Thị Tám: xem lại</p></div>"
)


def test_lists_of_word_are_lists_at_once_and_its_comments_stay_out(live, window):
    with live.app.app_context():
        public_id = live.begin(live.cast.minh)
    with window(DESKTOP) as page:
        sign_in(page, live.cast.minh)
        open_editor(page, public_id)
        expect(page.locator("[data-pictures-lost]")).to_be_hidden()
        paste(page, LISTED)
        expect(page.locator("[data-pictures-lost]")).to_be_visible()
        expect(page.locator("[data-count]")).to_have_text("13")
        assert page.locator(".essay-rich").evaluate("page => page.innerHTML") == (
            "<ul><li>Dậy sớm</li><li>Quét sân</li></ul><ol><li>Một</li></ol><p>Ô bảng</p>"
            "<p>Năm 2025 | <b>150</b> suất quà</p><p><br></p><p>Hết</p>"
        )


def no_saves(route):
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def test_a_lost_line_keeps_the_text_on_the_device(live, window):
    with live.app.app_context():
        public_id = live.begin(live.cast.minh)
    with window(PHONE) as page:
        sign_in(page, live.cast.minh)
        page.goto(f"/essays/{public_id}")
        page.locator(".essay-rich").click()
        # Saves are cut off, reading is not: as on a line that comes and goes.
        page.route("**/essays/*", no_saves)
        page.keyboard.type("Viết khi mất mạng")
        expect(page.locator("[data-save-state]")).to_contain_text("Đang chờ mạng", timeout=10_000)
        page.reload()
        expect(page.locator(".essay-rich")).to_have_text("Viết khi mất mạng", timeout=20_000)
        page.unroute("**/essays/*", no_saves)
        wait_until_wiped(page)
        assert stored(live).body_text == "Viết khi mất mạng"


def open_editor(page, public_id):
    page.goto(f"/essays/{public_id}")
    expect(page.locator(".essay-rich")).to_be_visible(timeout=20_000)
    page.locator(".essay-rich").click()


def is_save(request):
    return request.method == "POST"


def test_a_page_made_before_the_save_does_not_lose_what_was_saved(live, window):
    """The line returns and the page is loaded anew in the same instant."""
    with live.app.app_context():
        public_id = live.begin(live.cast.minh)
    with window(PHONE) as page:
        sign_in(page, live.cast.minh)
        open_editor(page, public_id)
        held: list[Route] = []

        def slow_line(route):
            if is_save(route.request):
                if held:
                    route.continue_()
                else:
                    held.append(route)
                return
            answer = route.fetch()  # made before the save
            with page.expect_event("requestfinished", is_save):
                held[0].continue_()
            page.wait_for_timeout(300)
            route.fulfill(response=answer)

        page.route("**/essays/*", slow_line)
        page.keyboard.type("Viết khi mất mạng")
        while not held:
            page.wait_for_timeout(100)
        page.reload()
        assert stored(live).body_text == "Viết khi mất mạng"
        expect(page.locator(".essay-rich")).to_have_text("Viết khi mất mạng", timeout=20_000)
        page.locator(".essay-rich").click()
        page.keyboard.press("End")
        page.keyboard.type(" xong")
        expect(page.locator("[data-save-state]")).to_contain_text("Đã lưu", timeout=20_000)
        wait_until_wiped(page)
        assert stored(live).body_text == "Viết khi mất mạng xong"


def test_an_answer_that_was_lost_is_no_other_tab(live, window):
    """The server took the text, the line took the answer; the person writes on."""
    with live.app.app_context():
        public_id = live.begin(live.cast.minh)
    with window(PHONE) as page:
        sign_in(page, live.cast.minh)
        open_editor(page, public_id)

        def lose_the_answer(route):
            route.fetch()
            route.abort()

        page.route("**/essays/*", lose_the_answer, times=1)
        page.keyboard.type("Một")
        expect(page.locator("[data-save-state]")).to_contain_text("Đang chờ mạng", timeout=10_000)
        assert stored(live).body_text == "Một"
        page.keyboard.type(" hai")
        expect(page.locator("[data-save-state]")).to_contain_text("Đã lưu", timeout=20_000)
        assert stored(live).body_text == "Một hai"


def test_the_newer_of_two_texts_is_offered_never_taken_silently(live, window):
    """While the line was down here, a co-author (or another device) saved."""
    with live.app.app_context():
        public_id = live.begin(live.cast.minh)
    with window(PHONE) as page:
        sign_in(page, live.cast.minh)
        open_editor(page, public_id)
        page.route("**/essays/*", no_saves)
        page.keyboard.type("Của máy này")
        expect(page.locator("[data-save-state]")).to_contain_text("Đang chờ mạng", timeout=10_000)
        with live.app.app_context():
            live.save(live.cast.minh, public_id, live.draft("Của máy kia"))
        page.unroute("**/essays/*", no_saves)
        page.route("**/essays/*", no_saves)
        page.reload()
        expect(page.locator(".essay-rich")).to_have_text("Của máy kia", timeout=20_000)
        offer = page.locator("[data-kept-text]")
        expect(offer).to_be_visible()
        expect(offer).to_contain_text("Của máy này")
        axe(page)
        page.unroute("**/essays/*", no_saves)
        page.locator("[data-take-kept]").click()
        expect(page.locator(".essay-rich")).to_have_text("Của máy này")
        wait_until_wiped(page)
        with live.app.app_context():
            work = db.session.query(Work).one()
            texts = [version.body_text for version in queries.versions_of(work.id)]
        assert texts == ["Của máy này", "Của máy kia"]


def test_the_whole_way_without_javascript(live, window):
    with live.app.app_context():
        public_id = live.begin(live.cast.minh)
    with window(PHONE, javascript=False) as page:
        sign_in(page, live.cast.minh)
        page.goto(f"/essays/{public_id}")
        page.fill("#title", "Tiếng chổi đầu ngày")
        page.fill("#body", WORDS)
        page.fill("#subject_name", "Lê Thị Nhạn")
        page.fill("#subject_unit", "Tổ dân phố 4")
        page.fill("#subject_reason", "Mười bảy năm giữ sân trường sạch")
        page.locator("button[value='preview']").click()
        page.locator("label[for='pledge']").click()
        page.locator(".hand-in button[type='submit']").click()
        expect(page.locator("[data-receipt-code]")).to_contain_text("BT-")
