"""Tables as nobody wished for them: what is uncertain is an error, never a guess."""

import io
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.core.spreadsheets import UnreadableFile
from question_bank.formats import ImportReport, find_format, read_questions
from tests.question_bank.test_media import picture

HEADER = ("STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án")
ROW = (
    "1",
    "Quê hương của Bác Hồ ở tỉnh nào?",
    "Hà Tĩnh",
    "Nghệ An",
    "Quảng Bình",
    "Thanh Hóa",
    "B",
)


def csv_of(*rows: tuple[str, ...], delimiter: str = ";") -> bytes:
    lines = (
        delimiter.join(f'"{cell}"' if delimiter in cell or "\n" in cell else cell for cell in row)
        for row in rows
    )
    return "\r\n".join(lines).encode("utf-8-sig")


def xlsx_of(rows: list[tuple[Any, ...]], *, merges: tuple[str, ...] = ()) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("Trang 1")
        for merge in merges:
            sheet.merge_range(merge, "")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
    return target.getvalue()


def read(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> ImportReport:
    return read_questions(csv_of(header, *rows))


def with_key(key: str, options: tuple[str, ...] = ROW[2:6]) -> ImportReport:
    return read(("1", "Câu nào đúng?", *options, key))


def only_code(report: ImportReport) -> str:
    (error,) = report.errors
    assert report.accepted == 0
    return error.code


def notes_of(report: ImportReport) -> list[tuple[str, str | None, str]]:
    """Code, column and words of what the command's JSON says beside the errors."""
    return [
        (said["code"], said["column"], said["message"])
        for said in report.as_json()["errors"]
        if said["level"] == "note"
    ]


# ── arrows ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["=> B", "=>B", "→ B", "-> B", "⇒ Đáp án B", "=> Nghệ An"])
def test_an_arrow_before_a_key_says_nothing_of_its_own(typed: str) -> None:
    assert [question.key_letters for question in with_key(typed).questions] == ["B"]


def test_an_arrow_that_belongs_to_an_option_is_not_cut_off() -> None:
    assert only_code(with_key("=> B", ("x", "y", "=> B", "z"))) == "ambiguous_key"
    assert only_code(with_key("=>")) == "bad_key"
    assert only_code(with_key("-B")) == "bad_key"


# ── empty options ───────────────────────────────────────────────────────────────────────────


def test_an_empty_option_that_moves_the_key_is_told_by_the_command() -> None:
    report = with_key("D", ("Hà Tĩnh", "Nghệ An", "", "Huế"))
    (question,) = report.questions
    assert (question.key_letters, question.key_texts) == ("C", ("Huế",))
    assert notes_of(report) == [
        (
            "option_gap",
            "E",
            "Option C is empty; the options after it move up. The key D is C now.",
        )
    ]


def test_an_empty_option_behind_the_key_moves_the_others_and_is_told_too() -> None:
    report = with_key("A", ("", "Nghệ An", "", "Huế"))
    assert (report.accepted, only_code(report)) == (0, "key_outside_options")
    report = with_key("B", ("Hà Tĩnh", "Nghệ An", "", "Huế"))
    assert [question.key_letters for question in report.questions] == ["B"]
    assert notes_of(report) == [
        ("option_gap", "E", "Option C is empty; the options after it move up.")
    ]


def test_letters_within_an_option_would_name_others_behind_an_empty_one() -> None:
    header = ("STT", "Câu hỏi", "A", "B", "C", "D", "E", "Đáp án")
    texts = ("Một", "Hai", "", "Ba", "Cả A và D đều đúng")
    report = read(("1", "Câu nào?", *texts, "E"), header=header)
    assert only_code(report) == "option_gap"
    texts = ("Một", "Hai", "", "Ba", "Cả A và B đều đúng")
    report = read(("1", "Câu nào?", *texts, "E"), header=header)
    assert [question.key_letters for question in report.questions] == ["D"]


# ── headers ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "header",
    [
        ("No.", "Question", "A", "B", "C", "D", "Correct"),
        ("#", "QUESTION TEXT", "Option A", "Option B", "Option C", "Option D", "Answer"),
        (
            "TT",
            "Nội dung câu hỏi",
            "Phương án A",
            "Phương án B",
            "Phương án C",
            "Phương án D",
            "Đ/A",
        ),
        ("Số TT", "NỘI DUNG", "PA A", "PA B", "PA C", "PA D", "Đáp án đúng (*)"),
        ("Stt", "Câu hỏi", "Đáp án A", "Đáp án B", "Đáp án C", "Đáp án D", "Đáp án đúng"),
        ("STT", "Câu hỏi", "Phương án 1", "Phương án 2", "Phương án 3", "Phương án 4", "Đáp án"),
        ("STT", "cau hoi", "a", "b", "c", "d", "dap an"),
        ("STT", "C©u hái", "A", "B", "C", "D", "§¸p ¸n"),
    ],
)
def test_the_header_may_use_many_words(header: tuple[str, ...]) -> None:
    report = read(ROW, header=header)
    assert [question.key_texts for question in report.questions] == [("Nghệ An",)]


