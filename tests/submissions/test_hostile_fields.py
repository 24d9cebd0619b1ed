"""Bad input to the fields of an entry form: a clear sentence each, nothing lost, nothing leaked."""

import io

import pytest

from contest.contests.models import Stage
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.submissions import actions, queries
from contest.submissions.models import BlindCode, FieldSort, Work
from contest.submissions.rules.entry_forms import Field, entry_form
from tests.submissions.test_files import DOCUMENTS, DOCX, content_of, picture
from tests.submissions.test_hostile_uploads import PICTURES, SENTENCES, said, state, two_megabytes
from tests.submissions.test_pages import begin, typed

FIELDS = (
    Field("", FieldSort.FILE, "Kế hoạch", most=3, most_megabytes=5),
    Field("", FieldSort.FILE, "Giấy tờ riêng", shown=False, most=3, most_megabytes=5),
    Field("", FieldSort.PICTURE, "Ảnh hiện trường", most=3, most_megabytes=5),
    Field("", FieldSort.LONG_TEXT, "Lộ trình", most=50),
)


@pytest.fixture
def keys(live):
    """The keys of four fields of Lan's, in their order."""
    lan = live.actor(live.cast.lan)
    with live.app.app_context(), unit_of_work():
        for field in FIELDS:
            form = actions.add_field(contest_round=live.round, field=field, actor=lan, now=live.now)
        return [field.key for field in form.fields if not field.is_core]


@pytest.fixture
def mine(live):
    return f"/contests/{live.slug}/rounds/1/essays"


@pytest.fixture
def essay(live, signed_in, mine, keys):
    minh = signed_in(live.cast.minh)
    address = begin(minh, mine)
    minh.submit(address, typed(), action=address)
    return address


def send(client, essay, key, content, name):
    values = {"file": (io.BytesIO(content), name), "caption": "", "alternative_text": ""}
    return client.post(f"{essay}/fields/{key}/files", data=values)


def test_bad_files_are_refused_field_by_field_and_nothing_changes(live, signed_in, essay, keys):
    minh, before = signed_in(live.cast.minh), state(live)
    shown, private, pictures, _text = keys
    wrong = []
    cases = [(shown, case, *rest) for case, rest in DOCUMENTS.items()]
    cases += [(private, case, *DOCUMENTS[case]) for case in ("macros", "pdf script", "pdf bomb")
              if case in DOCUMENTS]  # fmt: skip
    cases += [
        (pictures, case, content, "a.jpg", code) for case, (content, code) in PICTURES.items()
    ]
    for key, case, content, name, code in cases:
        answer = send(minh, essay, key, content_of(case, content), name)
        words = said(minh, essay)
        accepted = (SENTENCES[code or "damaged"], "lớn hơn mức cho phép")
        if answer.status_code != 302 or not any(each in words for each in accepted):
            wrong.append((case, answer.status_code, words))
    assert wrong == []
    assert state(live) == before
    assert send(minh, essay, "f00000000", DOCX, "a.docx").status_code == 302
    assert "Phiếu dự thi không có mục này." in said(minh, essay)


def test_a_scan_may_stand_where_judges_do_not_look(live, signed_in, essay, keys):
    minh = signed_in(live.cast.minh)
    content, name, _code = DOCUMENTS["pdf scan"]
    send(minh, essay, keys[1], content, name)
    assert "Đã thêm tệp." in said(minh, essay)


def test_a_document_reaches_judges_as_words_without_name_or_file(live, signed_in, essay, keys):
    minh = signed_in(live.cast.minh)
    send(minh, essay, keys[0], DOCX, "Lê Nguyễn Quang Minh - ke hoach.docx")
    send(minh, essay, keys[1], DOCX, "Lê Nguyễn Quang Minh - rieng.docx")
    send(minh, essay, keys[2], picture(exif=b"Exif\x00\x00Minh"), "Minh.jpg")
    minh.submit(essay + "/preview", {"pledge": "y"}, action="/preview")
    with live.app.app_context():
        work = db.session.query(Work).one()
        assert {file.field_key for file in work.files} == set(keys[:3])
        public_id = work.public_id
        live.screen(public_id)
        live.codes()
        row = db.session.query(BlindCode).one()
        blind = queries.blind_work(live.round_id, row.work_id)
        seen = repr(blind)
        assert blind.body_html.count("<h2>Kế hoạch</h2>") == 1
        assert "Giấy tờ riêng" not in seen
        assert ".docx" not in seen
        assert [file.kind for file in blind.files] == ["picture"]
        documents = [file.public_id for file in work.files if file.kind.value == "document"]
        assert [queries.blind_file(each) for each in documents] == [None, None]


def test_two_megabytes_in_a_field_are_refused_and_stay_in_the_page(live, signed_in, essay, keys):
    minh, before, text = signed_in(live.cast.minh), state(live), two_megabytes()
    values = typed(edit=str(before[0]), **{f"answer_{keys[3]}": text})
    answer = minh.post(essay, data=values)
    assert answer.status_code == 422
    assert text in answer.text
    assert state(live) == before


def test_a_field_saved_from_an_old_tab_overwrites_nothing(live, signed_in, essay, keys):
    minh, before = signed_in(live.cast.minh), state(live)
    name = f"answer_{keys[3]}"
    assert minh.post(essay, data=typed(edit=str(before[0]), **{name: "Một"})).status_code == 302
    answer = minh.post(essay, data=typed(edit=str(before[0]), **{name: "Hai"}))
    assert answer.status_code == 409
    assert "Hai" in answer.text
    with live.app.app_context():
        version = db.session.query(Work).one().version
        assert version.answers[keys[3]] == "Một"


def test_no_file_comes_in_after_the_deadline(live, signed_in, essay, keys):
    minh, before = signed_in(live.cast.minh), state(live)
    with live.app.app_context():
        live.set_round(stage=Stage.MARKING)
    send(minh, essay, keys[0], DOCX, "a.docx")
    assert "hạn" in said(minh, essay)
    assert state(live) == before
    with live.app.app_context():
        assert len(entry_form(queries.essay_round(live.round_id)).attached) == 3
