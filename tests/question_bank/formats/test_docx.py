"""Word papers as teachers write them, built here part by part; a key is never guessed."""

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.core.spreadsheets import UnreadableFile
from question_bank.formats import ImportReport, find_format, read_questions
from tests.question_bank.formats.test_input_files import INPUTS
from tests.question_bank.test_media import picture

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org"
M = (
    f'xmlns:m="{OFFICE}/officeDocument/2006/math" xmlns:r="{OFFICE}/officeDocument/2006/relationships" '
    f'xmlns:a="{OFFICE}/drawingml/2006/main" xmlns:wp="{OFFICE}/drawingml/2006/wordprocessingDrawing"'
)
MARKS = {
    "b": "<w:b/>",
    "u": '<w:u w:val="single"/>',
    "r": '<w:color w:val="FF0000"/>',
    "h": '<w:highlight w:val="yellow"/>',
    "x": '<w:rFonts w:ascii=".VnTime"/>',
}


def run(text: str, marks: str = "") -> str:
    shape = "".join(MARKS[mark] for mark in marks)
    inner = "".join(
        "<w:tab/>" if piece == "\t" else f'<w:t xml:space="preserve">{piece}</w:t>'
        for piece in text.replace("\t", "\0\t\0").split("\0")
        if piece
    )
    return f"<w:r><w:rPr>{shape}</w:rPr>{inner}</w:r>"


def line(*runs: str) -> str:
    """A paragraph of runs; "b|text" is bold, "bu|text" bold and underlined."""
    parts = [each.partition("|") if "|" in each else ("", "", each) for each in runs]
    return "<w:p>" + "".join(run(text, marks) for marks, _bar, text in parts) + "</w:p>"


def table(*rows: Sequence[str]) -> str:
    cells = ("".join(f"<w:tc>{line(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{each}</w:tr>" for each in cells) + "</w:tbl>"


def docx(*blocks: str, **parts: str | bytes) -> bytes:
    buffer = io.BytesIO()
    body = "".join(block if block.startswith("<") else line(block) for block in blocks)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f"<w:document {W} {M}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}", content)
    return buffer.getvalue()


def read(*blocks: str) -> ImportReport:
    return read_questions(docx(*blocks))


def keys(*blocks: str) -> dict[int | None, str]:
    return {each.place.question: each.key_letters for each in read(*blocks).questions}


def codes(*blocks: str) -> list[tuple[int | None, str]]:
    return [(error.place.question, error.code) for error in read(*blocks).errors]


STEM = "Câu 1. Quê Bác Hồ ở đâu?"
OPTIONS = ("A. Nghệ An", "B. Hà Tĩnh", "C. Huế", "D. Hà Nội")


@pytest.mark.parametrize(
    "marked",
    [
        ("b|B. Hà Tĩnh",),
        ("B. ", "b|Hà Tĩnh"),
        ("b|B.", " Hà Tĩnh"),
        ("u|B", ". Hà Tĩnh"),
        ("r|B. Hà", "r| Tĩnh"),
        ("h|B. Hà Tĩnh",),
        ("*B. Hà Tĩnh",),
        ("bur|B. Hà Tĩnh",),
    ],
)
def test_the_key_is_what_is_marked(marked: tuple[str, ...]) -> None:
    assert keys(STEM, OPTIONS[0], line(*marked), *OPTIONS[2:]) == {1: "B"}


def test_the_key_stands_in_a_line_of_its_own_with_an_explanation() -> None:
    report = read(STEM, *OPTIONS, "Đáp án: A", "Giải thích: Nam Đàn, Nghệ An")
    (question,) = report.questions
    assert (question.key_letters, question.explanation) == ("A", "Nam Đàn, Nghệ An")


@pytest.mark.parametrize(
    "lines",
    [
        ("A. 1908\tB. 1917\tC. 1911\tD. 1920",),
        ("A. 1908   B. 1917   C. 1911   D. 1920",),
        ("A. 1908 B. 1917 C. 1911 D. 1920",),
        ("A. 1908 B. 1917", "C. 1911 D. 1920"),
        ("a) 1908", "b) 1917", "c) 1911", "d) 1920"),
        ("A.1908\tB.1917", "C.1911\tD.1920"),
    ],
)
def test_options_stand_on_one_two_or_four_lines(lines: tuple[str, ...]) -> None:
    (question,) = read(STEM, *lines, "Đáp án: C").questions
    assert [option.text for option in question.options] == ["1908", "1917", "1911", "1920"]
    assert question.key_letters == "C"