def test_columns_may_stand_in_any_order() -> None:
    header = ("Đáp án", "D", "C", "B", "A", "Mức độ", "Câu hỏi", "Chủ đề")
    (question,) = read(
        ("B", "Bốn", "Ba", "Hai", "Một", "Rất khó", "Số nào?", "Toán"), header=header
    ).questions
    assert [option.text for option in question.options] == ["Một", "Hai", "Ba", "Bốn"]
    assert (question.key_texts, question.difficulty, question.topic) == (
        ("Hai",),
        "very_hard",
        "Toán",
    )


def test_a_header_of_two_rows_is_one_header() -> None:
    data = xlsx_of(
        [
            ("NGÂN HÀNG CÂU HỎI",),
            ("STT", "Câu hỏi", "Phương án trả lời", None, None, None, "Đáp án"),
            (None, None, "A", "B", "C", "D", None),
            ROW,
        ],
        merges=("A1:G1", "A2:A3", "B2:B3", "C2:F2", "G2:G3"),
    )
    report = read_questions(data)
    assert [(question.row, question.key_texts) for question in report.questions] == [
        (4, ("Nghệ An",))
    ]
    assert report.errors == []


def test_two_columns_of_one_heading_are_refused() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(ROW, header=("Đáp án", *HEADER[1:]))
    assert refusal.value.code == "column_twice"


def test_a_file_without_a_header_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_questions(csv_of(ROW, ROW))
    assert refusal.value.code == "no_header"


def test_hidden_sheets_and_rows_are_told_and_not_read() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name in ("Chính", "Nháp"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, ROW)
            sheet.write_row(2, 0, ("2", "Câu ẩn?", "1a", "2a", "3a", "4a", "A"))
            sheet.set_row(2, None, None, {"hidden": True})
        book.get_worksheet_by_name("Nháp").hide()
    report = read_questions(target.getvalue())
    assert [(question.sheet, question.row) for question in report.questions] == [("Chính", 2)]
    assert {(flag.sheet, flag.row, flag.code) for flag in report.flags} == {
        ("Chính", 3, "hidden_row"),
        ("Nháp", 1, "hidden_sheet"),
    }


# ── keys ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("B", "B"),
        ("b", "B"),
        (" c ) ", "C"),
        ("(d)", "D"),
        ("Đáp án: C", "C"),
        ("ĐÁP ÁN ĐÚNG LÀ B", "B"),
        ("đ/a c", "C"),
        ("Ý C", "C"),
        ("chọn a", "A"),
        ("Câu D.", "D"),
        ("A,C", "A,C"),
        ("A; c", "A,C"),
        ("C và A", "A,C"),
        ("A & B & D", "A,B,D"),
        ("ACD", "A,C,D"),
        ("Cả A và C", "A,C"),
        ("2", "B"),
        ("1, 3", "A,C"),
        ("Nghệ An", "B"),
        ("nghệ an.", "B"),
        ("B. Nghệ An", "B"),
        ("Đáp án B: Nghệ An", "B"),
    ],
)
def test_keys_are_read_as_people_write_them(typed: str, letters: str) -> None:
    (question,) = with_key(typed).questions
    assert question.key_letters == letters


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "no_key"),
        ("-", "no_key"),
        ("???", "no_key"),
        ("E", "key_outside_options"),
        ("A, F", "key_outside_options"),
        ("5", "key_outside_options"),
        ("0", "key_outside_options"),
        ("A hoặc B", "ambiguous_key"),
        ("A/hay B", "ambiguous_key"),
        ("B. Hà Tĩnh", "ambiguous_key"),
        ("A-C", "ambiguous_key"),
        ("Đ", "bad_key"),
        ("Â", "bad_key"),
        ("BA", "bad_key"),
        ("ac", "bad_key"),
        ("A,A", "bad_key"),
        ("Nghe An", "bad_key"),
        ("Đồng Nai", "bad_key"),
        ("chưa thống nhất", "bad_key"),
        ("tất cả", "bad_key"),
        ("1.5", "bad_key"),
        ("Đúng", "bad_key"),
    ],
)
def test_a_key_that_is_unclear_is_an_error(typed: str, code: str) -> None:
    assert only_code(with_key(typed)) == code


