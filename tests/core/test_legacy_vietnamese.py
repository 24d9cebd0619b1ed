"""TCVN3 and VNI are found by what they would mean, and nothing else is taken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.core.vietnamese import (
    LegacyEncoding,
    could_be_legacy,
    find_legacy,
    from_legacy,
    is_garbled,
    legacy_font,
)

TCVN3, VNI = LegacyEncoding.TCVN3, LegacyEncoding.VNI


@pytest.mark.parametrize(
    ("typed", "encoding", "meant"),
    [
        ("ViÖt Nam", TCVN3, "Việt Nam"),
        ("Vieät Nam", VNI, "Việt Nam"),
        ("Ng\u00adêi thanh niªn NguyÔn TÊt Thµnh", TCVN3, "Người thanh niên Nguyễn Tất Thành"),
        ("LÞch sö n\u00adíc ta", TCVN3, "Lịch sử nước ta"),
        ("C¶ng §µ N½ng", TCVN3, "Cảng Đà Nẵng"),
        ("V¹n Phóc", TCVN3, "Vạn Phúc"),
        ("Ñaïi ñoaøn Quaân Tieân phong", VNI, "Đại đoàn Quân Tiên phong"),
        ("Coân Sôn", VNI, "Côn Sơn"),
        ("ÑAÛNG BOÄ", VNI, "ĐẢNG BỘ"),
        ("Nguyeãn Thò Myõ", VNI, "Nguyễn Thị Mỹ"),
    ],
)
def test_old_text_is_found_and_read(typed: str, encoding: LegacyEncoding, meant: str) -> None:
    assert find_legacy(typed) is encoding
    assert from_legacy(typed, encoding) == meant
    assert find_legacy(meant) is None


@pytest.mark.parametrize(
    "text",
    [
        "Amiral Latouche-Tréville",
        "Thuở nhỏ, Bác Hồ được đặt tên là gì?",
        "Nhà sàn, Pác Bó, Tân Trào",
        "L’Humanité, Noël, Köln, José Martí, Håkan",
        "H’Mơ Niê Kđăm, Y Moan Êban, Krông Búk",
        "5 µm, 20 °C, ½ giờ, m², Windows®, «Le Paria», 3×4",
        "toàn quốc, hoà bình, khoẻ, thuý",
        "Que huong cua Bac Ho",
        "",
    ],
)
def test_what_is_unicode_stays_what_it_is(text: str) -> None:
    assert find_legacy(text) is None


def test_a_word_that_reads_both_ways_is_said_to_be_so() -> None:
    assert could_be_legacy("Phóc", TCVN3)
    assert not could_be_legacy("Bác", TCVN3)
    assert not could_be_legacy("Nghệ An", TCVN3)


def test_capital_fonts_give_capitals() -> None:
    assert from_legacy("viÖt nam", TCVN3, capitals=True) == "VIỆT NAM"


def test_fonts_name_their_encoding() -> None:
    assert legacy_font(".VnTimeH") is TCVN3
    assert legacy_font("VNI-Times") is VNI
    assert legacy_font("Times New Roman") is None


def test_damage_on_the_way_is_seen() -> None:
    assert is_garbled("Hồ Chí Minh".encode().decode("latin-1"))
    assert is_garbled("Vi\ufffdt Nam")
    assert not is_garbled("Hồ Chí Minh, Tréville, toàn")


@given(st.text(alphabet=st.characters(max_codepoint=0x1EFF)))
def test_finding_never_crashes(text: str) -> None:
    encoding = find_legacy(text)
    if encoding is not None:
        assert from_legacy(text, encoding) != text
    assert is_garbled(text) in (True, False)
