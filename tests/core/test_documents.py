"""PDF documents: letters, headers, and that nothing typed is a command."""

import io
import re
from pathlib import Path

import pypdf
import pytest
import segno

from contest.core import documents
from contest.core.documents import ARCHIVAL, UnprintableSign, compile_pdf, printer, qr_svg

TEMPLATE = """#import "/documents/base.typ": *
#show: document.with(footer: "Chân trang")
#header()
#heading-block("Quyết định", about: data.name)
#listing(("TT", "Họ và tên"), data.rows)
#signatures(data.signers)
"""


@pytest.fixture
def templates(tmp_path, monkeypatch):
    shared = tmp_path / "templates" / "documents"
    shared.mkdir(parents=True)
    base = documents._TEMPLATES / "documents" / "base.typ"
    (shared / "base.typ").write_text(base.read_text(encoding="utf-8"), encoding="utf-8")
    (shared / "try.typ").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(documents, "_TEMPLATES", shared.parent)
    return shared


@pytest.fixture(scope="session")
def print_instance(tmp_path_factory):
    return tmp_path_factory.mktemp("print")


def facts(name, style="state"):
    return {
        "title": "Thử",
        "name": name,
        "rows": [["1", "Đỗ Thị Ánh"]],
        "signers": [{"role": "Trưởng ban", "name": "Lan"}],
        "header": {
            "style": style,
            "above": "Thành ủy",
            "issuer": "Ban Tổ chức",
            "number": "Số: 12/QĐ-BTC",
            "place_date": "Hà Nội, ngày 22 tháng 11 năm 2026",
        },
    }


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def test_what_a_person_typed_is_printed_and_never_run(templates, print_instance: Path):
    hostile = '#panic("x") *đậm* $a$ = \\ #include "/etc/passwd" H\'Hen Niê'
    made = compile_pdf("documents/try", facts(hostile), instance=print_instance)
    words = " ".join(read(made).pages[0].extract_text().split())
    assert hostile in words


def test_both_headers_say_whose_document_it_is(templates, print_instance: Path):
    with printer("documents/try", instance=print_instance) as open_printer:
        texts = {
            style: read(open_printer.pdf(facts("Kết quả", style))).pages[0].extract_text()
            for style in ("state", "party")
        }
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in texts["state"]
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in texts["party"]
    assert "Độc lập" not in texts["party"]


def test_an_archival_document_carries_its_fonts(templates, print_instance: Path):
    made = read(
        compile_pdf("documents/try", facts("Kết quả"), instance=print_instance, standard=ARCHIVAL)
    )
    fonts = [font.get_object() for font in made.pages[0]["/Resources"]["/Font"].values()]
    assert {str(font["/BaseFont"]).split("+")[1].split("-")[0] for font in fonts} == {
        "BeVietnamPro"
    }
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(inner)
    assert b"pdfaid:part" in made.trailer["/Root"]["/Metadata"].get_data()


def test_a_sign_that_nobody_can_print_is_said_in_words(templates, print_instance: Path):
    with pytest.raises(UnprintableSign):
        compile_pdf("documents/try", facts("Lan 😀"), instance=print_instance, standard=ARCHIVAL)


def test_a_template_reads_the_pictures_it_is_given_and_no_other_file(
    templates, print_instance: Path
):
    line = '#image("/pictures/logo.svg", alt: data.name)\n'
    (templates / "try.typ").write_text('#import "/documents/base.typ": *\n' + line)
    drawn = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    )
    made = compile_pdf(
        "documents/try",
        {"name": "Biểu trưng"},
        instance=print_instance,
        pictures={"../../logo.svg": drawn},
    )
    assert len(read(made).pages) == 1
    with pytest.raises(RuntimeError, match="not found"):
        compile_pdf("documents/try", {"name": "–"}, instance=print_instance)


def test_a_qr_code_draws_every_dark_module_and_no_other():
    address = "https://guong-sang.example/verify/DEWA4P2RAF8D"
    drawn = qr_svg(address)
    rows = segno.make(address, error="m", mask=3, boost_error=False, micro=False).matrix
    dark = {(x, y) for y, row in enumerate(rows) for x, one in enumerate(row) if one}
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn)
    assert {(int(x) + step, int(y)) for x, y, wide in runs for step in range(int(wide))} == dark
    assert f'width="{len(rows)}"' in drawn
