"""A project and a model, from their ready templates to the desk of a judge who marks by keyboard."""

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from contest.contests.models import Stage
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions as judging
from contest.judging.actions import JudgingSettings
from contest.judging.models import MarkSheet, SheetState
from contest.submissions import actions
from contest.submissions.models import FieldSort
from contest.submissions.rules.entry_forms import PICTURES
from tests.judging.conftest import RUBRIC, Jury
from tests.submissions.test_browser import sign_in
from tests.submissions.test_entry_forms import MODEL, form_of, take
from tests.submissions.test_files import DOCX, picture
from tests.support.browser import DESKTOP, PHONE, axe

pytestmark = pytest.mark.browser

PROJECT = {
    "Nhóm công trình": "Cải cách hành chính",
    "Mục tiêu": "Rút thời gian trả kết quả hộ tịch từ 5 ngày xuống còn 2 ngày; 95 % hài lòng.",
    "Lộ trình": (
        "Quý I/2027: rà soát 42 thủ tục, do ông Vi Văn Pản phụ trách\n"
        "Quý II/2027: chạy thử ở ba tổ dân phố\n"
        "Quý III/2027: mở rộng toàn phường, báo cáo Ban Tổ chức"
    ),
    "Tiêu chí": "Sổ theo dõi tại bộ phận một cửa; phiếu khảo sát mỗi quý.",
    "Hoàn thành trước ngày": "30/9/2027",
}
CONTENT = (
    "Bộ phận một cửa nhận hồ sơ bằng mã quét, trả kết quả qua bưu chính công ích.\n\n"
    "Mỗi chiều thứ Sáu, tổ công nghệ cộng đồng xuống từng ngõ hướng dẫn người cao tuổi."
)
NOBODY = {"subject_name": "", "subject_unit": "", "subject_reason": ""}
TEMPLATES = {"project": (PROJECT, "Một cửa không chờ"), "model": (MODEL, "Tuyến đường tự quản")}


def hand_in(live, template):
    """Minh's, with a picture and, where the form asks for them, papers for the secretary."""
    answers, title = TEMPLATES[template]
    minh, public_id = live.actor(live.cast.minh), live.begin(live.cast.minh)
    form = form_of(live)
    typed = {each.key: answers[each.label] for each in form.further}
    draft = live.draft(CONTENT, title=title, answers=typed, **NOBODY)
    live.save(live.cast.minh, public_id, draft)
    words = {"caption": "Bộ phận một cửa sáng thứ Hai", "alternative_text": "Quầy tiếp dân"}
    with unit_of_work():
        work, image = live.work(public_id), picture(size=(1200, 800))
        at = {"work": work, "content": image, "actor": minh, "now": live.now, **words}
        if PICTURES in form:
            actions.add_picture(**at)
        for field in form.attached:
            pictured = field.sort is FieldSort.PICTURE
            name, content = ("Minh.jpg", image) if pictured else ("Minh ký.docx", DOCX)
            actions.add_field_file(key=field.key, name=name, **{**at, "content": content})
    live.submit(live.cast.minh, public_id)
    live.screen(public_id)
    return public_id


@pytest.fixture(params=["project", "model"])
def desk(live, request):
    """The sheet of Hoa, of another unit than Minh's, and what the dossier says."""
    with live.app.app_context():
        take(live, request.param)
        hand_in(live, request.param)
        live.codes()
        live.set_round(stage=Stage.PLANNED)
        with unit_of_work():
            judging.save_rubric(
                contest_round=live.round,
                settings=JudgingSettings(marks_due_at=live.now + timedelta(days=9)),
                criteria=RUBRIC,
                actor=None,
                now=live.now,
            )
        closed = live.now - timedelta(hours=1)
        live.set_round(stage=Stage.CLOSED, closes_at=closed, closed_at=closed)
        jury = Jury(live.app, live.cast, live.now, live.contest_id, live.round_id)
        for person in (live.cast.hoa, live.cast.cuc):
            jury.seat(person)
        jury.assign()
        sheet = jury.sheets(live.cast.hoa)[0].public_id
    return request.param, f"/judge/sheets/{sheet}"


@pytest.mark.parametrize(
    ("screen", "dark"), [(PHONE, True), (DESKTOP, False)], ids=["phone-dark", "desktop-light"]
)
def test_a_judge_reads_every_field_under_its_name_and_marks_by_keyboard(
    live, desk, window, screen, dark
):
    template, address = desk
    answers, _title = TEMPLATES[template]
    with window(screen, dark=dark) as page:
        sign_in(page, live.cast.hoa)
        page.goto(address)
        said = page.locator("main").inner_text()
        with live.app.app_context():
            for field in form_of(live).further:
                assert (field.label in said) is field.shown, field.label
        assert "Nhân vật:" not in said
        assert "Minh ký" not in said
        assert "0912" not in said
        assert answers.get("Lộ trình", "")[:30] in said
        expect(page.locator("main figure img").first).to_be_visible()
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
        mark(page)
    with live.app.app_context():
        end_read()
        public_id = address.rsplit("/", 1)[1]
        sheet = db.session.query(MarkSheet).filter_by(public_id=public_id).one()
        assert (sheet.state, sheet.total) == (SheetState.DONE, Decimal("7.25"))


def mark(page):
    """By the keyboard alone: two steps by arrow, then down from criterion to criterion."""
    page.locator("[data-criterion] input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for points in ("3,25", "1,5", "2"):
        page.keyboard.press("ArrowDown")
        page.keyboard.type(points)
    expect(page.locator("[data-total]")).to_have_text("7,25")
    page.locator("[data-next]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
