"""Our JSON: what it says is taken as it is; what is none is refused with its place."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.core.spreadsheets import UnreadableFile
from question_bank.formats import ImportReport, read_questions
from question_bank.kinds.choice import new_choice_body


def document(*questions: Any, **others: Any) -> bytes:
    head = {"format": "guong-sang-questions", "version": 1, "questions": list(questions)}
    return json.dumps(head | others, ensure_ascii=False).encode()


def entry(**others: Any) -> dict[str, Any]:
    return {
        "id": "CH-01",
        "kind": "single",
        "topic": ["Tiểu sử", "Quê quán"],
        "difficulty": "hard",
        "stem": "Quê Bác Hồ ở đâu?\nChọn một.",
        "body": new_choice_body(["Nghệ An", "Huế"], [0], fixed=[1]),
        "explanation": "Nam Đàn",
        "source": "Tiểu sử",
        "tags": ["nêu gương"],
        "mark": "0.25",
    } | others


def read(*questions: Any) -> ImportReport:
    return read_questions(document(*questions))


def test_a_question_comes_as_it_is() -> None:
    report = read(entry())
    assert (report.format, report.errors, report.flags) == ("json", [], [])
    (question,) = report.questions
    assert question.body == entry()["body"] | {
        "options": question.body["options"] if question.body else [],
        "key": question.body["key"] if question.body else [],
    }
    assert (question.key_texts, question.topic, question.difficulty) == (
        ("Nghệ An",),
        "Tiểu sử > Quê quán",
        "hard",
    )
    assert (str(question.mark), question.tags, question.external_id) == (
        "0.25",
        ("nêu gương",),
        "CH-01",
    )
    assert [option.fixed_last for option in question.options] == [False, True]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stem": ""}, "no_stem"),
        ({"mark": "viel"}, "bad_mark"),
        ({"mark": "NaN"}, "bad_mark"),
        ({"mark": "1e-999999"}, "bad_mark"),
        ({"body": None}, "invalid"),
        ({"body": {"options": [{"id": "a", "text": "x"}], "key": ["b"]}}, "invalid"),
        ({"id": "x" * 81}, "bad_id"),
    ],
)
def test_what_is_wrong_is_said_by_the_question(change: dict[str, Any], code: str) -> None:
    report = read(entry(id="CH-00"), entry(**change))
    assert code in {error.code for error in report.errors}
    assert {error.place.question for error in report.errors} == {2}
    assert report.accepted == 1


@pytest.mark.parametrize(
    ("ids", "kept"),
    [
        (("1", "2", "3"), False),
        (("item2", "item3", "item4"), False),
        (("22222", "33333", "44444"), False),
        (("k7m4p", "b3xq9", "z2whd"), True),
    ],
)
def test_ids_that_tell_the_right_order_are_not_kept(ids: tuple[str, ...], kept: bool) -> None:
    items = [{"id": each, "text": f"Năm {each}"} for each in ids]
    pairs = [{"left": f"Trái {each}", "right": f"Phải {each}"} for each in ids]
    report = read(
        entry(id="A", kind="ordering", stem="Xếp thứ tự.", body={"items": items}),
        entry(
            id="B",
            kind="matching",
            stem="Ghép đôi.",
            body={"pairs": pairs, "ids": [*ids, "a5b6c", "d7e8f", "g9h2j"]},
        ),
    )
    assert report.errors == []
    ordering, matching = (each.body or {} for each in report.questions)
    assert ([each["id"] for each in ordering["items"]] == list(ids)) is kept
    assert (matching["ids"][:3] == list(ids)) is kept


def test_an_unknown_kind_is_skipped_with_an_entry() -> None:
    report = read(entry(kind="riddle"))
    assert (report.accepted, report.rejected, report.skipped) == (0, 0, 1)
    assert report.as_json()["errors"][0]["level"] == "note"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"format": "guong-sang-questions", "version": 1, "questions": [', "bad_json"),
        (b'{"format": "guong-sang-questions", "version": 2, "questions": []}', "other_version"),
        (b'{"format": "guong-sang-questions", "version": 1}', "other_version"),
        (b'{"format": "else"}', "other_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "bad_json"),
    ],
)
def test_other_json_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_questions(content, "json")
    assert refused.value.code == code


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from([*entry(), "kind"]), ANYTHING)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_field_is_read_or_refused(name: str, value: Any) -> None:
    report = read(entry(**{name: value}))
    for text in json.dumps(report.as_json(), ensure_ascii=False):
        text.encode()
