"""Hostile and broken files: one clear sentence each, and nothing is lost."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from contest.config import PROJECT_ROOT
from contest.submissions.intake import read_document, read_picture
from contest.submissions.rules.refusals import BadFile

ESSAYS = PROJECT_ROOT / "tests" / "data" / "essays"
DOCX = (ESSAYS / "gs_khuyen_binhlang_banchinh.docx").read_bytes()
PDF = (ESSAYS / "BuiNgocAnh_HPN_ThachLuu_baiduthi.pdf").read_bytes()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def pdf_with(**extra: Any) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if "script" in extra:
        action = DictionaryObject(
            {
                NameObject("/S"): NameObject("/JavaScript"),
                NameObject("/JS"): TextStringObject("app.alert(1)"),
            }
        )
        writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)
    if "attachment" in extra:
        writer.add_attachment("a.exe", b"MZ")
    if "launch" in extra:
        action = DictionaryObject(
            {
                NameObject("/S"): NameObject("/Launch"),
                NameObject("/F"): TextStringObject("cmd.exe"),
            }
        )
        writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)
    if "password" in extra:
        writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


XXE = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
DOCUMENTS = {
    "empty": (b"", "a.docx", "empty"),
    "white": (b" \r\n", "a.docx", "empty"),
    "cut off docx": (DOCX[: len(DOCX) // 2], "a.docx", "damaged"),
    "cut off pdf": (PDF[: len(PDF) // 3], "a.pdf", None),
    "old word": (OLE, "a.doc", "old_word"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "password"),
    "macros": (None, "a.docx", "macros"),
    "docm": (DOCX, "a.docm", "macros"),
    "xxe": (None, "a.docx", "damaged"),
    "bomb": (None, "a.docx", "too_large"),
    "xlsx": (None, "a.docx", "not_a_document"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "a.docx", "picture"),
    "pdf named docx": (PDF, "a.docx", "renamed"),
    "docx named pdf": (DOCX, "a.pdf", "renamed"),
    "text": ("Kính gửi ban tổ chức".encode(), "a.docx", "unknown"),
    "html": (b"<html><script>alert(1)</script>", "a.docx", "unknown"),
    "pdf script": (pdf_with(script=1), "a.pdf", "active"),
    "pdf launch": (pdf_with(launch=1), "a.pdf", "active"),
    "pdf attachment": (pdf_with(attachment=1), "a.pdf", "active"),
    "pdf password": (pdf_with(password=1), "a.pdf", "password"),
    "pdf scan": (pdf_with(), "a.pdf", "no_text"),
    "pdf rubbish": (b"%PDF-1.7\n" + b"\xff" * 3000, "a.pdf", "damaged"),
}


def content_of(case: str, content: bytes | None) -> bytes:
    if content is not None:
        return content
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCX)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            if case == "xxe" and name == "word/document.xml":
                new.writestr(name, XXE)
            elif not (case == "xlsx" and name.startswith("word/")):
                new.writestr(name, old.read(name))
        if case == "bomb":
            new.writestr("word/media/big.xml", b"0" * 80_000_000)
        if case == "macros":
            new.writestr("word/vbaProject.bin", b"x")
    return target.getvalue()


@pytest.mark.parametrize("case", DOCUMENTS)
def test_each_bad_document_gets_one_clear_sentence(case):
    content, name, code = DOCUMENTS[case]
    with pytest.raises(BadFile) as refused:
        read_document(content_of(case, content), name)
    if code is not None:
        assert refused.value.code == code
    assert refused.value.words.endswith(".")


def test_links_of_a_document_to_other_files_are_not_followed():
    rels = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
        b'2006/relationships"><Relationship Id="rId1" TargetMode="External" Type="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/relationships/image" Target="file:///etc/passwd"/>'
        b"</Relationships>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCX)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, rels if name.endswith("document.xml.rels") else old.read(name))
    try:
        read = read_document(target.getvalue(), "a.docx")
    except BadFile:
        return
    assert read.pictures == []


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 40)).save(file, kind, **options)
    return file.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "Nguyen Thi Thanh Mo"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif.tobytes(), comment=b"Thanh Mo")


def test_camera_place_and_names_are_gone_and_the_picture_stands_upright():
    clean = read_picture(with_place())
    assert b"Thanh Mo" not in clean.content
    assert b"Exif" not in clean.content
    assert (clean.width, clean.height) == (40, 60)
    with Image.open(io.BytesIO(clean.content)) as drawn:
        assert not drawn.getexif()


def test_what_hangs_behind_a_picture_is_gone():
    clean = read_picture(picture() + b"PK\x03\x04<script>alert(1)</script>")
    assert b"script" not in clean.content


def test_large_pictures_become_small():
    clean = read_picture(picture("PNG", (5000, 400)))
    assert (clean.width, clean.height) == (2000, 160)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "svg"),
        (b"<?xml version='1.0'?><svg/>", "svg"),
        (b"GIF89a" + b"\0" * 100, "not_a_picture"),
        (DOCX, "not_a_picture"),
        (PDF, "not_a_picture"),
        (picture(size=(900, 900))[:300], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, None),
    ],
)
def test_each_bad_picture_gets_one_clear_sentence(content, code):
    with pytest.raises(BadFile) as refused:
        read_picture(content)
    if code is not None:
        assert refused.value.code == code


def test_a_picture_of_too_many_points_is_not_unpacked():
    with pytest.raises(BadFile) as refused:
        read_picture(picture("PNG", (9000, 9000)))
    assert refused.value.code == "too_large"
