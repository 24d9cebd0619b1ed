"""Moodle XML: kinds, categories, weights; bad XML and entities refuse the file."""

import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.core.spreadsheets import NotUnicode, UnreadableFile
from question_bank.formats import ImportReport, find_format, read_questions


def quiz(*questions: str) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", *questions, "</quiz>"]
    return "\n".join(lines).encode()


def read(*questions: str) -> ImportReport:
    return read_questions(quiz(*questions), "moodle-xml")


def choice(*answers: tuple[str, str], single: str = "true", more: str = "") -> str:
    given_answers = "".join(
        f'<answer fraction="{share}" format="html"><text>{text}</text></answer>'
        for text, share in answers
    )
    return (
        '<question type="multichoice"><name><text>Q</text></name>'
        '<questiontext format="html"><text><![CDATA[<p>Quê <b>Bác</b> ở đâu?</p>]]></text>'
        f"</questiontext><single>{single}</single>{more}{given_answers}</question>"
    )


def test_a_single_choice_in_its_category() -> None:
    category = (
        '<question type="category"><category><text>$course$/top/Tiểu sử/A//B</text></category>'
        "</question>"
    )
    more = (
        "<idnumber>CH-01</idnumber><defaultgrade>0.2500000</defaultgrade>"
        "<generalfeedback><text>Xem chương 1</text></generalfeedback>"
        "<tags><tag><text>nêu gương</text></tag></tags>"
    )
    report = read(category, choice(("Nghệ An", "100"), ("Huế", "0"), more=more))
    (question,) = report.questions
    assert (question.kind, question.stem, question.key_texts) == (
        "single",
        "Quê Bác ở đâu?",
        ("Nghệ An",),
    )
    assert (question.external_id, question.topic, question.name) == (
        "CH-01",
        "Tiểu sử > A/B",
        "Q",
    )
    assert (str(question.mark), question.explanation, question.tags) == (
        "0.25",
        "Xem chương 1",
        ("nêu gương",),
    )
    assert report.as_json()["skipped"] == 0


def test_several_right_options_with_thirds() -> None:
    report = read(
        choice(
            ("a", "33.33333"), ("b", "33.33333"), ("c", "33.33333"), ("d", "-100"), single="false"
        )
    )
    (question,) = report.questions
    assert (question.kind, question.key_letters) == ("multiple", "A,B,C")
    assert question.body is not None
    assert all("share" not in option for option in question.body["options"])


def test_options_that_are_not_shuffled_keep_their_places() -> None:
    more = "<shuffleanswers>false</shuffleanswers>"
    (question,) = read(choice(("a", "100"), ("b", "0"), more=more)).questions
    assert [option.fixed_last for option in question.options] == [True, True]


def test_true_false() -> None:
    (question,) = read(
        '<question type="truefalse"><questiontext><text>Đúng?</text></questiontext>'
        '<answer fraction="0"><text>true</text></answer>'
        '<answer fraction="100"><text>false</text></answer></question>'
    ).questions
    assert (question.kind, question.key_texts) == ("true_false", ("Sai",))


FAULTS = {
    "no right option": (choice(("a", "0"), ("b", "0")), "no_key"),
    "half a right option": (choice(("a", "50"), ("b", "0")), "no_key"),
    "two right options": (choice(("a", "100"), ("b", "100")), "several_keys"),
    "weights": (choice(("a", "50"), ("b", "20"), ("c", "0"), single="false"), "bad_weights"),
    "no percentage": (choice(("a", "abc"), ("b", "0")), "bad_weight"),
    "one option": (choice(("a", "100")), "too_few_options"),
    "empty option": (choice(("a", "0"), ("", "0"), ("c", "100")), "empty_option"),
    "points": (
        choice(("a", "100"), ("b", "0"), more="<defaultgrade>NaN</defaultgrade>"),
        "bad_mark",
    ),
}


@pytest.mark.parametrize(("question", "code"), FAULTS.values(), ids=list(FAULTS))
def test_what_could_change_a_key_is_an_error(question: str, code: str) -> None:
    report = read(question)
    assert report.questions == []
    assert code in {error.code for error in report.errors}


def test_an_unknown_kind_is_skipped_with_an_entry_and_the_rest_is_read() -> None:
    report = read(
        '<question type="calculatedmulti"><name><text>x</text></name></question>',
        choice(("a", "100"), ("b", "0")),
    )
    assert (report.accepted, report.rejected, report.skipped) == (1, 0, 1)
    (entry,) = report.as_json()["errors"]
    assert (entry["level"], entry["code"], entry["line"]) == ("note", "unsupported_kind", 3)
    assert "calculatedmulti" in entry["message"]


