"""The pages: from the first key to the receipt, as different people, and what each costs."""

import io
from datetime import timedelta

import pytest

from contest.contests.models import Registration, Stage
from contest.core.clock import utc_now
from contest.core.copies import find_copies
from contest.core.db import db
from contest.core.i18n import format_instant
from contest.core.mail import latest_mail
from contest.core.transactions import unit_of_work
from contest.submissions import queries
from contest.submissions.actions.screening import keep_copies, texts_to_compare
from contest.submissions.models import NearDuplicate, ScreeningOutcome, Work
from contest.submissions.queries.screening import code_table
from tests.submissions.conftest import WORDS
from tests.submissions.test_blindness import ESSAYS, small_picture
from tests.support.counting import count_queries
from tests.support.pages import Page


@pytest.fixture
def mine(live):
    return f"/contests/{live.slug}/rounds/1/essays"


@pytest.fixture
def desk(live):
    return f"/organise/contests/{live.slug}/rounds/1"


def begin(client, mine):
    answer = client.submit(mine, action=mine)
    assert answer.status_code in {302, 303}
    return answer.headers["Location"]


def typed(**values):
    return {
        "title": "Tiếng chổi đầu ngày",
        "body": WORDS,
        "subject_name": "Lê Thị Nhạn",
        "subject_unit": "Tổ dân phố 4",
        "subject_reason": "Mười bảy năm giữ sân trường sạch",
        **values,
    }


def test_from_the_call_to_the_receipt_without_javascript(live, signed_in, mine):
    minh = signed_in(live.cast.minh)
    essay = begin(minh, mine)
    answer = minh.submit(essay, typed(), action=essay)
    assert answer.headers["Location"] == essay
    page = minh.page(essay)
    assert page.words("//h:textarea[@name='body']") == [WORDS]
    page = minh.page(essay + "/preview")
    assert "Lê Thị Nhạn" in page.text
    assert live.cast.minh.full_name not in "".join(page.words("//h:article"))
    answer = minh.submit(essay + "/preview", {"pledge": "y", "reuse": "y"}, action="/preview")
    assert answer.headers["Location"] == essay + "/receipt"
    page = minh.page(essay + "/receipt")
    code = page.words("//h:b[@data-receipt-code]")[0]
    digest = page.words("//h:code[@data-receipt-digest]")[0]
    check = minh.get("/essays/receipts", query_string={"code": code, "digest": digest})
    assert "chính xác" in check.text or "genuine" in check.text or "Biên nhận" in check.text
    wrong = minh.page("/essays/receipts", query_string={"code": code, "digest": "0" * 64})
    assert wrong.all("//*[contains(@class, 'banner warn')]")
    answer = minh.submit(essay + "/withdraw", action="/withdraw")
    assert answer.headers["Location"] == essay
    for address in (mine, essay + "/versions", essay + "/authors"):
        minh.page(address)


def test_every_author_is_asked_for_themselves(live, signed_in, mine):
    minh, tu = signed_in(live.cast.minh), signed_in(live.cast.tu)
    with live.app.app_context():
        live.register(live.cast.tu)
        code = db.session.query(Registration).filter_by(person_id=live.cast.tu.id).one().code
    essay = begin(minh, mine)
    minh.submit(essay, typed(), action=essay)
    page = minh.page(essay + "/preview")
    boxes = page.all("//h:input[@type='checkbox']")
    assert "publish_essay" in [box.get("name") for box in boxes]
    assert [box.get("name") for box in boxes if box.get("checked") is not None] == []
    named = {"name_1": "Phạm Anh Tú", "unit_1": "", "code_1": code}
    assert minh.submit(essay + "/authors", named, action="/authors").status_code == 302
    minh.submit(essay + "/preview", {"pledge": "y", "publish_essay": "y"}, action="/preview")
    with live.app.app_context():
        work_id = live.work(essay.rpartition("/")[2]).id
        assert queries.works_free_to_publish([work_id], live.now.date()) == set()
    answer = tu.submit(essay + "/preview", {"publish_essay": "y"}, action="/consents")
    assert answer.status_code == 302
    with live.app.app_context():
        assert queries.works_free_to_publish([work_id], live.now.date()) == {work_id}
    again = tu.page(essay + "/preview")
    assert "publish_essay" not in [box.get("name") for box in again.all("//h:input")]


