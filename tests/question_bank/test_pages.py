"""Stories of the pages: who sees a bank, writing, reviewing, finding questions."""

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.accounts.actions import give_grant
from contest.core.access import Role
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import fold
from question_bank import actions, queries
from question_bank.models import Bank, Question, QuestionState
from question_bank.queries import QuestionFilter
from question_bank.rules import NotChecked, SamePerson, StepNotAllowed
from tests.question_bank.conftest import Room, content
from tests.support.cast import actor_of
from tests.support.counting import count_queries
from tests.support.pages import CheckingClient, Page

Write = Callable[..., str]
SignIn = Callable[[Any], CheckingClient]


def stems(page: Page) -> list[str]:
    return page.words("//h:td[contains(@class, 'stem')]/h:a")


def test_a_bank_is_seen_by_its_organisation_alone(room: Room, as_person: SignIn) -> None:
    address = f"/banks/{room.bank.slug}"
    assert as_person(room.cast.lan).get(address).status_code == 200
    assert as_person(room.cast.bao).get(address).status_code == 404
    assert as_person(room.cast.an).get(address).status_code == 403
    assert as_person(room.cast.bao).page("/banks/").words("//h:table") == []


def test_lan_opens_a_bank_and_writes_the_first_question(
    app: Flask, room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    opened = lan.submit("/banks/new", {"name": "Lịch sử Đảng 2026"}, action="banks/new")
    assert opened.status_code == 302
    assert opened.headers["Location"] == "/banks/lich-su-dang-2026"
    written = lan.submit(
        "/banks/lich-su-dang-2026/questions/new?kind=single",
        {
            "stem": "Đảng Cộng sản Việt Nam lấy ngày nào làm ngày thành lập?",
            "options-0-text": "3/2/1930",
            "options-1-text": "19/5/1941",
            "options-2-text": "Cả A và B đều sai",
            "options-2-fixed": "y",
            "key": "0",
            "new_topic": "Thành lập Đảng > 1930",
            "tags": "đảng, enemy:founding",
            "mark": "0,5",
        },
        action="questions/new",
    )
    assert written.status_code == 302
    page = lan.page(written.headers["Location"])
    assert page.words("//h:li[@class='right']/h:span")[0] == "3/2/1930"
    assert "Thành lập Đảng › 1930" in page.text
    with app.app_context():
        question = db.session.scalars(select(Question)).one()
        assert question.state is QuestionState.DRAFT
        assert question.revision is not None
        assert str(question.revision.mark.normalize()) == "0.5"
        assert question.revision.body["options"][2]["fixed"] is True
        kinds = db.session.scalars(select(AuditEvent.kind)).all()
    assert "question_bank.bank_created" in kinds
    assert "question_bank.question_created" in kinds


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    sent = lan.submit(
        f"/banks/{room.bank.slug}/questions/new?kind=multiple",
        {"stem": "Chọn các ý đúng", "options-0-text": "Một", "options-2-text": "Một"},
        action="questions/new",
    )
    assert sent.status_code == 422
    page = Page(sent.text)
    errors = page.words("//h:p[@class='field-error']")
    assert errors == [
        "Write this option, or leave the last ones empty.",
        "Options A and C are the same.",
        "Choose the right answer.",
    ]
    assert "Chọn các ý đúng" in sent.text


def test_a_true_or_false_question_has_two_options(room: Room, as_person: SignIn) -> None:
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}/questions/new?kind=true_false"
    page = lan.page(address)
    assert page.words("//h:textarea[contains(@name, 'options-')]") == ["Đúng", "Sai"]
    assert (
        lan.submit(
            address, {"stem": "Bác sinh năm 1890.", "key": "0"}, action="questions/new"
        ).status_code
        == 302
    )
    assert lan.get(f"/banks/{room.bank.slug}/questions/new?kind=riddle").status_code == 404


