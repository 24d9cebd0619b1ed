"""Kinds and marking: bodies, answers, keys, and points to the last ten-thousandth."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.kinds import KINDS, kind_of
from question_bank.kinds.base import AnswerInvalid, BodyInvalid, Share
from question_bank.kinds.choice import Scoring, new_choice_body, new_option_ids
from question_bank.marking import (
    PaperMark,
    ParsedRevision,
    mark_paper,
    mark_question,
    share_of,
)

FOUR = ("Nghệ An", "Hà Tĩnh", "Huế", "Bình Định")
IDS = ("aa111", "bb222", "cc333", "dd444")


def revision(
    kind: str = "single",
    right: tuple[int, ...] = (0,),
    *,
    texts: tuple[str, ...] = FOUR,
    max_units: int = 10_000,
    **more: Any,
) -> ParsedRevision:
    body = new_choice_body(texts, right, ids=IDS[: len(texts)], **more)
    chosen = kind_of(kind)
    return ParsedRevision(1, 1, 1, chosen, "Câu hỏi?", chosen.parse(body), "", max_units)


CHOICES = ("single", "multiple", "true_false")


def problems(kind: str, body: dict[str, Any]) -> list[str]:
    with pytest.raises(BodyInvalid) as refused:
        kind_of(kind).parse(body)
    return [problem.field for problem in refused.value.problems]


def test_the_registry_holds_the_kinds_of_this_version() -> None:
    assert list(KINDS) == [
        *CHOICES,
        "short_answer",
        "numeric",
        "matching",
        "ordering",
        "cloze",
        "group",
        "essay",
        "description",
    ]


@pytest.mark.parametrize("code", CHOICES)
def test_a_body_survives_being_stored(code: str) -> None:
    kind = kind_of(code)
    body = new_choice_body(("Đúng", "Sai"), [1], fixed=[1])
    parsed = kind.parse(body)
    assert kind.parse(kind.dump(parsed)) == parsed


def test_what_a_contestant_may_see_holds_nothing_of_the_key() -> None:
    one = revision(right=(2,), fixed=(3,))
    other = revision(right=(0,), fixed=(3,))
    order = ("cc333", "aa111", "bb222", "dd444")
    assert one.present(order) == other.present(order)
    assert [(o.letter, o.text) for o in one.present(order).options] == [
        ("A", "Huế"),
        ("B", "Nghệ An"),
        ("C", "Hà Tĩnh"),
        ("D", "Bình Định"),
    ]


def test_letters_of_the_key_follow_the_paper() -> None:
    several = revision("multiple", right=(0, 2))
    assert several.kind.key_letters(several.body) == ("A", "C")
    assert several.kind.key_letters(several.body, ("cc333", "dd444", "aa111", "bb222")) == (
        "A",
        "C",
    )
    assert several.kind.key_letters(several.body, ("dd444", "cc333", "bb222", "aa111")) == (
        "B",
        "D",
    )
    assert several.kind.key_texts(several.body) == ("Nghệ An", "Huế")
    assert several.kind.answer_texts(several.body, ("bb222",)) == ("Hà Tĩnh",)


@pytest.mark.parametrize(
    ("kind", "body", "fields"),
    [
        ("single", {}, ["options", "key"]),
        ("single", {"options": "no", "key": ["x"]}, ["options", "key"]),
        ("single", new_choice_body(("Một",), [0]), ["options"]),
        ("single", new_choice_body(FOUR, []), ["key"]),
        ("single", new_choice_body(FOUR, [0, 1]), ["key"]),
        ("single", new_choice_body(tuple("abcdefghi"), [0]), ["options"]),
        ("true_false", new_choice_body(("a", "b", "c"), [0]), ["options"]),
        ("single", new_choice_body(("A", "", "C"), [0]), ["options.1"]),
        ("single", new_choice_body(("Huế", "Huế ", "C"), [0]), ["options.1"]),
        ("multiple", new_choice_body(FOUR, [1]) | {"scoring": "guess"}, ["scoring"]),
        ("multiple", new_choice_body(FOUR, [1]) | {"key": ["zz"]}, ["key"]),
        ("single", new_choice_body(FOUR, [0], ids=["x", "x", "y", "z"]), ["options"]),
        ("single", new_choice_body(FOUR, [0], ids=["a b"]), ["options.0"]),
        (
            "single",
            {"options": [{"id": "a", "text": "x" * 5000}, {"id": "b", "text": "y"}], "key": ["a"]},
            ["options.0"],
        ),
        (
            "single",
            {
                "options": [
                    {"id": "a", "text": "x", "share": "2"},
                    {"id": "b", "text": "y", "share": "1/0"},
                ],
                "key": ["a"],
            },
            ["options.0", "options.1"],
        ),
    ],
)
def test_a_bad_body_names_each_place(kind: str, body: dict[str, Any], fields: list[str]) -> None:
    assert problems(kind, body) == fields


def test_options_of_true_or_false_never_change_places() -> None:
    body = kind_of("true_false").parse(new_choice_body(("Đúng", "Sai"), [0]))
    assert body.fixed_last == body.option_ids


def test_ids_are_random_and_different() -> None:
    ids = new_option_ids(200)
    assert len(set(ids)) == 200
    assert all(len(option_id) == 5 for option_id in ids)
    kept = new_choice_body(FOUR, [0], ids=["keep1"])
    assert kept["options"][0]["id"] == "keep1"
    assert kept["options"][1]["id"] not in {"", "keep1"}


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        (None, ()),
        ("", ()),
        ([], ()),
        ("bb222", ("bb222",)),
        (["dd444", "aa111"], ("aa111", "dd444")),
    ],
)
def test_answers_are_read_into_one_form(raw: object, answer: tuple[str, ...]) -> None:
    question = revision("multiple")
    assert question.kind.parse_answer(question.body, raw) == answer


@pytest.mark.parametrize("raw", ["zz", ["aa111", "zz"], ["aa111", "aa111"], [1], 7, {"a": 1}])
def test_an_impossible_answer_is_refused(raw: object) -> None:
    question = revision("multiple")
    with pytest.raises(AnswerInvalid):
        question.kind.parse_answer(question.body, raw)


def test_a_single_choice_takes_one_option() -> None:
    question = revision("single")
    with pytest.raises(AnswerInvalid):
        question.kind.parse_answer(question.body, ["aa111", "bb222"])


@pytest.mark.parametrize(
    ("chosen", "units"),
    [
        ((), 0),
        (("aa111",), 0),
        (("aa111", "cc333"), 10_000),
        (("aa111", "bb222", "cc333"), 0),
        (IDS, 0),
    ],
)
def test_all_or_nothing(chosen: tuple[str, ...], units: int) -> None:
    assert mark_question(revision("multiple", (0, 2)), chosen).units == units


@pytest.mark.parametrize(
    ("chosen", "units"),
    [
        ((), 0),
        (("aa111",), 3333),
        (("aa111", "bb222"), 6667),
        (("aa111", "bb222", "cc333"), 10_000),
        (("aa111", "bb222", "dd444"), 0),
        (("dd444",), 0),
        (IDS, 0),
    ],
)
def test_partial_marks_of_three_right_and_one_wrong(chosen: tuple[str, ...], units: int) -> None:
    question = revision("multiple", (0, 1, 2), scoring=Scoring.PARTIAL)
    assert mark_question(question, chosen).units == units


def test_when_every_option_is_right_nothing_is_taken_away() -> None:
    question = revision("multiple", (0, 1, 2, 3), scoring=Scoring.PARTIAL)
    assert mark_question(question, ("aa111",)).units == 2500
    assert mark_question(question, IDS).right


def test_a_single_choice_may_cost_marks() -> None:
    body = new_choice_body(FOUR, [0], ids=IDS, scoring=Scoring.PARTIAL)
    for option in body["options"][1:]:
        option["share"] = "-1/3"
    kind = kind_of("single")
    question = ParsedRevision(1, 1, 1, kind, "?", kind.parse(body), "", 10_000)
    assert mark_question(question, ("bb222",)).units == -3333
    assert mark_question(question, ("aa111",)).units == 10_000
    assert kind.parse(kind.dump(question.body)) == question.body


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sets(st.integers(0, 3), min_size=1).map(tuple),
    st.sets(st.integers(0, 3)).map(tuple),
    st.integers(0, 1_000_000),
)
def test_partial_marks_are_the_held_sum_of_the_shares(
    right: tuple[int, ...], chosen: tuple[int, ...], maximum: int
) -> None:
    question = revision("multiple", right, scoring=Scoring.PARTIAL)
    shares = [
        Fraction(1, len(right)) if place in right else Fraction(-1, 4 - len(right))
        for place in chosen
    ]
    share = min(max(sum(shares, Fraction(0)), Fraction(0)), Fraction(1))
    exact = share * maximum
    mark = mark_question(question, tuple(IDS[place] for place in chosen), maximum)
    assert abs(mark.units - exact) <= Fraction(1, 2)
    assert mark.right == (set(chosen) == set(right))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(-50, 50), st.integers(1, 50), st.integers(0, 10**8))
def test_half_a_unit_goes_up(numerator: int, denominator: int, units: int) -> None:
    exact = Fraction(units * numerator, denominator)
    rounded = share_of(Share(numerator, denominator), units)
    assert exact - Fraction(1, 2) < rounded <= exact + Fraction(1, 2)


def test_a_paper_adds_up() -> None:
    paper = [
        revision(right=(0,), max_units=10_000),
        revision("multiple", (0, 1, 2), scoring=Scoring.PARTIAL, max_units=2_500),
        revision("true_false", (1,), texts=("Đúng", "Sai")),
        revision(right=(3,)),
    ]
    marked = mark_paper(paper, {0: ("aa111",), 1: ("aa111",), 2: ("aa111",)})
    assert (marked.units, marked.max_units) == (10_833, 32_500)
    assert (marked.points, marked.max_points) == (Decimal("1.0833"), Decimal("3.25"))
    assert (marked.right_count, marked.answered_count, marked.all_right) == (1, 3, False)
    assert [mark.units for mark in marked.marks] == [10_000, 833, 0, 0]
    assert mark_paper(paper, {0: ("aa111",)}, max_units=5_000).units == 5_000


def test_all_right_needs_at_least_one_question() -> None:
    assert mark_paper([], {}) == PaperMark(0, 0, 0, 0, ())
    assert not mark_paper([], {}).all_right
    assert mark_paper([revision()], {0: ("aa111",)}).all_right
