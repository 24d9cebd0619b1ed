"""Hostile and broken uploads, as the person meets them: words in Vietnamese, and nothing lost."""

import io
import random

import pytest

from contest.core.db import db
from contest.core.files import StoredFile
from contest.core.transactions import unit_of_work
from contest.submissions import actions, queries
from contest.submissions.models import Work
from tests.submissions.conftest import WORDS
from tests.submissions.test_blindness import ESSAYS, small_picture
from tests.submissions.test_files import DOCUMENTS, DOCX, PDF, content_of, docx_with, picture
from tests.submissions.test_pages import begin, typed
from tests.support.counting import count_queries

SENTENCES = {
    "empty": "Tệp này trống.",
    "damaged": "bị hỏng hoặc bị đứt giữa chừng khi gửi",
    "old_word": "Đây là tệp Word kiểu cũ (.doc). Bạn lưu lại thành .docx nhé.",
    "password": "đặt mật khẩu. Bạn bỏ mật khẩu rồi gửi lại nhé.",
    "macros": "Tệp này có macro. Bạn lưu lại thành .docx không có macro rồi gửi lại nhé.",
    "too_large": "quá lớn",
    "not_a_document": "không phải văn bản Word. Bạn lưu từ Word thành .docx nhé.",
    "picture": (
        "Đây là tệp ảnh. Mục này chỉ nhận tệp .docx hoặc .pdf; ảnh thì bạn thêm ở mục dành cho ảnh."
    ),
    "renamed": "Tên tệp không khớp với nội dung. Bạn gửi lại với đúng tên của tệp nhé.",
    "unknown": "Không đọc được tệp này. Bạn gửi tệp .docx hoặc .pdf nhé.",
    "script": "Tệp PDF này có chứa mã lệnh (JavaScript) nên không được nhận.",
    "starts": "Tệp PDF này có thể tự mở chương trình, đoạn phim hoặc trang mạng",
    "attached": "Trong tệp PDF này có tệp khác đính kèm nên không được nhận.",
    "form": "Tệp PDF này là biểu mẫu để điền hoặc để gửi đi nên không được nhận.",
    "no_text": "Không đọc được chữ nào trong tệp PDF này, có thể đây là bản quét.",
    "not_a_picture": "Đây không phải là tệp ảnh. Bạn gửi tệp JPEG, PNG hoặc WebP nhé.",
    "svg": "Không nhận hình vẽ SVG. Bạn lưu thành PNG hoặc JPEG rồi gửi lại nhé.",
}
PICTURES = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "svg"),
    "gif that is an archive": (b"GIF89a" + DOCX, "not_a_picture"),
    "pdf": (PDF, "not_a_picture"),
    "cut off": (picture(size=(900, 900))[:300], "damaged"),
    "empty": (b"", "empty"),
    "eighty million points": (picture("PNG", (9000, 9000)), "too_large"),
}


@pytest.fixture
def mine(live):
    return f"/contests/{live.slug}/rounds/1/essays"


@pytest.fixture
def essay(live, signed_in, mine):
    """Minh's essay with words, a picture and the document it once came from."""
    minh = signed_in(live.cast.minh)
    address = begin(minh, mine)
    good = (io.BytesIO(DOCX), "bai viet.docx")
    minh.post(address + "/document", data={"edit": "0", "document": good})
    minh.submit(address, typed(), action=address)
    return address


def state(live):
    """Everything that a refused upload must leave as it was."""
    with live.app.app_context():
        work = db.session.query(Work).one()
        return (
            work.edit,
            [(each.number, each.digest) for each in queries.versions_of(work.id)],
            [(file.id, file.removed_at) for file in work.files],
            list(work.identity_hints),
            db.session.query(StoredFile).count(),
        )


def said(client, essay):
    return " ".join(client.page(essay).words("//h:div[@class='flashes']"))


def test_each_bad_document_is_refused_in_vietnamese_and_nothing_is_lost(live, signed_in, essay):
    minh, before = signed_in(live.cast.minh), state(live)
    wrong = []
    for case, (content, name, code) in DOCUMENTS.items():
        file = (io.BytesIO(content_of(case, content)), name)
        answer = minh.post(essay + "/document", data={"edit": str(before[0]), "document": file})
        words = said(minh, essay)
        if answer.status_code != 302 or SENTENCES[code or "damaged"] not in words:
            wrong.append((case, answer.status_code, words))
    assert wrong == []
    assert state(live) == before
    assert minh.page(essay).words("//h:textarea[@name='body']") == [WORDS]


