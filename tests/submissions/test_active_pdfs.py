"""PDF files that carry something to run or to unpack: told what it is, however it is wrapped."""

import io
import time
import zlib

import pytest
from pypdf import PdfReader, PdfWriter

from contest.core.errors import BadFile
from contest.submissions.intake import read_document
from tests.submissions.test_files import PDF

SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
HEX = b"<</S/J#61vaScript/J#53(app.alert\\(1\\))>>"
PROGRAM = b"<</S/Launch/F(cmd.exe)>>"
VISIT = b"<</S/URI/URI(http://thu.example)>>"
WORDS = b"BT /F1 18 Tf 20 100 Td (Mot bai viet ngan) Tj ET"
ATTACHED = (b"<</Type/Filespec/F(a.exe)/EF<</F 7 0 R>>>>", b"<</Length 2>>stream\nMZ\nendstream")
BY_NAMES = b"/Names<</JavaScript<</Names[(a) 6 0 R]>>>>"


def parts(catalog=b"", page=b"", *more):
    """The objects of a PDF of one page, with something added."""
    words = b"<</Length %d>>stream\n" % len(WORDS) + WORDS + b"\nendstream"
    return [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F1 5 0 R>>>>"
        b"/Contents 4 0 R" + page + b">>",
        words,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    ]