@pytest.mark.parametrize(
    ("options", "typed", "outcome"),
    [
        (("2", "3", "4", "5"), "3", "ambiguous_key"),
        (("1908", "1911", "1917", "1920"), "2", "ambiguous_key"),
        (("1908", "1911", "1917", "1920"), "1911", "B"),
        (("1908", "1911", "1917", "1920"), "B", "B"),
        (("B", "A", "D", "C"), "B", "ambiguous_key"),
        (("15/5", "19/5", "19/8", "2/9"), "3", "C"),
        (("x", "y", "", "z"), "D", "C"),
        (("x", "y", "", "z"), "C", "key_outside_options"),
        (("A đúng", "B sai", "x", "y"), "D", "D"),
        (("x", "y", "z", "Cả A và B"), "A,B", "ambiguous_key"),
        (("x", "y", "z", "Cả A, B, C đều đúng"), "A,B,C", "ambiguous_key"),
        (("x", "y", "z", "Tất cả các phương án trên"), "A, D", "ambiguous_key"),
        (("x", "y", "z", "Cả A và B đều đúng"), "Cả A và B đều đúng", "D"),
        (("x", "y", "z", "Cả A và B đều sai"), "A,B", "A,B"),
    ],
)
def test_a_key_is_weighed_against_the_options(
    options: tuple[str, ...], typed: str, outcome: str
) -> None:
    report = with_key(typed, options)
    found = [question.key_letters for question in report.questions]
    assert found + [error.code for error in report.errors] == [outcome]


def test_numbers_made_of_keys_by_excel_are_refused() -> None:
    data = xlsx_of([HEADER, (*ROW[:6], 1.3), (2, "Câu khác?", "a1", "b1", "c1", "d1", 3)])
    report = read_questions(data)
    assert [error.code for error in report.errors] == ["bad_key"]
    assert [question.key_letters for question in report.questions] == ["C"]
    assert [flag.code for flag in report.flags] == ["key_by_number"]


# ── true or false ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("options", "typed", "right"),
    [
        (("Đúng", "Sai", "", ""), "Đúng", "Đúng"),
        (("Đúng", "Sai", "", ""), "S", "Sai"),
        (("Đúng", "Sai", "", ""), "đ", "Đúng"),
        (("Đúng", "Sai", "", ""), "B", "Sai"),
        (("Sai", "Đúng", "", ""), "ĐÚNG", "Đúng"),
        (("True", "False", "", ""), "F", "False"),
        (("", "", "", ""), "Sai", "Sai"),
        (("", "", "", ""), "true", "True"),
    ],
)
def test_true_and_false(options: tuple[str, ...], typed: str, right: str) -> None:
    (question,) = with_key(typed, options).questions
    assert question.kind == "true_false"
    assert question.key_texts == (right,)


def test_d_without_a_stroke_is_not_taken_for_dung() -> None:
    assert only_code(with_key("D", ("Đúng", "Sai", "", ""))) == "key_outside_options"


# ── rows ────────────────────────────────────────────────────────────────────────────────────


def test_what_is_no_question_is_skipped() -> None:
    report = read(
        ("I. TIỂU SỬ", "", "", "", "", "", ""),
        ROW,
        ("", "Phần II: Hành trình cứu nước", "", "", "", "", ""),
        HEADER,
        ("2", "Bác về Pác Bó năm nào?", "1940", "1941", "1942", "1943", "B"),
        ("3", "", "", "", "", "", ""),
        ("Tổng cộng: 2 câu", "", "", "", "", "", ""),
        ("", "NGƯỜI BIÊN SOẠN", "", "", "", "TM. BAN TỔ CHỨC", ""),
        ("", "Lưu Thị Mận", "", "", "", "Tạ Quang Bính", ""),
    )
    assert [question.row for question in report.questions] == [3, 6]
    assert (report.errors, report.skipped) == ([], 7)


def test_a_question_without_options_is_an_error_and_not_skipped() -> None:
    report = read(
        ROW,
        ("2", "Bác về Pác Bó năm nào", "", "", "", "", ""),
        ("", "Năm nào?", "", "", "", "", ""),
    )
    assert [(error.row, error.code) for error in report.errors] == [
        (3, "too_few_options"),
        (4, "too_few_options"),
    ]