def test_each_bad_picture_is_refused_in_vietnamese_and_nothing_is_lost(live, signed_in, essay):
    minh, before = signed_in(live.cast.minh), state(live)
    wrong = []
    for case, (content, code) in PICTURES.items():
        answer = minh.post(essay + "/pictures", data={"picture": (io.BytesIO(content), "a.jpg")})
        words = said(minh, essay)
        if answer.status_code != 302 or SENTENCES[code] not in words:
            wrong.append((case, answer.status_code, words))
    assert wrong == []
    assert state(live) == before


def test_an_upload_that_breaks_off_half_way_changes_nothing(live, signed_in, essay):
    minh, before = signed_in(live.cast.minh), state(live)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="edit"\r\n\r\n2\r\n--x\r\n'
        b'Content-Disposition: form-data; name="document"; filename="a.docx"\r\n\r\n'
    )
    answer = minh.post(
        essay + "/document",
        data=body + DOCX[:4_000],
        content_type="multipart/form-data; boundary=x",
        csrf=False,  # it stands in the form, of which nothing can be read without its end
    )
    assert answer.status_code == 400
    assert "bị đứt giữa chừng nên chưa có gì thay đổi" in answer.text
    assert state(live) == before


def two_megabytes():
    chance = random.Random(1)
    syllables = ["chị", "quét", "sân", "trường", "mỗi", "sáng", "không", "kể", "công", "bác"]
    return " ".join(chance.choice(syllables) + chance.choice("aeiou") for _ in range(330_000))


def test_an_essay_of_two_megabytes_is_refused_and_stays_in_the_page(live, signed_in, essay):
    minh, before, text = signed_in(live.cast.minh), state(live), two_megabytes()
    assert len(text.encode()) > 2_000_000
    answer = minh.post(essay, data=typed(edit=str(before[0]), body=text))
    assert answer.status_code == 422
    assert "dài hơn rất nhiều so với một bài viết" in answer.text
    assert text in answer.text
    html = {"edit": str(before[0]), "body_html": f"<p>{text}</p>", "autosave": "1"}
    answer = minh.post(essay, data=html, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (422, "refused")
    part = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    )
    file = (io.BytesIO(docx_with({"word/document.xml": part.encode()})), "a.docx")
    minh.post(essay + "/document", data={"edit": str(before[0]), "document": file})
    assert "dài hơn rất nhiều so với một bài viết" in said(minh, essay)
    assert state(live) == before


def add_pictures(live, essay, count):
    actor, content = live.actor(live.cast.minh), small_picture()
    with unit_of_work():
        work = live.work(essay.rpartition("/")[2])
        for place in range(count):
            actions.add_picture(
                work=work,
                content=content,
                caption=f"Ảnh {place}",
                alternative_text="",
                actor=actor,
                now=live.now,
            )


@pytest.mark.sqlite_only
def test_two_hundred_pictures_are_taken_and_the_next_is_refused(live, signed_in, essay):
    minh, content = signed_in(live.cast.minh), small_picture()
    with live.app.app_context():
        live.configure(max_pictures=200)
    costs = []
    for more in (0, 199):
        with live.app.app_context():
            add_pictures(live, essay, more)
        with live.app.app_context(), count_queries() as counted:
            page = minh.page(essay)
        costs.append(counted.count)
    assert len(page.all("//h:div[@class='picture']")) == 200
    assert costs[0] == costs[1]
    before = state(live)
    # The page offers no further one; who sends it all the same is told.
    minh.post(essay + "/pictures", data={"picture": (io.BytesIO(content), "200.png")})
    assert "Bài này đã có đủ số ảnh mà thể lệ cho phép." in said(minh, essay)
    assert state(live) == before


def test_an_upload_from_an_old_tab_changes_nothing(live, signed_in, essay):
    minh = signed_in(live.cast.minh)
    stale = state(live)[0]
    minh.submit(essay, typed(body=WORDS + " nữa"), action=essay)
    before = state(live)
    name = "gs_khuyen_binhlang_banchinh.docx"
    file = (io.BytesIO((ESSAYS / name).read_bytes()), name)
    answer = minh.post(essay + "/document", data={"edit": str(stale), "document": file})
    assert answer.status_code == 409
    assert "thẻ khác" in answer.text or "nơi khác" in answer.text
    assert state(live) == before