def written(objects, *, table=True):
    """The bytes of a PDF; without its table a reader has to look for the objects."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    if table:
        start, rows = len(out), b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + rows
        out += b"trailer\n<</Root 1 0 R/Size %d>>\n" % (len(objects) + 1)
        out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def packed(catalog, *hidden):
    """Objects from 6 on lie in a compressed stream of objects, as newer PDF files have them."""
    plain, heads, bodies = parts(catalog), b"", b""
    for number, body in enumerate(hidden, start=6):
        heads += b"%d %d " % (number, len(bodies))
        bodies += body + b" "
    data = zlib.compress(heads + bodies)
    box = 6 + len(hidden)
    out, rows = bytearray(b"%PDF-1.7\n"), [b"\0\0\0\0\0\xff\xff"]
    for number, body in enumerate(plain, start=1):
        rows.append(b"\1" + len(out).to_bytes(4, "big") + b"\0\0")
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    rows += [b"\2" + box.to_bytes(4, "big") + bytes((0, at)) for at in range(len(hidden))]
    rows.append(b"\1" + len(out).to_bytes(4, "big") + b"\0\0")
    out += b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n" % (
        *(box, len(hidden), len(heads), len(data)),
    )
    out += data + b"\nendstream\nendobj\n"
    start = len(out)
    rows.append(b"\1" + start.to_bytes(4, "big") + b"\0\0")
    table = zlib.compress(b"".join(rows))
    out += b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Filter/FlateDecode" % (
        *(box + 1, box + 2),
    )
    out += b"/Length %d>>stream\n" % len(table) + table + b"\nendstream\nendobj\n"
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def locked(content, password=""):
    """The same behind a password; without one only changing it is locked."""
    writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def annotation(kind, rest=b""):
    return b"<</Type/Annot/Subtype/" + kind + b"/Rect[0 0 9 9]" + rest + b">>"


ON_PAGE = b"/Annots[6 0 R]"
HIDDEN = packed(b"/OpenAction 6 0 R", SCRIPT)
ACTIVE = {
    "when it opens": (written(parts(b"/OpenAction" + SCRIPT)), "script"),
    "with its names disguised": (written(parts(b"/OpenAction" + HEX)), "script"),
    "by the list of names": (written(parts(BY_NAMES, b"", SCRIPT)), "script"),
    "after going to a page": (
        written(parts(b"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next" + SCRIPT + b">>")),
        "script",
    ),
    "when a page is turned": (written(parts(b"", b"/AA<</O" + SCRIPT + b">>")), "script"),
    "behind a link": (written(parts(b"", ON_PAGE, annotation(b"Link", b"/A" + SCRIPT))), "script"),
    "without a table": (written(parts(b"/OpenAction" + SCRIPT), table=False), "script"),
    "disguised, without a table": (written(parts(b"/OpenAction" + HEX), table=False), "script"),
    "cut off": (written(parts(b"/OpenAction" + SCRIPT))[:-200], "script"),
    "without pages": (written([b"<</Type/Catalog/OpenAction" + SCRIPT + b">>"]), "script"),
    "nothing else": (b"%PDF-1.4\n1 0 obj\n<</OpenAction" + SCRIPT + b">>\nendobj\n", "script"),
    "in a trailer": (
        b"%PDF-1.1\ntrailer<</Root<</Pages<<>>/OpenAction" + SCRIPT + b">>>>",
        "script",
    ),
    "in an object that nothing names": (written(parts(b"", b"", SCRIPT)), "script"),
    "with a remark between": (
        written(parts(b"/OpenAction<</S % a remark\n/JavaScript/JS(1)>>"), table=False),
        "script",
    ),
    "in a compressed stream": (HIDDEN, "script"),
    "by names in a compressed stream": (
        packed(b"/Names 6 0 R", b"<</JavaScript 7 0 R>>", b"<</Names[(a) 8 0 R]>>", SCRIPT),
        "script",
    ),
    "in a compressed stream, table gone": (HIDDEN.split(b"/Type/XRef")[0], "script"),
    "in a compressed stream, cut off": (HIDDEN[: HIDDEN.index(b"/ObjStm") + 105], "script"),
    "behind a password": (locked(written(parts(b"/OpenAction" + SCRIPT))), "script"),
    "a program": (written(parts(b"/OpenAction" + PROGRAM)), "starts"),
    "a program, without a table": (
        written(parts(b"/OpenAction" + PROGRAM), table=False),
        "starts",
    ),
    "another document": (written(parts(b"/OpenAction<</S/GoToE/F(x.pdf)>>")), "starts"),
    "a page of the net when it opens": (written(parts(b"/OpenAction" + VISIT)), "starts"),
    "a page of the net when it opens, elsewhere": (
        written(parts(b"/OpenAction 6 0 R", b"", VISIT)),
        "starts",
    ),
    "a page of the net when it closes": (
        written(parts(b"/AA<</WC" + VISIT + b">>")),
        "starts",
    ),
    "a film": (written(parts(b"", ON_PAGE, annotation(b"RichMedia"))), "starts"),
    "a file": (
        written(
            parts(b"/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>", b"", *ATTACHED),
        ),
        "attached",
    ),
    "a file, cut off": (
        written(
            parts(b"/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>", b"", *ATTACHED), table=False
        )[:-40],
        "attached",
    ),
    "a file pinned to a page": (
        written(
            parts(
                b"",
                ON_PAGE,
                annotation(b"FileAttachment", b"/FS<</Type/Filespec/F(a)/EF<</F 7 0 R>>>>"),
                ATTACHED[1],
            )
        ),
        "attached",
    ),
    "a form": (written(parts(b"/AcroForm<</XFA(x)/Fields[]>>")), "form"),
    "a form to send": (
        written(parts(b"", ON_PAGE, annotation(b"Link", b"/A<</S/SubmitForm/F(http://x)>>"))),
        "form",
    ),
}
HARMLESS = {
    "nothing": written(parts()),
    "begins at its first page": written(parts(b"/OpenAction[3 0 R/Fit]")),
    "goes to its first page": written(parts(b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>")),
    "a link to press": written(parts(b"", ON_PAGE, annotation(b"Link", b"/A" + VISIT))),
    "the word stands in the text": written(
        [part.replace(b"Mot bai viet ngan", b"Bai /JavaScript nay") for part in parts()]
    ).replace(b"/Length 48", b"/Length 50"),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_what_a_pdf_carries_is_named_before_anything_else(case):
    content, code = ACTIVE[case]
    with pytest.raises(BadFile) as refused:
        read_document(content, "a.pdf")
    assert refused.value.code == code


@pytest.mark.parametrize("case", HARMLESS)
def test_what_starts_nothing_is_taken(case):
    assert read_document(HARMLESS[case], "a.pdf").media_type == "application/pdf"


@pytest.mark.parametrize(
    "filler",
    [b"/S%", b"/S ", b"/ObjStm", b"/ObjStm stream\n", b"/JavaScript 1 1 ", b"#4A", b"/EF\0"],
)
def test_ten_megabytes_made_to_be_looked_at_for_long_are_done_soon(filler):
    begun = time.process_time()
    with pytest.raises(BadFile):
        read_document(b"%PDF-1.7\n" + filler * (10_000_000 // len(filler)), "a.pdf")
    assert time.process_time() - begun < 10


def test_the_objects_packed_here_are_those_that_a_reader_finds():
    """The wrapping of this file is right: pypdf reads the script out of the compressed stream."""
    found = PdfReader(io.BytesIO(HIDDEN)).get_object(6)
    assert str(found) == "{'/S': '/JavaScript', '/JS': 'app.alert(1)'}"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PDF[: len(PDF) // 3], "damaged"),
        (locked(PDF), "password"),
        (b"%PDF-1.7\n/ObjStm stream\n" + zlib.compress(b"0" * 90_000_000), "damaged"),
    ],
)
def test_without_anything_active_the_old_sentences_stay(content, code):
    with pytest.raises(BadFile) as refused:
        read_document(content, "a.pdf")
    assert refused.value.code == code
