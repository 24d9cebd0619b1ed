"""Gaps in a text, and questions on a shared text: checked, shown, answered, marked, edited."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from contest.core.db import db
from question_bank.kinds import check_stem, cloze, group, kind_of
from question_bank.kinds.base import AnswerInvalid, BodyInvalid, Share, Way
from question_bank.kinds.choice import new_choice_body
from question_bank.kinds.keeping import with_kept_ids
from question_bank.models import Question
from question_bank.rules import revision_digest
from tests.question_bank.conftest import Room
from tests.support.pages import CheckingClient

SignIn = Callable[[Any], CheckingClient]
CLOZE = cloze.KIND
GROUP = group.KIND
TEXT = "Bác sinh năm [[1]] tại [[2]], quê nội là làng [[3]]."


def cloze_body() -> dict[str, Any]:
    """A number, a typed word that counts twice, and a choice."""
    return {
        "parts": [
            {"kind": "numeric", "body": {"answers": [{"value": "1890"}]}},
            {
                "kind": "short_answer",
                "weight": "2",
                "feedback": "Làng Hoàng Trù, xã Kim Liên.",
                "body": {
                    "answers": [{"text": "Nghệ An"}, {"text": "Nam Đàn", "share": "1/2"}],
                    "ignore_tones": True,
                },
            },
            {"kind": "single", "body": new_choice_body(["Làng Sen", "Hoàng Trù"], [0])},
        ]
    }


def group_body() -> dict[str, Any]:
    """Two questions on one text."""
    return {
        "parts": [
            {
                "kind": "multiple",
                "stem": "Ý nào đúng?",
                "body": new_choice_body(["Một", "Hai", "Ba"], [0, 2]),
            },
            {
                "kind": "short_answer",
                "stem": "Ai viết?",
                "body": {"answers": [{"text": "Nguyễn Ái Quốc"}]},
            },
        ]
    }


def answers(body: Any, *given: tuple[int, str]) -> list[str]:
    return [f"{body.parts[place].id}={value}" for place, value in given]


def test_a_gap_earns_by_its_weight() -> None:
    body = CLOZE.parse(cloze_body())
    sen = body.parts[2].body.option_ids[0]
    everything = CLOZE.parse_answer(body, answers(body, (0, "1890"), (1, "nghe an"), (2, sen)))
    assert CLOZE.mark(body, everything) == Share(1, 1)
    half = CLOZE.parse_answer(body, answers(body, (1, "Nam Đàn")))
    assert CLOZE.mark(body, half) == Share(1, 4)
    assert CLOZE.part_shares(body, half) == (Share(0, 1), Share(1, 2), Share(0, 1))
    assert CLOZE.mark(body, ()).numerator == 0
    assert CLOZE.answer_texts(body, half) == ("(2) Nam Đàn",)
    assert CLOZE.key_texts(body) == ("(1) 1890", "(2) Nghệ An", "(3) Làng Sen")
    assert kind_of("cloze").parse(CLOZE.dump(body)) == body


def test_an_answer_names_parts_that_are_there() -> None:
    body = CLOZE.parse(cloze_body())
    part = body.parts[0].id
    for raw in (["x=1"], ["1890"], [f"{part}=1", f"{part}=2"], [f"{body.parts[2].id}=zzzzz"], [3]):
        with pytest.raises(AnswerInvalid):
            CLOZE.parse_answer(body, raw)
    # What the ledger took all the same earns nothing.
    assert CLOZE.mark(body, (f"{part}=1890", f"{part}=1891")).numerator == 0


def test_what_is_presented_tells_nothing_of_the_key() -> None:
    for kind, raw in ((CLOZE, cloze_body()), (GROUP, group_body())):
        body = kind.parse(raw)
        shown = kind.present(body, ())
        assert shown.way in {Way.GAPS, Way.PARTS}
        for secret in ("1890", "Nghệ An", "Nam Đàn", "Hoàng Trù, xã", "Nguyễn Ái Quốc"):
            assert secret not in repr(shown)
        assert [part.number for part in shown.parts] == list(range(1, len(shown.parts) + 1))


def test_options_stand_in_the_order_of_the_paper() -> None:
    body = GROUP.parse(group_body())
    order = tuple(reversed(body.option_ids))
    shown = GROUP.present(body, order).parts[0]
    assert [(option.letter, option.text) for option in shown.options] == [
        ("A", "Ba"), ("B", "Hai"), ("C", "Một"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("Không có chỗ trống", "Gap [[1]] is missing in the text."),
        ("[[1]] [[2]] [[3]] [[3]]", "Gap [[3]] stands twice in the text."),
        ("[[1]] [[2]] [[3]] [[4]]", "Gap [[4]] of the text has no answers."),
    ],
)
def test_text_and_gaps_fit_each_other(context: Any, stem: str, words: str) -> None:
    body = CLOZE.parse(cloze_body())
    check_stem("cloze", TEXT, body)
    with pytest.raises(BodyInvalid) as refused:
        check_stem("cloze", stem, body)
    with force_locale("en"):
        assert str(refused.value.problems[0].message) == words
    assert refused.value.problems[0].field == "stem"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"parts": []},
        {"parts": [{"kind": "matching", "body": {}}]},
        {"parts": [{"kind": "single", "body": {}}]},
        {"parts": [{"kind": "numeric", "weight": "-1", "body": {"answers": [{"value": "1"}]}}]},
        {"parts": [{"kind": "numeric", "body": {"answers": [{"value": "1"}]}}] * 21},
    ],
)
def test_bodies_that_cannot_be_answered_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(BodyInvalid):
        CLOZE.parse(body)
    with pytest.raises(BodyInvalid):
        GROUP.parse(body)


def digest(kind: str, body: dict[str, Any]) -> str:
    parsed = kind_of(kind)
    stored = parsed.dump(parsed.parse(body))
    return revision_digest(kind, TEXT, stored, explanation="", source="", mark=1)  # type: ignore[arg-type]


def test_other_ids_are_no_other_question_but_another_key_is() -> None:
    assert digest("cloze", cloze_body()) == digest("cloze", cloze_body())
    other = cloze_body()
    other["parts"][2]["body"]["key"] = [other["parts"][2]["body"]["options"][1]["id"]]
    assert digest("cloze", other) != digest("cloze", cloze_body())


@pytest.mark.parametrize(
    ("kind", "before", "after", "ids"),
    [
        (
            "ordering",
            {"items": [{"id": "aaaa2", "text": "Một"}, {"id": "bbbb3", "text": "Hai"}]},
            {"items": [{"text": "Hai"}, {"text": "Một"}, {"text": "Ba"}]},
            lambda body: [item["id"] for item in body["items"]][:2] == ["bbbb3", "aaaa2"],
        ),
        (
            "matching",
            {
                "pairs": [{"left": "A", "right": "x"}, {"left": "B", "right": "y"}],
                "extra": ["z"],
                "ids": ["l1", "l2", "r1", "r2", "r3"],
            },
            {"pairs": [{"left": "B", "right": "x"}, {"left": "C", "right": "y"}], "extra": ["z"]},
            lambda body: (body["ids"][0], *body["ids"][2:]) == ("l2", "r1", "r2", "r3"),
        ),
    ],
)
def test_what_did_not_change_keeps_its_ids(
    kind: str, before: dict[str, Any], after: dict[str, Any], ids: Callable[[Any], bool]
) -> None:
    assert ids(with_kept_ids(kind, before, after))


def test_lan_writes_a_text_with_gaps_and_edits_it(
    app: Flask, room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    new = f"/banks/{room.bank.slug}/questions/new?kind=cloze"
    values = {
        "stem": "Bác sinh năm [[1]] ở [[2]].",
        "parts-0-kind": "numeric",
        "parts-0-answers": "1890",
        "parts-1-kind": "single",
        "parts-1-answers": "* Nghệ An\nHà Tĩnh",
        "parts-1-weight": "2",
        "parts-1-feedback": "Huyện Nam Đàn",
    }
    assert lan.page(new).words("//h:label[@for='stem']") == ["Text with gaps"]
    kinds = lan.page(new).words("//h:select[@name='parts-0-kind']/h:option")
    assert kinds == [
        "Short answer",
        "Numeric answer",
        "Single choice",
        "Multiple choice",
        "True or false",
    ]
    wrong = lan.submit(new, {**values, "stem": "Bác sinh năm [[1]]."}, action="questions/new")
    assert wrong.status_code == 422
    assert "Gap [[2]] is missing in the text." in wrong.text
    saved = lan.submit(new, values, action="questions/new")
    assert saved.status_code == 302
    address = saved.headers["Location"]
    shown = lan.page(address)
    assert shown.words("//h:ol[@class='q-parts']/h:li/h:p[1]")[1] == "[[2]] Single choice × 2"
    assert shown.words("//h:ol[@class='q-parts']//h:li[@class='right']") == ["Nghệ An"]
    with app.app_context():
        first = db.session.scalars(select(Question)).one().revision.body
    lan.submit(f"{address}/edit", {"parts-0-answers": "1890\n50% 1891"}, action="edit")
    with app.app_context():
        question = db.session.scalars(select(Question)).one()
        assert question.revision is not None
        second = question.revision.body
    assert question.revision.number == 2
    assert [part["id"] for part in second["parts"]] == [part["id"] for part in first["parts"]]
    assert second["parts"][1] == first["parts"][1]
