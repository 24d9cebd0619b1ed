"""The files that organisers bring give what their expected files say."""

import json
from pathlib import Path
from typing import Any

import pytest

from contest.core.spreadsheets import NotUnicode
from question_bank.formats import ImportReport, read_questions
from question_bank.formats.base import ReadQuestion

ROOT = Path(__file__).parent.parent.parent
INPUTS = ROOT / "data" / "inputs"
SAMPLE = ROOT.parent / "question_bank" / "sample"
FILES = (
    "Ngan hang cau hoi tuan 1 (ban sua 2).xlsx",
    "Bo cau hoi Doan truong gui BTC.xlsx",
    "Cau hoi cu 2009 may phong VH.xlsx",
    "Cau hoi tuan 2 xuat tu Excel.csv",
    "Cau hoi luu dang Unicode Text.csv",
)
PAPERS = (
    "De thi tim hieu lop boi duong (dap an in dam).docx",
    "De kiem tra co hinh (gach chan, to do).docx",
    "On tap - bang dap an o cuoi.docx",
)
LEVELS = {
    "easy": {"Dễ", "NB"},
    "medium": {"TB", "TH"},
    "hard": {"Khó", "VD", "Vận dụng"},
    "very_hard": {"VDC"},
}
SHOWN_AS_NOTHING = {"not_legacy"}  # says what must not be taken for a legacy font