def test_editing_makes_a_new_revision_and_shows_what_changed(
    room: Room, as_person: SignIn, write: Write
) -> None:
    public_id = write("Bác ra đi tìm đường cứu nước năm nào?", state=QuestionState.APPROVED)
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}/questions/{public_id}"
    assert "This question is approved" in lan.get(f"{address}/edit").text
    saved = lan.submit(
        f"{address}/edit", {"stem": "Bác rời Tổ quốc tìm đường cứu nước năm nào?"}, action="edit"
    )
    assert saved.headers["Location"] == address
    page = lan.page(address)
    assert page.words("//h:del") == ["removed: −ra đi"]
    assert page.words("//h:ins") == ["added: +rời Tổ quốc"]
    assert "Draft" in page.words("//h:span[contains(@class, 'chip')]")[0]


def test_a_stale_editor_is_told_and_overwrites_nothing(
    room: Room, as_person: SignIn, write: Write
) -> None:
    public_id = write("Câu cũ?")
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}/questions/{public_id}/edit"
    lan.submit(address, {"stem": "Câu mới?"}, action="edit")
    late = lan.post(
        address,
        data={
            "stem": "Câu trễ?",
            "number": "1",
            "key": "0",
            "difficulty": "easy",
            "topic_id": "0",
            "scoring": "all_or_nothing",
            "mark": "1",
            "options-0-text": "A1",
            "options-1-text": "B1",
        },
    )
    assert late.status_code == 422
    assert "Somebody saved a newer version" in late.text


def test_one_code_belongs_to_one_question(room: Room, as_person: SignIn, write: Write) -> None:
    write("Câu một?", external_id="HCM-001")
    second = write("Câu hai?")
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}/questions/{second}/edit"
    refused = lan.submit(address, {"external_id": "HCM-001"}, action="edit")
    assert refused.status_code == 422
    assert "Another question of this bank has this code already." in refused.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=duong kach menh", ["“Đường Kách mệnh” in năm nào?"]),
        ("q=HCM-2", ["“Đường Kách mệnh” in năm nào?"]),
        ("q=nghe an", ["“Đường Kách mệnh” in năm nào?", "Quê Bác ở đâu?"]),
        ("difficulty=hard", ["Quê Bác ở đâu?"]),
        ("state=approved", ["Quê Bác ở đâu?"]),
        ("state=retired", ["Câu đã thôi?"]),
        ("tag=quê", ["Quê Bác ở đâu?"]),
        ("kind=multiple", []),
        ("q=khong co", []),
        ("sort=question&direction=desc", ["Quê Bác ở đâu?", "“Đường Kách mệnh” in năm nào?"]),
        ("sort=difficulty", ["“Đường Kách mệnh” in năm nào?", "Quê Bác ở đâu?"]),
        ("topic=999&state=bad&kind=bad", ["“Đường Kách mệnh” in năm nào?", "Quê Bác ở đâu?"]),
    ],
)
def test_questions_are_found_without_marks_and_by_every_field(
    room: Room, as_person: SignIn, write: Write, query: str, found: list[str]
) -> None:
    write("“Đường Kách mệnh” in năm nào?", topic="Tác phẩm", external_id="HCM-2")
    write(
        "Quê Bác ở đâu?",
        topic="Tiểu sử",
        difficulty="hard",
        tags=("quê",),
        state=QuestionState.APPROVED,
    )
    write("Câu đã thôi?", state=QuestionState.RETIRED)
    page = as_person(room.cast.lan).page(f"/banks/{room.bank.slug}?{query}")
    assert stems(page) == found


def test_a_topic_brings_those_below_it(
    app: Flask, room: Room, as_person: SignIn, write: Write, now: datetime
) -> None:
    write("Câu của chủ đề con?", topic="Gia đình")
    lan = as_person(room.cast.lan)
    base = f"/banks/{room.bank.slug}/topics"
    assert lan.submit(base, {"name": "Tiểu sử"}, action="topics").status_code == 302
    with app.app_context():
        ids = {label: topic_id for topic_id, label in queries.topic_choices(room.bank.id)}
        address = {node.id: node.public_id for node in queries.topics(room.bank.id)}
    parent, child = ids["Tiểu sử"], address[ids["Gia đình"]]
    moved = lan.submit(f"{base}/{child}", {"parent_id": str(parent)}, action=f"topics/{child}")
    assert moved.status_code == 302
    assert stems(lan.page(f"/banks/{room.bank.slug}?topic={parent}")) == ["Câu của chủ đề con?"]
    assert "Tiểu sử › Gia đình" in lan.page(f"/banks/{room.bank.slug}").text