def test_several_mistakes_of_a_row_are_all_told_and_count_once() -> None:
    report = read(("1", "", "x", "X", "", "", "Z"))
    assert [error.code for error in report.errors] == ["no_stem", "equal_options", "bad_key"]
    assert (report.accepted, report.rejected) == (0, 1)


def test_options_equal_but_for_marks_order_or_case_are_refused() -> None:
    for pair in (
        ("Hòa", "Hoà"),
        ("Nam Đàn", " nam  đàn"),
        ("Dương Nỗ", "Du\u031bo\u031bng N\u00f4\u0303"),
    ):
        assert (
            only_code(read(("1", "Ở đâu?", pair[0], "Vinh", pair[1], "Huế", "B")))
            == "equal_options"
        )


def test_labels_before_options_and_questions_are_dropped_when_all_have_them() -> None:
    (question,) = read(
        ("1", "Câu 1: Ở đâu?", "A. Vinh", "B) Huế", "c. Sen", "D. C.B.", "B")
    ).questions
    assert question.stem == "Ở đâu?"
    assert [option.text for option in question.options] == ["Vinh", "Huế", "Sen", "C.B."]
    (other,) = read(("1", "Bút danh nào?", "A. B.", "T.L.", "C.B.", "X.Y.Z.", "C")).questions
    assert [option.text for option in other.options] == ["A. B.", "T.L.", "C.B.", "X.Y.Z."]


@pytest.mark.parametrize(
    ("options", "fixed"),
    [
        (("x", "y", "z", "Cả A, B, C đều đúng"), [3]),
        (("x", "y", "z", "Tất cả các phương án trên"), [3]),
        (("x", "y", "z", "Không có đáp án nào đúng"), [3]),
        (("x", "y", "z", "All of the above"), [3]),
        (("x", "y", "Cả A và B đều đúng", "Cả A và B đều sai"), [2, 3]),
        (("x", "y", "z", "Cả A và B"), [0, 1, 2, 3]),
        (("Cả B, C, D", "x", "y", "z"), [0, 1, 2, 3]),
        (("x", "y", "z", "Tất cả mọi người"), []),
    ],
)
def test_options_that_speak_of_others_keep_their_place(
    options: tuple[str, ...], fixed: list[int]
) -> None:
    (question,) = with_key("A" if options[0] == "x" else "B", options).questions
    assert [place for place, option in enumerate(question.options) if option.fixed_last] == fixed


def test_merged_cells_reach_down() -> None:
    header = ("Chủ đề", "Mức độ", "Câu hỏi", "A", "B", "Đáp án")
    rows = [
        header,
        *(
            ("Tiểu sử" if n == 0 else None, "NB", f"Câu {n} là gì?", "x", "y", "A")
            for n in range(3)
        ),
        (None, "NB", "Câu nữa là gì?", "x", "y", "A"),
    ]
    report = read_questions(xlsx_of(rows, merges=("A2:A4",)))
    assert [question.topic for question in report.questions] == ["Tiểu sử"] * 3 + [None]


def test_ids_marks_tags_and_levels() -> None:
    header = ("Mã", "Câu hỏi", "A", "B", "Đáp án", "Điểm", "Nhãn", "Mức độ", "Loại")
    report = read(
        ("007", "Một?", "x", "y", "A", "0,25", "a, enemy:b", "NB (dễ)", "một đáp án"),
        ("007", "Hai?", "x", "y", "A", "", "", "TH", ""),
        ("008", "Ba?", "x", "y", "A", "1.800", "", "", ""),
        ("009", "Bốn?", "x", "y", "A,B", "", "", "", "single"),
        ("010", "Năm?", "x", "y", "A", "2 điểm", "", "siêu khó", "trắc nghiệm"),
        ("011", "Sáu?", "x", "y", "A", "", "", "", "tự luận"),
        header=header,
    )
    first, last = report.questions
    assert (first.external_id, str(first.mark), first.tags) == ("007", "0.25", ("a", "enemy:b"))
    assert (first.difficulty, last.difficulty, int(last.mark or 0)) == ("easy", None, 2)
    assert [error.code for error in report.errors] == [
        "duplicate_id",
        "bad_mark",
        "kind_and_key",
        "unsupported_kind",
    ]
    assert [flag.code for flag in report.flags] == ["unknown_difficulty"]


