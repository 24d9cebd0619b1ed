"""Hostile and broken files: one clear sentence each, and nothing is lost."""

import io
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from contest.config import PROJECT_ROOT
from contest.core.errors import BadFile
from contest.submissions.intake import read_document, read_picture

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
    if "form" in extra:
        script = DictionaryObject({NameObject("/JS"): TextStringObject("app.alert(1)")})
        field = DictionaryObject({NameObject("/AA"): DictionaryObject({NameObject("/K"): script})})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(field)])
    if "bomb" in extra:
        stream = StreamObject()
        stream._data = half_a_gigabyte()
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    if "password" in extra:
        writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def half_a_gigabyte() -> bytes:
    """Zeros in zlib's form: the same packed million, 500 times, so that packing takes no time."""
    packer = zlib.compressobj(9)
    zeros = b"0" * 1_000_000
    head = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    million = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _ in range(500):
        checksum = zlib.adler32(zeros, checksum)
    return b"".join([head, million * 499, b"\x03\x00", checksum.to_bytes(4, "big")])


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
    "pdf script": (pdf_with(script=1), "a.pdf", "script"),
    "pdf launch": (pdf_with(launch=1), "a.pdf", "starts"),
    "pdf attachment": (pdf_with(attachment=1), "a.pdf", "attached"),
    "pdf password": (pdf_with(password=1), "a.pdf", "password"),
    "pdf scan": (pdf_with(), "a.pdf", "no_text"),
    "pdf rubbish": (b"%PDF-1.7\n" + b"\xff" * 3000, "a.pdf", "damaged"),
    "pdf unpacks to half a gigabyte": (pdf_with(bomb=1), "a.pdf", "damaged"),
    "pdf form with script": (pdf_with(form=1), "a.pdf", "script"),
    "pdf with html before it": (b"<html><script>alert(1)</script>" + PDF, "a.pdf", "unknown"),
    "docx with html before it": (b"<html><script>" + DOCX, "a.docx", "unknown"),
    "gif that is an archive": (b"GIF89a" + DOCX, "a.docx", "picture"),
    "pdf that is an archive": (PDF + DOCX, "a.docx", "renamed"),
    "archive that is a pdf": (DOCX + PDF, "a.pdf", "renamed"),
    "program named docx": (b"MZ\x90\0" + b"\0" * 200, "a.docx", "unknown"),
    "the last bytes are missing": (DOCX[:-20], "a.docx", "damaged"),
    "macros by type": (None, "a.docx", "macros"),
    "laughs": (None, "a.docx", "damaged"),
    "entities in utf-16": (None, "a.docx", "damaged"),
    "a thousand parts": (None, "a.docx", "too_large"),
    "locked archive": (None, "a.docx", "password"),
}


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><w>&c;</w>'
)
BODIES = {"xxe": XXE, "laughs": LAUGHS, "entities in utf-16": XXE.decode().encode("utf-16")}
MACRO_TYPE = (
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.'
    b'macroEnabled.main+xml"/></Types>'
)


def docx_with(changes: dict[str, bytes], *, without: str | None = None) -> bytes:
    """The good document with some of its parts changed, added, or left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCX)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            if name not in changes and not (without and name.startswith(without)):
                new.writestr(name, old.read(name))
        for name, part in changes.items():
            new.writestr(name, part)
    return target.getvalue()


def part_of_docx(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(DOCX)) as archive:
        return archive.read(name)


def locked(content: bytes) -> bytes:
    """The flag of encryption set in the archive's directory, as a locked archive has it."""
    place = content.index(b"PK\x01\x02")
    return content[: place + 8] + b"\x01" + content[place + 9 :]


def content_of(case: str, content: bytes | None) -> bytes:
    if content is not None:
        return content
    if case in BODIES:
        return docx_with({"word/document.xml": BODIES[case]})
    if case == "xlsx":
        return docx_with({}, without="word/")
    if case == "locked archive":
        return locked(DOCX)
    types = part_of_docx("[Content_Types].xml")
    return docx_with(
        {
            "bomb": {"word/media/big.xml": b"0" * 80_000_000},
            "macros": {"word/vbaProject.bin": b"x"},
            "macros by type": {"[Content_Types].xml": types.replace(b"</Types>", MACRO_TYPE)},
            "a thousand parts": {f"word/media/{place}.png": b"x" for place in range(1_001)},
        }[case]
    )


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
    try:
        read = read_document(docx_with({"word/_rels/document.xml.rels": rels}), "a.docx")
    except BadFile:
        return
    assert read.pictures == []


def test_a_drawing_with_a_script_in_a_document_does_not_come_along():
    with zipfile.ZipFile(io.BytesIO(DOCX)) as archive:
        media = [name for name in archive.namelist() if name.startswith("word/media/")]
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    read = read_document(docx_with(dict.fromkeys(media, svg)), "a.docx")
    assert (len(media), read.pictures, read.lost_pictures) == (1, [], 1)
    assert "figure" not in {block.kind for block in read.document.body}


def test_pictures_beyond_the_limit_are_counted_and_stay_out():
    read = read_document(DOCX, "a.docx", most_pictures=0)
    assert (read.pictures, read.further_pictures) == ([], 1)
    assert read.document.body


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
        (b"GIF89a" + b"\0" * 100 + DOCX, "not_a_picture"),
        (b"\0" * 5 + b"<html><svg onload='alert(1)'>", "svg"),
        (picture("PNG", (300, 300))[:-30], "damaged"),
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
