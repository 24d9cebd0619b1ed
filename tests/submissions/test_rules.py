"""Texts, identity, differences and copies: pure rules with worked examples."""

import random
import unicodedata

import pytest

from contest.core.copies import (
    containment,
    find_copies,
    jaccard,
    shingles,
    words_of,
)
from contest.submissions.rules.differences import differences
from contest.submissions.rules.identity import Identity, find_identity, mask_all, mask_blocks
from contest.submissions.rules.passages import passages
from contest.submissions.rules.structure import take_apart
from contest.submissions.rules.texts import (
    paragraph,
    read_html,
    read_plain,
    write_html,
    write_plain,
    write_text,
)

WHO = Identity(
    names=("Nguyễn Thị Thanh Mơ", "Phan Đăng Khuyến", "Bùi Ngọc Ánh"),
    units=(
        "Trường THCS Bến Lúa",
        "Hội Liên hiệp Phụ nữ xã Thạch Lưu",
        "Đảng ủy phường Xuân Hòa - Bến Ngự",
    ),
    kept=("Lê Thị Nhạn",),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cô Mơ ơi", ["Mơ"]),
        ("Ảnh: Thanh Mơ", ["Thanh Mơ"]),
        ("– cán bộ Khuyến của xã", ["Khuyến"]),
        ("P. Đ. Khuyến, P.Đ.K. và PĐK", ["P. Đ. Khuyến", "P.Đ.K", "PĐK"]),
        (
            "NGUYỄN THỊ THANH MƠ (Nguyen Thi Thanh Mo)",
            ["NGUYỄN THỊ THANH MƠ", "Nguyen Thi Thanh Mo"],
        ),
        ("THCS Bến Lúa, Trung học cơ sở Bến Lúa", ["THCS Bến Lúa", "Trung học cơ sở Bến Lúa"]),
        ("Hội LHPN xã Thạch Lưu", ["Hội LHPN xã Thạch Lưu"]),
        ("trường Bến Lúa, Đảng ủy P. Xuân Hòa", ["trường Bến Lúa", "Đảng ủy P. Xuân Hòa"]),
        ("gọi 0912 000 345 hoặc a.b@vidu.example", ["0912 000 345", "a.b@vidu.example"]),
        ("chị Lê Thị Nhạn, nắng ánh lên, giấc mơ, thư viện xã Thạch Lưu", []),
        ("năm 1977, 12.500.000 đồng, 140 mét vuông", []),
    ],
)
def test_who_wrote_is_found_in_all_forms(text, found):
    certain = [each.found for each in find_identity(text, WHO) if each.certain]
    assert certain == found


@pytest.mark.parametrize("text", ["– Ánh ghi lại giúp chị", "Ánh nắng chiếu qua", "và Lê Thị Mơ"])
def test_what_may_be_an_ordinary_word_is_flagged_only(text):
    assert [each.certain for each in find_identity(text, WHO)] == [False]


@pytest.mark.parametrize("place", ["phường Xuân Hòa - Bến Ngự", "P. Xuân Hòa"])
def test_the_place_of_the_unit_is_flagged_and_stays_where_the_story_happens(place):
    (found,) = find_identity(f"Ở {place}, ai cũng quý chị", WHO)
    assert (found.kind, found.found, found.certain) == ("unit", place, False)
    assert mask_all(f"Tổ 4, {place}", WHO) == f"Tổ 4, {place}"


def test_masking_crosses_bold_letters():
    blocks = read_html("<p>Cô <b>Thanh</b> <i>Mơ</i> dạy</p><p>chị Nhạn</p>")
    masked = mask_blocks(blocks, find_identity(write_text(blocks), WHO))
    assert write_html(masked) == "<p>Cô [tên đã ẩn] dạy</p>\n<p>chị Nhạn</p>"
    assert mask_all("Ảnh: THANH MƠ", WHO) == "Ảnh: [tên đã ẩn]"


def test_nothing_but_known_elements_survives():
    hostile = (
        "<p onclick=x style=y>Một<script>alert(1)</script></p><svg onload=1></svg>"
        "<img src=x onerror=1><img src='/essays/files/abcdefgh1234'>"
        "<iframe src=//x></iframe><a href='javascript:1'>hai</a>&lt;b&gt;"
    )
    assert write_html(read_html(hostile)) == (
        '<p>Một</p>\n<figure><img src="file:abcdefgh1234" alt=""></figure>\n<p>hai&lt;b&gt;</p>'
    )
    assert write_html(read_html(hostile, known_files=[])) == "<p>Một</p>\n<p>hai&lt;b&gt;</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<p>a <strong>b</strong> c</p>",
        "<h2>a</h2>\n<ul><li>b</li><li>c</li></ul>\n<ol><li>d</li></ol>",
        "<blockquote><p>a</p><p>b</p></blockquote>\n<p>c<br>d</p>",
    ],
)
def test_what_was_written_is_read_back_the_same(html):
    assert write_html(read_html(html)) == html


def test_what_a_reviser_struck_out_stays_out_and_a_row_of_a_table_is_a_line():
    pasted = (
        "<p>Một<del cite='mailto:Tám'> bỏ đi</del></p><table><tr><td><p>Năm 2025</p></td><td>"
        "<b>150</b> suất</td><td> </td></tr><tr><td>Họ tên:</td><td>Lê Thị Nhạn</td></tr>"
        "<tr><td><p>hai</p><p>ba</p></td><td>bốn</td></tr><tr><td>năm</td></tr></table>"
    )
    assert [block.text for block in read_html(pasted)] == [
        *("Một", "Năm 2025 | 150 suất", "Họ tên: Lê Thị Nhạn", "hai", "ba", "bốn", "năm")
    ]


