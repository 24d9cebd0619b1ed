"""A bank of Lâm Sơn's, the people of the stories, and questions to put into it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from contest.config import PROJECT_ROOT
from contest.core.db import db
from contest.core.transactions import unit_of_work
from question_bank import actions
from question_bank.actions import Content
from question_bank.kinds.choice import new_choice_body
from question_bank.models import Bank, Difficulty, Question, QuestionState
from tests.support.cast import Cast, sign_in_as
from tests.support.pages import CheckingClient

SAMPLE: Path = PROJECT_ROOT / "question_bank" / "sample" / "questions.csv"
INPUTS: Path = PROJECT_ROOT / "tests" / "data" / "inputs"


@dataclass
class Room:
    """What most stories of this room begin with."""

    cast: Cast
    bank: Bank


@pytest.fixture
def room(app: Flask, cast: Cast, now: datetime) -> Room:
    """The cast and an empty bank "Tuần 1" of the province, committed."""
    with app.app_context(), unit_of_work():
        bank = actions.create_bank(
            name="Tuần 1",
            unit_id=cast.province.id,
            unit_scope=db.session.merge(cast.province).scope,
            actor=None,
            now=now,
        )
    return Room(cast, bank)


def content(stem: str = "Quê hương của Bác Hồ ở tỉnh nào?", **others: Any) -> Content:
    """A single choice with four options, the first of them right."""
    texts = others.pop("texts", ("Nghệ An", "Hà Tĩnh", "Quảng Bình", "Thanh Hóa"))
    right = others.pop("right", (0,))
    values: dict[str, Any] = {
        "kind": "single",
        "stem": stem,
        "body": new_choice_body(texts, right),
        "difficulty": Difficulty.EASY,
    }
    return Content(**(values | others))


@pytest.fixture
def write(app: Flask, room: Room, now: datetime) -> Callable[..., str]:
    """Writes a question into the bank and returns its public id."""

    def one(
        stem: str, *, state: QuestionState = QuestionState.DRAFT, topic: str = "", **others: Any
    ) -> str:
        with app.app_context(), unit_of_work():
            found = actions.ensure_topic(bank=room.bank, path=(topic,) if topic else ())
            question: Question = actions.create_question(
                bank=room.bank,
                content=content(stem, topic_id=found.id if found else None, **others),
                state=state,
                actor=None,
                now=now,
            )
            return question.public_id

    return one


@pytest.fixture
def as_person(
    new_client: Callable[[], CheckingClient],
) -> Callable[[Any], CheckingClient]:
    """A browser in which a person of the cast is signed in, in English."""

    def signed_in(person: Any) -> CheckingClient:
        client = new_client()
        sign_in_as(client, person)
        client.set_cookie("language", "en")
        return client

    return signed_in