def test_the_same_question_twice_is_shown_not_rejected() -> None:
    twin = (
        "2",
        "que huong cua BAC HO o tinh nao ?",
        "Thanh Hoá",
        "Ha Tinh",
        "Nghe An",
        "Quảng Bình",
        "C",
    )
    other = ("3", ROW[1], "Một", "Hai", "Ba", "Bốn", "A")
    report = read(ROW, twin, other)
    assert report.accepted == 3
    assert [(flag.row, flag.code, flag.of_row) for flag in report.flags] == [(3, "duplicate", 2)]


def test_legacy_rows_in_plain_text_are_held_back() -> None:
    garbled = "Hồ Chí Minh là ai?".encode().decode("latin-1")
    report = read(
        ("1", "Quèc d©n §¹i héi häp ë ®©u?", "T©n Trµo", "P¸c Bã", "§Þnh Hãa", "V¹n Phóc", "A"),
        ("2", "Ai viết Từ ấy?", "Tố Hữu", "Hoa Lö", "Huy Cận", "Nam Cao", "A"),
        ("3", garbled, "x", "y", "z", "t", "A"),
    )
    assert [(error.row, error.code, error.preview is not None) for error in report.errors] == [
        (2, "legacy_encoding", True),
        (3, "legacy_encoding", False),
        (4, "garbled_text", False),
    ]


def test_a_cell_that_two_old_encodings_explain_follows_its_row_or_is_refused() -> None:
    rows = (
        ("1", "N¬i nµo lµ cè ®«?", "Hoa Lö", "HuÕ", "Vinh", "Sen", "A"),
        ("2", "Nôi naøo laø coá ñoâ?", "Hoa Lö", "Hueá", "Vinh", "Sen", "A"),
        ("3", "Nơi nào là cố đô?", "Hoa Lö", "Huế", "Vinh", "Sen", "A"),
    )
    report = read_questions(csv_of(HEADER, *rows), convert_legacy=True)
    assert [question.key_texts for question in report.questions] == [("Hoa Lử",), ("Hoa Lư",)]
    assert [(error.row, error.code) for error in report.errors] == [(4, "legacy_encoding")]


def test_dates_that_excel_made_of_fractions_are_refused() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW)
        sheet.write_number(1, 2, 46148, book.add_format({"num_format": "d-mmm"}))
        sheet.write_row(2, 0, ("2", "Bao nhiêu phần?", "50%", "x", "y", "z", "A"))
        sheet.write_number(2, 3, 0.5, book.add_format({"num_format": "0%"}))
    report = read_questions(target.getvalue())
    assert [error.code for error in report.errors] == ["unclear_date", "equal_options"]


def test_cells_in_error_and_without_result_are_refused() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW)
        sheet.write_formula(1, 6, "=VLOOKUP(1,A1:B2,3)", None, "#REF!")
    report = read_questions(target.getvalue())
    assert [(error.code, error.column) for error in report.errors] == [("cell_error", "G")]


@pytest.mark.parametrize(("column", "letter"), [(1, "B"), (3, "D"), (4, "E"), (6, "G"), (7, "H")])
def test_a_formula_without_result_is_told_once_and_nothing_is_concluded_from_it(
    column: int, letter: str
) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*HEADER, "Điểm"))
        sheet.write_row(1, 0, ("1", "Quê Bác Hồ ở đâu?", "Hà Tĩnh", "Nghệ An", "", "", "B", 1))
        sheet.write_formula(1, column, "=A1", None, "")
    report = read_questions(target.getvalue())
    assert [(error.code, error.column) for error in report.errors] == [("uncalculated", letter)]


# ── the whole file ──────────────────────────────────────────────────────────────────────────


def test_the_content_decides_the_format() -> None:
    data = xlsx_of([HEADER, ROW])
    assert find_format(data).code == "xlsx"
    assert find_format(csv_of(HEADER)).code == "csv"
    with pytest.raises(UnreadableFile) as refusal:
        find_format(data, "csv")
    assert refusal.value.code == "other_format"
    with pytest.raises(KeyError):
        find_format(data, "qti")


CELLS = st.one_of(
    st.sampled_from(
        [
            *HEADER,
            *ROW,
            "A,B",
            "3",
            "Đúng",
            "Sai",
            "ViÖt Nam",
            "Tổng số",
            "Cả A và B",
            "1,5",
            "Chủ đề",
            "Mức độ",
            "TM.",
        ]
    ),
    st.text(max_size=8),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=8))
