"""Files that are none of ours, or broken: one sentence each, with the place, and nothing is read."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from question_bank.formats import FORMATS, UnreadableFile, read_questions
from question_bank.tasks import import_questions_command
from tests.question_bank.conftest import INPUTS, Room

PAPER = INPUTS / "De kiem tra co hinh (gach chan, to do).docx"
ALL = ("auto", *FORMATS)
DOWN = {
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "photograph": b"\xff\xd8\xff\xe0" + bytes(100),
    "RTF": b"{\\rtf1 Cau 1}",
}
NO_SUCH_KIND = (
    "Không đọc được câu hỏi từ loại tệp này. Bạn gửi tệp Word (.docx), Excel (.xlsx), CSV, GIFT, "
    "Aiken, Moodle XML hoặc JSON."
)
ENCODING = (
    "Tệp không phải mã UTF-8: byte sai đầu tiên là 0xEA ở vị trí {at} (dòng 1). Bạn mở tệp bằng "
    "Notepad, chọn Lưu thành (Save As) với mã UTF-8 rồi gửi lại."
)
NOTHING = "Tệp này không có câu hỏi nào."


def archive(**parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def said(app: Flask, content: bytes, code: str = "auto") -> tuple[str, str]:
    with app.test_request_context(), force_locale("vi"):
        with pytest.raises(UnreadableFile) as refused:
            read_questions(content, code)
        return refused.value.code, refused.value.words


def test_what_no_reader_is_for_is_said_whatever_was_chosen(app: Flask) -> None:
    for code, content in product(ALL, DOWN.values()):
        assert said(app, content, code) == ("no_question_file", NO_SUCH_KIND)


def test_an_empty_file_is_empty_whatever_was_chosen(app: Flask) -> None:
    blank = (b"", b"\xef\xbb\xbf", b" \r\n\t", b"\xff\xfe", bytes(3_000))
    for code, content in product(ALL, blank):
        assert said(app, content, code) == ("empty", "Tệp này trống.")


def test_an_archive_of_other_things_is_no_spreadsheet_that_lacks_something(app: Flask) -> None:
    content = archive(**{"a.txt": "x"})
    for code in ("auto", "xlsx"):
        assert said(app, content, code) == ("no_question_file", NO_SUCH_KIND)


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("csv", "Câu hỏi;A;B;Đáp án\n".encode()),
        ("gift", b"// only a remark\n"),
        ("moodle-xml", b"<quiz></quiz>"),
        ("moodle-xml", b'<quiz><question type="category"/></quiz>'),
        ("json", b'{"format":"guong-sang-questions","version":1,"questions":[]}'),
    ],
)
def test_a_file_without_questions_says_so(app: Flask, code: str, content: bytes) -> None:
    assert said(app, content, code) == ("no_questions", NOTHING)


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("gift", b"Qu\xea {=a ~b}"),
        ("aiken", b"Qu\xea?\nA. a\nB. b\nANSWER: A\n"),
        ("moodle-xml", b'<quiz><question type="essay">Qu\xea</question></quiz>'),
        ("json", b'{"format":"guong-sang-questions","version":1,"questions":[{"stem":"Qu\xea"}]}'),
    ],
)
def test_another_encoding_names_the_byte_and_a_program_that_can_mend_it(
    app: Flask, code: str, content: bytes
) -> None:
    at = content.index(b"\xea")
    assert said(app, content, code) == (
        "not_utf8",
        ENCODING.format(at=at),
    )


def test_json_of_others_is_no_table(app: Flask) -> None:
    words = "Tệp không đúng dạng JSON của Gương Sáng: lỗi ở dòng 1."
    assert said(app, b'[{"a": 1}]') == ("other_json", words)
    assert said(app, b'{"questions": []}') == ("other_json", words)


LONG = b"a" * 12_000_000
ENDLESS: dict[str, tuple[bytes, str, str]] = {
    "gift": (b"Mot {T}\n\n" + LONG + b" {=a ~b}", "too_long",
             "Dòng 3 dài quá 4 MB, không thể là một câu hỏi."),
    "aiken": (LONG + b"\nA. a\nB. b\nANSWER: A\n", "too_long",
              "Dòng 1 dài quá 4 MB, không thể là một câu hỏi."),
    "csv": ('Câu hỏi;A;B;Đáp án\n"'.encode() + LONG + b'";a;b;A\n', "too_long",
            "Dòng 2 dài quá 4 MB, không thể là một câu hỏi."),
    "moodle-xml": (b'<quiz>\n<question type="essay"><questiontext><text>' + LONG
                   + b"</text></questiontext></question></quiz>", "too_long",
                   "Trước dòng 3 có một đoạn chữ hoặc một tệp đính kèm dài quá 10 MB."),
}  # fmt: skip


@pytest.mark.parametrize("code", ENDLESS)
def test_a_text_without_end_is_refused_by_its_line_and_takes_little_memory(
    app: Flask, code: str
) -> None:
    content, reason, words = ENDLESS[code]
    tracemalloc.start()
    assert said(app, content, code) == (reason, words)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40_000_000


def test_a_text_of_many_lines_is_too_large_before_it_is_read(app: Flask) -> None:
    assert said(app, b"Mot {T}\n\n" * 2_000_000, "gift")[0] == "too_large"


def edited(path: Path, change: Callable[[bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(path) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in before.namelist():
            part = before.read(name)
            made.writestr(name, change(part) if name == "word/document.xml" else part)
    return target.getvalue()


def test_a_paper_of_a_hundred_thousand_empty_lines_is_refused_at_once(app: Flask) -> None:
    content = edited(
        PAPER, lambda part: part.replace(b"</w:body>", b"<w:p/>" * 110_000 + b"</w:body>")
    )
    assert said(app, content)[0] == "too_large"


def test_a_code_used_twice_names_the_question_where_there_are_no_rows(app: Flask) -> None:
    entry = {"kind": "essay", "id": "1", "external_id": "1", "stem": "Một", "body": {}}
    entries = [entry, entry | {"stem": "Hai"}, entry | {"external_id": "2", "id": "2"}]
    document = {"format": "guong-sang-questions", "version": 1, "questions": entries}
    with app.test_request_context(), force_locale("vi"):
        report = read_questions(json.dumps(document).encode())
        (error,), (flag,) = report.errors, report.flags
        assert (error.code, str(error.message)) == ("duplicate_id", "Mã 1 đã dùng ở câu 1.")
        assert (flag.code, str(flag.message)) == ("duplicate", "Câu này trùng với câu 1.")


def test_the_command_says_one_sentence_of_a_folder_a_missing_and_a_huge_file(
    app: Flask, room: Room, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(101_000_000)
    said = {}
    with app.app_context(), force_locale("vi"):
        for path in (tmp_path, tmp_path / "none.csv", huge):
            document, code = import_questions_command(path, room.bank.slug)
            (error,) = document["errors"]
            said[path.name] = (code, error["message"])
    assert said == {
        tmp_path.name: (2, "Đây là thư mục. Bạn hãy chỉ ra một tệp trong đó."),
        "none.csv": (2, "Không có tệp này, hoặc không có quyền đọc."),
        "huge.csv": (
            2, "Tệp quá lớn, không đọc được. Bạn tách thành nhiều tệp nhỏ rồi gửi lại."
        ),
    }  # fmt: skip