def expected_of(name: str) -> dict[str, Any]:
    path = (INPUTS / name).with_suffix(".expected.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def report_of(name: str, *, convert: bool = False) -> ImportReport:
    return read_questions((INPUTS / name).read_bytes(), convert_legacy=convert)


def place_of(expected: dict[str, Any]) -> tuple[Any, Any]:
    return expected.get("sheet"), expected.get("row", expected.get("line"))


def one_line(text: str) -> str:
    return " ".join(text.split())


def check_question(read: ReadQuestion, expected: dict[str, Any], *, has_topics: bool) -> None:
    also = expected.get("also_accept", {})
    options = [option.text for option in read.options]
    assert len(options) == len(expected["options"])
    for option, wanted in zip(options, expected["options"], strict=True):
        assert option in {wanted, *also.get(wanted, [])}
    assert read.kind == expected["kind"]
    assert one_line(read.stem) == expected["text"]
    assert read.key_letters == expected["key"]
    assert len(read.key_texts) == len(expected["key_text"])
    assert expected["difficulty_typed"] in LEVELS[read.difficulty or ""]
    if has_topics:
        assert read.topic == expected.get("topic")
    if "external_id" in expected:
        assert read.external_id == expected["external_id"]
    if "explanation" in expected:
        assert one_line(read.explanation) == expected["explanation"]
    if "mark" in expected:
        assert float(read.mark or 0) == expected["mark"]


@pytest.mark.parametrize("name", FILES)
def test_questions_are_what_the_file_says(name: str) -> None:
    expected, report = expected_of(name), report_of(name)
    assert (report.accepted, report.rejected) == (expected["accepted"], expected["rejected"])
    read = {(question.sheet, question.row): question for question in report.questions}
    topics_on = {question.sheet for question in report.questions if question.topic}
    assert read.keys() == {place_of(question) for question in expected["questions"]}
    for question in expected["questions"]:
        place = place_of(question)
        check_question(read[place], question, has_topics=place[0] in topics_on)


@pytest.mark.parametrize("name", FILES)
def test_errors_and_flags_stand_at_their_place(name: str) -> None:
    expected, report = expected_of(name), report_of(name)
    errors = {(error.sheet, error.row, error.code) for error in report.errors}
    assert errors == {(*place_of(error), error["code"]) for error in expected["errors"]}
    assert all(str(error.message) for error in report.errors)
    flags = {(flag.sheet, flag.row, flag.code, flag.of_row) for flag in report.flags}
    for flag in expected.get("flags", []):
        if flag["code"] not in SHOWN_AS_NOTHING:
            assert (*place_of(flag), flag["code"], flag.get("of_row")) in flags
    assert report.skipped == len(expected.get("ignored_rows", []))


@pytest.mark.parametrize("name", PAPERS)
def test_papers_of_word_give_their_questions_and_errors_by_number(name: str) -> None:
    expected, report = expected_of(name), report_of(name)
    assert (report.format, report.accepted, report.rejected) == (
        "docx",
        expected["accepted"],
        expected["rejected"],
    )
    read = [
        {
            "question": question.place.question,
            "kind": question.kind,
            "text": one_line(question.in_words(question.stem)),
            "options": [option.text for option in question.options],
            "key": question.key_letters,
            "key_text": list(question.key_texts),
        }
        for question in report.questions
    ]
    assert read == [
        {part: question[part] for part in read[0]} for question in expected["questions"]
    ]
    said = [error for error in report.as_json()["errors"] if error["code"] != "media_left_out"]
    wanted = expected["errors"]
    assert {(error["question"], error["code"]) for error in said} == {
        (error["question"], error["code"]) for error in wanted
    }
    assert {error["question"] for error in said if error["level"] == "note"} == {
        error["question"] for error in wanted if not error.get("counts_as_rejected", True)
    }
    pictures = [q["question"] for q in expected["questions"] if q.get("picture")]
    assert [each.place.question for each in report.questions if each.media] == pictures
    letters = "ABCD"
    assert [
        [letters[n] for n, option in enumerate(question.options) if option.fixed_last]
        for question in report.questions
        if question.kind != "true_false"
    ] == [q.get("fixed_last", []) for q in expected["questions"] if q["kind"] != "true_false"]


def test_a_paper_says_by_what_it_took_each_key() -> None:
    keys = {
        name: {
            str(flag.message).partition(": ")[2]
            for flag in report_of(name).flags
            if flag.code == "key_taken"
        }
        for name in PAPERS
    }
    assert list(keys.values()) == [
        {"in bold."},
        {"underlined.", "in red.", "underlined, in red."},
        {"the table of answers."},
    ]


def test_a_hidden_column_is_told_and_its_words_appear_nowhere() -> None:
    report = report_of("Bo cau hoi Doan truong gui BTC.xlsx")
    (flag,) = (flag for flag in report.flags if flag.code == "hidden_column")
    assert (flag.sheet, flag.column) == ("Đợt 1", "C")
    assert "dễ quá" not in repr(report.questions)
    assert "Khải" not in repr(report.questions)


def test_legacy_rows_are_held_back_with_what_they_would_become() -> None:
    name = "Cau hoi cu 2009 may phong VH.xlsx"
    after = expected_of(name)["if_conversion_accepted"]
    held = {error.row: error.preview for error in report_of(name).errors if error.preview}
    assert held.keys() == {question["row"] for question in after["questions"]}
    report = report_of(name, convert=True)
    assert (report.accepted, report.rejected) == (after["accepted"], after["rejected"])
    read = {question.row: question for question in report.questions}
    for question in after["questions"]:
        check_question(read[question["row"]], question, has_topics=False)
        assert held[question["row"]] == read[question["row"]]


def test_another_encoding_is_refused_with_the_byte() -> None:
    refusal = expected_of("cau hoi may Win cu.csv")["refusal"]
    with pytest.raises(NotUnicode) as refused:
        report_of("cau hoi may Win cu.csv")
    assert refused.value.code == refusal["code"]
    assert refused.value.offset == refusal["first_bad_byte_offset"]
    assert refused.value.byte == int(refusal["first_bad_byte"], 16)
    assert refused.value.line == refusal["line"]


def test_the_sample_bank_reads_without_a_word_and_alike_in_both_formats() -> None:
    text = read_questions((SAMPLE / "questions.csv").read_bytes())
    book = read_questions((SAMPLE / "questions.xlsx").read_bytes())
    assert (text.format, book.format) == ("csv", "xlsx")
    assert (text.accepted, text.rejected, text.flags) == (66, 0, [])
    kinds = [question.kind for question in text.questions]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "single": 60,
        "multiple": 3,
        "true_false": 3,
    }
    assert text.as_json()["questions"] == book.as_json()["questions"]
    assert book.errors == book.flags == []


def test_json_is_what_the_command_prints() -> None:
    name = "Ngan hang cau hoi tuan 1 (ban sua 2).xlsx"
    printed = json.loads(json.dumps(report_of(name).as_json(), ensure_ascii=False))
    assert {key: printed[key] for key in ("format", "accepted", "rejected", "skipped")} == {
        "format": "xlsx",
        "accepted": 18,
        "rejected": 1,
        "skipped": 10,
    }
    assert printed["questions"][0] == {
        "kind": "single",
        "name": "",
        "text": "Chủ tịch Hồ Chí Minh sinh ngày, tháng, năm nào?",
        "key": "B",
    }
    (error,) = printed["errors"]
    assert {key: error[key] for key in ("sheet", "row", "column")} == {
        "sheet": "Tuần 1",
        "row": 21,
        "column": "I",
    }
    lines = report_of("Cau hoi tuan 2 xuat tu Excel.csv").as_json()["errors"]
    assert [error["line"] for error in lines] == [12, 18]
