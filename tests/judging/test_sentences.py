"""A text as paragraphs and sentences, from which a judge chooses what a note stands on."""

import pytest

from contest.judging.rules.sentences import paragraphs


def cut(text):
    return [[part.words for part in each.sentences] for each in paragraphs(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("Chỉ một câu.", [[]]),
        ("Chỉ một câu không có dấu chấm", [[]]),
        ("Câu một. Câu hai!  Câu ba…", [["Câu một.", "Câu hai!", "Câu ba…"]]),
        ("Ông hỏi: “Ai đó?” Chị thưa.", [["Ông hỏi: “Ai đó?”", "Chị thưa."]]),
        ("Họ trồng rau, nuôi cá, v.v. và bán ở chợ.", [[]]),
        ("Ngày 19.5.1890 là ngày sinh của Bác.", [[]]),
        ("Góp 2.5 triệu đồng. 12 hộ nhận.", [["Góp 2.5 triệu đồng.", "12 hộ nhận."]]),
        ("Một. Hai.\n\n   \nBa.", [["Một.", "Hai."], []]),
        ("Đi rồi. – Vâng. “Ừ.”", [["Đi rồi.", "– Vâng.", "“Ừ.”"]]),
    ],
)
def test_sentences_end_where_the_next_begins(text, sentences):
    assert cut(text) == sentences


def test_places_count_in_the_plain_text():
    text = "Mở đầu.\n\nCâu một. Câu hai đây!  \n𝒳 lạ. Hết."
    for each in paragraphs(text):
        for part in (each.whole, *each.sentences):
            assert text[part.start : part.end] == part.words
            assert part.value == f"{part.start}-{part.end}"
