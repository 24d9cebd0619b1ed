"""The worked examples of Vietnamese text, and the properties that hold for any text."""

import random
import unicodedata
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.core.vietnamese import (
    BadDate,
    BadPhone,
    DatePrecision,
    count_words,
    fold,
    fold_document_number,
    given_name,
    initials,
    is_landline,
    name_sort_key,
    nfc,
    normalise_phone,
    one_line,
    parse_date_vi,
    read_phones,
    same_word_key,
    text_sort_key,
)

BY_GIVEN_NAME = [
    "Nguyễn An",
    "Trần Thị An",
    "Lê Văn Anh",
    "Phạm Đức Anh",
    "Vũ Ảnh",
    "Lý Ãnh",
    "Nguyễn Thị Ánh",
    "Nguyễn Văn Ánh",
    "Lê Hoàng Ân",
    "Bùi Dũng",
    "Đỗ Văn Đạt",
    "Hồ Chí Minh",
    "Trần Đăng Ninh",
    "Nguyễn Ái Quốc",
]
WORDS = ["a", "à", "ả", "ã", "á", "ạ", "an", "ăn", "ân", "Do", "Dũng", "Dương", "Đan", "Đặng", "Đỗ"]


def shuffled(items: list[str]) -> list[str]:
    return random.Random(2026).sample(items, len(items))


def test_people_sort_by_given_name() -> None:
    assert sorted(shuffled(BY_GIVEN_NAME), key=name_sort_key) == BY_GIVEN_NAME


def test_words_sort_by_letter_then_tone() -> None:
    assert sorted(shuffled(WORDS), key=text_sort_key) == WORDS


def test_units_sort_word_by_word_and_numbers_by_value() -> None:
    units = ["Chi bộ 2", "Chi bộ 10", "Đảng bộ xã", "Đoàn trường", "Hội Nông dân", "Hội Phụ nữ"]
    assert sorted(shuffled(units), key=text_sort_key) == units


def test_place_of_the_tone_does_not_change_the_order() -> None:
    names = ["Trần Thị Hòa", "Trần Thị Hoà", "Trần Thị Hoài"]
    assert sorted(names, key=name_sort_key)[2] == "Trần Thị Hoài"
    assert sorted(["Hoàb", "Hòac", "Hoàa"], key=text_sort_key) == ["Hoàa", "Hoàb", "Hòac"]


def test_fold_finds_what_people_type_without_marks() -> None:
    assert fold("Đường Kách mệnh") == "duong kach menh"
    assert fold("K’Brỏih – Y") == "k'broih - y"
    assert fold(unicodedata.normalize("NFD", "Hoà")) == fold("HÒA")


def test_nfc_mends_a_tone_typed_before_the_shape() -> None:
    assert nfc("ô\u0300") == "ồ"
    assert nfc("o\u0300\u0302") == "ồ"
    assert nfc("u\u0301\u031b") == "ứ"
    assert nfc("A\u0323\u0302") == nfc("A\u0302\u0323") == "Ậ"
    assert nfc(unicodedata.normalize("NFD", "Tuyên ngôn Độc lập")) == "Tuyên ngôn Độc lập"


@given(st.text())
def test_normal_forms_are_stable(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)
    assert fold(fold(text)) == fold(text)
    assert one_line(one_line(text)) == one_line(text)
    assert isinstance(text_sort_key(text), bytes)
    assert isinstance(name_sort_key(text), bytes)


@given(st.text(alphabet="aeouyAO\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323 đ", max_size=12))
def test_normal_forms_are_stable_under_any_marks(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)
    assert nfc(unicodedata.normalize("NFD", text)) == nfc(text)
    assert fold(nfc(text)) == fold(text)


LETTERS = "aàảãáạăâằẳẵắặầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíịoôơờởỡớợuưừửữứựyỳỷỹýỵ"
COMMON = LETTERS + LETTERS.upper() + "bqXZ 0.?`\n“”‘’–—…−‑•\u00a0"


@given(st.text(alphabet=COMMON, max_size=30))
def test_common_text_takes_the_short_way_to_the_same_end(text: str) -> None:
    assert nfc(text) == text
    assert fold(text) == fold(unicodedata.normalize("NFD", text))
    assert fold(text + "ß").startswith(fold(text))


def test_same_word_key_keeps_marks_but_not_their_place() -> None:
    assert same_word_key("Trần Thị Hòa") == same_word_key("TRẦN  THỊ HOÀ")
    assert same_word_key("thúy khỏe") == same_word_key("thuý khoẻ")
    assert len({same_word_key(word) for word in ("hoa", "hòa", "hóa", "hoả")}) == 4


def test_words_are_counted_as_tieng() -> None:
    title = "Đẩy mạnh học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh"  # 16 tiếng
    assert count_words(title) == 16
    assert count_words("Chỉ thị 05-CT/TW ngày 15-5-2016 –") == 5
    assert count_words(" \u00a0 – % \n") == 0


