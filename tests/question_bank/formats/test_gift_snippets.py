"""GIFT as people and other systems write it: what each way of writing comes to."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from question_bank.formats import ImportReport, read_questions
from question_bank.formats.base import ReadQuestion


def read(text: str) -> ImportReport:
    return read_questions(text.encode(), "gift")


def told(question: ReadQuestion) -> tuple[Any, ...]:
    """Kind, stem, options and key: all that could change without a word."""
    options = [option.text for option in question.options]
    key = " | ".join(question.answers) if question.answers else question.key_letters
    return (question.kind, question.stem, options, key)


CHOICE = ("single", "Hỏi", ["a", "b"], "A")
TRUTH = ["Đúng", "Sai"]

ONE = {
    "name with escaped colons": (r"::A\:B\:\:C::Hỏi {=a ~b}", CHOICE),
    "format behind the name": ("::T::[html]<p>Hỏi</p>{=<p>a</p>~<p>b</p>}", CHOICE),
    "comment within the answers": ("Hỏi {\n// một\n=a#đúng\n// hai\n~b#sai\n}", CHOICE),
    "byte order mark and CRLF": ("\ufeff::A::Hỏi {\r\n=a\r\n~b\r\n}\r\n", CHOICE),
    "stem in two lines": (
        "Dòng một\nDòng hai {=a ~b}",
        ("single", "Dòng một\nDòng hai", ["a", "b"], "A"),
    ),
    "signs in a stem": (
        "a = b ~ c #1 http://a.vn {=1 ~2}",
        ("single", "a = b ~ c #1 http://a.vn", ["1", "2"], "A"),
    ),
    "every escape": (
        r"Tính 2\:1 \~ \= \# \{x\} \\ {=\{1\} ~\~x ~\#y ~\=z}",
        ("single", "Tính 2:1 ~ = # {x} \\", ["{1}", "~x", "#y", "=z"], "A"),
    ),
    "plain keeps what looks like a tag": (
        "[plain]a<b>c {=1 ~2}",
        ("single", "a<b>c", ["1", "2"], "A"),
    ),
    "markdown as typed": ("[markdown]**Hỏi** {=a ~b}", ("single", "**Hỏi**", ["a", "b"], "A")),
    "gap before a full stop": (
        "Bác sinh tại {=Hoàng Trù ~Làng Sen}.",
        ("single", "Bác sinh tại _____.", ["Hoàng Trù", "Làng Sen"], "A"),
    ),
    "gap before words": (
        "Năm {\n=1911\n~1912\n} Bác ra đi.",
        ("single", "Năm _____ Bác ra đi.", ["1911", "1912"], "A"),
    ),
    "weights below nothing": (
        "Hỏi {~%50%a ~%50%b ~%-50%c ~%-50%d}",
        ("multiple", "Hỏi", ["a", "b", "c", "d"], "A,B"),
    ),
    "one weighed key": ("Hỏi {~%100%a ~%-100%b}", ("multiple", "Hỏi", ["a", "b"], "A")),
    "short truth": ("Hỏi {T}", ("true_false", "Hỏi", TRUTH, "A")),
    "long truth over lines": (
        "Hỏi {\nFALSE\n#sai\n#đúng\n}",
        ("true_false", "Hỏi", TRUTH, "B"),
    ),
    "truth behind = is typed": ("Hỏi {=TRUE}", ("short_answer", "Hỏi", [], "TRUE")),
    "short answers with shares": (
        "Hỏi {=%100%a =%50%b =%0%c#kém}",
        ("short_answer", "Hỏi", [], "a"),
    ),
    "number with tolerance": ("Hỏi {# 3.14 : 0.005 }", ("numeric", "Hỏi", [], "3.14")),
    "range below nought": ("Hỏi {#-5..-1}", ("numeric", "Hỏi", [], "-3")),
    "minus as Word writes it": ("Hỏi {#−5}", ("numeric", "Hỏi", [], "-5")),
    "exponent": ("Hỏi {#1.5e3:1e2}", ("numeric", "Hỏi", [], "1500")),
    "several numbers": ("Hỏi {#=1 =%50%2:1}", ("numeric", "Hỏi", [], "1")),
    "pairs and a right side too many": (
        "Hỏi {=a -> 1 =b -> 2 = -> 3 ####Chung}",
        ("matching", "Hỏi", [], "a -> 1 | b -> 2"),
    ),
    "essay with words for markers": ("Hỏi {####Gợi ý}", ("essay", "Hỏi", [], "")),
    "information": ("[html]<p>Đọc <b>kĩ</b></p>", ("description", "Đọc kĩ", [], "")),
    "less than is no tag": (
        "Hỏi {=x <y ~x <b ~x<c d}",
        ("single", "Hỏi", ["x <y", "x <b", "x<c d"], "A"),
    ),
    "escaped markup": (
        r'Hỏi {=<a href\="\#x">a</a> ~B&\#224;}',
        ("single", "Hỏi", ["a", "Bà"], "A"),
    ),
}


@pytest.mark.parametrize(("text", "wanted"), ONE.values(), ids=list(ONE))
def test_one_question_is_what_it_says(text: str, wanted: tuple[Any, ...]) -> None:
    report = read(text)
    assert report.errors == report.flags == []
    assert [told(question) for question in report.questions] == [wanted]


def test_what_is_said_to_answers_stands_in_the_explanation() -> None:
    (truth,) = read("Hỏi {F#Không phải#Phải####Chung}").questions
    assert truth.explanation == "Chung\nĐúng: Không phải\nSai: Phải"
    (number,) = read("Hỏi {#=1890:0#Đúng =%50%1890:2#Gần ~#Xa quá}").questions
    assert number.explanation == "1890:0: Đúng\n1890:2: Gần\nXa quá"
    assert number.answers == ("1890",)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("::A::Một {=a ~b}\n::B::Hai {=c ~d}", [("A", "Một", None), ("B", "Hai", None)]),
        ("::A::Một {=a ~b}\n::B::Đọc kĩ", [("A", "Một", None), ("B", "Đọc kĩ", None)]),
        ("Một {=a ~b}\n$CATEGORY: X\nHai {T}", [("", "Một", None), ("", "Hai", "X")]),
        ("$CATEGORY: $course$/top/X/Y\nMột {T}", [("", "Một", "X > Y")]),
    ],
)
def test_a_name_or_category_begins_something_new_without_an_empty_line(
    text: str, wanted: list[tuple[str, str, str | None]]
) -> None:
    report = read(text)
    assert report.errors == []
    assert [(each.name, each.stem, each.topic) for each in report.questions] == wanted


REFUSED = {
    "an attribute is no answer": ('Hỏi {~<span class="x">A</span> ~B}', ["sign_in_markup"]),
    "nor one without quotes": ("Hỏi {=<font color=red>A</font>}", ["sign_in_markup"]),
    "nor what follows its sign": (r'Hỏi {=<a href\="#x">a</a> ~b}', ["sign_in_markup"]),
    "an entity is cut by no feedback": ("Hỏi {=B&#225;c}", ["sign_in_markup"]),
    "two questions run together": ("Một {=a ~b}\nHai {=c ~d}", ["second_block"]),
    "empty line with blanks": ("Hỏi {=a\n   \n~b}", ["open_block", "open_block"]),
    "a percent sign is told once": ("Hỏi {=50% ~%5 x}", ["bad_weight"]),
    "wrong numbers carry no value": ("Hỏi {#=5 ~6}", ["bad_number"]),
}


@pytest.mark.parametrize(("text", "codes"), REFUSED.values(), ids=list(REFUSED))
def test_what_could_be_read_otherwise_is_refused(text: str, codes: list[str]) -> None:
    report = read(text)
    assert report.questions == []
    assert [error.code for error in report.errors] == codes


def test_the_refusals_say_what_to_write(app: Flask) -> None:
    with app.test_request_context(), force_locale("vi"):
        (cut,) = read('Hỏi {~<b class="x">A</b> ~B}').errors
        assert str(cut.message) == (
            '“<b class="”: trong câu trả lời, các dấu = ~ # phải viết là \\= \\~ \\#.'
        )
        (second,) = read("Một {=a ~b}\nHai {=c ~d}").errors
        assert str(second.message) == (
            "Câu này có hai cặp ngoặc { }. Hãy để một dòng trống giữa hai câu hỏi; ngoặc nhọn của "
            "công thức thì viết là \\{ và \\}."
        )
        (note,) = read("Hỏi {#42:0,5}").flags
        assert str(note.message) == "42:0,5 được đọc là 42 ± 0.5"
