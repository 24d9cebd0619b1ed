"""Persons on an entry form: whom the organiser asks for, who must be there, whom judges see."""

import io

import pytest

from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.submissions import actions, queries
from contest.submissions.models import BlindCode, FieldSort, Work
from contest.submissions.rules.answers import missing_in
from contest.submissions.rules.entry_forms import COAUTHORS, DOCUMENT, Field, entry_form
from tests.submissions.conftest import WORDS
from tests.submissions.test_files import DOCX
from tests.submissions.test_pages import begin, typed

WITNESS = Field("", FieldSort.PERSON, "Người chứng kiến", required=True)
GUIDE = Field("", FieldSort.PERSON, "Người giới thiệu", shown=False)


@pytest.fixture
def mine(live):
    return f"/contests/{live.slug}/rounds/1/essays"


@pytest.fixture
def builder(live):
    return f"/organise/contests/{live.slug}/rounds/1/form"


def add(world, *fields):
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        for field in fields:
            form = actions.add_field(
                contest_round=world.round, field=field, actor=lan, now=world.now
            )
    return [each.key for each in form.further]


def lacking(world, public_id):
    work = world.work(public_id)
    essay = queries.essay_round(world.round_id)
    return [each.words for each in missing_in(essay, entry_form(essay), work, work.version)]


def require(world, key):
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        field = entry_form(queries.essay_round(world.round_id))[key]
        values = {name: getattr(field, name) for name in Field.__dataclass_fields__}
        actions.edit_field(
            contest_round=world.round,
            key=key,
            field=Field(**{**values, "required": True}),
            actor=lan,
            now=world.now,
        )


def test_lan_adds_a_person_whom_judges_see_only_when_she_says_so(live, signed_in, builder):
    lan = signed_in(live.cast.lan)
    new = f"{builder}/fields/new?sort=person"
    box = lan.page(new).all("//h:input[@name='shown']")[0]
    assert box.get("checked") is None
    values = {"label": "Người chứng kiến", "hint": "Ai thấy tận mắt?", "required": "y"}
    assert lan.submit(new, values, action="/fields/new").status_code == 302
    with live.app.app_context():
        field = entry_form(queries.essay_round(live.round_id)).further[-1]
        assert (field.sort, field.required, field.shown) == (FieldSort.PERSON, True, False)
    page = lan.page(builder + "/preview")
    assert page.words("//h:legend")[-1] == "Người chứng kiến"


def test_a_person_is_typed_kept_and_shown_again(live, signed_in, mine):
    with live.app.app_context():
        (key,) = add(live, WITNESS)
    minh = signed_in(live.cast.minh)
    essay = begin(minh, mine)
    name, unit = f"answer_{key}", f"answer_{key}_unit"
    minh.submit(essay, typed(), action=essay)
    assert "Chưa điền “Người chứng kiến”." in minh.page(essay).text
    minh.submit(essay, typed(**{unit: "Tổ dân phố 4"}), action=essay)
    page = minh.page(essay)
    assert "“Người chứng kiến” còn thiếu họ tên." in page.text
    assert page.all(f"//h:input[@name='{unit}'][@value='Tổ dân phố 4']")
    minh.submit(essay, typed(**{name: " Hồ  Thị Bưởi ", unit: "Tổ dân phố 4"}), action=essay)
    page = minh.page(essay)
    assert page.all(f"//h:input[@name='{name}'][@value='Hồ Thị Bưởi']")
    assert "Hồ Thị Bưởi, Tổ dân phố 4" in minh.page(essay + "/preview").text


def test_judges_read_the_person_shown_to_them_and_no_other(world):
    witness, guide = add(world, WITNESS, GUIDE)
    text = f"{WORDS}. Ông Vi Văn Pản đưa tôi đến nhà chị, ở Câu lạc bộ Hưu trí phường Bình Lăng."
    answers = {
        witness: "Hồ Thị Bưởi\nTổ dân phố 4",
        guide: "Vi Văn Pản\nCâu lạc bộ Hưu trí phường Bình Lăng" + " và các chi hội trực thuộc" * 2,
    }
    public_id = world.begin(world.cast.minh)
    world.save(world.cast.minh, public_id, world.draft(text, answers=answers))
    world.submit(world.cast.minh, public_id)
    world.screen(public_id)
    world.codes()
    blind = repr(queries.blind_work(world.round_id, db.session.query(BlindCode).one().work_id))
    assert "Hồ Thị Bưởi, Tổ dân phố 4" in blind
    assert "Vi Văn Pản" not in blind


def test_co_authors_and_document_can_be_asked_for(world):
    world.configure(coauthors_allowed=True, document_allowed=True)
    for key in (COAUTHORS, DOCUMENT):
        require(world, key)
    public_id = world.begin(world.cast.minh)
    world.save(world.cast.minh, public_id, world.draft())
    assert lacking(world, public_id) == [
        "“Tệp bài viết” cần có tệp kèm theo.",
        "Mục “Đồng tác giả” phải có ít nhất một người.",
    ]


def test_with_document_and_co_author_nothing_is_missing(live, signed_in, mine):
    with live.app.app_context():
        live.configure(coauthors_allowed=True, document_allowed=True)
        for key in (COAUTHORS, DOCUMENT):
            require(live, key)
    minh = signed_in(live.cast.minh)
    essay = begin(minh, mine)
    minh.submit(essay, typed(), action=essay)
    assert "phải có ít nhất một người" in minh.page(essay + "/preview").text
    file = (io.BytesIO(DOCX), "bai viet.docx")
    with live.app.app_context():
        edit = str(db.session.query(Work).one().edit)
    minh.post(essay + "/document", data={"edit": edit, "document": file})
    minh.submit(essay, typed(), action=essay)
    minh.submit(essay + "/authors", {"name_1": "Phạm Anh Tú", "unit_1": ""}, action="/authors")
    answer = minh.submit(essay + "/preview", {"pledge": "y"}, action="/preview")
    assert answer.headers["Location"] == essay + "/receipt"


def test_who_writes_already_is_not_asked_for_more(live, signed_in, mine, builder):
    begin(signed_in(live.cast.minh), mine)
    lan = signed_in(live.cast.lan)
    values = {"label": "Đồng tác giả", "required": "y"}
    address = f"{builder}/fields/coauthors"
    assert lan.submit(address, values, action=address).status_code == 422
