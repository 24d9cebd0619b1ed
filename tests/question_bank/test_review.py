"""Reviewing: who may take which step, comments, what waits for whom, history and differences."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.actions import give_grant
from contest.core.access import Role
from contest.core.db import db
from contest.core.transactions import unit_of_work
from question_bank import actions, queries
from question_bank.models import Bank, Question, QuestionState
from question_bank.queries import Step, WaitingFilter
from question_bank.rules import (
    NotChecked,
    OwnQuestion,
    SamePerson,
    Standing,
    StepNotAllowed,
    check_step,
    compare_texts,
    steps_open_to,
)
from tests.question_bank.conftest import Room, content
from tests.support.cast import actor_of
from tests.support.pages import CheckingClient

SignIn = Callable[[Any], CheckingClient]
DRAFT, CHECKED, APPROVED, RETIRED = QuestionState
AUTHOR, CHECKER, THIRD = 1, 2, 3


@pytest.mark.parametrize(
    ("state", "wanted", "person", "refusal"),
    [
        (DRAFT, CHECKED, AUTHOR, OwnQuestion),
        (DRAFT, CHECKED, CHECKER, None),
        (DRAFT, CHECKED, THIRD, None),
        (DRAFT, APPROVED, AUTHOR, NotChecked),
        (DRAFT, APPROVED, THIRD, NotChecked),
        (DRAFT, RETIRED, AUTHOR, None),
        (CHECKED, APPROVED, CHECKER, SamePerson),
        (CHECKED, APPROVED, AUTHOR, None),
        (CHECKED, APPROVED, THIRD, None),
        (CHECKED, DRAFT, CHECKER, None),
        (CHECKED, RETIRED, CHECKER, None),
        (CHECKED, CHECKED, THIRD, StepNotAllowed),
        (APPROVED, DRAFT, AUTHOR, None),
        (APPROVED, RETIRED, CHECKER, None),
        (APPROVED, CHECKED, THIRD, StepNotAllowed),
        (APPROVED, APPROVED, THIRD, StepNotAllowed),
        (RETIRED, DRAFT, AUTHOR, None),
        (RETIRED, CHECKED, THIRD, StepNotAllowed),
        (RETIRED, APPROVED, THIRD, StepNotAllowed),
    ],
)
def test_with_two_people_the_author_does_not_check_and_the_checker_does_not_approve(
    state: QuestionState, wanted: QuestionState, person: int, refusal: type[Exception] | None
) -> None:
    checked_by = CHECKER if state in (CHECKED, APPROVED) else None
    standing = Standing(state, AUTHOR, checked_by, two_person_review=True)
    if refusal is None:
        check_step(standing, wanted, person)
        assert wanted in steps_open_to(standing, person)
    else:
        with pytest.raises(refusal):
            check_step(standing, wanted, person)
        assert wanted not in steps_open_to(standing, person)


def test_where_one_person_reviews_the_author_may_do_all() -> None:
    standing = Standing(DRAFT, AUTHOR, None, two_person_review=False)
    assert steps_open_to(standing, AUTHOR) == (CHECKED, APPROVED, RETIRED)


def test_words_are_compared_one_by_one() -> None:
    pieces = compare_texts("Bác ra đi năm 1911", "Bác rời Tổ quốc năm 1911")
    assert [(piece.text, piece.change) for piece in pieces] == [
        ("Bác", "same"),
        ("ra đi", "removed"),
        ("rời Tổ quốc", "added"),
        ("năm 1911", "same"),
    ]


@pytest.fixture
def strict(app: Flask, room: Room, now: datetime) -> Room:
    """The bank asks for two people; Hoa and Tú review in it beside Lan."""
    with app.app_context(), unit_of_work():
        bank = db.session.get_one(Bank, room.bank.id)
        bank.two_person_review = True
        for person in (room.cast.hoa, room.cast.tu):
            give_grant(
                person=person, role=Role.QUESTION_REVIEWER, scope=bank.scope, actor=None, now=now
            )
    return room


def ask(app: Flask, room: Room, person: Any, stem: str, now: datetime) -> str:
    with app.app_context(), unit_of_work():
        bank = db.session.get_one(Bank, room.bank.id)
        return actions.create_question(
            bank=bank, content=content(stem), actor=actor_of(person, now), now=now
        ).public_id


def test_the_queue_holds_what_waits_for_me_the_oldest_first(
    app: Flask, strict: Room, as_person: SignIn, now: datetime
) -> None:
    lan, hoa, tu = strict.cast.lan, strict.cast.hoa, strict.cast.tu
    first = ask(app, strict, lan, "Câu thứ nhất?", now)
    ask(app, strict, lan, "Câu thứ hai?", now)
    with app.app_context(), unit_of_work():
        bank = db.session.get_one(Bank, strict.bank.id)
        question = queries.question_in(bank.id, first)
        actions.change_state(
            bank=bank, question=question, to=CHECKED, actor=actor_of(hoa, now), now=now
        )

        def waiting(person: Any, **wanted: Any) -> list[tuple[str, Step]]:
            found = queries.waiting_for(actor_of(person, now), WaitingFilter(**wanted))
            return [(row.stem, row.step) for row in found.items]

        assert waiting(lan) == [("Câu thứ nhất?", Step.APPROVE)]  # her own draft is not hers
        assert waiting(hoa) == [("Câu thứ hai?", Step.CHECK)]  # she checked the first
        assert waiting(tu) == [
            ("Câu thứ nhất?", Step.APPROVE),
            ("Câu thứ hai?", Step.CHECK),
        ]
        assert waiting(tu, step=Step.CHECK) == [("Câu thứ hai?", Step.CHECK)]
        assert waiting(tu, bank="other") == []
        assert waiting(strict.cast.bao) == []
    page = as_person(hoa).page("/banks/review-queue")
    assert page.words("//h:td[@class='stem']/h:a") == ["Câu thứ hai?"]
    assert as_person(strict.cast.minh).get("/banks/review-queue").status_code == 403


def test_a_reviewer_goes_through_the_queue(
    app: Flask, strict: Room, as_person: SignIn, now: datetime
) -> None:
    public_id = ask(app, strict, strict.cast.lan, "Câu chờ duyệt?", now)
    hoa = as_person(strict.cast.hoa)
    address = f"/banks/{strict.bank.slug}/questions/{public_id}"
    sent = hoa.submit(
        f"{address}?from=queue", {"to": "checked", "comment": "Nên thêm năm."}, action="/state"
    )
    assert sent.headers["Location"] == "/banks/review-queue"
    assert hoa.page("/banks/review-queue").words("//h:td[@class='stem']/h:a") == []
    own = as_person(strict.cast.hoa).post(f"{address}/state", data={"to": "approved"})
    assert own.status_code == 409


def test_a_comment_stands_at_its_version_until_it_is_resolved(
    app: Flask, strict: Room, as_person: SignIn, now: datetime
) -> None:
    public_id = ask(app, strict, strict.cast.lan, "Bác sinh năm nào?", now)
    address = f"/banks/{strict.bank.slug}/questions/{public_id}"
    hoa, lan = as_person(strict.cast.hoa), as_person(strict.cast.lan)
    hoa.submit(address, {"to": "", "comment": "Thiếu nguồn."}, action="/state")
    lan.submit(f"{address}/edit", {"source": "Hồ Chí Minh – Tiểu sử"}, action="edit")
    page = lan.page(address)
    assert "Version 1" in page.words("//h:ol[@id='comments']//h:span")[0]
    with app.app_context():
        question = db.session.scalars(select(Question)).one()
        assert queries.open_comment_counts([question.id]) == {question.id: 1}
        comment = queries.comments(question.id)[0]
    resolve = f"/banks/{strict.bank.slug}/comments/{comment.public_id}"
    assert as_person(strict.cast.bao).post(resolve, data={"resolved": "1"}).status_code == 404
    assert lan.post(resolve, data={"resolved": "1"}).status_code == 302
    with app.app_context():
        comment = queries.comments(question.id)[0]
        assert (comment.resolved_by, comment.number) == (strict.cast.lan.full_name, 1)
        assert queries.open_comment_counts([question.id]) == {}
    assert lan.post(resolve, data={"resolved": "0"}).status_code == 302
    with app.app_context():
        assert queries.comments(question.id)[0].resolved_at is None


def test_the_history_tells_everything_and_marks_changes_with_signs(
    app: Flask, strict: Room, as_person: SignIn, now: datetime
) -> None:
    public_id = ask(app, strict, strict.cast.lan, "Bác ra đi năm 1911?", now)
    address = f"/banks/{strict.bank.slug}/questions/{public_id}"
    lan, hoa = as_person(strict.cast.lan), as_person(strict.cast.hoa)
    hoa.submit(address, {"to": "checked", "comment": "Rõ ràng."}, action="/state")
    for stem in ("Bác ra đi năm nào?", "Người ra đi năm nào?"):
        lan.submit(f"{address}/edit", {"stem": stem}, action="edit")
    page = hoa.page(f"{address}/history?from=1&to=3")
    assert page.words("//h:del") == ["removed: −Bác", "removed: −1911?"]
    assert page.words("//h:ins") == ["added: +Người", "added: +nào?"]
    assert page.words("//h:ol[@class='happened']//h:b") == [
        "Version 3",
        "Version 2",
        "Comment",
        "Draft → Checked",
        "Version 1",
    ]
    assert hoa.page(f"{address}/history?from=9&to=x").words("//h:del") != []