@pytest.mark.parametrize(
    "spelling", ["05-CT/TW", "05/CT-TW", "5 CT/TƯ", "Số: 05 – CT/TƯ", "05-ct/tw"]
)
def test_a_document_number_has_one_key(spelling: str) -> None:
    assert fold_document_number(spelling) == "5-ct-tw"
    assert fold_document_number("05-CT/TU") != "5-ct-tw"


@pytest.mark.parametrize(
    ("full_name", "greeting", "short"),
    [
        ("Nguyễn Thị Ánh", "Ánh", "N.T.A."),
        ("Đỗ Văn Đạt", "Đạt", "Đ.V.Đ."),
        ("Hiếu", "Hiếu", "H."),
        ("H'Hen Niê", "H'Hen", "H.N."),
        ("K'Brỏih", "K'Brỏih", "K."),
        ("Y Moan Êban", "Y Moan", "Y.M.Ê."),
        ("", "", ""),
    ],
)
def test_names_need_no_two_words(full_name: str, greeting: str, short: str) -> None:
    assert given_name(full_name) == greeting
    assert initials(full_name) == short


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0912000308", "+84912000308"),
        ("0912.000.308", "+84912000308"),
        ("0912 000-308", "+84912000308"),
        ("912000308", "+84912000308"),
        ("912000308.0", "+84912000308"),
        ("+84 912 000 308", "+84912000308"),
        ("+84 (0)912 000 308", "+84912000308"),
        ("84845000101", "+84845000101"),
        ("845000101", "+84845000101"),
        ("0084912000308", "+84912000308"),
        ("ĐT: 0912 000 308", "+84912000308"),
        ("'0912000308", "+84912000308"),
        ("0238 3000 313", "+842383000313"),
        ("(024) 3000 0314", "+842430000314"),
        ("2383000313", "+842383000313"),
        ("0912000308 / 0912.000.308", "+84912000308"),
    ],
)
def test_phones_become_e164(typed: str, expected: str) -> None:
    assert normalise_phone(typed) == expected
    assert is_landline(expected) == expected.startswith("+842")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("091200030", "wrong_length"),
        ("09120003081", "wrong_length"),
        ("01234567890", "old_mobile"),
        ("01692000123", "old_mobile"),
        ("1692000123", "old_mobile"),
        ("0412000308", "unknown_prefix"),
        ("+1 202 555 0100", "foreign"),
        ("không có", "not_a_phone"),
        ("9.12E+08", "not_a_phone"),
        ("0982000311 - 0352000312", "two_phones"),
        ("0982000311 0352000312", "two_phones"),
    ],
)
def test_a_phone_that_is_none_says_why(typed: str, code: str) -> None:
    with pytest.raises(BadPhone) as refusal:
        normalise_phone(typed)
    assert refusal.value.code == code


def test_two_phones_in_one_cell_are_both_read() -> None:
    expected = ("+84982000311", "+84352000312")
    for joined in ("/", " - ", "; ", " hoặc ", "\n"):
        assert read_phones(f"0982000311{joined}0352.000.312") == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("19/5/1890", "1890-05-19"),
        ("05-06-1911", "1911-06-05"),
        ("2.9.1945", "1945-09-02"),
        ("ngày 19 tháng 5 năm 2024", "2024-05-19"),
        ("Ngày 02 tháng Chín năm 1945", "1945-09-02"),
        ("mùng 2 tháng 9 năm 1945", "1945-09-02"),
        ("1990-08-05", "1990-08-05"),
        ("1990-08-05 00:00:00", "1990-08-05"),
        ("thứ Hai, 19/5/2025", "2025-05-19"),
        ("tháng 8/1990", "1990-08"),
        ("Tháng 8 năm 1990", "1990-08"),
        ("8/1990", "1990-08"),
        ("1990", "1990"),
        ("năm 1890", "1890"),
    ],
)
def test_dates_keep_the_precision_that_is_known(typed: str, expected: str) -> None:
    assert parse_date_vi(typed).isoformat() == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("31/2/1990", "no_such_day"),
        ("0/5/1990", "no_such_day"),
        ("5/15/1990", "bad_month"),
        ("19/5", "no_year"),
        ("4-2-92", "two_digit_year"),
        ("19051990", "not_a_date"),
        ("May 19, 1990", "not_a_date"),
        ("khoảng 1990", "not_a_date"),
    ],
)
def test_a_date_is_never_guessed(typed: str, code: str) -> None:
    with pytest.raises(BadDate) as refusal:
        parse_date_vi(typed)
    assert refusal.value.code == code


def test_two_digit_years_need_a_latest_year() -> None:
    assert parse_date_vi("4-2-92", latest_year=2026).date == date(1992, 2, 4)
    assert parse_date_vi("1-3-03", latest_year=2026) == (date(2003, 3, 1), DatePrecision.DAY)


@given(st.text())
def test_readers_of_numbers_and_dates_never_crash(text: str) -> None:
    for read in (normalise_phone, parse_date_vi):
        with suppress(BadPhone, BadDate):
            assert read(text)