def test_a_save_over_a_newer_text_keeps_what_was_typed(live, signed_in, mine):
    first, second = signed_in(live.cast.minh), signed_in(live.cast.minh)
    essay = begin(first, mine)
    stale = second.page(essay)
    first.submit(essay, typed(body="Bản của thẻ một"), action=essay)
    edit = stale.all("//h:form[@id='essay']//h:input[@name='edit']")[0].get("value")
    answer = second.post(essay, data=typed(edit=edit, body="Bản của thẻ hai"))
    assert answer.status_code == 409
    page = Page(answer.text)
    assert page.words("//h:textarea[@name='body']") == ["Bản của thẻ hai"]
    assert page.all("//h:ins")
    assert page.all("//h:del")
    newer = page.all("//h:form[@id='essay']//h:input[@name='edit']")[0].get("value")
    answer = second.post(essay, data=typed(edit=newer, body="Bản của thẻ hai"))
    assert answer.status_code == 302
    with live.app.app_context():
        work = db.session.query(Work).one()
        assert [version.body_text for version in queries.versions_of(work.id)] == [
            "Bản của thẻ hai",
            "Bản của thẻ một",
        ]


def test_the_comparison_of_versions_tells_a_new_title_and_another_person(live, signed_in, mine):
    minh = signed_in(live.cast.minh)
    essay = begin(minh, mine)
    minh.submit(essay, typed(), action=essay)
    minh.submit(essay, typed(title="Tiếng chổi", subject_name="Lê Thị Nhàn"), action=essay)
    page = minh.page(essay + "/versions")
    assert page.words("//h:del") == ["bỏ đi", "đầu ngày", "Nhạn"]
    assert page.words("//h:ins") == ["thêm vào", "Nhàn"]


def test_the_script_saves_and_is_told_in_json(live, signed_in, mine):
    minh = signed_in(live.cast.minh)
    essay = begin(minh, mine)
    headers = {"Accept": "application/json"}
    html = "<p>Một <b>hai</b></p><script>alert(1)</script><p onclick='x'>ba</p>"
    values = {"edit": "0", "body_html": html, "autosave": "1", "title": "T"}
    answer = minh.post(essay, data=values, headers=headers)
    assert (answer.status_code, answer.json["edit"], answer.json["words"]) == (200, 1, 3)
    again = minh.post(essay, data=values, headers=headers)
    assert (again.status_code, again.json["edit"]) == (200, 1)
    values["body_html"] = "<p>khác</p>"
    answer = minh.post(essay, data=values, headers=headers)
    assert (answer.status_code, answer.json["error"]) == (409, "edited_elsewhere")
    page = minh.page(essay)
    assert "alert(1)" not in page.text
    # Bold letters stay when a person without the script changes nothing.
    minh.submit(essay, {}, action=essay)
    with live.app.app_context():
        work = db.session.query(Work).one()
        assert work.version is not None
        assert "<strong>hai</strong>" in work.version.body_html


