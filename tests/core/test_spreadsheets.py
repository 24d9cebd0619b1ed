"""Spreadsheets are read by their content, with the numbers of their rows, within limits."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.core.spreadsheets import (
    CellKind,
    NotUnicode,
    UnreadableFile,
    Workbook,
    column_letters,
    read_workbook,
)
from contest.core.spreadsheets.number_formats import number_cell, read_format

INPUTS = Path(__file__).parent.parent / "data" / "inputs"


def rows_of(data: bytes) -> list[tuple[int, dict[str, str]]]:
    book = read_workbook(data)
    return [
        (row.number, {column_letters(column): cell.text for column, cell in row.cells.items()})
        for sheet in book.sheets
        for row in sheet.rows()
    ]


def read_all(data: bytes) -> Workbook:
    book = read_workbook(data)
    for sheet in book.sheets:
        for _row in sheet.rows():
            pass
    return book


def workbook_of(**options: object) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Tuần 1")
        sheet.write_row(0, 0, ["Câu hỏi", "A"])
        sheet.write(2, 0, "Hòa")
        if options.get("hidden"):
            sheet.set_column(1, 1, None, None, {"hidden": True})
            sheet.set_row(2, None, None, {"hidden": True})
            book.add_worksheet("Nháp").hide()
    return target.getvalue()


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        read_all(data)
    assert refusal.value.words
    return refusal.value.code


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return target.getvalue()


def test_rows_keep_their_numbers_and_columns() -> None:
    assert rows_of(workbook_of()) == [(1, {"A": "Câu hỏi", "B": "A"}), (3, {"A": "Hòa"})]


def test_what_is_hidden_is_said_to_be_hidden() -> None:
    first, second = read_workbook(workbook_of(hidden=True)).sheets
    assert (first.hidden, second.hidden) == (False, True)
    assert 1 in first.hidden_columns
    assert [row.hidden for row in first.rows()] == [False, True]


def test_merged_ranges_are_found_behind_the_rows() -> None:
    data = (INPUTS / "Ngan hang cau hoi tuan 1 (ban sua 2).xlsx").read_bytes()
    (sheet,) = read_workbook(data).sheets
    assert len(sheet.merges) == 16
    assert (9, 11, 1, 1) in sheet.merges


def test_rich_text_formulas_and_macintosh_marks() -> None:
    data = (INPUTS / "Bo cau hoi Doan truong gui BTC.xlsx").read_bytes()
    rows = dict(rows_of(data)[:14])
    assert rows[9]["D"] == "Từ năm 1958 Bác ở và làm việc trong ngôi nhà nào?"
    assert rows[10]["F"] == "34"
    assert rows[12]["I"] == "B"
    assert rows[14]["H"] == "1941 "


def test_a_formula_without_a_result_is_not_an_empty_cell() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write_formula(0, 0, "=1+1", None, "")
    data = target.getvalue()
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    bare = sheet.replace(b' t="str"', b"").replace(b"<v></v>", b"")
    ((_number, cells, _hidden),) = (
        read_workbook(replaced(data, "xl/worksheets/sheet1.xml", bare)).sheets[0].rows()
    )
    assert cells[0].kind is CellKind.UNCALCULATED


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (16682, "d/m/yyyy", "2/9/1945"),
        (16682, "dd/mm/yyyy", "02/09/1945"),
        (16682, "[$-42A]d mmmm yyyy;@", "2/9/1945"),
        (16682, "mm/yyyy", "09/1945"),
        (16682, "yyyy", "1945"),
        (16682, "d-mmm", "2/9"),
        (16682.5, "d/m/yyyy h:mm", "2/9/1945 12:00"),
        (0.5, "h:mm", "12:00"),
        (1908, "General", "1908"),
        (5, "00", "05"),
        (912000308, "0000000000", "0912000308"),
        (1800, "#,##0", "1.800"),
        (1234567.5, "#,##0.00", "1.234.567,50"),
        (0.988, "0.0%", "98,8%"),
        (0.25, "", "0,25"),
        (5, '0" km"', "5 km"),
        (1800, "#,##0\\ [$₫-42A]", "1.800 ₫"),
        (-3, "0", "-3"),
        (0.1 + 0.2, "", "0,3"),
        (0.000012, "", "0,000012"),
        (3, "0.0#", "3,0"),
        (0.5, "# ?/?", "0,5"),
        (12, "@", "12"),
    ],
)
def test_numbers_are_what_the_person_saw(value: float, code: str, text: str) -> None:
    assert number_cell(float(value), read_format(code), from_1904=False).text == text


def test_dates_of_both_calendars_of_excel() -> None:
    day = read_format("d/m/yyyy")
    assert number_cell(1, day, from_1904=False).text == "1/1/1900"
    assert number_cell(61, day, from_1904=False).text == "1/3/1900"
    known = number_cell(0, day, from_1904=True).date
    assert known is not None
    assert known.date == date(1904, 1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimited_text_in_unicode(encoding: str, delimiter: str) -> None:
    lines = [
        delimiter.join(("Câu hỏi", "A", "B")),
        delimiter.join(('"Một ""hai""\r\nba"', '"x;y,z"', "3")),
        delimiter * 2,
        delimiter.join(("Bốn", "5", "6")),
    ]
    assert rows_of("\r\n".join(lines).encode(encoding)) == [
        (1, {"A": "Câu hỏi", "B": "A", "C": "B"}),
        (2, {"A": 'Một "hai"\r\nba', "B": "x;y,z", "C": "3"}),
        (5, {"A": "Bốn", "B": "5", "C": "6"}),
    ]


def test_excel_may_name_the_delimiter_itself() -> None:
    assert rows_of(b"sep=;\na;b\n1,5;2,5\n") == [
        (2, {"A": "a", "B": "b"}),
        (3, {"A": "1,5", "B": "2,5"}),
    ]


def test_another_encoding_is_refused_with_the_place_of_the_byte() -> None:
    with pytest.raises(NotUnicode) as refusal:
        read_workbook((INPUTS / "cau hoi may Win cu.csv").read_bytes())
    assert (refusal.value.offset, refusal.value.byte, refusal.value.line) == (5, 0xE2, 1)
    assert all(part in refusal.value.words for part in ("5", "0xE2", "UTF-8"))
    with pytest.raises(NotUnicode) as later:
        read_workbook("\ufeffa;b\nc;d".encode() + b"\xe2")
    assert (later.value.offset, later.value.line) == (10, 2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        (b"%PDF-1.7 ...", "not_a_spreadsheet"),
        (b"<html><table><tr><td>1</td></tr></table>", "web_page"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "not_utf8"),
        (b"a\x00b\x00", "not_utf8"),
        (b'a;"b\nc;d\n', "broken_quotes"),
        (b"a;b\nc;" + b"d" * 1_000_001 + b"\n", "cell_too_long"),
        (b'a;b\nc;"' + b"dddd\n" * 250_000 + b'"\n', "cell_too_long"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_a_file_that_breaks_off_is_damaged() -> None:
    whole = workbook_of()
    for length in (len(whole) // 3, len(whole) - 30):
        assert code_of(whole[:length]) == "damaged"


def test_word_and_macro_files_are_named() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert code_of(target.getvalue()) == "not_a_spreadsheet"
    assert code_of(replaced(workbook_of(), "xl/vbaProject.bin", b"x")) == "macros"


def test_bombs_are_refused_before_they_unpack() -> None:
    sheet = b'<?xml version="1.0"?><worksheet><sheetData>' + b" " * 40_000_000
    assert code_of(replaced(workbook_of(), "xl/worksheets/sheet1.xml", sheet)) == "too_large"
    entries = io.BytesIO()
    with zipfile.ZipFile(entries, "w") as archive:
        for number in range(2_100):
            archive.writestr(f"xl/{number}", "")
    assert code_of(entries.getvalue()) == "too_large"


def test_document_types_and_entities_are_refused() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">'
        b'<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;&f;</t></is></c>'
        b"</row></sheetData></worksheet>"
    )
    assert code_of(replaced(workbook_of(), "xl/worksheets/sheet1.xml", bomb)) == "document_type"
    assert code_of(replaced(workbook_of(), "xl/styles.xml", bomb)) == "document_type"


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="A1" t="s"><v>999</v></c>',
        b'<c r="A1" t="s"><v>x</v></c>',
        b'<c r="A1"><v>1,5</v></c>',
        b'<c r="??"><v>1</v></c>',
        b'<c r="ZZZ1"><v>1</v></c>',
        b'<c r="A1"><v>1</c>',
    ],
)
def test_sheets_that_contradict_themselves_are_damaged(cell: bytes) -> None:
    sheet = b'<worksheet><sheetData><row r="1">' + cell + b"</row></sheetData></worksheet>"
    assert code_of(replaced(workbook_of(), "xl/worksheets/sheet1.xml", sheet)) == "damaged"


_CELLS = st.sampled_from(
    [
        b'<c r="A%d" t="s"><v>0</v></c>',
        b'<c r="B%d" s="1" t="s"><v>1</v></c>',
        b'<c r="C%d" t="s"><v>9</v></c>',
        b'<c r="C%d" t="s"><v>-1</v></c>',
        b'<c r="D%d"><v>2.5</v></c>',
        b'<c r="E%d" s="2"><v>16682</v></c>',
        b'<c r="F%d" s="1"/>',
        b'<c r="G%d" t="str"><v>a_x000D_b</v></c>',
        b'<c r="H%d" t="b"><v>1</v></c>',
        b'<c r="I%d" t="inlineStr"><is><t xml:space="preserve"> h\xc3\xb2a </t></is></c>',
        b'<c r="J%d" t="inlineStr"><is><r><t>a</t></r></is></c>',
        b'<c r="K%d"><f>1+1</f><v>2</v></c>',
        b'<c r="L%d" t="str"><v>a &amp; b</v></c>',
        b'<c r="M%d" t="e"><v>#N/A</v></c>',
        b'<c r="XFE%d"><v>2</v></c>',
        b'<c r="A%d" t="s"><v></v></c>',
    ]
)
_SHARED = st.sampled_from(
    [
        b"<si><t>H\xc3\xb2a</t></si>",
        b"<si><t>Ho\xcc\x80a</t></si>",
        b"<si><t>a_x000D_b &lt; c</t></si>",
        b"<si><r><rPr><rFont val='.VnTime'/></rPr><t>Ph\xc3\xa3c</t></r></si>",
        b'<si><t xml:space="preserve"> hai\ndong </t></si>',
        b"<si><t/></si>",
        b"<si>\n<t>\x02</t></si>",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.lists(_CELLS, max_size=5), st.booleans())), st.lists(_SHARED))
def test_plain_items_are_read_past_the_handlers_with_the_same_result(
    rows: list[tuple[list[bytes], bool]], texts: list[bytes]
) -> None:
    sheet, shared = b"", b"".join([b"<si><t>x</t></si>", *texts])
    for number, (cells, hidden) in enumerate(rows, start=1):
        state = b' spans="1:3" hidden="1"' if hidden else b""
        inside = b"".join(cell % number for cell in cells)
        sheet += b'<row r="%d"%s>%s</row>' % (number, state, inside)
    # A comment in front sends everything through the handlers.
    assert _read_parts(sheet, shared) == _read_parts(b"<!-- -->" + sheet, b"<!-- -->" + shared)


def _read_parts(rows: bytes, shared: bytes) -> list[object]:
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    data = replaced(
        workbook_of(),
        "xl/worksheets/sheet1.xml",
        head + b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>",
    )
    try:
        book = read_workbook(
            replaced(data, "xl/sharedStrings.xml", head + b"<sst>" + shared + b"</sst>")
        )
        return [row for sheet in book.sheets for row in sheet.rows()]
    except UnreadableFile as refusal:
        return [refusal.code]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_parts_in_other_encodings_are_read_by_their_declaration(encoding: str) -> None:
    sheet = (
        f'<?xml version="1.0" encoding="{encoding}"?><worksheet><sheetData><row r="1">'
        '<c r="A1" t="str"><v>Thóc</v></c></row></sheetData></worksheet>'
    )
    data = replaced(workbook_of(), "xl/worksheets/sheet1.xml", sheet.encode(encoding))
    assert rows_of(data) == [(1, {"A": "Thóc"})]


def test_items_are_not_taken_out_of_comments_and_cdata() -> None:
    row = b'<row r="1"><c r="A1" t="str"><v>x</v></c></row>'
    for hidden in (b"<!-- %s -->" % row, b"<![CDATA[%s]]>" % row):
        assert _read_parts(hidden, b"") == []


def test_foreign_prefixes_and_missing_references_are_fine() -> None:
    sheet = (
        '<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:r><x:t>Hồ '
        '</x:t></x:r><x:r><x:t>Chí Minh</x:t></x:r><x:rPh sb="0" eb="1"><x:t>no</x:t></x:rPh>'
        '</x:is></x:c><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#REF!</x:v></x:c>'
        '<x:c t="d"><x:v>1890-05-19</x:v></x:c><x:c t="str"><x:v>a_x000D_b</x:v></x:c></x:row>'
        '</x:sheetData><x:mergeCells><x:mergeCell ref="A1:B3"/></x:mergeCells></x:worksheet>'
    ).encode()
    data = replaced(workbook_of(), "xl/worksheets/sheet1.xml", sheet)
    (only,) = read_workbook(data).sheets
    assert only.merges == ((1, 3, 0, 1),)
    assert rows_of(data) == [
        (1, {"A": "Hồ Chí Minh", "B": "TRUE", "C": "#REF!", "D": "19/5/1890", "E": "a\nb"})
    ]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_all(data)
    except UnreadableFile as refusal:
        assert refusal.code  # noqa: PT017 -- either outcome is right


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5_000), st.integers(0, 255))
def test_a_flipped_byte_never_crashes(place: int, byte: int) -> None:
    data = bytearray(workbook_of())
    data[place % len(data)] = byte
    try:
        read_all(bytes(data))
    except UnreadableFile as refusal:
        assert refusal.code  # noqa: PT017 -- either outcome is right


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='<>/="&;cr vAt1 sheetDataow\x01', max_size=120))
def test_any_sheet_is_read_or_refused(text: str) -> None:
    sheet = f"<worksheet><sheetData>{text}</sheetData></worksheet>".encode()
    try:
        read_all(replaced(workbook_of(), "xl/worksheets/sheet1.xml", sheet))
    except UnreadableFile as refusal:
        assert refusal.code  # noqa: PT017 -- either outcome is right
