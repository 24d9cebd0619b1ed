"""Moodle XML as Moodle and other programs write it: what each kind and each part comes to."""

import base64
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from question_bank.formats import ImportReport, read_questions
from question_bank.formats.base import ReadQuestion
from question_bank.kinds import kind_of

DOT = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()
FILE = f'<file name="a.png" path="/" encoding="base64">{DOT}</file>'
IMAGE = '&lt;img src="@@PLUGINFILE@@/a.png" alt="chấm"&gt;'


def asked(kind: str, body: str = "", stem: str = "Hỏi", more: str = "") -> str:
    return (
        f'<question type="{kind}"><name><text>Tên</text></name><questiontext format="html">'
        f"<text>{stem}</text>{more}</questiontext>{body}</question>"
    )


def answer(share: str, text: str, more: str = "") -> str:
    return f'<answer fraction="{share}" format="html"><text>{text}</text>{more}</answer>'


def said(words: str) -> str:
    return f'<feedback format="html"><text>{words}</text></feedback>'


def pair(left: str, right: str) -> str:
    return f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"


def read(*questions: str) -> ImportReport:
    return read_questions(f"<quiz>{''.join(questions)}</quiz>".encode(), "moodle-xml")


def told(question: ReadQuestion) -> tuple[Any, ...]:
    options = [option.text for option in question.options]
    key = " | ".join(question.answers) if question.answers else question.key_letters
    return (question.kind, question.stem, options, key)


TWO = answer("100", "a") + answer("0", "b")
SINGLE = ("single", "Hỏi", ["a", "b"], "A")

