"""Cloze of Moodle: every type of gap, weights, feedback; what cannot be read is refused."""

import pytest
from flask_babel import force_locale

from question_bank.formats import ImportReport, read_questions
from question_bank.kinds import kind_of


def read(text: str, kind: str = "cloze") -> ImportReport:
    document = (
        f'<quiz><question type="{kind}"><name><text>Điền</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
        "</question></quiz>"
    )
    return read_questions(document.encode(), "moodle-xml")


def test_all_gaps_of_a_text() -> None:
    report = read(
        "<p>Bác sinh năm {1:NUMERICAL:=1890:0#Đúng rồi~%50%1891:0} ở "
        "{2:SA:=Nghệ An~%50%Nam &amp; Đàn#Gần đúng},<br>quê nội {:MC:=Làng Sen~Hoàng Trù}, "
        "thơ {1:MULTIRESPONSE:%50%Nhật ký~%50%Vọng nguyệt~%-50%Việt Bắc} và "
        "{1:MCVS:~Sai~=Đúng \\} rồi}.</p>"
    )
    assert report.errors == []
    (question,) = report.questions
    assert (question.kind, question.name) == ("cloze", "Điền")
    assert question.stem == ("Bác sinh năm [[1]] ở [[2]],\nquê nội [[3]], thơ [[4]] và [[5]].")
    assert question.body is not None
    parts = question.body["parts"]
    assert [part["kind"] for part in parts] == [
        "numeric", "short_answer", "single", "multiple", "single",
    ]  # fmt: skip
    assert [part["weight"] for part in parts] == ["1", "2", "1", "1", "1"]
    assert [part["is_list"] for part in parts] == [False, False, False, True, True]
    assert parts[0]["feedback"] == "Đúng rồi"
    assert parts[1]["feedback"] == "Nam & Đàn: Gần đúng"
    kind = kind_of("cloze")
    assert kind.key_texts(kind.parse(question.body)) == (
        "(1) 1890", "(2) Nghệ An", "(3) Làng Sen", "(4) Nhật ký | Vọng nguyệt", "(5) Đúng } rồi",
    )  # fmt: skip
    assert report.as_json()["questions"][0]["key"] == (
        "1890 | Nghệ An | Làng Sen | Nhật ký / Vọng nguyệt | Đúng } rồi"
    )
    fixed = [option["fixed"] for option in parts[2]["body"]["options"]]
    assert fixed == [True, True]
    assert not any(option["fixed"] for option in parts[4]["body"]["options"])


def test_several_right_options_together_are_everything() -> None:
    (question,) = read("{1:MR:=Một~=Hai~Ba}").questions
    assert question.body is not None
    kind = kind_of("multiple")
    body = kind.parse(question.body["parts"][0]["body"])
    first, second, third = body.option_ids
    assert kind.mark(body, (first, second)).full
    assert not kind.mark(body, (first,)).full
    assert not kind.mark(body, (first, third)).full


def test_a_decimal_comma_is_read_and_told() -> None:
    report = read("Số pi là {1:NM:=3,14:0,01}")
    assert [flag.code for flag in report.flags] == ["decimal_comma"]
    assert report.questions[0].answers == ("3.14 ± 0.01",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Không có chỗ nào", "no_gaps"),
        ("{1:NUMERICAL:=abc}", "bad_number"),
        ("{1:NUMERICAL:=1,500}", "bad_number"),
        ("{1:SHORTANSWER:%50%Nửa}", "no_key"),
        ("{1:MULTICHOICE:Một~Hai}", "no_key"),
        ("{1:MULTICHOICE:=Một~=Hai}", "several_keys"),
        ("{1:DRAGDROP:=Một}", "bad_gap"),
        ("{1:SHORTANSWER:}", "bad_gap"),
        ("{1:SHORTANSWER:=Một {2:SA:=Hai}", "bad_gap"),
        ("{1:SHORTANSWER:%500%Một}", "bad_gap"),
        ("{1:MR:%50%Một~%20%Hai~Ba}", "bad_weights"),
        ("{1:SA:=a}" * 21, "too_many_parts"),
    ],
)
def test_what_would_change_a_key_is_refused(text: str, code: str) -> None:
    report = read(text)
    assert report.questions == []
    assert code in {error.code for error in report.errors}


def test_the_refusal_names_the_gap(app: object) -> None:
    with app.test_request_context(), force_locale("en"):  # type: ignore[attr-defined]
        (error,) = read("{1:SA:=Đúng} {1:NM:=abc}").errors
        assert str(error.message) == "Gap 2: “abc” cannot be read as a number."
