"""Keeping a bank in order: documents cited, sharing, filters, changes of many, duplicates."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.actions import give_grant
from contest.core import jobs
from contest.core.access import Permission, Role
from contest.core.db import db
from contest.core.full_text import WordQuery, any_matches, matching
from contest.core.transactions import unit_of_work
from question_bank import actions, queries
from question_bank.actions import SourceValues
from question_bank.alike import ComparedText, alike
from question_bank.models import (
    QUESTION_WORDS,
    Bank,
    BulkChange,
    DuplicateState,
    Question,
    QuestionState,
    ShareRight,
)
from question_bank.organising import Values, changed_values, cited_source, differing
from question_bank.queries import Flag, QuestionFilter
from question_bank.rules import search_text, stem_digest
from tests.question_bank.conftest import Room
from tests.support.cast import actor_of
from tests.support.pages import CheckingClient, form_values

Write = Callable[..., str]
SignIn = Callable[[Any], CheckingClient]
TODAY = date(2026, 9, 2)
LAW = "Luật số 59/2020/QH14"


def stems(page: Any) -> list[str]:
    return page.words("//h:td[contains(@class, 'stem')]/h:a")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Luật số 59/2020/QH14, Điều 4", 1),
        ("luat so 59-2020-QH14", 1),
        ("Chỉ thị 05-CT/TƯ ngày 15/5/2016", 2),
        ("Luật số 590/2020/QH14", None),
        ("", None),
    ],
)
def test_a_source_line_cites_the_document_it_names(line: str, found: int | None) -> None:
    known = [(1, search_text(LAW)), (2, search_text("05-CT/TW")), (3, "")]
    assert cited_source(line, known) == found


def test_the_longest_citation_counts() -> None:
    assert cited_source("Hiến pháp năm 2013", [(1, "hien phap"), (2, "hien phap nam 2013")]) == 2


def test_a_change_touches_what_it_names_alone() -> None:
    before = Values(topic=1, difficulty="easy", tags=("a", "b"), source=None, state="draft")
    wanted = {"topic": None, "tags_add": ["c"], "tags_remove": ["a"]}
    after = changed_values(before, wanted)
    assert after == Values(None, "easy", ("b", "c"), None, "draft")
    assert differing(before, after) == ("topic", "tags")
    assert differing(before, changed_values(before, {"tags_add": ["b"]})) == ()
    assert Values.from_json(before.as_json()) == before


def test_a_lapsed_law_flags_its_questions(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    write("Ai phải kê khai tài sản?", source=f"{LAW}, Điều 34")
    write("Quê Bác ở đâu?", source="Tiểu sử")
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}"
    page = lan.page(f"{address}/sources")
    assert "Tiểu sử" in page.text
    wrong = {"citation": LAW, "valid_from": "2021-01-01", "valid_to": "2020-12-31"}
    assert lan.submit(f"{address}/sources", wrong, action="sources").status_code == 422
    right = {"citation": LAW, "valid_to": "2021-12-31"}
    assert lan.submit(f"{address}/sources", right, action="sources").status_code == 302
    assert lan.submit(f"{address}/sources", right, action="sources").status_code == 422
    page = lan.page(f"{address}/sources")
    assert "Lapsed on" in page.text
    assert stems(lan.page(f"{address}?flag=lapsed")) == ["Ai phải kê khai tài sản?"]
    assert f"{LAW} has lapsed" in lan.page(address).text
    with app.app_context():
        assert queries.lapsed_count(room.bank.id, TODAY) == 0  # a draft is in no paper
        source = queries.sources(room.bank.id, TODAY)[0].source
    there = f"{address}/sources/{source.public_id}"
    assert lan.submit(there, {"valid_to": "2999-12-31"}, action=source.public_id).status_code == 302
    assert stems(lan.page(f"{address}?flag=lapsed")) == []
    assert as_person(room.cast.bao).get(f"{address}/sources").status_code == 404
    assert lan.post(f"{there}/delete").status_code == 302
    with app.app_context():
        assert queries.sources(room.bank.id, TODAY) == []


def test_a_new_question_is_linked_to_the_document_it_cites(
    app: Flask, room: Room, write: Write, now: datetime
) -> None:
    with app.app_context(), unit_of_work():
        values = SourceValues(LAW)
        bank = db.session.get_one(Bank, room.bank.id)
        source = actions.put_source(bank=bank, source=None, values=values, actor=None, now=now)
    write("Ai phải kê khai?", source=f"{LAW}, Điều 34")
    with app.app_context():
        assert db.session.scalars(select(Question.source_id)).all() == [source.id]


def test_a_bank_is_lent_to_another_unit_with_a_right(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    public_id = write("Câu chung?")
    lan, bao = as_person(room.cast.lan), as_person(room.cast.bao)
    address = f"/banks/{room.bank.slug}"
    assert bao.get(f"{address}/sharing").status_code == 404
    nobody = lan.submit(f"{address}/sharing", {"contest": "khong-co"}, action="sharing")
    assert nobody.status_code == 422
    place = room.cast.other_province.public_id
    for right in ("read", "write"):
        sent = {"unit": place, "right": right}
        assert lan.post(f"{address}/sharing", data=sent).status_code == 302
        question = f"{address}/questions/{public_id}"
        assert bao.get(question).status_code == 200
        edits = 200 if right == "write" else 404
        assert bao.get(f"{question}/edit").status_code == edits
        assert bao.post(f"{question}/state", data={"to": "approved"}).status_code == 404
        assert bao.get(f"{address}/settings").status_code == 404
    assert bao.page("/banks/").words("//h:a[@class='strong']") == [room.bank.name]
    assert as_person(room.cast.minh).get(address).status_code == 403
    with app.app_context():
        shares = queries.shares(room.bank.id)
        assert [(line.place, line.share.right) for line in shares] == [
            (room.cast.other_province.name, ShareRight.WRITE),
            (room.cast.other_province.name, ShareRight.READ),
        ]
    for line in shares:
        assert lan.post(f"{address}/sharing/{line.share.public_id}/end").status_code == 302
    assert bao.get(address).status_code == 404


def test_rights_come_from_roles_and_shares(app: Flask, room: Room, now: datetime) -> None:
    with app.app_context(), unit_of_work():
        bank = db.session.get_one(Bank, room.bank.id)
        bao = actor_of(room.cast.bao, now)
        assert queries.rights_on(bao, bank) == frozenset()
        scope = db.session.merge(room.cast.other_province).scope
        lan = actor_of(room.cast.lan, now)
        actions.share_bank(bank=bank, scope=scope, right=ShareRight.REVIEW, actor=lan, now=now)
        assert queries.rights_on(bao, bank) == {
            Permission.SEE_BANK,
            Permission.REVIEW_QUESTIONS,
        }
        assert Permission.MANAGE_BANK in queries.rights_on(lan, bank)


def test_a_filter_is_kept_and_shared(
    app: Flask, room: Room, as_person: SignIn, write: Write, now: datetime
) -> None:
    write("Câu khó?", difficulty="hard")
    write("Câu dễ?")
    with app.app_context(), unit_of_work():
        scope = db.session.get_one(Bank, room.bank.id).scope
        give_grant(
            person=room.cast.hoa, role=Role.QUESTION_AUTHOR, scope=scope, actor=None, now=now
        )
    lan, hoa = as_person(room.cast.lan), as_person(room.cast.hoa)
    address = f"/banks/{room.bank.slug}"
    lan.submit(f"{address}?difficulty=hard", {"name": "Khó"}, action="/filters")
    assert "Khó" in lan.page(address).words("//h:span[@class='kept']/h:a")
    assert hoa.page(address).words("//h:span[@class='kept']/h:a") == []
    lan.submit(f"{address}?difficulty=hard", {"name": "Khó", "is_shared": "y"}, action="/filters")
    assert hoa.page(address).words("//h:span[@class='kept']/h:a") == ["Khó"]
    with app.app_context():
        (saved,) = queries.saved_filters(room.bank.id, room.cast.hoa.id)
        assert saved.query == {"difficulty": "hard"}
    assert stems(hoa.page(f"{address}?difficulty=hard")) == ["Câu khó?"]
    assert hoa.post(f"{address}/filters/{saved.public_id}/delete").status_code == 404
    assert lan.post(f"{address}/filters/{saved.public_id}/delete").status_code == 302


def plan(client: CheckingClient, address: str, data: dict[str, Any], query: str = "") -> str:
    sent = client.post(f"{address}/changes{query}", data=data)
    assert sent.status_code == 302
    return sent.headers["Location"]


def test_many_questions_are_changed_after_a_look_and_put_back(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    first = write("Câu một?", tags=("cũ",))
    second = write("Câu hai?", difficulty="hard")
    write("Câu ba?", difficulty="hard")
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}"
    there = plan(lan, address, {"question": [first, second]})
    sent = {"difficulty": "hard", "tags_add": "mới", "tags_remove": "cũ"}
    lan.submit(there, sent, action=there.rpartition("/")[2])
    page = lan.page(there)
    assert page.words("//h:del") == ["Easy", "cũ", "no tags"]
    assert page.words("//h:ins") == ["Hard", "mới", "mới"]
    # What was chosen stays chosen, so that looking once more takes nothing of it back.
    kept = form_values(page.form(there.rpartition("/")[2]))
    assert {name: kept[name] for name in (*sent, "topic")} == {**sent, "topic": "as-is"}
    assert "My latest changes" not in page.words("//h:h2")
    assert stems(lan.page(f"{address}?q=moi")) == []  # nothing has happened yet
    assert lan.post(f"{there}/apply").status_code == 302
    assert lan.post(f"{there}/apply").status_code == 409
    assert stems(lan.page(f"{address}?tag=mới&q=moi")) == ["Câu một?", "Câu hai?"]
    assert stems(lan.page(f"{address}?q=cu")) == []
    lan.submit(f"{address}/questions/{second}/edit", {"difficulty": "easy"}, action="edit")
    assert lan.post(f"{there}/undo").status_code == 302
    assert "1 question had been changed since" in lan.page(there).text
    assert stems(lan.page(f"{address}?tag=cũ&q=cu")) == ["Câu một?"]
    assert stems(lan.page(f"{address}?q=moi")) == ["Câu hai?"]
    assert as_person(room.cast.bao).get(there).status_code == 404


def test_all_of_a_filter_are_retired_and_taken_up_again(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    write("Câu một?", state=QuestionState.APPROVED)
    write("Câu hai?", difficulty="hard")
    write("Câu ba?", difficulty="hard", state=QuestionState.APPROVED)
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}"
    there = plan(lan, address, {"all": "1"}, "?difficulty=hard")
    lan.submit(there, {"state": "retired"}, action=there.rpartition("/")[2])
    lan.post(f"{there}/apply")
    assert stems(lan.page(address)) == ["Câu một?"]
    lan.post(f"{there}/undo")
    with app.app_context():
        found = db.session.scalars(select(Question).order_by(Question.id)).all()
        assert [each.state for each in found] == [
            QuestionState.APPROVED,
            QuestionState.DRAFT,
            QuestionState.APPROVED,
        ]
    nothing = lan.post(f"{address}/changes", data={})
    assert nothing.headers["Location"] == address


def test_what_the_review_forbids_stays_and_says_why(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    public_id = write("Câu chưa kiểm tra?")
    with app.app_context(), unit_of_work():
        db.session.get_one(Bank, room.bank.id).two_person_review = True
    lan = as_person(room.cast.lan)
    there = plan(lan, f"/banks/{room.bank.slug}", {"question": [public_id]})
    lan.submit(there, {"state": "approved"}, action=there.rpartition("/")[2])
    lan.post(f"{there}/apply")
    assert "checked by one person before another approves it" in lan.page(there).text
    with app.app_context():
        assert db.session.scalars(select(Question.state)).all() == [QuestionState.DRAFT]


def test_a_large_change_is_a_job(
    app: Flask, room: Room, as_person: SignIn, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    ids = [write(f"Câu {n}?") for n in range(5)]
    lan = as_person(room.cast.lan)
    there = plan(lan, f"/banks/{room.bank.slug}", {"question": ids})
    lan.submit(there, {"difficulty": "very_hard"}, action=there.rpartition("/")[2])
    assert "/jobs/" in lan.post(f"{there}/apply").headers["Location"]
    with app.app_context():
        jobs.run_due_jobs()
        change = db.session.scalars(select(BulkChange)).one()
        assert (change.changed, change.refused) == (5, 0)
    assert "/jobs/" in lan.post(f"{there}/undo").headers["Location"]
    with app.app_context():
        jobs.run_due_jobs()
        found = db.session.scalars(select(Question.difficulty).distinct()).all()
        assert [each.value for each in found] == ["easy"]


def compared(*texts: str) -> list[ComparedText]:
    return [ComparedText(n, stem_digest(text), text) for n, text in enumerate(texts, 1)]


def test_equal_and_nearly_equal_questions_are_found() -> None:
    found = alike(
        compared(
            "Bác Hồ ra đi tìm đường cứu nước năm nào từ bến cảng Nhà Rồng?",
            "bac ho ra di tim duong cuu nuoc nam nao, tu ben cang Nha Rong",
            "Bác Hồ ra đi tìm đường cứu nước ngày nào từ bến cảng Nhà Rồng?",
            "Luật phòng chống tham nhũng có hiệu lực từ ngày tháng năm nào?",
        )
    )
    assert [(pair.first_id, pair.second_id, pair.is_exact) for pair in found] == [
        (1, 2, True),
        (1, 3, False),
    ]


def test_what_was_decided_about_duplicates_is_remembered(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    first = write("Bác Hồ sinh ngày nào?")
    second = write("Bác Hồ sinh ngày nào")
    write("Bác Hồ sinh ngày nào ?")
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}/duplicates"

    def search() -> list[Any]:
        assert lan.post(f"{address}/search").status_code == 302
        with app.app_context():
            return list(queries.duplicate_pairs(room.bank.id).items)

    pairs = search()
    assert len(pairs) == 2
    assert "Same words" in lan.page(address).text
    assert stems(lan.page(f"/banks/{room.bank.slug}?flag=duplicate")) != []
    same = f"{address}/{pairs[0].pair.public_id}"
    assert lan.post(same, data={"decision": "same"}).status_code == 302
    with app.app_context():
        tags = queries.tags_of([pairs[0].first.id, pairs[0].second.id])
        assert len(set(tags.values())) == 1
        assert next(iter(tags.values()))[0].startswith("enemy:same-")
    pairs = search()
    assert len(pairs) == 1
    retire = {"decision": "retired", "question": pairs[0].second.public_id}
    assert lan.post(f"{address}/{pairs[0].pair.public_id}", data=retire).status_code == 302
    assert search() == []
    with app.app_context():
        counts = queries.duplicate_counts(room.bank.id)
        assert counts == {
            DuplicateState.OPEN: 0,
            DuplicateState.BOTH_KEPT: 0,
            DuplicateState.RETIRED: 1,
            DuplicateState.SAME: 1,
        }
    assert lan.page(f"{address}?state=same").words("//h:article") != []
    assert first != second


def test_words_that_nobody_wrote_are_taken_as_beginnings(
    app: Flask, room: Room, as_person: SignIn, write: Write
) -> None:
    write("“Đường Kách mệnh” in năm nào?", explanation="In tại Quảng Châu.")
    write("Chỉ thị 05-CT/TW nói gì?")
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}"
    assert stems(lan.page(f"{address}?q=quang chau")) == ["“Đường Kách mệnh” in năm nào?"]
    page = lan.page(f"{address}?q=đườ mệ")
    assert stems(page) == ["“Đường Kách mệnh” in năm nào?"]
    assert "words that begin so" in page.text
    assert stems(lan.page(f"{address}?q=05/CT-TƯ")) == ["Chỉ thị 05-CT/TW nói gì?"]
    assert stems(lan.page(f"{address}?q=%3B'--")) != []  # signs alone are no words
    with app.app_context():
        wanted = QuestionFilter(words="kach", flag=Flag.NO_TOPIC)
        assert queries.question_page(room.bank.id, wanted, today=TODAY).total == 1


def test_a_common_word_is_found_page_by_page_and_not_counted_to_its_end(
    app: Flask, room: Room, write: Write
) -> None:
    for number in range(1, 13):
        write(f"Đảng ra đời năm nào, câu {number}?" if number % 3 else f"Câu {number} hỏi gì?")
    with app.app_context():
        first = db.session.scalar(select(Question.id).order_by(Question.id).limit(1)) or 0
        keys = [first + n for n in range(12) if (n + 1) % 3]
        query = WordQuery(("dang",), room.bank.id, without=("state", "retired"))
        for offset, limit in ((0, 3), (3, 3), (6, 3), (9, 3)):
            found = matching(QUESTION_WORDS, query, limit=limit, offset=offset, most=4)
            whole = db.engine.dialect.name == "sqlite"
            assert found == (8 if whole else 4, keys[offset : offset + limit], not whole)
        assert any_matches(QUESTION_WORDS, query)
        assert not any_matches(QUESTION_WORDS, WordQuery(("dang",), room.bank.id + 1))
        assert not any_matches(QUESTION_WORDS, WordQuery(("da",), room.bank.id))


def test_a_topic_is_merged_after_a_look_with_those_below_it(
    app: Flask, room: Room, as_person: SignIn, write: Write, now: datetime
) -> None:
    with app.app_context(), unit_of_work():
        bank = db.session.get_one(Bank, room.bank.id)
        for path in (("Bác",), ("Bác", "Gia đình"), ("Bác", "Sự nghiệp"), ("Tiểu sử", "Gia đình")):
            actions.ensure_topic(bank=bank, path=path)
        topics = {node.path: node for node in queries.topics(bank.id)}
        old, new = topics["Bác"], topics["Tiểu sử"]
    write("Quê Bác?", topic="Bác")
    lan = as_person(room.cast.lan)
    there = f"/banks/{room.bank.slug}/topics/{old.public_id}/merge?into={new.id}"
    page = lan.page(there)
    assert page.words("//h:ul[@class='effects']/h:li") == [
        "1 question moves to “Tiểu sử”.",
        "These topics stand under “Tiểu sử” afterwards: Sự nghiệp.",
        "These are merged with those of the same name: Gia đình.",
        "“Bác” goes away. Papers already drawn stay as they are.",
    ]
    below = topics["Bác › Gia đình"].id
    circle = f"/banks/{room.bank.slug}/topics/{old.public_id}/merge?into={below}"
    assert lan.post(circle).status_code == 409
    assert lan.submit(there, {}, action="merge").status_code == 302
    with app.app_context():
        paths = [node.path for node in queries.topics(room.bank.id)]
        assert paths == ["Tiểu sử", "Tiểu sử › Gia đình", "Tiểu sử › Sự nghiệp"]