ONE = {
    "single without saying so": (asked("multichoice", TWO), SINGLE),
    "single written as 1": (asked("multichoice", "<single>1</single>" + TWO), SINGLE),
    "part and loss": (
        asked("multichoice", answer("100", "a") + answer("-33.33333", "b") + answer("50", "c")),
        ("single", "Hỏi", ["a", "b", "c"], "A"),
    ),
    "several right": (
        asked(
            "multichoice",
            "<single>false</single>" + answer("50", "a") + answer("50", "b") + answer("-100", "c"),
        ),
        ("multiple", "Hỏi", ["a", "b", "c"], "A,B"),
    ),
    "markup as elements, not as text": (
        asked("multichoice", answer("100", "a <b>không</b> b &amp; c") + answer("0", "b"),
              "<p>Hỏi <i>gì</i> đó?</p>"),
        ("single", "Hỏi gì đó?", ["a không b & c", "b"], "A"),
    ),
    "entities, once and twice": (
        asked("multichoice", answer("100", "Tô &amp;amp; &#7879;") + answer("0", "b &amp;lt; c"),
              "&lt;p&gt;A &amp;lt; B&lt;/p&gt;"),
        ("single", "A < B", ["Tô & ệ", "b < c"], "A"),
    ),
    "plain text keeps what looks like a tag": (
        asked("multichoice", '<answer fraction="100" format="plain_text"><text>a &lt;b&gt; c</text>'
              "</answer>" + answer("0", "b")),
        ("single", "Hỏi", ["a <b> c", "b"], "A"),
    ),
    "TeX": (
        asked("multichoice", answer("100", r"\(\frac{1}{2}\)") + answer("0", "$$x^2$$")),
        ("single", "Hỏi", [r"\(\frac{1}{2}\)", "$$x^2$$"], "A"),
    ),
    "false": (
        asked("truefalse", answer("0", "true") + answer("100", "false")),
        ("true_false", "Hỏi", ["Đúng", "Sai"], "B"),
    ),
    "short answers, the rest is wrong": (
        asked("shortanswer", answer("100", "Nghệ An") + answer("50", "Nghệ*") + answer("0", "*")),
        ("short_answer", "Hỏi", [], "Nghệ An"),
    ),
    "a number, the rest is wrong": (
        asked("numerical", answer("100", "3.5", "<tolerance>0.1</tolerance>") + answer("0", "*")),
        ("numeric", "Hỏi", [], "3.5"),
    ),
    "pairs and a right side too many": (
        asked("matching", pair("a", "1") + pair("b", "2") + pair("", "3")),
        ("matching", "Hỏi", [], "a -> 1 | b -> 2"),
    ),
    "cloze with entities": (
        asked("cloze", stem="<![CDATA[<p>{1:SA:=B&#225;c~%50%H&#7891;} ơi</p>]]>"),
        ("cloze", "[[1]] ơi", [], "Bác"),
    ),
    "cloze with a styled option": (
        asked("cloze", stem='<![CDATA[{1:MC:=<b style="color: red">A</b>~b}]]>'),
        ("cloze", "[[1]]", [], "A"),
    ),
    "information": (asked("description"), ("description", "Hỏi", [], "")),
    "no script": (
        asked("description", stem="Đọc &lt;script&gt;alert(1)&lt;/script&gt; kĩ"),
        ("description", "Đọc kĩ", [], ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("question", "wanted"), ONE.values(), ids=list(ONE))
def test_one_question_is_what_it_says(question: str, wanted: tuple[Any, ...]) -> None:
    report = read(question)
    assert report.errors == report.flags == []
    assert [told(each) for each in report.questions] == [wanted]


def test_every_type_of_gap_keeps_key_case_and_look() -> None:
    types = ("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC", "MULTICHOICE", "MC",
             "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS",
             "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS", "MULTIRESPONSE", "MR",
             "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_S", "MRS", "NUMERICAL", "NM")  # fmt: skip
    for name in types:
        word = "7" if name in {"NUMERICAL", "NM"} else "A"
        report = read(asked("cloze", stem=f"x {{2:{name}:=%100%{word}~0}}".replace("=%", "%")))
        (question,) = report.questions
        assert report.errors == []
        (part,) = (question.body or {})["parts"]
        kind = kind_of(part["kind"])
        assert kind.key_texts(kind.parse(part["body"])) == (word,)
        assert part["weight"] == "2"
        assert part["body"].get("match_case", False) is (name in {"SHORTANSWER_C", "SAC", "MWC"})
        if part["kind"] in {"single", "multiple"}:
            shuffled = name.endswith("S") or name in {"MULTIRESPONSE_S", "MRS"}
            assert [option["fixed"] for option in part["body"]["options"]] == [not shuffled] * 2


def test_pictures_stand_in_stem_answers_and_what_is_said_to_them() -> None:
    first = answer(
        "100", IMAGE, FILE + f'<feedback format="html"><text>{IMAGE}</text>{FILE}</feedback>'
    )
    (question,) = read(
        asked("multichoice", first + answer("0", "b"), f"Xem {IMAGE}", FILE)
    ).questions
    (medium,) = question.media
    assert question.stem == f"Xem {medium.token}"
    assert [option.text for option in question.options] == [medium.token, "b"]
    assert question.explanation == f"{medium.token}: {medium.token}"


def test_a_unit_counts_once_and_shares_and_tolerances_stay() -> None:
    units = "".join(
        f"<unit><multiplier>{factor}</multiplier><unit_name>{name}</unit_name></unit>"
        for factor, name in (("1", "m"), ("100", "cm"))
    )
    numbers = answer("100", "3.5", "<tolerance>0.1</tolerance>") + answer(
        "50", "3", "<tolerance>1</tolerance>"
    )
    report = read(asked("numerical", f"{numbers}<units>{units}</units>"))
    assert [flag.code for flag in report.flags] == ["unit_left_out"]
    (question,) = report.questions
    body = question.body or {}
    assert body["unit"] == "m"
    assert [
        (each["value"], each["tolerance"], Fraction(each["share"])) for each in body["answers"]
    ] == [
        ("3.5", "0.1", 1),
        ("3", "1", Fraction(1, 2)),
    ]


NOTED = {
    "hidden": (asked("multichoice", "<hidden>1</hidden>" + TWO), ["hidden_in_moodle"]),
    "not hidden": (asked("multichoice", "<hidden>0</hidden>" + TWO), []),
    "essay with a template": (
        asked("essay", "<responsetemplate><text>Mở bài</text></responsetemplate>"),
        ["essay_help_left_out"],
    ),
    "essay with words for markers": (
        asked("essay", "<graderinfo><text>Chấm theo ý</text></graderinfo>"),
        ["essay_help_left_out"],
    ),
    "essay without": (asked("essay", "<graderinfo><text/></graderinfo>"), []),
    "tolerance with a comma": (
        asked("numerical", answer("100", "3", "<tolerance>0,5</tolerance>")),
        ["decimal_comma"],
    ),
    "a file that is not there": (asked("multichoice", TWO, IMAGE), ["media_left_out"]),
}


@pytest.mark.parametrize(("question", "codes"), NOTED.values(), ids=list(NOTED))
def test_what_is_left_out_or_read_otherwise_is_told(question: str, codes: list[str]) -> None:
    report = read(question)
    assert (report.accepted, report.rejected) == (1, 0)
    assert [flag.code for flag in report.flags] == codes


REFUSED = {
    "an order against its numbers": (
        asked("ordering", answer("2", "hai") + answer("1", "một") + answer("3", "ba")),
        ["two_orders"],
    ),
    "a fraction with a comma, told alone": (
        asked("multichoice", answer("33,3", "a") + answer("100", "b")),
        ["bad_weight"],
    ),
    "true and false in other words": (
        asked("truefalse", answer("100", "Đúng") + answer("0", "Sai")),
        ["bad_key"],
    ),
    "any number is right": (asked("numerical", answer("100", "*")), ["bad_number"]),
    "a gap cut within a tag": (
        asked("cloze", stem='<![CDATA[{1:MC:=<b style="color:#f00">A</b>~b}]]>'),
        ["bad_gap"],
    ),
    "a gap that counts nothing": (asked("cloze", stem="{0:SA:=a} {1:SA:=b}"), ["invalid"]),
    "a gap whose key would stay in the text": (
        asked("cloze", stem="{1.5:SA:=a} {1:SA:=b}"),
        ["bad_gap"],
    ),
    "signs of a gap in the text": (asked("cloze", stem="Theo [[1]] thì {1:SA:=a}"), ["invalid"]),
}


@pytest.mark.parametrize(("question", "codes"), REFUSED.values(), ids=list(REFUSED))
def test_what_could_change_a_key_is_refused(question: str, codes: list[str]) -> None:
    report = read(question)
    assert report.questions == []
    assert [error.code for error in report.errors] == codes


@pytest.mark.parametrize(
    "kind", ["calculated", "calculatedsimple", "calculatedmulti", "gapselect", "ddwtos", "random"]
)
def test_a_kind_that_we_do_not_have_is_skipped_by_name(app: Flask, kind: str) -> None:
    report = read(asked(kind, TWO), asked("multichoice", TWO))
    assert (report.accepted, report.rejected, report.skipped) == (1, 0, 1)
    with app.test_request_context(), force_locale("vi"):
        (note,) = report.as_json()["errors"]
        assert (note["level"], note["message"]) == (
            "note",
            f"Chưa nhập được câu hỏi loại “{kind}”.",
        )


def test_the_new_words_read_well(app: Flask) -> None:
    report = read(
        asked("multichoice", "<hidden>1</hidden>" + TWO),
        asked("essay", "<graderinfo><text>x</text></graderinfo>", "Viết"),
        asked("ordering", answer("2", "hai") + answer("1", "một")),
    )
    with app.test_request_context(), force_locale("vi"):
        assert [str(each.message) for each in (*report.flags, *report.errors)] == [
            "Câu này đang bị ẩn trong Moodle. Bạn hãy kiểm tra trước khi nhận.",
            "Phần mẫu bài làm và lời dặn người chấm không được lấy theo.",
            "Số thứ tự của các mục cần sắp xếp không khớp với thứ tự chúng được viết.",
        ]