def test_a_file_on_one_line_tells_its_questions_apart() -> None:
    two = choice(("a", "0"), ("b", "0")) * 2
    report = read_questions(f"<quiz>{two}</quiz>".encode())
    assert (report.format, report.rejected) == ("moodle-xml", 2)
    assert [error.place.as_json() for error in report.errors] == [{"line": 1}, {"question": 2}]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<quiz><question></quiz>", "bad_xml"),
        (quiz(choice(("a", "100"), ("b", "0")))[:-30], "bad_xml"),
        (b"<quiz/><quiz/>", "bad_xml"),
        (b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "entities"),
        (
            b'<!-- <quiz --><!DOCTYPE quiz [<!ENTITY x "y">]>'
            + quiz(choice(("a&x;", "100"), ("b", "0"))).partition(b"\n")[2],
            "entities",
        ),
        (b"<quiz>&x;</quiz>", "bad_xml"),
        (b"<html><body>nothing</body></html>", "no_quiz"),
    ],
)
def test_bad_xml_refuses_the_file(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_questions(content, "moodle-xml").as_json()
    assert refused.value.code == code


def test_another_encoding_is_refused_with_the_byte() -> None:
    content = quiz(choice(("a", "100"), ("b", "0"))).replace("Quê".encode(), b"Qu\xea")
    with pytest.raises(NotUnicode) as refused:
        read_questions(content, "moodle-xml")
    assert refused.value.byte == 0xEA


def test_entities_that_multiply_take_no_memory() -> None:
    bomb = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    content = f'<!DOCTYPE quiz [<!ENTITY a0 "ha">{bomb}]><quiz>&a9;</quiz>'.encode()
    tracemalloc.start()
    with pytest.raises(UnreadableFile):
        read_questions(content, "moodle-xml")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_comments_without_a_quiz_are_passed_over_once() -> None:
    # Tried in every way to part them, this never ends.
    assert find_format(b"<!---->" * 2_000).code == "csv"


def test_a_weight_with_a_huge_exponent_is_refused() -> None:
    report = read(choice(("a", "1e999999999"), ("b", "0")))
    assert "bad_weight" in {error.code for error in report.errors}


WHOLE = quiz(choice(("Nghệ An", "100"), ("Huế", "0")), choice(("a", "100"), ("b", "-50")))


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=0, max_size=6))
@settings(max_examples=150, deadline=None)
def test_a_mutated_file_is_read_or_refused(at: int, other: bytes) -> None:
    content = WHOLE[:at] + other + WHOLE[at + len(other) :]
    try:
        found = find_format(content)
        report = read_questions(content, found.code)
    except UnreadableFile:
        return
    json.dumps(report.as_json())


def test_a_quiz_with_a_document_type_is_refused_for_that() -> None:
    declared = b'<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(UnreadableFile) as refused:
        read_questions(declared + b'<quiz><question type="essay">&x;</question></quiz>')
    assert refused.value.code == "entities"


def order(way: str) -> bytes:
    things = "".join(
        f'<answer fraction="{place}.0000000"><text>{text}</text></answer>'
        for place, text in enumerate(("Pa-ri", "Quảng Châu", "Pác Bó"), start=1)
    )
    return quiz(
        '<question type="ordering"><name><text>O</text></name><questiontext format="html">'
        f"<text>Xếp theo thời gian.</text></questiontext><gradingtype>{way}</gradingtype>"
        f"<selecttype>ALL</selecttype>{things}</question>"
    )


@pytest.mark.parametrize(
    ("way", "scoring", "notes"),
    [
        ("ALL_OR_NOTHING", "all_or_nothing", []),
        ("RELATIVE_NEXT_EXCLUDE_LAST", "partial", []),
        ("ABSOLUTE_POSITION", "partial", ["other_grading"]),
    ],
)
def test_things_to_put_in_order_keep_it_and_how_they_are_marked(
    way: str, scoring: str, notes: list[str]
) -> None:
    report = read_questions(order(way))
    (question,) = report.questions
    assert (question.kind, question.answers) == ("ordering", ("Pa-ri", "Quảng Châu", "Pác Bó"))
    assert (question.body or {})["scoring"] == scoring
    assert [flag.code for flag in report.flags] == notes
