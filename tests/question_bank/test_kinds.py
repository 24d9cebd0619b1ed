"""Kinds beside the choices: what they accept, how they are marked, and that no key is shown."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.kinds import ASKED, KINDS, kind_of
from question_bank.kinds.base import AnswerInvalid, BodyInvalid
from question_bank.kinds.numeric import readings
from question_bank.rules import revision_digest

BODIES: dict[str, dict[str, Any]] = {
    "short_answer": {
        "answers": [
            {"text": "Nguyễn Tất Thành", "share": "1"},
            {"text": "*Hồ Chí Minh*", "share": "1"},
            {"text": "Bác Hồ", "share": "1/2"},
        ]
    },
    "numeric": {"answers": [{"value": "3.14", "tolerance": "0.01", "share": "1"}], "unit": "km"},
    "matching": {
        "pairs": [
            {"left": "Ra đi tìm đường", "right": "1911"},
            {"left": "Thành lập Đảng", "right": "1930"},
            {"left": "Độc lập", "right": "1945"},
        ],
        "extra": ["1954"],
    },
    "ordering": {"items": [{"text": text} for text in ("1911", "1930", "1941", "1945")]},
}


def parsed(code: str, **others: Any) -> Any:
    return kind_of(code).parse(BODIES[code] | others)


def digest_of(code: str, body: dict[str, Any]) -> str:
    return revision_digest(code, "x", body, explanation="", source="", mark=Decimal(1))


def share(code: str, answer: object, **others: Any) -> Fraction:
    kind, body = kind_of(code), parsed(code, **others)
    return kind.mark(body, kind.parse_answer(body, answer)).fraction


@pytest.mark.parametrize("code", list(BODIES))
def test_a_body_survives_being_stored_and_the_editor(code: str) -> None:
    kind = kind_of(code)
    body = kind.parse(BODIES[code])
    assert kind.parse(json.loads(json.dumps(kind.dump(body)))) == body
    more = {"unit": "km"}
    again = kind.parse(kind.from_lines("\n".join(kind.lines(body)), more))
    assert kind.lines(again) == kind.lines(body)
    assert digest_of(code, kind.dump(again)) == digest_of(code, kind.dump(body))


@pytest.mark.parametrize("code", list(BODIES))
def test_the_digest_knows_another_key(code: str) -> None:
    kind = kind_of(code)
    lines = kind.lines(kind.parse(BODIES[code]))
    turned = (
        lines[0].replace("1911", "1930"),
        *(line.replace("1930", "1911") for line in lines[1:]),
    )
    changed = {
        "short_answer": lines[1:],
        "numeric": ("3,15",),
        "matching": turned,
        "ordering": lines[::-1],
    }[code]
    other = kind.dump(kind.parse(kind.from_lines("\n".join(changed), {})))
    assert digest_of(code, kind.dump(kind.parse(BODIES[code]))) != digest_of(code, other)


@pytest.mark.parametrize("written", ["1e999999999", "1e-999999999", "1/0", "9" * 5_000, "1_0"])
def test_a_share_is_read_without_making_a_huge_number(written: str) -> None:
    with pytest.raises(BodyInvalid):
        kind_of("short_answer").parse({"answers": [{"text": "x", "share": written}]})
    with pytest.raises(BodyInvalid):
        kind_of("single").parse(
            {"options": [{"id": "a", "text": "x", "share": written}, {"id": "b", "text": "y"}],
             "key": ["a"]}
        )  # fmt: skip


@pytest.mark.parametrize("code", list(BODIES))
def test_what_a_contestant_sees_tells_nothing_of_the_key(code: str) -> None:
    kind = kind_of(code)
    body = kind.parse(BODIES[code])
    shown = kind.present(body, body.option_ids)
    words = repr(shown)
    if code in {"short_answer", "numeric"}:
        assert all(answer["text" if code == "short_answer" else "value"] not in words
                   for answer in BODIES[code]["answers"])  # fmt: skip
    else:
        order = [option.text for option in (shown.options if code == "matching" else shown.rows)]
        assert order == sorted(order)
    assert shown.way is not None
    assert (code in ASKED) is True


def test_the_order_of_the_body_does_not_show_in_an_unshuffled_paper() -> None:
    things = [{"text": text} for text in ("c", "a", "d", "b")]
    kind = kind_of("ordering")
    body = kind.parse({"items": things})
    assert [row.text for row in kind.present(body, ()).rows] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Nguyễn Tất Thành", 1),
        ("  nguyễn  tất thành ", 1),
        ("NGUYỄN TẤT THÀNH", 1),
        ("Chủ tịch Hồ Chí Minh", 1),
        ("Hồ Chí Minh vĩ đại", 1),
        ("bác hồ", Fraction(1, 2)),
        ("Nguyen Tat Thanh", 0),
        ("Nguyễn Tất", 0),
        ("", 0),
    ],
)
def test_short_answers(typed: str, wanted: Fraction) -> None:
    assert share("short_answer", typed) == wanted


def test_short_answers_with_and_without_marks_case_and_stars() -> None:
    tones = {"ignore_tones": True}
    assert share("short_answer", "nguyen tat thanh", **tones) == 1
    assert share("short_answer", "bác hồ", match_case=True) == 0
    one = {"answers": [{"text": "Hòa Bình"}]}
    assert share("short_answer", "Hoà Bình", **one) == 1
    assert share("short_answer", "Hòa", answers=[{"text": "Hò*"}]) == 1
    assert share("short_answer", "5 * 3", answers=[{"text": r"5 \* 3"}]) == 1
    assert share("short_answer", "5 x 3", answers=[{"text": r"5 \* 3"}]) == 0
    long = "a" * 200
    assert share("short_answer", long, answers=[{"text": "a*" * 60 + "b"}]) == 0


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("3,14", 1),
        ("3.14", 1),
        ("3,15 km", 1),
        ("3,13km", 1),
        ("3,16", 0),
        ("khoảng 3", 0),
        ("3,14 m", 0),
        ("−3,14", 0),
        ("314", 0),
    ],
)
def test_numbers(typed: str, wanted: int) -> None:
    assert share("numeric", typed) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("1.800", {"1800", "1.8"}),
        ("1.800.000,5", {"1800000.5"}),
        ("1 800", {"1800"}),
        ("1.800,5", {"1800.5"}),
        ("1,800,000", {"1800000"}),
        ("-2,5", {"-2.5"}),
        (",5", {"0.5"}),
        ("1.2.3", set()),
        ("", set()),
        ("1e5", set()),
    ],
)
def test_what_a_typed_number_may_mean(typed: str, wanted: set[str]) -> None:
    assert set(readings(typed)) == {Decimal(each) for each in wanted}


def test_matching_gives_right_pairs_over_all() -> None:
    kind, body = kind_of("matching"), parsed("matching")
    pairs = [f"{row}={right}" for row, _left, right in body.rows]
    wrong = f"{body.rows[2][0]}={body.rows[0][2]}"

    def mark(answer: list[str]) -> Fraction:
        return kind.mark(body, kind.parse_answer(body, answer)).fraction

    assert mark(pairs) == 1
    assert mark(pairs[:2]) == mark([*pairs[:2], wrong]) == Fraction(2, 3)
    assert mark([]) == 0
    assert kind.mark(body, (*pairs, wrong)).fraction == Fraction(2, 3)
    with pytest.raises(AnswerInvalid):
        kind.parse_answer(body, [*pairs, wrong])
    with pytest.raises(AnswerInvalid):
        kind.parse_answer(body, ["x=y"])
    assert kind.answer_texts(body, tuple(pairs[:1])) == ("Ra đi tìm đường → 1911",)


def test_ordering_is_all_or_nothing_or_by_neighbours() -> None:
    kind, body = kind_of("ordering"), parsed("ordering")
    near = parsed("ordering", scoring="partial")

    def mark(checked: Any, *order: int) -> Any:
        items = [item for item, _text in checked.items]
        answer = [f"{items[thing]}={place}" for place, thing in enumerate(order, start=1)]
        return kind.mark(checked, kind.parse_answer(checked, answer)).fraction

    assert (mark(body, 0, 1, 2, 3), mark(near, 0, 1, 2, 3)) == (1, 1)
    assert (mark(body, 1, 2, 3, 0), mark(near, 1, 2, 3, 0)) == (0, Fraction(2, 3))
    assert mark(near, 3, 2, 1, 0) == 0
    assert mark(near, 0, 1, 2) == 0


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("short_answer", {}),
        ("short_answer", {"answers": []}),
        ("short_answer", {"answers": [{"text": "*"}]}),
        ("short_answer", {"answers": [{"text": "x", "share": "1/2"}]}),
        ("short_answer", {"answers": [{"text": "x", "share": "2"}]}),
        ("numeric", {"answers": [{"value": "abc"}]}),
        ("numeric", {"answers": [{"value": "1", "tolerance": "-1"}]}),
        ("numeric", {"answers": [{"value": "NaN"}]}),
        ("numeric", {"answers": [{"value": "1e999999"}]}),
        ("matching", {"pairs": [{"left": "a", "right": "b"}]}),
        ("matching", {"pairs": [{"left": "a", "right": "b"}, {"left": "A", "right": "c"}]}),
        ("matching", {"pairs": [{"left": "a", "right": "b"}, {"left": "c", "right": "b"}]}),
        ("matching", {"pairs": [{"left": "a", "right": "b"}, {"left": "c", "right": ""}]}),
        ("ordering", {"items": [{"text": "a"}, {"text": "b"}]}),
        ("ordering", {"items": [{"text": "a"}, {"text": "b"}, {"text": "A"}]}),
    ],
)
def test_a_body_that_cannot_be_marked_is_refused(code: str, body: dict[str, Any]) -> None:
    with pytest.raises(BodyInvalid) as refused:
        kind_of(code).parse(body)
    assert all(str(problem.message) for problem in refused.value.problems)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["answers", "text", "share", "value", "pairs", "left", "items", "ids"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from(list(KINDS)), ANYTHING, ANYTHING)
@settings(max_examples=200, deadline=None)
def test_whatever_a_body_or_an_answer_is(code: str, raw: Any, answer: Any) -> None:
    kind = kind_of(code)
    body = raw if isinstance(raw, dict) else {"answers": raw, "pairs": raw, "items": raw}
    try:
        checked = kind.parse(body)
    except BodyInvalid:
        checked = kind.parse(BODIES[code]) if code in BODIES else None
    if checked is None:
        return
    try:
        given_answer = kind.parse_answer(checked, answer)
    except AnswerInvalid:
        return
    assert 0 <= kind.mark(checked, given_answer).fraction <= 1