def test_the_script_is_told_in_words_what_a_field_cannot_hold(live, signed_in, mine):
    minh = signed_in(live.cast.minh)
    essay = begin(minh, mine)
    values = {"edit": "0", "body_html": "<p>Một</p>", "subject_reason": "dài " * 900}
    answer = minh.post(essay, data=values, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (422, "invalid")
    assert answer.json["message"]
    values = {"edit": "0", "body_html": "<p>Một</p>", "key": "không phải khóa"}
    assert minh.post(essay, data=values).status_code == 422


def test_a_document_and_a_picture_by_upload(live, signed_in, mine):
    minh = signed_in(live.cast.minh)
    essay = begin(minh, mine)
    name = "gs_khuyen_binhlang_banchinh.docx"
    document = (io.BytesIO((ESSAYS / name).read_bytes()), name)
    answer = minh.post(essay + "/document", data={"edit": "0", "document": document})
    assert answer.status_code == 302
    page = minh.page(essay)
    assert "Bến Giếng" in page.text
    assert len(page.all("//h:div[@class='picture']")) == 1
    picture = (io.BytesIO(small_picture()), "Minh o Da Lat.png")
    answer = minh.post(essay + "/pictures", data={"picture": picture, "caption": "Chị Nhạn"})
    page = minh.page(essay)
    addresses = [image.get("src") for image in page.all("//h:div[@class='picture']/h:img")]
    assert len(addresses) == 2
    for address in addresses:
        assert minh.get(address).mimetype == "image/jpeg"
        assert signed_in(live.cast.an).get(address).status_code == 404
    bad = (io.BytesIO(b"<svg onload='alert(1)'></svg>"), "a.png")
    minh.post(essay + "/pictures", data={"picture": bad})
    page = minh.page(essay)
    assert "SVG" in page.text
    assert "Bến Giếng" in page.text


def test_the_deadline_passes_between_preview_and_handing_in(live, signed_in, mine):
    minh = signed_in(live.cast.minh)
    essay = begin(minh, mine)
    minh.submit(essay, typed(), action=essay)
    page = minh.page(essay + "/preview")
    edit = page.all("//h:input[@name='edit']")[0].get("value")
    with live.app.app_context():
        live.set_round(closes_at=utc_now() - timedelta(minutes=6))
    answer = minh.post(essay + "/preview", data={"edit": edit, "pledge": "y"})
    assert answer.status_code == 409
    assert "bản nháp" in answer.text.casefold() or "draft" in answer.text
    answer = minh.post(essay, data=typed(edit=edit, body="Không mất chữ nào"))
    assert answer.status_code == 409
    assert "Không mất chữ nào" in answer.text
    page = minh.page(essay)
    assert WORDS in page.words("//h:textarea[@name='body']")


def test_the_contest_page_leads_to_writing(live, signed_in, mine):
    page = signed_in(live.cast.minh).page(f"/contests/{live.slug}")
    assert page.all(f"//h:a[@href='{mine}']")


def test_strangers_find_nothing(live, signed_in, mine, desk):
    essay = begin(signed_in(live.cast.minh), mine)
    an, bao = signed_in(live.cast.an), signed_in(live.cast.bao)
    for end in ("", "/preview", "/versions", "/receipt", "/authors", "/withdraw"):
        assert an.get(essay + end).status_code == 404
    for end in ("/essay", "/screening", "/copies"):
        assert an.get(desk + end).status_code == 403
        assert bao.get(desk + end).status_code in {403, 404}
        assert signed_in(live.cast.hoa).get(desk + end).status_code == 403


def test_the_secretary_screens_codes_and_compares(live, signed_in, desk):
    with live.app.app_context():
        live.configure(entries_per_author=3)
        first = live.handed_in(live.cast.minh, WORDS + ". Tôi là Nguyễn Văn Minh.")
        live.handed_in(live.cast.minh, WORDS + ". Một đoạn khác hẳn ở cuối bài này thôi.")
    lan = signed_in(live.cast.lan)
    page = lan.page(desk + "/screening")
    assert len(page.all("//h:tbody/h:tr")) == 2
    page = lan.page(f"{desk}/screening/{first}")
    assert page.all("//h:mark")
    answer = lan.submit(f"{desk}/screening/{first}", {"outcome": "returned"}, action=first)
    assert answer.status_code == 422
    answer = lan.submit(f"{desk}/screening/{first}", {"outcome": "passed"}, action=first)
    assert answer.status_code == 302
    second = answer.headers["Location"]
    assert second != f"{desk}/screening"
    answer = lan.submit(second, {"outcome": "passed"}, action=second)
    assert answer.headers["Location"] == f"{desk}/screening"
    answer = lan.submit(f"{desk}/screening", action="/codes")
    assert answer.status_code == 302
    page = lan.page(f"{desk}/screening/{first}")
    assert page.all("//h:input[@name='place']")
    with live.app.app_context():
        codes = [row.code for row, _ in code_table(live.round_id)]
    assert len(set(codes)) == 2
    table = Page(lan.post(f"{desk}/codes/table").text)
    shown = table.words("//h:tbody/h:tr")
    assert [sum(code in row for row in shown) for code in codes] == [1, 1]
    assert all(live.cast.minh.full_name in row for row in shown)
    answer = lan.submit(f"{desk}/copies", action="/copies")
    assert answer.headers["Location"].startswith("/jobs/")


def test_a_pair_is_shown_side_by_side_and_judged(live, signed_in, desk):
    with live.app.app_context():
        live.configure(entries_per_author=3)
        for end in (".", " vậy."):
            live.handed_in(live.cast.minh, WORDS + end)
        compare(live)
    lan = signed_in(live.cast.lan)
    page = lan.page(desk + "/copies")
    (link,) = [each.get("href") for each in page.all("//h:tbody//h:a")]
    page = lan.page(link)
    assert page.words("//h:mark") == [WORDS + "1"] * 2
    answer = lan.submit(link, {"verdict": "quoted", "note": "Cùng trích lời Bác"}, action=link)
    assert answer.status_code == 302


def test_opening_a_pair_whose_texts_judges_read_stays_on_record(live, signed_in, desk):
    with live.app.app_context():
        live.configure(entries_per_author=3)
        works = [live.handed_in(live.cast.minh, WORDS + end) for end in (".", " vậy.")]
        compare(live)
    lan = signed_in(live.cast.lan)
    (link,) = [each.get("href") for each in lan.page(desk + "/copies").all("//h:tbody//h:a")]
    lan.page(link)
    log = desk + "/codes/log"
    assert lan.page(log).words("//h:tbody/h:tr") == []
    with live.app.app_context():
        for work in works:
            live.screen(work)
        live.codes()
    lan.page(link)
    lan.page(link)
    rows = lan.page(log).words("//h:tbody/h:tr/h:td[3]")
    told = "mở hai bài có đoạn trùng nhau cùng tên tác giả"
    assert [row == told for row in rows] == [True, True, False]


def compare(world):
    """As the job does."""
    own, earlier = texts_to_compare(world.round)
    found = find_copies([each.text for each in own], against=[each.text for each in earlier])
    with unit_of_work():
        keep_copies(contest_round=world.round, works=own, found=found, now=world.now)


def test_a_pair_stands_for_what_was_compared_until_it_is_compared_again(live, signed_in, desk):
    with live.app.app_context():
        live.configure(entries_per_author=3)
        works = [live.handed_in(live.cast.minh, WORDS + end) for end in (".", " vậy.")]
        compare(live)
    lan = signed_in(live.cast.lan)
    (link,) = [each.get("href") for each in lan.page(desk + "/copies").all("//h:tbody//h:a")]
    lan.submit(link, {"verdict": "quoted", "note": "Cùng trích lời Bác"}, action=link)
    with live.app.app_context():
        compare(live)  # nothing has changed, so the verdict stands
        assert verdicts() == [("quoted", "Cùng trích lời Bác")]
        live.save(live.cast.minh, works[0], live.draft("Chuyện khác. " + WORDS[:70]))
        live.submit(live.cast.minh, works[0])
    assert "có bài đã thay đổi" in lan.page(desk + "/copies").text
    page = lan.page(link)
    assert page.words("//h:mark") == [WORDS + "1"] * 2
    assert page.words("//h:div[@class='banner warn']//h:b") == ["Đã thay đổi từ khi so sánh"]
    with live.app.app_context():
        compare(live)
        assert verdicts() == [("", "Cùng trích lời Bác")]
    page = lan.page(link)
    assert page.words("//h:mark") == [WORDS[:70].rpartition(" ")[0] + "1"] * 2
    assert page.all("//h:div[@class='banner warn']") == []


def verdicts():
    return [(pair.verdict, pair.verdict_note) for pair in db.session.query(NearDuplicate)]


def test_a_returned_essay_is_told_by_letter_with_reason_and_deadline(live, signed_in, desk):
    with live.app.app_context():
        work = live.handed_in(live.cast.minh)
        closes_at = live.round.closes_at
    lan = signed_in(live.cast.lan)
    decision = {"outcome": "returned", "reasons": ["missing_parts"], "note": "Thiếu ảnh chị Nhạn."}
    assert lan.submit(f"{desk}/screening/{work}", decision, action=work).status_code == 302
    with live.app.app_context():
        (letter,) = latest_mail()
    assert letter.recipient == live.cast.minh.email
    assert letter.subject == "Bài viết “Tiếng chổi đầu ngày” cần sửa, bổ sung"
    assert "Lý do: Thiếu phần bắt buộc; Thiếu ảnh chị Nhạn." in letter.body
    assert format_instant(closes_at) in letter.body
    assert f"/essays/{work}" in letter.body
    minh = signed_in(live.cast.minh)
    minh.submit(f"/essays/{work}", {"title": "Tiếng chổi"}, action=work)
    minh.submit(f"/essays/{work}/preview", {"pledge": "y"}, action="/preview")
    page = lan.page(f"{desk}/screening")
    assert "Tiếng chổi" in page.text
    refused = {"outcome": "ineligible", "reasons": ["published_before"], "note": ""}
    lan.submit(f"{desk}/screening/{work}", refused, action=work)
    with live.app.app_context():
        newest = latest_mail()[0]
    assert newest.subject == "Bài viết “Tiếng chổi” không được nhận"
    passed = {"outcome": "passed"}
    lan.submit(f"{desk}/screening/{work}", passed, action=work)
    with live.app.app_context():
        assert len(latest_mail()) == 2


def test_the_queue_is_searched_without_marks_but_never_by_blind_code(live, signed_in, desk):
    with live.app.app_context():
        live.configure(entries_per_author=3)
        live.handed_in(live.cast.minh, title="Người đưa đò", subject_name="Phạm Thị Đào")
        work = live.handed_in(
            live.cast.minh,
            WORDS + " nay.",
            title="Bến không đồng",
            subject_name="Tạ Văn Lịch",
        )
        receipt = live.work(work).receipt_code
        for each in db.session.query(Work).all():
            live.screen(each.public_id)
        live.codes()
        code = queries.codes(live.round_id, [live.work(work).id])[live.work(work).id]
    lan = signed_in(live.cast.lan)

    def found(text):
        address = f"{desk}/screening"
        page = lan.page(address, query_string={"q": text, "state": "all"})
        return page.words("//h:tbody//h:b")

    assert found("ben khong") == ["Bến không đồng"]
    assert found("DAO") == ["Người đưa đò"]
    assert found("nguyen van minh") == ["Người đưa đò", "Bến không đồng"]
    assert found(receipt) == ["Bến không đồng"]
    assert found(code) == []
    assert lan.page(f"{desk}/screening", query_string={"q": "x y z"}).all("//h:input[@name='q']")


@pytest.mark.sqlite_only
def test_lists_cost_the_same_for_one_work_and_for_three(live, signed_in, mine, desk):
    with live.app.app_context():
        live.configure(entries_per_author=5)
        live.handed_in(live.cast.minh)
    lan, minh = signed_in(live.cast.lan), signed_in(live.cast.minh)
    addresses = [(lan, desk + "/screening"), (lan, desk + "/copies"), (minh, mine)]
    costs: list[list[int]] = []
    for more in (0, 2):
        with live.app.app_context():
            for number in range(more):
                live.handed_in(live.cast.minh, f"{WORDS} Bài {number}.")
        costs.append([])
        for client, address in addresses:
            client.get(address)
            with live.app.app_context(), count_queries() as counted:
                client.get(address)
            costs[-1].append(counted.count)
    assert costs[0] == costs[1]


def test_the_round_closed_and_a_returned_essay(live, signed_in, mine):
    with live.app.app_context():
        work = live.handed_in(live.cast.minh)
        live.screen(work, ScreeningOutcome.RETURNED, note="Thiếu ảnh của chị Nhạn")
        live.set_round(stage=Stage.CLOSED, closes_at=utc_now() - timedelta(days=1))
    minh = signed_in(live.cast.minh)
    page = minh.page(f"/essays/{work}")
    assert "Thiếu ảnh của chị Nhạn" in page.text
    assert minh.submit(f"/essays/{work}", {"title": "Tên khác"}, action=work).status_code == 302
    assert "Thiếu ảnh của chị Nhạn" in minh.page(mine).text


def test_a_form_is_built_and_filled_in_without_javascript(live, signed_in, mine, desk):
    lan, minh = signed_in(live.cast.lan), signed_in(live.cast.minh)
    builder = f"{desk}/form"
    lan.submit(builder, {"template": "project"}, action="/form/template")
    page = lan.page(builder)
    assert len(page.all("//h:ol[@class='field-list']/h:li")) == 10
    new = f"{builder}/fields/new?sort=number"
    assert lan.submit(new, {"label": "", "required": "y"}, action="/fields/new").status_code == 422
    lan.submit(
        new,
        {"label": "Kinh phí (triệu đồng)", "least": "1", "most": "90000", "shown": "y"},
        action="/fields/new",
    )
    page = lan.page(builder)
    assert "Kinh phí (triệu đồng)" in page.text
    lan.page(f"{builder}/preview")
    key = page.all("//h:ol[@class='field-list']/h:li")[-1].get("id").removeprefix("field-")
    lan.page(f"{builder}/fields/{key}")
    essay = begin(minh, mine)
    page = minh.page(essay)
    names = [each.get("name") for each in page.all("//*[starts-with(@name, 'answer_')]")]
    assert len(names) == 6
    category = names[0]
    fields = typed(**{names[-1]: "ba trăm"})
    fields = {name: value for name, value in fields.items() if not name.startswith("subject")}
    assert minh.submit(essay, fields, action=essay).status_code == 302
    page = minh.page(essay)
    # Nothing is lost, and what is wrong is said.
    assert page.all(f"//h:input[@name='{names[-1]}'][@value='ba trăm']")
    assert "“Kinh phí (triệu đồng)” chưa phải là một số" in page.text
    with live.app.app_context():
        round_id = live.round_id
        options = [row.options for row in queries.essay_round(round_id).fields if row.options]
    answers = dict.fromkeys(names, "Dọn kênh, trồng hoa")
    answers |= {category: options[0][0], names[-1]: "300", names[-2]: "30/06/2027"}
    day = next(
        name for name in names if page.all(f"//h:input[@name='{name}'][@placeholder='23/11/2026']")
    )
    answers |= {day: "30/06/2027"}
    assert minh.submit(essay, {**fields, **answers}, action=essay).status_code == 302
    page = minh.page(essay + "/preview")
    assert "30/06/2027" in "".join(page.words("//h:article"))
    minh.submit(essay + "/preview", {"pledge": "y"}, action="/preview")
    page = minh.page(essay + "/receipt")
    page = minh.page(essay + "/versions")
    assert "Kinh phí (triệu đồng)" in page.text
    # The form is in use now: what was announced stays.
    page = lan.page(builder)
    assert not page.all("//h:button[contains(@aria-label, 'Bỏ')]")
    refused = lan.submit(f"{builder}/fields/{key}", {"most": "10"}, action=f"/fields/{key}")
    assert refused.status_code == 422
    page = lan.page(f"{desk}/screening")
    with live.app.app_context():
        work = db.session.query(Work).one().public_id
    page = lan.page(f"{desk}/screening/{work}")
    assert "Dọn kênh, trồng hoa" in page.text


def test_strangers_find_no_builder(live, signed_in, desk):
    an, bao = signed_in(live.cast.an), signed_in(live.cast.bao)
    for address in ("/form", "/form/fields/new?sort=text", "/form/fields/title", "/form/preview"):
        assert an.get(desk + address).status_code in {403, 404}
        assert bao.get(desk + address).status_code == 404