def test_plain_text_goes_there_and_back():
    blocks = read_html("<h2>a</h2><p>b</p><ul><li>c</li></ul><ol><li>d</li><li>e</li></ol>")
    assert read_plain(write_plain(blocks)) == blocks
    picture = read_plain("a\n\n[ảnh 1]\n\nb", ["abcdefgh1234"])
    assert [block.kind for block in picture] == ["p", "figure", "p"]


def test_differences_are_told_word_by_word():
    changes = differences("Một hai ba\nbốn", "Một năm ba\nbốn\nsáu")
    assert [(each.kind, each.text) for each in changes] == [
        ("same", "Một "),
        ("removed", "hai"),
        ("added", "năm"),
        ("same", " ba\nbốn\n"),
        ("added", "sáu\n"),
    ]


def test_passages_are_cut_without_overlap():
    cut = [(each.text, each.number) for each in passages("abcdefgh", [(4, 6), (1, 5)])]
    assert cut == [("a", 0), ("bcde", 2), ("f", 1), ("gh", 0)]


FIRST = "Cô giáo Lan đã dành ba mươi năm dạy chữ cho trẻ em vùng cao"
SECOND = "Cô giáo Lan đã dành hơn ba mươi năm dạy chữ cho trẻ em vùng cao"


def test_the_worked_example_of_shingles():
    assert (len(shingles(words_of(FIRST), 3)), len(shingles(words_of(SECOND), 3))) == (13, 14)
    assert jaccard(FIRST, SECOND, 3) == (11, 16)
    assert containment(FIRST, SECOND, 3) == (11, 13)
    assert jaccard(FIRST, unicodedata.normalize("NFD", FIRST.upper()) + ".", 3) == (13, 13)


def make_texts(count, words, seed):
    chance = random.Random(seed)
    syllables = [
        f"{a}{b}{c}" for a in "bcdghklmnt" for b in "aăâeêiôơuư" for c in ("", "n", "ng", "t")
    ]
    syllables += [word + "h" for word in syllables]
    return [[chance.choice(syllables) for _ in range(words)] for _ in range(count)], chance


def plant(texts, chance, copies):
    """Copies of 60 % and contiguous passages of 20 %; gives the pairs."""
    pairs = set()
    for place in range(copies):
        words = len(texts[0])
        source, target = place, len(texts) - 1 - place
        if place % 2:
            kept = words * 6 // 10
            texts[target][:kept] = texts[source][:kept]
        else:
            kept, start = words // 5, chance.randrange(words * 7 // 10)
            there = chance.randrange(words * 7 // 10)
            texts[target][there : there + kept] = texts[source][start : start + kept]
        pairs.add((source, target))
    return pairs


def test_planted_copies_are_found_with_their_passages():
    texts, chance = make_texts(300, 600, 7)
    planted = plant(texts, chance, 100)
    found = find_copies([" ".join(words) for words in texts])
    pairs = {(each.first, each.second) for each in found}
    assert len(planted & pairs) >= 0.99 * len(planted)
    assert len(pairs - planted) == 0
    for each in found:
        joined = " ".join(texts[each.first])
        other = " ".join(texts[each.second])
        start, end, from_start, from_end = max(each.spans, key=lambda span: span[1] - span[0])
        assert joined[start:end] == other[from_start:from_end]


def test_winnowing_finds_them_too_and_earlier_seasons_are_compared():
    texts, chance = make_texts(200, 600, 8)
    planted = plant(texts, chance, 60)
    joined = [" ".join(words) for words in texts]
    found = find_copies(joined, winnow_above=10)
    assert planted <= {(each.first, each.second) for each in found}
    seasons = find_copies(joined[:100], against=joined[100:])
    assert planted <= {(each.first, each.second) for each in seasons}
    assert find_copies(joined[100:140]) == []


def test_a_phrase_that_everybody_uses_accuses_nobody():
    phrase = " học tập và làm theo tư tưởng đạo đức phong cách Hồ Chí Minh là việc hằng ngày "
    texts, _chance = make_texts(60, 300, 9)
    assert find_copies([" ".join(words) + phrase for words in texts]) == []


@pytest.mark.deep
def test_copies_are_found_in_a_whole_season():
    texts, chance = make_texts(1800, 1200, 10)
    planted = plant(texts, chance, 200)
    joined = [" ".join(words) for words in texts]
    found = find_copies(joined)
    assert len(planted & {(each.first, each.second) for each in found}) >= 198


def test_no_texts_and_short_texts_are_no_trouble():
    assert find_copies([]) == []
    assert find_copies(["một hai", "một hai", ""]) == []


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("ÁNH ĐÈN BÊN SÔNG", "Ánh đèn bên sông"),
        ("Người đàn bà thắp đèn", "Người đàn bà thắp đèn"),
    ],
)
def test_a_title_in_capitals_that_looks_like_a_name_is_the_title(line, title):
    head = ["BÀI DỰ THI", "Họ và tên: Phạm Thanh Mơ", "Đơn vị: Trường Tiểu học Kim Đồng"]
    body = "Mỗi đêm bà thắp đèn cho ghe về, chẳng lấy tiền của ai bao giờ."
    read = take_apart([paragraph(each) for each in (*head, line, body)])
    assert (read.title, read.left_out) == (title, head)
    assert [block.text for block in read.body] == [body]
