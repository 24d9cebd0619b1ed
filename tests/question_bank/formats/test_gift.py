"""GIFT: what it means, and every place where a key could change without a word."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from question_bank.formats import ImportReport, read_questions


def read(text: str) -> ImportReport:
    return read_questions(text.encode(), "gift")


def said(text: str) -> list[tuple[str, str]]:
    return [(each["code"], each["level"]) for each in read(text).as_json()["errors"]]


def one(text: str) -> Any:
    report = read(text)
    assert report.errors == []
    (question,) = report.questions
    return question


def test_a_single_choice_with_name_category_id_tags_and_feedback() -> None:
    question = one(
        "// [id:CH-01] [tag:nêu gương] [tag:quê quán]\n"
        "$CATEGORY: $course$/top/Tiểu sử/Quê quán\n\n"
        "// [id:CH-02] [tag:nêu gương]\n"
        "::Câu 1::Quê Bác Hồ ở đâu? {\n=Nghệ An #Đúng vậy\n~Hà Tĩnh\n~Huế\n####Xem chương 1\n}\n"
    )
    assert (question.kind, question.stem, question.key_letters) == (
        "single",
        "Quê Bác Hồ ở đâu?",
        "A",
    )
    assert [option.text for option in question.options] == ["Nghệ An", "Hà Tĩnh", "Huế"]
    assert (question.name, question.external_id) == ("Câu 1", "CH-02")
    assert (question.topic, question.tags) == ("Tiểu sử > Quê quán", ("nêu gương",))
    assert question.explanation == "Xem chương 1\nNghệ An: Đúng vậy"
    assert question.place.as_json() == {"line": 5}


def test_percentages_make_a_question_with_several_right_options() -> None:
    question = one("Chọn hai {~%50%A ~%50%B ~%-25%C ~D}")
    assert (question.kind, question.key_letters) == ("multiple", "A,B")
    assert [option.get("share") for option in question.body["options"]] == [
        "1/2",
        "1/2",
        "-1/4",
        "0",
    ]
    assert question.body["scoring"] == "partial"


def test_thirds_as_people_write_them_add_up() -> None:
    question = one("Chọn ba {~%33.33333%A ~%33.333%B ~%33.33333%C ~%-100%D}")
    assert question.body["scoring"] == "partial"
    assert all("share" not in option for option in question.body["options"])


def test_a_single_choice_may_give_part_or_take_away() -> None:
    question = one("Chọn {=A ~%50%B ~%-25%C}")
    assert (question.kind, question.key_letters) == ("single", "A")
    assert [option["share"] for option in question.body["options"]] == ["1", "1/2", "-1/4"]


@pytest.mark.parametrize(
    ("block", "key"), [("{T}", "A"), ("{TRUE}", "A"), ("{F}", "B"), ("{FALSE#sai#đúng}", "B")]
)
def test_true_and_false(block: str, key: str) -> None:
    question = one(f"Hà Nội là thủ đô. {block}")
    assert (question.kind, question.key_letters) == ("true_false", key)


def test_words_around_the_block_make_a_gap() -> None:
    question = one("Bác Hồ sinh năm {=1890 ~1891} tại Nghệ An.")
    assert question.stem == "Bác Hồ sinh năm _____ tại Nghệ An."


def test_escapes_and_line_breaks() -> None:
    question = one(r"Dòng một\ndòng hai\: a\=b \~ c\#d \{e\} {=x\=y ~z}")
    assert question.stem == "Dòng một\ndòng hai: a=b ~ c#d {e}"
    assert question.options[0].text == "x=y"


def test_tex_with_escaped_braces_stays_whole() -> None:
    question = one(r"Tính $\\frac\{1\}\{2\} \neq x^\{2\}$ rồi chọn {=0.5 ~1}")
    assert question.stem == r"Tính $\frac{1}{2} \neq x^{2}$ rồi chọn"


def test_neq_is_no_line_break() -> None:
    assert one(r"$a \neq b$, $\nabla f$, $\nu$ {=x ~y}").stem == r"$a \neq b$, $\nabla f$, $\nu$"


def test_html_becomes_text_and_a_picture_is_told() -> None:
    text = '[html]<p>x<sup>2</sup> &lt; 5<br>H<sub>2</sub>O <img src="a.png" alt="nhà"></p> {=a ~b}'
    report = read(text)
    assert report.questions[0].stem == "x² < 5\nH₂O nhà"
    assert said(text) == [("media_left_out", "note")]


def test_less_than_is_no_tag() -> None:
    assert one("Khi a < b và b > c thì {=a ~b}").stem == "Khi a < b và b > c thì"


def test_every_other_kind() -> None:
    report = read(
        "Ngắn {=Hồ Chí Minh =%50%Bác Hồ}\n\nSố {#3.14:0.01}\n\nKhoảng {#1..5}\n\n"
        "Nhiều số {#=1890:0 =%50%1890:2}\n\nGhép {=a -> b =c -> d = -> e}\n\n"
        "Viết {}\n\nĐọc đoạn sau.\n"
    )
    assert report.errors == []
    assert [question.as_json() for question in report.questions] == [
        {"kind": kind, "name": "", "text": stem, "key": key}
        for kind, stem, key in (
            ("short_answer", "Ngắn", "Hồ Chí Minh"),
            ("numeric", "Số", "3.14"),
            ("numeric", "Khoảng", "3"),
            ("numeric", "Nhiều số", "1890"),
            ("matching", "Ghép", "a -> b | c -> d"),
            ("essay", "Viết", ""),
            ("description", "Đọc đoạn sau.", ""),
        )
    ]
    assert report.questions[-1].mark == 0


def test_a_decimal_comma_is_read_with_a_note() -> None:
    report = read("Số pi? {#3,14}")
    (entry,) = report.as_json()["errors"]
    assert (entry["level"], entry["code"], entry["line"]) == ("note", "decimal_comma", 1)
    assert "3,14" in entry["message"]
    assert "3.14" in entry["message"]
    assert (report.rejected, report.questions[0].as_json()["key"]) == (0, "3.14")


TRAPS = {
    "letters as a number": ("Bao nhiêu? {#abc}", "bad_number"),
    "thousands or decimals": ("Bao nhiêu? {#1,500}", "bad_number"),
    "formula as the block": (r"$\frac{1}{2}$ bằng {=0.5 ~1}", "formula_braces"),
    "power as the block": ("$x^{T}$ là gì?", "formula_braces"),
    "power before the block": ("$x^{T}$ là gì? {=a ~b}", "formula_braces"),
    "set in dollars": ("Tập ${=1}$ là", "formula_braces"),
    "braces of words": ("Tập {1; 2} có mấy phần tử?", "bad_block"),
    "true in lower case": ("Đúng không? {true}", "lower_case_truth"),
    "false in Vietnamese": ("Đúng không? {Sai}", "lower_case_truth"),
    "weight on the key": ("Chọn {=%50%x ~y}", "weight_on_key"),
    "two keys of a single choice": ("Chọn {=a =b ~c}", "several_keys"),
    "weights that do not add up": ("Chọn {~%50%a ~%30%b ~c}", "bad_weights"),
    "weight with a comma": ("Chọn {~%33,3%a ~%66,7%b ~c}", "bad_weight"),
    "no key": ("Chọn {~a ~b}", "no_key"),
    "one option": ("Chọn {=a ~}", "too_few_options"),
    "same options": ("Chọn {=a ~A}", "equal_options"),
    "block without an end": ("Chọn {=a ~b", "open_block"),
    "blank line in the block": ("Chọn {=a\n\n~b}", "open_block"),
    "end without a block": ("Chọn =a}", "open_block"),
    "no stem": ("{=a ~b}", "no_stem"),
    "too many options": (
        "Chọn {=0 " + "".join(f"~x{n}" for n in range(9)) + "}",
        "too_many_options",
    ),
}


@pytest.mark.parametrize(("text", "code"), TRAPS.values(), ids=list(TRAPS))
def test_what_could_change_a_key_is_an_error(text: str, code: str) -> None:
    report = read(text)
    assert report.questions == []
    assert code in {error.code for error in report.errors}
    assert all(str(error.message) for error in report.errors)


def test_the_same_id_twice_and_the_same_question_twice() -> None:
    text = "// [id:1]\nMột {=a ~b}\n\n// [id:1]\nHai {=a ~b}\n\nMột {=a ~b}\n"
    report = read(text)
    assert [(error.code, error.row) for error in report.errors] == [("duplicate_id", 5)]
    assert [(flag.code, flag.of_row) for flag in report.flags] == [("duplicate", 2)]


def test_a_question_in_a_legacy_font_waits() -> None:
    text = "Chñ tÞch Hå ChÝ Minh sinh n¨m nµo? {=1890 ~1891}"
    (error,) = read(text).errors
    assert error.code == "legacy_encoding"
    assert error.preview is not None
    assert error.preview.stem == "Chủ tịch Hồ Chí Minh sinh năm nào?"
    converted = read_questions(text.encode(), "gift", convert_legacy=True)
    assert converted.questions == [error.preview]


def test_gift_is_known_by_its_content_and_a_table_with_braces_is_not() -> None:
    assert read_questions("::a::Một {=a ~b}\n".encode()).format == "gift"
    table = "Câu hỏi;A;B;Đáp án\nĐiền {=x};a;b;A\n"
    assert read_questions(table.encode()).format == "csv"


SIGNS = st.text(st.sampled_from("{}=~#%\\:$->TF1,.5 \nabđ[]<p>/"), max_size=80)


@given(SIGNS)
@settings(max_examples=150, deadline=None)
@example("::")
@example("{#}")
@example("{=->}")
@example("{=%100%}")
def test_whatever_stands_there_is_read_or_refused(text: str) -> None:
    report = read("x" + text)
    json.dumps(report.as_json())
    for question in report.questions:
        assert question.stem


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1).filter(
        lambda text: text.split() and text.isprintable()
    ),
)
@settings(max_examples=100, deadline=None)
def test_an_escaped_stem_comes_back(text: str) -> None:
    """Whatever a stem says, escaped it is the same stem or is refused, never another."""
    escaped = "".join(f"\\{sign}" if sign in "~=#{}:\\" else sign for sign in text)
    report = read(f"[plain]S {escaped} E {{=a ~b}}")
    for question in report.questions:
        assert question.key_letters == "A"
        assert question.stem.replace("\n", " ").startswith("S")


@pytest.mark.parametrize("said", ["true", "f", "Đúng"])
def test_a_truth_in_lower_case_is_reported_though_nobody_named_the_format(said: str) -> None:
    report = read_questions(f"Bác sinh ở Nghệ An. {{{said}}}".encode())
    assert (report.format, [error.code for error in report.errors]) == (
        "gift",
        ["lower_case_truth"],
    )


@pytest.mark.parametrize("empty", ["~", "~#Sai rồi", "~<p></p>"])
def test_an_empty_option_is_named_and_no_key_moves(empty: str) -> None:
    report = read(f"[html]Quê Bác Hồ ở đâu? {{~Huế ~Hà Nội {empty} =Nghệ An}}")
    (error,) = report.errors
    assert (report.accepted, error.code, str(error.message)) == (
        0,
        "empty_option",
        "Option C is empty.",
    )