def test_topics_are_kept_in_order(room: Room, as_person: SignIn, app: Flask) -> None:
    lan = as_person(room.cast.lan)
    base = f"/banks/{room.bank.slug}/topics"
    lan.submit(base, {"name": "Đạo đức"}, action="topics")
    twice = lan.submit(base, {"name": "đạo đức"}, action="topics")
    assert twice.status_code == 422
    assert "There is a topic with this name here already." in twice.text
    with app.app_context():
        [node] = queries.topics(room.bank.id)
    assert lan.submit(f"{base}/{node.public_id}", action="delete").status_code == 302
    with app.app_context():
        assert queries.topic_choices(room.bank.id) == []


def test_a_topic_in_use_is_merged_not_deleted(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    write("Câu?", topic="Tiểu sử Bác")
    write("Câu khác?", topic="Tiểu sử")
    lan = as_person(room.cast.lan)
    with app.app_context():
        ids = {label: topic_id for topic_id, label in queries.topic_choices(room.bank.id)}
        address = {node.id: node.public_id for node in queries.topics(room.bank.id)}
    old, new = ids["Tiểu sử Bác"], ids["Tiểu sử"]
    base = f"/banks/{room.bank.slug}/topics/{address[old]}"
    assert lan.post(f"{base}/delete").status_code == 409
    assert lan.post(f"{base}/merge", data={"into": old}).status_code == 409
    assert lan.post(f"{base}/merge", data={"into": 0}).status_code == 404
    assert lan.submit(f"{base}/merge?into={new}", {}, action="merge").status_code == 302
    with app.app_context():
        assert [node.questions for node in queries.topics(room.bank.id)] == [2]


def test_review_from_draft_to_approved_and_back(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    public_id = write("Câu cần duyệt?")
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}/questions/{public_id}"
    lan.post(f"{address}/state", data={"to": "checked", "comment": "Đã đối chiếu."})
    page = lan.page(address)
    assert "Đã đối chiếu." in page.text
    lan.post(f"{address}/state", data={"to": "approved"})
    lan.post(f"{address}/state", data={"to": "", "comment": "Chỉ một lời."})
    with app.app_context():
        question = db.session.scalars(select(Question)).one()
        assert question.state is QuestionState.APPROVED
        assert question.checked_by_id == question.approved_by_id == room.cast.lan.id
        assert [line.body for line in queries.comments(question.id)] == [
            "Đã đối chiếu.",
            "Chỉ một lời.",
        ]
    assert lan.post(f"{address}/state", data={"to": "checked"}).status_code == 409
    assert as_person(room.cast.bao).post(f"{address}/state", data={"to": ""}).status_code == 404


def test_an_author_writes_but_does_not_review(
    app: Flask, room: Room, as_person: SignIn, write: Write, now: datetime
) -> None:
    public_id = write("Câu của tác giả?")
    with app.app_context(), unit_of_work():
        for person, role in (
            (room.cast.hoa, Role.QUESTION_AUTHOR),
            (room.cast.tu, Role.QUESTION_REVIEWER),
        ):
            bank = db.session.get_one(Bank, room.bank.id)
            give_grant(person=person, role=role, scope=bank.scope, actor=None, now=now)
    address = f"/banks/{room.bank.slug}/questions/{public_id}"
    hoa, tu = as_person(room.cast.hoa), as_person(room.cast.tu)
    assert hoa.get(f"{address}/edit").status_code == 200
    assert hoa.post(f"{address}/state", data={"to": "checked"}).status_code == 404
    assert tu.get(f"{address}/edit").status_code == 403
    assert tu.post(f"{address}/state", data={"to": "checked"}).status_code == 302


def test_two_people_review_where_the_bank_says_so(
    app: Flask, room: Room, now: datetime, write: Write
) -> None:
    write("Câu hai người duyệt?")
    with app.app_context(), unit_of_work():
        bank = db.session.get_one(Bank, room.bank.id)
        bank.two_person_review = True
        question = db.session.scalars(select(Question)).one()
        lan, hoa = actor_of(room.cast.lan, now), actor_of(room.cast.hoa, now)

        def step(to: QuestionState, actor: Any) -> None:
            actions.change_state(bank=bank, question=question, to=to, actor=actor, now=now)

        with pytest.raises(NotChecked):
            step(QuestionState.APPROVED, lan)
        step(QuestionState.CHECKED, lan)
        with pytest.raises(SamePerson):
            step(QuestionState.APPROVED, lan)
        step(QuestionState.APPROVED, hoa)
        with pytest.raises(StepNotAllowed):
            step(QuestionState.CHECKED, hoa)
        assert (question.checked_by_id, question.approved_by_id) == (
            room.cast.lan.id,
            room.cast.hoa.id,
        )


def test_many_questions_are_approved_at_once(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    first = write("Câu một?")
    write("Câu hai?")
    retired = write("Câu ba?", state=QuestionState.RETIRED)
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}"
    done = lan.post(
        f"{address}/questions/states",
        data={"question": [first, retired], "to": "approved"},
        follow_redirects=True,
    )
    assert "1 question changed." in done.text
    assert "1 question stayed as it was." in done.text
    lan.post(f"{address}/questions/states?q=cau", data={"all": "1", "to": "approved"})
    with app.app_context():
        assert queries.state_counts(room.bank.id)[QuestionState.APPROVED] == 2
    nothing = lan.post(
        f"{address}/questions/states", data={"to": "approved"}, follow_redirects=True
    )
    assert "Tick the questions first." in nothing.text
    assert lan.post(f"{address}/questions/states", data={"to": "x"}).status_code == 302


def test_a_question_is_copied_as_a_draft(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    public_id = write("Câu để chép?", external_id="C-1", state=QuestionState.APPROVED)
    lan = as_person(room.cast.lan)
    copied = lan.submit(
        f"/banks/{room.bank.slug}/questions/{public_id}", {"bank": room.bank.slug}, action="copy"
    )
    assert copied.headers["Location"].endswith("/edit")
    with app.app_context():
        copy = db.session.scalars(select(Question).order_by(Question.id.desc())).first()
        assert copy is not None
        assert (copy.state, copy.external_id) == (QuestionState.DRAFT, None)
        assert len(queries.twins(room.bank.id, copy.stem_digest, copy.id)) == 1


def test_the_settings_of_a_bank(app: Flask, room: Room, as_person: SignIn) -> None:
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}/settings"
    assert lan.submit(address, {"name": ""}, action="settings").status_code == 422
    saved = lan.submit(address, {"name": "Tuần một", "two_person_review": "y"}, action="settings")
    assert saved.status_code == 302
    with app.app_context():
        bank = db.session.get_one(Bank, room.bank.id)
        assert (bank.name, bank.slug, bank.two_person_review) == ("Tuần một", "tuan-1", True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_banks_asks_the_same_number_of_statements(
    app: Flask, room: Room, as_person: SignIn, now: datetime, rows: int
) -> None:
    with app.app_context(), unit_of_work():
        for number in range(rows - 1):
            actions.create_bank(
                name=f"Tuần {number + 2}",
                unit_id=room.cast.province.id,
                unit_scope=room.cast.province.scope,
                actor=None,
                now=now,
            )
    lan = as_person(room.cast.lan)
    with app.app_context(), count_queries() as seen:
        lan.page("/banks/")
    assert seen.count == 2, str(seen)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_a_bank_asks_the_same_number_of_statements(
    app: Flask, room: Room, as_person: SignIn, write: Write, rows: int
) -> None:
    for number in range(rows):
        write(f"Câu {number}?", topic=f"Chủ đề {number}", tags=(f"nhãn {number}",))
    lan = as_person(room.cast.lan)
    with app.app_context(), count_queries() as seen:
        assert len(stems(lan.page(f"/banks/{room.bank.slug}?q=cau&sort=topic"))) == rows
    assert seen.count == 14, str(seen)


def test_pool_stock_and_revisions_hold_what_is_approved(
    app: Flask, room: Room, write: Write, now: datetime
) -> None:
    write("Câu nháp?", topic="Tiểu sử")
    write(
        "Câu duyệt?",
        topic="Tiểu sử",
        state=QuestionState.APPROVED,
        tags=("enemy:Năm 1911", "hay"),
    )
    with app.app_context():
        [item] = queries.pool_items(room.bank.id)
        assert item.enemies == frozenset({"nam 1911"})
        assert len(item.option_ids) == 4
        assert list(queries.stock(room.bank.id).values()) == [1]
        with count_queries() as seen:
            first = queries.revisions([item.revision_id])
            again = queries.revisions([item.revision_id, item.revision_id])
        assert seen.count == 1
        assert first[item.revision_id] is again[item.revision_id]
        assert first[item.revision_id].stem == "Câu duyệt?"
        queries.forget_revisions()
        assert queries.revisions([10**6]) == {}


def test_filing_alone_makes_no_revision(
    app: Flask, room: Room, write: Write, now: datetime
) -> None:
    write("Câu?", state=QuestionState.APPROVED)
    with app.app_context(), unit_of_work():
        question = db.session.scalars(select(Question)).one()
        revision = question.revision
        assert revision is not None
        same = content("Câu?", difficulty="hard", tags=("mới",))
        same = dataclasses.replace(same, body=revision.body)
        made = actions.revise_question(
            bank=room.bank, question=question, content=same, actor=None, now=now
        )
        assert made is None
        assert question.state is QuestionState.APPROVED
        page = queries.question_page(room.bank.id, QuestionFilter(tag="mới"), today=now.date())
        assert [row.difficulty.value for row in page.items] == ["hard"]
        assert db.session.scalar(select(func.count()).select_from(AuditEvent)) != 0


def test_a_bank_is_handed_over_to_somebody_who_writes_in_it(
    app: Flask, room: Room, as_person: SignIn, now: datetime
) -> None:
    cast = room.cast
    with app.app_context(), unit_of_work():
        scope = db.session.get_one(Bank, room.bank.id).scope
        grants = ((cast.hoa, Role.QUESTION_AUTHOR), (cast.tu, Role.QUESTION_REVIEWER))
        for person, role in grants:
            give_grant(person=person, role=role, scope=scope, actor=None, now=now)
    lan = as_person(cast.lan)
    there = f"/banks/{room.bank.slug}/owner"
    page = lan.page(f"{there}?q={fold(cast.hoa.full_name)}")
    assert page.words("//h:main//h:td/h:b") == [cast.hoa.full_name]
    assert cast.tu.full_name not in lan.page(there).text
    assert lan.get(f"{there}/{cast.tu.public_id}").status_code == 404
    to = f"{there}/{cast.hoa.public_id}"
    assert "from now on" in lan.page(to).text
    after = lan.submit(to, {"reason": "Nghỉ hưu từ tháng 10."}, action=to, follow=True)
    assert f"{cast.hoa.full_name} answers for the bank now." in after.text
    history = lan.page(there)
    assert "Nghỉ hưu từ tháng 10." in history.text
    assert f"→ {cast.hoa.full_name}" in history.text
    assert lan.post(to, data={}).status_code == 409
    with app.app_context():
        assert db.session.get_one(Bank, room.bank.id).owner_id == cast.hoa.id
    assert as_person(cast.an).get(there).status_code == 403
    assert as_person(cast.bao).get(there).status_code == 404
