"""A certificate is one sheet, whatever stands on it, and its text is what was typed."""

import io
from datetime import date

import pypdf
import pytest

from contest.awards.certificate_papers import plain_sheet
from contest.awards.rules.certificates import LONGEST_NAME
from contest.core.documents import ARCHIVAL, printer

LONG_WORDS = (
    "Đã đạt giải Khuyến khích vòng chung kết toàn tỉnh, cuộc thi “Tìm hiểu tư tưởng, đạo đức, "
    "phong cách Hồ Chí Minh và truyền thống cách mạng của Đảng bộ tỉnh Lâm Sơn nhân kỷ niệm "
    "95 năm Ngày thành lập Đảng Cộng sản Việt Nam”"
)
LONG_UNIT = (
    "Trường Trung học phổ thông chuyên Nguyễn Bỉnh Khiêm › Sở Giáo dục và Đào tạo tỉnh Lâm Sơn"
)
LONG = {
    "above": "Ủy ban nhân dân tỉnh Lâm Sơn và các huyện, thị xã, thành phố",
    "issuer": "Ban Tổ chức cuộc thi tìm hiểu tư tưởng Hồ Chí Minh toàn tỉnh",
    "signer-role": "Trưởng Ban Tổ chức, Phó Bí thư Thường trực Tỉnh ủy",
    "signer-name": "Công Tằng Tôn Nữ Nguyễn Phúc Huyền Trang",
}
SHORT = {
    "above": "Tỉnh Lâm Sơn",
    "issuer": "Ban Tổ chức",
    "signer-role": "Trưởng ban",
    "signer-name": "Lê Lan",
}


def cut(words, most):
    """As much of a text as has so many bytes: the border at which sheets are not measured."""
    return words.encode()[:most].decode(errors="ignore").strip()


def sheet(name, unit, words):
    return plain_sheet(
        name=name,
        unit=unit,
        words=words,
        serial="2026/00042",
        code="ABCD2345EFGH",
        decision="Quyết định số 47-QĐ/BTC ngày 02/09/2026",
        place="Lâm Sơn",
        day=date(2026, 9, 2),
        address="https://guongsang.lamson.gov.vn/verify/",
    )


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    """Where the fonts for print are made once."""
    return tmp_path_factory.mktemp("instance")


@pytest.mark.parametrize("style", ["state", "party", "none"])
@pytest.mark.parametrize("layout", ["landscape", "portrait"])
def test_the_longest_words_stand_on_one_sheet_as_they_were_typed(instance, layout, style):
    whole = [sheet("K'Brỏih", "", "Đã tham gia"), sheet(LONGEST_NAME, LONG_UNIT, LONG_WORDS)]
    border = [sheet(cut(LONGEST_NAME, 60), cut(LONG_UNIT, 90), cut(LONG_WORDS, 240))]
    at_border = {name: cut(words, 60) for name, words in LONG.items()}
    with printer("awards/certificate", instance=instance) as press:
        for facts, sheets in ((SHORT, whole), (LONG, whole), (at_border, border)):
            design = {
                **facts,
                "layout": layout,
                "style": style,
                "heading": "Giấy chứng nhận",
                "lead": "Trân trọng tôn vinh",
                "logo": "",
                "signature": "",
                "serial-word": "Số:",
                "code-word": "Mã xác thực:",
            }
            data = {"title": "x", "lang": "vi", "design": design, "sheets": sheets}
            pages = pypdf.PdfReader(io.BytesIO(press.pdf(data, standard=ARCHIVAL))).pages
            assert len(pages) == len(sheets)
            for page, one in zip(pages, sheets, strict=True):
                text = " ".join(page.extract_text().split())
                for what in ("name", "unit", "words", "decision", "serial", "code"):
                    assert one[what] in text