def test_a_name_with_an_initial_is_no_option() -> None:
    lines = ("A. Ông Nguyễn Văn B. và bạn", "B. Bà C. ở Huế", "C. Ông D. ở Vinh")
    (question,) = read(STEM, *lines, "Đáp án: B").questions
    assert [option.text for option in question.options] == [
        "Ông Nguyễn Văn B. và bạn",
        "Bà C. ở Huế",
        "Ông D. ở Vinh",
    ]


def test_a_layout_table_holds_options() -> None:
    cells = table(("A. Nghệ An", "b|B. Huế"), ("C. Vinh", "D. Hà Nội"))
    assert keys(STEM, cells) == {1: "B"}


def test_a_grid_of_answers_at_the_end() -> None:
    second = ("Câu 2. Bác Hồ sinh năm nào?", "A. 1890", "B. 1891")
    grid = table(("Câu", "1", "2", "3"), ("Đáp án", "C", "A", "B"))
    report = read(STEM, *OPTIONS, *second, "ĐÁP ÁN", grid)
    assert [question.key_letters for question in report.questions] == ["C", "A"]
    assert [(flag.place.question, flag.code) for flag in report.flags if flag.level == "note"] == [
        (3, "key_without_question")
    ]


def test_habits_of_layout_are_no_key() -> None:
    bold_letters = [line(f"b|{text[:2]}", text[2:]) for text in OPTIONS]
    assert codes(STEM, *bold_letters) == [(1, "no_key")]
    marked = [*bold_letters[:3], line("b|D.", "b| Hà Nội")]
    assert keys(STEM, *marked) == {1: "D"}


def test_two_places_that_disagree_are_no_key() -> None:
    marked = (STEM, line("b|A. Nghệ An"), *OPTIONS[1:])
    assert codes(*marked, "Đáp án: B") == [(1, "ambiguous_key")]
    assert codes(STEM, line("b|A. Nghệ An"), line("u|B. Huế"), "C. Vinh") == [(1, "ambiguous_key")]
    assert keys(*marked, "Đáp án: A") == {1: "A"}


def test_a_number_that_is_printed_twice_gets_nothing_from_the_table() -> None:
    twice = (STEM, "A. x", "B. y", STEM.replace("Quê", "Nhà"), "A. x", "B. z")
    assert codes(*twice, "BẢNG ĐÁP ÁN", "1-A 2-B 3-C") == [(1, "no_key"), (1, "no_key")]


def test_letters_that_jump_are_an_error() -> None:
    assert (1, "letters_out_of_order") in codes(STEM, "A. x", "B. y", "D. z", "Đáp án: A")


def test_what_follows_the_options_is_not_glued_to_them() -> None:
    report = read(STEM, *OPTIONS, "Đáp án: D", "Phần II. Tự luận", "-- HẾT --", "Ghi chú")
    assert report.questions[0].options[-1].text == "Hà Nội"
    wrapped = read(STEM, "A. một điều", "rất dài", "B. hai", "Đáp án: A")
    assert wrapped.questions[0].options[0].text == "một điều rất dài"


def test_numbers_alone_begin_questions_where_no_question_is_named() -> None:
    one = ("1. Một?", line("b|A. x"), "B. y", "2) Hai?", "A. x", line("b|B. y"))
    assert keys(*one) == {1: "A", 2: "B"}


