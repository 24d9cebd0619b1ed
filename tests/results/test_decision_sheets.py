"""Minutes and decisions on paper: who signs is never alone on a page, rows are whole, heads return."""

import io

import pypdf
import pytest

from contest.awards.rules.certificates import LONGEST_NAME
from contest.core.documents import ARCHIVAL, printer

SIGNERS = [
    {"role": "Thư ký", "name": "Võ Hoài Thư", "note": ""},
    {"role": "Trưởng Ban Giám khảo hội thi", "name": "Nguyễn Thị Hoa", "note": ""},
    {"role": "Ủy viên", "name": "Phạm Anh Tú", "note": ""},
    {"role": "Trưởng Ban Tổ chức", "name": "Trần Thị Ngọc Lan", "note": "Đã ký"},
]


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    """Where the fonts for print are made once."""
    return tmp_path_factory.mktemp("instance")


def paper(style, articles, rows):
    unit = "Trường Trung học phổ thông chuyên Nguyễn Bỉnh Khiêm › Sở Giáo dục và Đào tạo Lâm Sơn"
    return {
        "title": "Quyết định công nhận kết quả",
        "lang": "vi",
        "digest": "ab" * 32,
        "draft": "",
        "header": {"style": style, "issuer": "Ban Tổ chức", "number": "Số: 47-QĐ/BTC"},
        "about": "Tuần 1",
        "grounds": ["Căn cứ Thể lệ cuộc thi;"],
        "articles": [f"Công nhận {n} cá nhân theo danh sách kèm theo." for n in range(articles)],
        "steps": [],
        "signatures": SIGNERS,
        "annex": {
            "title": "Danh sách kèm theo",
            "heads": ["STT", "Họ và tên", "Đơn vị", "Giải", "Tiền thưởng"],
            "rows": [
                [str(n), f"{LONGEST_NAME} {n:03d}.", unit, "Giải Ba", "1.000.000 đ"]
                for n in range(rows)
            ],
        },
    }


def texts(press, data):
    pdf = pypdf.PdfReader(io.BytesIO(press.pdf(data, standard=ARCHIVAL)))
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


@pytest.mark.parametrize("style", ["state", "party"])
def test_who_signs_is_never_alone_on_a_page(instance, style):
    alone = []
    with printer("results/decision", instance=instance) as press:
        for articles in range(26, 36):
            pages = texts(press, paper(style, articles, 1))
            (signed,) = (page for page in pages if SIGNERS[-1]["name"] in page)
            assert all(one["name"] in signed for one in SIGNERS)
            if "Điều" not in signed:
                alone.append(articles)
    assert alone == []


def test_a_long_list_has_its_head_on_each_page_and_whole_rows(instance):
    with printer("results/decision", instance=instance) as press:
        first, *annex = texts(press, paper("state", 3, 40))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert len(annex) > 3
    assert all("Họ và tên" in page for page in annex)
    for number in range(40):
        (page,) = (page for page in annex if f" {number:03d}." in page)
        assert f"{LONGEST_NAME} {number:03d}." in page
