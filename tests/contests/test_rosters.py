"""Rosters as clerks bring them: what is read, what is refused, and who could be one person."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.contests.rules.roster_staging import stage
from contest.contests.rules.rosters import RosterReport, read_roster
from contest.contests.rules.unit_names import unit_variants
from contest.core.spreadsheets import UnreadableFile, read_workbook

INPUTS = Path(__file__).parent.parent / "data" / "inputs"
FILES = ("Danh sach thi sinh toan huyen.xlsx", "DS thi sinh Dang uy xa Binh Lang.xlsx")
TODAY = date(2026, 11, 22)
HEADER = ("STT", "Họ và tên", "Ngày sinh", "Đơn vị", "Số điện thoại", "Email")
AN = ("1", "Nguyễn Văn An", "19/5/1990", "Chi bộ 1", "0912000308", "an@vidu.example")


def read_file(name: str) -> tuple[dict[str, Any], RosterReport]:
    expected = json.loads((INPUTS / name).with_suffix(".expected.json").read_text(encoding="utf-8"))
    book = read_workbook((INPUTS / name).read_bytes())
    return expected, read_roster(book.sheets, today=TODAY)


def read(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> RosterReport:
    lines = "\r\n".join(";".join(row) for row in (header, *rows))
    return read_roster(read_workbook(lines.encode()).sheets, today=TODAY)


def with_birth(typed: str) -> RosterReport:
    return read((*AN[:2], typed, *AN[3:]))


@pytest.mark.parametrize("name", FILES)
def test_people_are_what_the_roster_says(name: str) -> None:
    expected, report = read_file(name)
    assert (report.accepted, report.rejected) == (expected["accepted"], expected["rejected"])
    assert report.skipped == len(expected["ignored_rows"])
    read_people = [
        {key: person.as_json()[key] for key in ("row", "name", "phone_e164", "birth", "unit")}
        for person in report.people
    ]
    assert read_people == expected["people"]


@pytest.mark.parametrize("name", FILES)
def test_errors_flags_and_units_are_told(name: str) -> None:
    expected, report = read_file(name)
    assert [(error.sheet, error.row, error.code) for error in report.errors] == [
        (expected["sheet"], error["row"], error["code"]) for error in expected["errors"]
    ]
    assert {(flag.row, flag.code) for flag in report.flags} == {
        (flag["row"], flag["code"]) for flag in expected["flags"]
    }
    twins = {flag.row: flag.of_row for flag in report.flags if flag.code == "duplicate_person"}
    assert twins == {
        flag["row"]: flag["of_row"]
        for flag in expected["flags"]
        if flag["code"] == "duplicate_person"
    }
    assert {frozenset(group) for group in report.unit_variants} == {
        frozenset(group) for group in expected["unit_variants"]
    }


@pytest.mark.parametrize(
    "header",
    [
        ("TT", "Họ tên", "Năm sinh", "Cơ quan", "SĐT", "E-mail"),
        ("No.", "Full name", "Date of birth", "Unit", "Phone", "Email"),
        (
            "Stt",
            "HỌ VÀ TÊN THÍ SINH",
            "Ngày, tháng, năm sinh",
            "Đơn vị công tác",
            "Điện thoại",
            "Thư điện tử",
        ),
    ],
)
def test_the_header_may_use_many_words(header: tuple[str, ...]) -> None:
    (person,) = read(AN, header=header).people
    assert (person.name, person.phone_e164, person.email) == (
        "Nguyễn Văn An",
        "+84912000308",
        "an@vidu.example",
    )
    assert person.birth is not None
    assert person.birth.isoformat() == "1990-05-19"


def test_a_name_may_stand_in_two_columns() -> None:
    (person,) = read(
        ("1", "Nguyễn Văn", "An", "1990"), header=("STT", "Họ và tên đệm", "Tên", "Năm sinh")
    ).people
    assert person.name == "Nguyễn Văn An"
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "STT")
        sheet.merge_range("B1:C1", "Họ và tên")
        sheet.write(0, 3, "Ngày sinh")
        sheet.write_row(1, 0, (1, "Nguyễn Văn", "An", 1990))
    report = read_roster(read_workbook(target.getvalue()).sheets, today=TODAY)
    assert [person.name for person in report.people] == ["Nguyễn Văn An"]


def test_the_year_of_birth_may_stand_under_men_or_women() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "DANH SÁCH")
        sheet.merge_range("A2:A3", "STT")
        sheet.merge_range("B2:B3", "Họ và tên")
        sheet.merge_range("C2:D2", "Năm sinh")
        sheet.merge_range("E2:E3", "Đơn vị")
        sheet.write_row(2, 2, ("Nam", "Nữ"))
        sheet.write_row(3, 0, (1, "Nguyễn Văn An", 1990, None, "Chi bộ 1"))
        sheet.write_row(4, 0, (2, "Trần Thị Bình", None, "2/1985", "Chi bộ 1"))
    report = read_roster(read_workbook(target.getvalue()).sheets, today=TODAY)
    assert [person.birth and person.birth.isoformat() for person in report.people] == [
        "1990",
        "1985-02",
    ]


@pytest.mark.parametrize(
    "header",
    [
        ("STT", "Họ và tên", "Ngày", "Tháng", "Năm", "Đơn vị"),
        ("STT", "Họ và tên", "Ngày sinh", "Tháng sinh", "Năm sinh", "Đơn vị"),
        ("No.", "Full name", "Day", "Month", "Year", "Unit"),
    ],
)
def test_day_month_and_year_of_birth_may_stand_in_three_columns(header: tuple[str, ...]) -> None:
    report = read(
        ("1", "Nguyễn Văn An", "19", "5", "1990", "Chi bộ 1"),
        ("2", "Trần Thị Bình", "", "02", "1985", "Chi bộ 1"),
        ("3", "Lê Cường", "", "", "1970", "Chi bộ 1"),
        ("4", "Đỗ Dũng", "", "", "", "Chi bộ 1"),
        ("5", "Vũ Em", "31", "2", "1990", "Chi bộ 1"),
        ("6", "Hồ Giang", "19", "5", "", "Chi bộ 1"),
        ("7", "Lý Hoa", "19", "", "1990", "Chi bộ 1"),
        header=header,
    )
    assert [
        (person.name, person.birth and person.birth.isoformat()) for person in report.people
    ] == [
        ("Nguyễn Văn An", "1990-05-19"),
        ("Trần Thị Bình", "1985-02"),
        ("Lê Cường", "1970"),
        ("Đỗ Dũng", None),
    ]
    assert [(error.row, error.code, error.column) for error in report.errors] == [
        (6, "bad_date", "E"),
        (7, "bad_date", "E"),
        (8, "bad_date", "E"),
    ]


def test_three_columns_of_a_birth_may_stand_under_one_heading() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A2", "STT")
        sheet.merge_range("B1:B2", "Họ và tên")
        sheet.merge_range("C1:E1", "Ngày tháng năm sinh")
        sheet.merge_range("F1:F2", "Đơn vị")
        sheet.write_row(1, 2, ("Ngày", "Tháng", "Năm"))
        sheet.write_row(2, 0, (1, "Nguyễn Văn An", 19, 5, 1990, "Chi bộ 1"))
        sheet.write_row(3, 0, (2, "Trần Thị Bình", "07", "11", "85", "Chi bộ 1"))
    book = read_workbook(target.getvalue())
    report = read_roster(book.sheets, today=TODAY)
    assert [person.birth and person.birth.isoformat() for person in report.people] == [
        "1990-05-19",
        "1985-11-07",
    ]
    rows, layout = stage(book.sheets, report)
    assert [row.person["typed"]["birth"] for row in rows] == ["19/5/1990", "07/11/85"]
    assert layout["sheets"]["Sheet1"]["birth"] == "C–D–E"


@pytest.mark.parametrize(
    ("typed", "known"),
    [("", None), ("-", None), ("không có", None), ("1990", "1990"), ("8/1990", "1990-08")],
)
def test_an_empty_birth_is_no_error(typed: str, known: str | None) -> None:
    (person,) = with_birth(typed).people
    assert (person.birth.isoformat() if person.birth else None) == known


@pytest.mark.parametrize(
    "typed",
    ["31/2/1990", "5/15/1990", "19/5", "33090", "1/1/1880", "1/1/2030", "15/3/24", "8.1990x"],
)
def test_an_unreadable_birth_rejects_its_row(typed: str) -> None:
    report = with_birth(typed)
    assert [(error.code, error.column) for error in report.errors] == [("bad_date", "C")]
    assert report.people == []


def test_one_row_may_hold_several_mistakes_and_counts_once() -> None:
    report = read(("1", "", "0/5/1990", "Chi bộ 1", "0123", "an.vidu"))
    assert [error.code for error in report.errors] == [
        "no_name",
        "bad_date",
        "bad_phone",
        "bad_email",
    ]
    assert (report.accepted, report.rejected) == (0, 1)


@pytest.mark.parametrize(
    "name", ["H'Hen Niê", "K’Brỏih", "Y Moan Êban", "Hiếu", "Lê Thị Thanh-Mai"]
)
def test_names_of_every_people_are_names(name: str) -> None:
    assert [person.name for person in read(("1", name, *AN[2:])).people] == [name]


@pytest.mark.parametrize(
    ("name", "code"), [("0912", "no_name"), ("An 2", "bad_name"), ("a@b", "bad_name")]
)
def test_what_is_no_name_is_refused(name: str, code: str) -> None:
    assert [error.code for error in read(("1", name, *AN[2:])).errors] == [code]


def test_persons_who_could_be_one_are_shown_and_kept_apart() -> None:
    report = read(
        AN,
        ("2", "NGUYỄN VĂN AN", "19/5/1990", "Chi bộ 2", "", ""),
        ("3", "Nguyễn Văn An", "1/1/1980", "Chi bộ 3", "0912000309", ""),
        ("4", "Trần Thị Bình", "2/2/1982", "Chi bộ 1", "0912000308", ""),
        ("5", "Lê Cường", "3/3/1983", "Chi bộ 1", "", "AN@vidu.example"),
    )
    assert [(flag.row, flag.code, flag.of_row) for flag in report.flags] == [
        (3, "duplicate_person", 2),
        (4, "same_name", 2),
        (5, "same_phone", 2),
        (6, "same_email", 2),
    ]
    assert report.accepted == 5


def test_sections_totals_and_signatures_are_no_people() -> None:
    report = read(
        ("I. KHỐI ĐẢNG", "", "", "", "", ""),
        AN,
        HEADER,
        ("", "Trần Thị Bình", "1985", "Chi bộ 2", "", ""),
        ("Tổng số: 2 người", "", "", "", "", ""),
        ("", "NGƯỜI LẬP BIỂU", "", "TM. ĐẢNG ỦY", "", ""),
        ("", "Lưu Thị Mận", "", "Tạ Quang Bính", "", ""),
    )
    assert [(person.name, person.section) for person in report.people] == [
        ("Nguyễn Văn An", "I. KHỐI ĐẢNG"),
        ("Trần Thị Bình", "I. KHỐI ĐẢNG"),
    ]
    assert (report.errors, report.flags, report.skipped) == ([], [], 5)


def test_a_list_without_numbers_and_without_births_is_a_list() -> None:
    report = read(("An", "Chi bộ 1"), ("Bình", "Chi bộ 2"), header=("Họ tên", "Đơn vị"))
    assert [person.name for person in report.people] == ["An", "Bình"]


def test_a_row_without_a_number_in_a_numbered_list_is_shown() -> None:
    report = read(AN, ("", "Trần Thị Bình", "", "Chi bộ 2", "", ""))
    assert [(flag.row, flag.code) for flag in report.flags] == [(3, "not_a_person")]


def test_legacy_letters_are_never_a_name() -> None:
    report = read(("1", "NguyÔn ThÞ Hång", *AN[2:]), ("2", "Nguyeãn Thò Myõ", *AN[2:]))
    assert [error.code for error in report.errors] == ["legacy_encoding"] * 2
    assert report.people == []


def test_a_file_that_is_no_roster_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(("1", "x", "y"), header=("STT", "Câu hỏi", "Đáp án"))
    assert refusal.value.code == "no_header"
    assert "Họ và tên" in refusal.value.words


def test_spellings_of_one_unit_are_found_and_others_kept_apart() -> None:
    names = ["UBND xã Vân Sơn", "UBND huyện Vân Sơn", "UBND Vân Sơn", "Ủy ban nhân dân X. Vân Sơn"]
    assert unit_variants(names) == (("UBND xã Vân Sơn", "Ủy ban nhân dân X. Vân Sơn"),)
    assert unit_variants(["Chi bộ thôn Thượng", "Chi bộ thôn Thương", "Chi bộ 1", "Chi bộ 2"]) == ()
    assert unit_variants(["Chi bo thon Thuong", "CB thôn Thượng"]) == (
        ("Chi bo thon Thuong", "CB thôn Thượng"),
    )
    assert unit_variants(["Trường TH Bến Lúa", "Trường THCS Bến Lúa", "", " "]) == ()


def test_json_names_the_place_of_each_error() -> None:
    printed = read(AN, ("2", "An", "31/2/1990", "", "", "")).as_json("csv")
    assert (printed["format"], printed["accepted"], printed["rejected"]) == ("csv", 1, 1)
    (error,) = json.loads(json.dumps(printed))["errors"]
    assert (error["line"], error["column"]) == (3, "C")


CELLS = st.one_of(st.sampled_from([*HEADER, *AN, "Tổng số", "ViÖt", "4-2-92"]), st.text(max_size=8))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=7), max_size=8))
def test_any_roster_is_read_or_refused(rows: list[list[str]]) -> None:
    quoted = ("\t".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    data = "\n".join(("\t".join(HEADER), *quoted)).encode(errors="replace")
    try:
        report = read_roster(read_workbook(data).sheets, today=TODAY)
    except UnreadableFile as refusal:
        assert refusal.words  # noqa: PT017 -- either outcome is right
    else:
        assert all(person.name for person in report.people)
        assert isinstance(report.as_json("csv"), dict)