def drawing(relation: str, words: str = "", *, more: str = "") -> str:
    """A run with a picture, as Word writes it."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Hình 1" descr="{words}">{more}</wp:docPr>'
        f'<a:blip r:embed="{relation}"/></wp:inline></w:drawing></w:r>'
    )


def illustrated(*blocks: str) -> bytes:
    """A paper with two pictures and one that cannot be read."""
    relations = "".join(
        f'<Relationship Id="{name}" Type="http://x/image" Target="media/{name}.png"/>'
        for name in ("r1", "r2", "r3")
    )
    parts: dict[str, str | bytes] = {
        "_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
        "media/r1.png": picture("#a31f1f"),
        "media/r2.png": picture("#1f5fa3"),
        "media/r3.png": b"EMF of an old Word",
    }
    return docx(*blocks, **parts)


def test_pictures_stand_where_they_stood_with_their_words() -> None:
    report = read_questions(
        illustrated(
            f"<w:p>{run('Câu 1. Ngôi nhà nào? ')}{drawing('r1', 'Nhà sàn')}</w:p>",
            f"<w:p>{run('A. ')}{drawing('r2', 'Nhà rường')}</w:p>",
            f"<w:p>{run('B. ', 'b')}{run('Nhà dài', 'b')}{drawing('r1', 'Nhà sàn')}</w:p>",
            "Câu 2. Không đọc được",
            f"<w:p>{drawing('r3')}</w:p>",
            "A. x",
            line("b|B. y"),
            f"<w:p>{drawing('r2')}</w:p>",
        )
    )
    first, second = report.questions
    house, hall = (next(m for m in first.media if m.words == w) for w in ("Nhà sàn", "Nhà rường"))
    assert first.stem == f"Ngôi nhà nào? {house.token}"
    assert [option.text for option in first.options] == [hall.token, f"Nhà dài{house.token}"]
    assert (first.key_letters, second.key_letters) == ("B", "B")
    assert first.as_json()["text"] == "Ngôi nhà nào?"
    assert [medium.words for medium in second.media] == [""]
    codes = {flag.code for flag in report.flags if flag.place == second.place}
    assert codes == {
        "media_left_out", "media_without_words", "picture_after_options", "key_taken",
    }  # fmt: skip
    assert "A. x\nB. y" in second.original


def test_a_paper_that_was_cut_off_is_told_in_words_of_word() -> None:
    whole = illustrated(STEM, *OPTIONS, "Đáp án: A")
    with pytest.raises(UnreadableFile) as refused:
        read_questions(whole[: len(whole) // 2])
    assert refused.value.code == "damaged"
    assert "document" in str(refused.value.words) or "Word" in str(refused.value.words)


def test_an_equation_stays_one() -> None:
    power = (
        "<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup>"
        "</m:sSup><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>c</m:t></m:r>"
        "</m:den></m:f></m:oMath>"
    )
    stem = f"<w:p>{run('Câu 1. Tính ')}{power}</w:p>"
    report = read(stem, *OPTIONS, "Đáp án: A")
    (question,) = report.questions
    (formula,) = question.media
    assert question.stem == f"Tính {formula.token}"
    assert question.as_json()["text"] == "Tính x²(a+b)/c"
    assert "<msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup>" in formula.markup
    assert "equations_in_line" not in {flag.code for flag in report.flags}


@pytest.mark.parametrize(
    ("omml", "words"),
    [
        ("<m:rad><m:deg/><m:e><m:r><m:t>2</m:t></m:r></m:e></m:rad>", "√(2)"),
        (
            "<m:d><m:e><m:r><m:t>a+1</m:t></m:r></m:e></m:d>",
            "(a+1)",
        ),
        (
            "<m:nary><m:sub><m:r><m:t>i</m:t></m:r></m:sub><m:e><m:r><m:t>k</m:t></m:r></m:e></m:nary>",
            "∫_(i) k",
        ),
        ("<m:m><m:mr><m:e><m:r><m:t>1</m:t></m:r></m:e></m:mr></m:m>", "1"),
        ("<m:unknown><m:r><m:t>3,14</m:t></m:r></m:unknown>", "3,14"),
    ],
)
def test_equations_of_word_become_mathml(omml: str, words: str) -> None:
    stem = f"<w:p>{run('Câu 1. Tính ')}<m:oMath>{omml}</m:oMath></w:p>"
    (question,) = read(stem, *OPTIONS, "Đáp án: A").questions
    (formula,) = question.media
    assert formula.markup.startswith("<math ")
    assert formula.words == words


def test_a_paper_in_a_legacy_font_waits() -> None:
    report = read(
        line("Câu 1. ", "x|Chñ tÞch Hå ChÝ Minh sinh n¨m nµo?"),
        line("x|A. N¨m 1890"),
        line("x|B. N¨m 1891"),
        "Đáp án: A",
    )
    (error,) = report.errors
    assert error.code == "legacy_encoding"
    assert error.preview is not None
    assert error.preview.stem == "Chủ tịch Hồ Chí Minh sinh năm nào?"
    assert [option.text for option in error.preview.options] == ["Năm 1890", "Năm 1891"]


def test_files_that_are_no_paper_are_refused_with_one_sentence() -> None:
    whole = docx(STEM, *OPTIONS)
    entity = "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>"
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    cases = {
        "no_questions": docx("Một bài văn"),
        "macros": docx(STEM, **{"vbaProject.bin": "x"}),
        "damaged": whole[: len(whole) // 2],
        "old_word": old,
        "document_type": docx(STEM, **{"styles.xml": entity}),
    }
    for code, content in cases.items():
        with pytest.raises(UnreadableFile) as refused:
            read_questions(content, "docx")
        assert (refused.value.code, bool(str(refused.value.message))) == (code, True)


def test_a_bomb_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_questions(docx(STEM, **{"styles.xml": "x" * 60_000_000}))
    assert refused.value.code == "too_large"


PAPER = next(INPUTS.glob("On tap*.docx")).read_bytes()
TEXTS = st.lists(
    st.text(st.sampled_from("ABCD. \t*()Câu12:-đ"), max_size=14), min_size=1, max_size=8
)


@given(TEXTS)
@settings(max_examples=120, deadline=None)
def test_whatever_stands_there_is_read_or_refused(texts: list[str]) -> None:
    report = read(STEM, *texts)
    for question in report.questions:
        assert len(question.options) > 1
        assert question.key


@given(st.integers(0, len(PAPER) - 1), st.binary(min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_mutated_file_is_read_or_refused(at: int, other: bytes) -> None:
    content = PAPER[:at] + other + PAPER[at + len(other) :]
    with suppress(UnreadableFile):
        read_questions(content, find_format(content).code)


@pytest.mark.parametrize(
    "said", ["Chọn B", "Đáp án đúng là B", "Đáp án B", "Đ/A: B", "ĐÁP ÁN: B.", "Chọn đáp án B."]
)
def test_the_key_in_words_as_teachers_write_it(said: str) -> None:
    assert keys("Câu 1. Hỏi?", "A. một", "B. hai", said) == {1: "B"}


def test_options_on_the_line_of_the_question_and_a_level_in_brackets() -> None:
    (question,) = read("Câu 1 [TH]: Quê Bác? A. Huế B. Nghệ An C. Hà Nội", "Đáp án: B").questions
    assert question.stem == "Quê Bác?"
    assert [option.text for option in question.options] == ["Huế", "Nghệ An", "Hà Nội"]
    assert (question.key_letters, question.difficulty) == ("B", "medium")
    (person,) = read("Câu 2. Ông Nguyễn Văn A. là ai?", "A. một", "B. hai", "Chọn A").questions
    assert person.stem == "Ông Nguyễn Văn A. là ai?"


@pytest.mark.parametrize("said", ["=> Đáp án B", "(Đáp án: B)", "⇒ Chọn B.", "- ĐÁP ÁN: b"])
def test_a_key_in_its_line_may_stand_behind_an_arrow_or_in_brackets(said: str) -> None:
    assert keys(STEM, *OPTIONS, said.replace(">", "&gt;")) == {1: "B"}


def test_a_tick_marks_the_key_as_a_star_does() -> None:
    assert keys(STEM, OPTIONS[0], "✓ B. Hà Tĩnh", *OPTIONS[2:]) == {1: "B"}


TWO = (STEM, *OPTIONS, "Câu 2. Năm nào?", "A. 1890", "B. 1911")


@pytest.mark.parametrize("said", ["Đáp án: 1A, 2B", "ĐÁP ÁN: 1-A; 2-B"])
def test_the_last_line_of_a_paper_may_give_all_its_answers(said: str) -> None:
    assert keys(*TWO, said) == {1: "A", 2: "B"}
    assert keys(*TWO, "Bảng đáp án", table(("Câu", "1", "2"), ("Đáp án", "A", "B"))) == {
        1: "A",
        2: "B",
    }


def test_how_two_columns_belong_together_is_no_key_of_other_questions() -> None:
    pairs = ("Câu 5. Nối hai cột: a với b?", "A. x", "B. y", "1-A 2-B 3-A")
    last = ("Câu 6. Năm nào?", "A. 1890", "*B. 1911")
    assert keys(*TWO, *pairs, *last) == {6: "B"}
    assert codes(*TWO, *pairs, *last) == [(1, "no_key"), (2, "no_key"), (5, "no_key")]


def test_each_part_of_a_paper_may_have_its_answers_below_it() -> None:
    more = ("Câu 3. Ở đâu?", "A. Vinh", "B. Huế", "Câu 4. Khi nào?", "A. 1930", "B. 1945")
    assert keys(*TWO, "Đáp án", "1-A 2-B", *more, "ĐÁP ÁN", "3.B", "4.A") == {
        1: "A",
        2: "B",
        3: "B",
        4: "A",
    }


def test_an_option_below_a_line_that_is_none_is_not_lost() -> None:
    assert codes(STEM, "*A. Nghệ An", "B. Hà Tĩnh", "Xem bản đồ", "C. Huế") == [
        (1, "letters_out_of_order")
    ]


def test_a_cell_of_a_table_may_hold_the_options_too() -> None:
    cell = f"<w:tc>{line('Quê Bác Hồ ở đâu?')}{line('A. Nghệ An')}{line('B. Huế')}</w:tc>"
    rows = (
        "".join(f"<w:tc>{line(text)}</w:tc>" for text in ("STT", "Câu hỏi", "Đáp án")),
        f"<w:tc>{line('1')}</w:tc>{cell}<w:tc>{line('A')}</w:tc>",
    )
    (question,) = read(
        "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    ).questions
    assert (question.stem, question.key_texts) == ("Quê Bác Hồ ở đâu?", ("Nghệ An",))
    assert [option.text for option in question.options] == ["Nghệ An", "Huế"]


def two_questions() -> tuple[str, ...]:
    other = ("Câu 2. Bác sinh năm nào?", "A. 1890", "B. 1891", "C. 1892", "D. 1893")
    return (STEM, *OPTIONS, *other, "ĐÁP ÁN")


@pytest.mark.parametrize(
    "grid",
    [
        (["Câu", "Mã 101", "Mã 102"], ["1", "A", "B"], ["2", "B", "B"]),
        (["Mã đề", "1", "2"], ["101", "A", "B"], ["102", "C", "B"]),
    ],
)
def test_answers_of_several_paper_codes_are_no_key_where_they_differ(
    grid: tuple[list[str], ...],
) -> None:
    blocks = (*two_questions(), table(*grid))
    assert keys(*blocks) == {2: "B"}
    assert codes(*blocks) == [(1, "ambiguous_key")]


CODE_GRIDS = (
    (["Câu", "Mã 101", "Mã 102"], ["1", "A", "B"], ["2", "B", "C"]),
    (["Câu", "101", "102"], ["1", "A", "B"], ["2", "B", "C"]),
    (["Mã đề", "1", "2"], ["101", "A", "B"], ["102", "B", "C"]),
    (["", "Câu 1", "Câu 2"], ["Mã đề 101", "A", "B"], ["Mã đề 102", "B", "C"]),
    (["Câu", "101", "102", "Câu", "101", "102"], ["1", "A", "B", "2", "B", "C"]),
)


@pytest.mark.parametrize("grid", CODE_GRIDS)
def test_of_several_paper_codes_the_papers_own_is_its_key(grid: tuple[list[str], ...]) -> None:
    paper = (*two_questions(), table(*grid))
    assert keys("Mã đề thi: 101", *paper) == {1: "A", 2: "B"}
    assert keys("Mã đề 102", *paper) == {1: "B", 2: "C"}
    assert codes("Mã đề 103", *paper) == [(1, "no_key"), (2, "no_key")]
    assert codes(*paper) == [(1, "ambiguous_key"), (2, "ambiguous_key")]
    assert codes("Mã đề 101", "Mã đề 102", *paper) == codes(*paper)


@pytest.mark.parametrize("part", ["header1", "footer2"])
def test_the_code_of_a_paper_stands_at_the_head_or_foot_of_its_pages(part: str) -> None:
    words = "".join(run(each) for each in ("Mã đề ", "10", "2", " - Trang 1/4"))
    margin = f"<w:hdr {W}><w:p>{words}</w:p></w:hdr>"
    file = docx(*two_questions(), table(*CODE_GRIDS[0]), **{f"{part}.xml": margin})
    found = {each.place.question: each.key_letters for each in read_questions(file).questions}
    assert found == {1: "B", 2: "C"}


def test_numbers_of_questions_are_no_codes_of_papers() -> None:
    late = ("Mã đề 101", "Câu 101. Bác sinh năm nào?", "A. 1890", "B. 1891", "ĐÁP ÁN")
    assert keys(*late, table(["Câu", "101", "102"], ["Đáp án", "A", "C"])) == {101: "A"}
    assert keys(*late, table(["Câu", "Đáp án"], ["101", "A"], ["102", "C"])) == {101: "A"}
    paper = ("Mã đề 101", *two_questions())
    assert keys(*paper, table(["Câu", "1", "2"], ["Đáp án", "A", "C"])) == {1: "A", 2: "C"}
    assert keys(*paper, table(["1", "A"], ["2", "C"])) == {1: "A", 2: "C"}


@pytest.mark.parametrize(
    "answers",
    [
        (table(["BẢNG ĐÁP ÁN", ""], ["1", "2"], ["A", "C"]),),
        (table(["Câu", "1"], ["Đáp án", "A"], ["Câu", "2"], ["Đáp án", "C"]),),
        (table(["1", "A"], ["2", "C"]),),
        ("Câu 1: A", "Câu 2: C"),
    ],
)
def test_a_grid_is_read_whatever_stands_above_it(answers: tuple[str, ...]) -> None:
    assert keys(*two_questions(), *answers) == {1: "A", 2: "C"}


def test_a_list_of_answers_may_name_two_letters() -> None:
    assert keys(*two_questions(), "Câu 1: A", "Câu 2: B và C") == {1: "A", 2: "B,C"}


def test_a_slash_may_stand_behind_the_number() -> None:
    paper = ("1/ Quê Bác Hồ ở đâu?", "A/ Nghệ An", "B/ Huế", "Chọn: A", "2/ Ngày 1/5?", *OPTIONS)
    assert keys(*paper) == {1: "A"}
    assert codes(*paper) == [(2, "no_key")]


@pytest.mark.parametrize(
    "lines",
    [
        ("C©u 1. B¸c Hå sinh ë ®©u?", "A. NghÖ An", "b|B. Hµ TÜnh", "C. HuÕ"),
        ("Caâu 1. Baùc Hoà sinh ôû ñaâu?", "A. Ngheä An", "b|B. Haø Tónh", "C. Hueá"),
    ],
)
def test_a_paper_in_an_old_font_that_lost_its_name_waits_too(lines: tuple[str, ...]) -> None:
    assert codes(*lines) == [(1, "legacy_encoding")]


@pytest.mark.parametrize(
    ("options", "key"),
    [(("x", "y", "", "z"), "C"), (("x", "y", "", "z"), "D"), (("", "y", "t", "z"), "A")],
)
def test_an_empty_cell_among_the_options_of_a_table_gives_no_key_to_the_next(
    options: tuple[str, ...], key: str
) -> None:
    header = ("STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án")
    report = read(table(header, ("1", "Quê Bác Hồ ở đâu?", *options, key)))
    assert report.accepted == 0
    assert "empty_option" in [error.code for error in report.errors]


def test_options_that_are_empty_at_the_end_of_a_row_are_none() -> None:
    header = ("STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án")
    (question,) = read(
        table(header, ("1", "Bác quê ở Nghệ An?", "Có", "Không", "", "", "B"))
    ).questions
    assert (len(question.options), question.key_texts) == (2, ("Không",))


@pytest.mark.parametrize("key", ["Đáp án: D", "Đáp án: B"])
def test_an_empty_option_in_a_line_is_named(key: str) -> None:
    assert codes(STEM, *OPTIONS[:2], "C.", OPTIONS[3], key) == [(1, "empty_option")]


@pytest.mark.parametrize("said", ["=> B", "=>B", "→ B", "-> B.", "⇒ Chọn B"])
def test_a_letter_behind_an_arrow_below_the_options_is_the_key(said: str) -> None:
    assert keys(STEM, *OPTIONS, said) == {1: "B"}
    assert codes(STEM, *OPTIONS[:3], line("b|D. Hà Nội"), said) == [(1, "ambiguous_key")]


@pytest.mark.parametrize("said", ["=> Hà Tĩnh", "=> B hay C", "> B", "=> Z", "B"])
def test_what_is_no_letter_behind_an_arrow_is_no_key(said: str) -> None:
    assert codes(STEM, *OPTIONS, said) == [(1, "no_key")]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Đáp án đúng là B. Vì Bác sinh ở đó.", "Vì Bác sinh ở đó."),
        ("Đáp án đúng là: B. Vì Bác sinh ở đó", "Vì Bác sinh ở đó"),
        ("Đáp án: B (vì Bác sinh ở đó)", "Vì Bác sinh ở đó"),
        ("Chọn đáp án B. Giải thích: sinh ở đó", "Sinh ở đó"),
        ("Chọn B do Bác sinh ở đó", "Do Bác sinh ở đó"),
        ("Lời giải: Chọn B.", ""),
        ("Vậy đáp án chính xác là B.", ""),
        ("Câu trả lời đúng: B", ""),
        ("Trả lời: B", ""),
    ],
)
def test_a_key_may_stand_with_its_reason(said: str, why: str) -> None:
    (question,) = read(STEM, *OPTIONS, said).questions
    assert (question.key_letters, question.explanation) == ("B", why)


@pytest.mark.parametrize(
    "said",
    ["Đáp án đúng là B. Đáp án A sai", "Đáp án chính xác là: ở Huế hoặc Vinh", "Đáp án: B. Huế"],
)
def test_what_says_the_key_and_cannot_be_read_is_not_left_to_another_mark(said: str) -> None:
    report = read(STEM, line("b|A. Nghệ An"), *OPTIONS[1:], said)
    assert report.accepted == 0


def test_where_options_are_reasons_a_reason_must_be_that_of_its_letter() -> None:
    reasons = ("Câu 1. Tại sao?", "A. Vì nghèo", "B. Vì xa", "C. Vì lạ")
    assert keys(*reasons, "Đáp án: B. Vì xa") == {1: "B"}
    assert codes(*reasons, "Đáp án: B. Vì lạ") == [(1, "ambiguous_key")]


def test_two_lines_that_say_different_keys_are_none() -> None:
    assert codes(STEM, *OPTIONS, "Đáp án: A", "Chọn B") == [(1, "ambiguous_key")]
    assert keys(STEM, *OPTIONS, "Đáp án: A", "Vậy đáp án đúng là A") == {1: "A"}


def test_statements_in_small_letters_belong_to_the_question() -> None:
    lines = ("Câu 1. Cho các ý:", "a. Một ý", "b. Hai ý", "Số ý đúng là", "A. 1", "*B. 2", "C. 3")
    (question,) = read(*lines).questions
    assert question.stem == "Cho các ý:\na. Một ý\nb. Hai ý\nSố ý đúng là"
    assert question.key_texts == ("2",)


def test_a_paper_with_its_marks_apart_from_its_letters_is_read() -> None:
    lines = [unicodedata.normalize("NFD", each) for each in (STEM, *OPTIONS, "Đáp án: A")]
    (question,) = read(*lines).questions
    assert (question.stem, question.key_texts) == ("Quê Bác Hồ ở đâu?", ("Nghệ An",))


def test_answers_of_another_paper_code_are_no_key() -> None:
    paper = ("Mã đề: 101", *two_questions()[:-1])
    assert keys(*paper, "ĐÁP ÁN MÃ ĐỀ 101", "1A 2B") == {1: "A", 2: "B"}
    assert keys(*paper, "ĐÁP ÁN", "Mã đề 101", "1A 2B", "Mã đề 102", "1C 2C") == {1: "A", 2: "B"}
    assert codes(*paper, "ĐÁP ÁN ĐỀ 102", "Mã đề 102", "1A 2B") == [(1, "no_key"), (2, "no_key")]


def test_a_text_above_several_questions_is_missed_aloud() -> None:
    told = "Đọc đoạn văn sau và trả lời các câu hỏi từ 1 đến 2:"
    report = read(told, "Bác quê ở Nghệ An.", *two_questions()[:-1], "Câu 3. x?", "*A. y", "B. z")
    notes = [(flag.place.question, flag.level) for flag in report.flags if "shared" in flag.code]
    assert report.accepted == 1
    assert notes == []
    marked = (
        STEM,
        *OPTIONS,
        "Đáp án: A",
        "Câu 2. Năm?",
        "A. 1",
        "*B. 2",
        "Câu 3. x?",
        "*A. y",
        "B. z",
    )
    flags = read(told, *marked).flags
    assert [flag.place.question for flag in flags if flag.code == "shared_text_left_out"] == [1, 2]


def test_a_level_in_front_of_the_question_is_its_difficulty() -> None:
    (question,) = read("Câu 1. [NB] Quê Bác?", *OPTIONS, "Đáp án: A").questions
    assert (question.stem, question.difficulty) == ("Quê Bác?", "easy")


@pytest.mark.parametrize("said", ["Đáp án: A" + " " * 50_000 + "x", "Chọn B vì " + " " * 50_000])
def test_thousands_of_spaces_in_the_line_of_the_key_take_no_time(said: str) -> None:
    assert read(STEM, *OPTIONS, said).accepted in {0, 1}