def test_any_table_is_read_or_refused(rows: list[list[str]]) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    try:
        report = read_questions(target.getvalue())
    except UnreadableFile:  # no row is a question
        report = ImportReport("xlsx")
    for question in report.questions:
        texts = [option.text for option in question.options]
        assert len(texts) == len(set(texts)) >= 2
        assert question.key
        assert max(question.key) < len(texts)
        assert question.stem
    assert isinstance(report.as_json()["errors"], list)


@settings(max_examples=120, deadline=None)
@given(st.text(alphabet=';,"\r\n\tABCDĐáp ánCâu hỏi123', max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    data = ("STT;Câu hỏi;A;B;Đáp án\r\n" + text).encode()
    try:
        report = read_questions(data)
    except UnreadableFile as refusal:
        assert refusal.words  # noqa: PT017 -- either outcome is right
    else:
        assert report.accepted + report.rejected >= 0


# ── what would be lost or moved ─────────────────────────────────────────────────────────────


def test_a_line_that_was_cut_apart_at_its_own_separator_is_refused() -> None:
    torn = "1;Quê Bác; tỉnh nào?;Hà Tĩnh;Nghệ An;Quảng Bình;A;B"
    report = read_questions(csv_of(HEADER, ROW) + f"\r\n{torn}".encode())
    assert [(error.row, error.code) for error in report.errors] == [(3, "extra_cells")]
    assert [question.row for question in report.questions] == [2]


def test_empty_cells_at_the_end_of_a_line_and_notes_beside_a_sheet_do_no_harm() -> None:
    assert read((*ROW, "", "", "")).errors == []
    book = read_questions(xlsx_of([HEADER, (*ROW, None, "đã duyệt")]))
    assert (book.accepted, book.errors) == (1, [])


def test_signs_without_width_are_no_part_of_a_question() -> None:
    (question,) = read(("1", "\ufeffQuê\u200b Bác ở đâu?\nTỉnh nào?", *ROW[2:])).questions
    assert question.stem == "Quê Bác ở đâu?\nTỉnh nào?"


def test_pictures_on_a_sheet_are_told() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("Trang 1")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW)
        sheet.insert_image(1, 1, "nha.png", {"image_data": io.BytesIO(picture())})
    report = read_questions(target.getvalue())
    assert report.accepted == 1
    assert [(said.sheet, said.code, said.level) for said in report.flags] == [
        ("Trang 1", "media_left_out", "note")
    ]


@pytest.mark.parametrize(
    ("cell", "key", "texts"),
    [
        ("Quê Bác?\nA. Huế\nB. Nghệ An\nC. Vinh", "B", ("Nghệ An",)),
        ("Năm nào? A. 1890 B. 1891 C. 1892", "C", ("1892",)),
        ("Năm nào?\nA. 1908   B. 1911", "Đáp án B", ("1911",)),
        ("Năm nào?\na) 1908\nb) 1911", "b", ("1911",)),
    ],
)
def test_options_in_the_cell_of_the_question_are_read(
    cell: str, key: str, texts: tuple[str, ...]
) -> None:
    report = read(("1", cell, key), header=("STT", "Câu hỏi", "Đáp án"))
    assert [question.key_texts for question in report.questions] == [texts]
    assert [flag.code for flag in report.flags] == ["options_in_stem"]
    assert report.questions[0].stem in {"Quê Bác?", "Năm nào?"}


@pytest.mark.parametrize(
    ("cell", "key", "code"),
    [
        ("Năm nào?\nA. 1890\nC. 1891", "A", "too_few_options"),
        ("Năm nào?\nA. 1890\nB.\nC. 1891", "A", "too_few_options"),
        ("Năm nào?\nA. 1890\nB. 1891\nXem bản đồ\nC. 1892", "A", "too_few_options"),
        ("Năm nào?\nA. 1890\nB. 1891", "D", "key_outside_options"),
    ],
)
def test_options_in_a_cell_that_are_unsure_are_refused(cell: str, key: str, code: str) -> None:
    assert only_code(read(("1", cell, key), header=("STT", "Câu hỏi", "Đáp án"))) == code


def test_numbered_headings_of_options_may_stand_without_a_space() -> None:
    header = ("Nội dung", "PA1", "PA2", "PA3", "ĐA")
    (question,) = read(("Quê Bác?", "Huế", "Nghệ An", "Vinh", "B"), header=header).questions
    assert question.key_texts == ("Nghệ An",)
