"""Aiken: a wrong question is refused at its line, and the rest of the file is still read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.formats import ImportReport, read_questions


def read(text: str) -> ImportReport:
    return read_questions(text.encode(), "aiken")


GOOD = "Quê Bác Hồ ở đâu?\nA. Nghệ An\nB) Hà Tĩnh\nANSWER: A\n"


def test_questions_follow_each_other_with_and_without_blank_lines() -> None:
    report = read(GOOD + "Dòng một\ndòng hai\n\nA. x\nB. y\nC. z\n\nANSWER: C\n")
    assert report.errors == []
    assert [(q.stem, q.key_letters, q.row) for q in report.questions] == [
        ("Quê Bác Hồ ở đâu?", "A", 1),
        ("Dòng một\ndòng hai", "C", 5),
    ]
    assert [option.text for option in report.questions[0].options] == ["Nghệ An", "Hà Tĩnh"]


def test_each_fault_has_its_line_and_the_rest_is_read() -> None:
    report = read(
        "Thiếu đáp án\nA. một\nB. hai\n\n"
        "Ngoài phương án\nA. x\nB. y\nANSWER: E\n\n"
        "Một phương án\nA. x\nANSWER: A\n\n"
        "Chữ thường\nA. x\nB. y\nANSWER: b\n\n"
        "Hai chữ\nA. x\nB. y\nANSWER: A, B\n\n"
        "Để trống\nA. x\nB. y\nANSWER:\n\n"
        "Nhảy chữ\nA. x\nC. y\nANSWER: A\n\n"
        "Giống nhau\nA. Nghệ An\nB. nghệ an\nANSWER: A\n\n"
        "Trống ở giữa\nA. Huế\nB.\nC. Nghệ An\nANSWER: C\n\n" + GOOD
    )
    assert [(error.row, error.code) for error in report.errors] == [
        (1, "no_key"),
        (5, "key_outside_options"),
        (10, "too_few_options"),
        (14, "bad_key"),
        (19, "bad_key"),
        (24, "no_key"),
        (29, "letters_out_of_order"),
        (34, "equal_options"),
        (39, "empty_option"),
    ]
    assert [question.stem for question in report.questions] == ["Quê Bác Hồ ở đâu?"]


def test_a_missing_answer_does_not_give_its_options_to_the_next_question() -> None:
    report = read("Một\nA. 1\nB. 2\nHai\nA. 3\nB. 4\nANSWER: B\n")
    assert [(error.row, error.code) for error in report.errors] == [(1, "no_key")]
    (question,) = report.questions
    assert (question.stem, question.key_texts) == ("Hai", ("4",))


def test_an_option_may_go_on_in_the_next_line() -> None:
    (question,) = read("Câu\nA. một\n  hai\nB. ba\nANSWER: B\n").questions
    assert [option.text for option in question.options] == ["một hai", "ba"]


def test_a_question_with_too_many_options_is_one_error_with_its_line() -> None:
    report = read("x\n" + "A. x\n" * 30)
    assert {error.row for error in report.errors} == {1}
    assert report.questions == []


def test_aiken_is_known_by_its_content() -> None:
    assert read_questions(GOOD.encode()).format == "aiken"
    assert read_questions(GOOD.encode("utf-16")).accepted == 1


@given(st.text(st.sampled_from("AB.) \nANSWER:xđ"), max_size=120))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_there_is_read_or_refused(text: str) -> None:
    for question in read("x\n" + text).questions:
        assert len(question.options) > 1
        assert len(question.key) == 1
