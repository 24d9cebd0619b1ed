"""Juries from Excel: a preview with what is wrong at which cell, then invitations all at once."""

import io

import pytest
import xlsxwriter
from sqlalchemy import select

from contest.accounts.models import OneTimeCode, Person
from contest.accounts.queries import people_by_contact
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.mail import Mail
from contest.core.spreadsheets import UnreadableFile, read_workbook
from contest.judging.models import Juror, JurorState, JuryList
from contest.judging.rules.jury_lists import read_jury
from tests.judging.test_pages import BASE, token_of

HEAD = ("STT", "Họ và tên", "Điện thoại", "Email", "Đơn vị công tác", "Vai trò", "Số bài tối đa")


def workbook(*rows, title=True):
    """A list as offices make it: two title rows, the header, rows, a signature."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("BGK")
        at = 0
        if title:
            page.merge_range(0, 0, 0, 6, "DANH SÁCH BAN GIÁM KHẢO")
            at = 2
        for line in (HEAD, *rows):
            for column, cell in enumerate(line):
                page.write(at, column, cell)
            at += 1
        page.write(at + 1, 4, "TM. BAN TỔ CHỨC")
    return buffer.getvalue()


def read(*rows):
    return read_jury(read_workbook(workbook(*rows)).sheets)


def said(row):
    return [(note.code, note.column) for note in row.notes]


def test_rows_are_read_as_people_write_them():
    rows = read(
        (1, "Lê Thị Hoa", "0900 000 004", "", "Ban Tuyên giáo", "Trưởng ban", ""),
        (2, "Đoàn Giỏi", 912345678, "Doan.Gioi@vi-du.example", "", "Ủy viên", "40"),
        (3, "K'Brỏih", "", "kbroih@vi-du.example", "Phường Xuân Hương", "", ""),
    )
    assert [(r.name, r.phone, r.email, r.is_chief, r.capacity) for r in rows] == [
        ("Lê Thị Hoa", "+84900000004", None, True, None),
        ("Đoàn Giỏi", "+84912345678", "doan.gioi@vi-du.example", False, 40),
        ("K'Brỏih", None, "kbroih@vi-du.example", False, None),
    ]
    assert all(row.is_good for row in rows)


def test_what_is_wrong_is_said_at_its_cell():
    rows = read(
        (1, "", "0900000011", "", "", "", ""),
        (2, "Không Liên Hệ", "", "", "Sở Nội vụ", "", ""),
        (3, "Sai Số", "090", "", "", "", ""),
        (4, "Sai Thư", "", "thư@@sai", "", "", ""),
        (5, "Thư Ký", "0900000012", "", "", "Thư ký", ""),
        (6, "Nhiều Bài", "0900000013", "", "", "", "nhiều"),
        (7, "Lặp Lại", "0900000012", "", "", "", ""),
    )
    assert [said(row) for row in rows] == [
        [("no_name", "B")],
        [("no_contact", "C")],
        [("bad_phone", "C")],
        [("bad_email", "D")],
        [("bad_role", "F")],
        [("bad_capacity", "G")],
        [("repeated", None)],
    ]


def test_one_column_may_hold_number_and_address():
    text = "Họ và tên;Liên hệ;Đơn vị\nLê Thị Hoa;0900000004 / hoa@vi-du.example;Ban A\n"
    (row,) = read_jury(read_workbook(text.encode()).sheets)
    assert (row.phone, row.email) == ("+84900000004", "hoa@vi-du.example")


def test_a_file_without_the_columns_gets_one_sentence():
    with pytest.raises(UnreadableFile) as refused:
        read_jury(read_workbook("Câu hỏi;Đáp án\nMột;Hai\n".encode()).sheets)
    assert refused.value.code == "no_header"


def upload(client, content, name="Ban giám khảo.xlsx"):
    page = client.get(f"{BASE}/jury/lists").get_data(as_text=True)
    return client.post(
        f"{BASE}/jury/lists",
        data={"csrf_token": token_of(page), "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


ROWS = (
    (1, "Lê Thị Hoa", "0900000004", "", "", "Trưởng ban", ""),
    (2, "Đỗ An", "0900000006", "", "Trường THPT Sông Trà", "", ""),
    (3, "Đoàn Giỏi", "0912345678", "gioi@vi-du.example", "Trường THCS Nguyễn Trãi", "", "12"),
    (4, "Bùi Không Thư", "0912345679", "", "Đơn vị lạ", "", ""),
    (5, "Người Khác", "0900000005", "", "", "", ""),
    (6, "Vũ Quốc Bảo", "0900000007", "nguoi00000006@vi-du.example", "", "", ""),
)


def test_the_preview_recognises_people_and_invites_nobody(live, signed_in):
    lan = signed_in(live.cast.lan)
    answer = upload(lan, workbook(*ROWS))
    assert answer.status_code == 302
    page = lan.get(answer.location).get_data(as_text=True)
    assert "Xem trước 6 giám khảo" in page
    assert "đã trong ban" in page
    assert "là của người mang tên khác" in page
    assert "là của hai người khác nhau" in page
    assert "Chưa tìm thấy đơn vị này" in page
    assert db.session.query(Juror).count() == 3
    assert people_by_contact(["+84912345678"]) == {}
    assert "Có danh sách đang chờ bạn" in lan.get(f"{BASE}/jury").get_data(as_text=True)


def test_taking_invites_all_at_once_records_new_people_and_writes_letters(live, signed_in):
    lan = signed_in(live.cast.lan)
    address = upload(lan, workbook(*ROWS)).location
    token = token_of(lan.get(address).get_data(as_text=True))
    db.session.query(Mail).delete()
    db.session.commit()
    assert lan.post(f"{address}/take", data={"csrf_token": token}).status_code == 302
    seats = {
        each.person.full_name: each
        for each in db.session.scalars(select(Juror).where(Juror.state == JurorState.INVITED))
    }
    assert set(seats) == {"Đỗ An", "Đoàn Giỏi", "Bùi Không Thư"}
    assert seats["Đoàn Giỏi"].capacity == 12
    gioi = db.session.query(Person).filter_by(email="gioi@vi-du.example").one()
    assert gioi.unit.name == "Trường THCS Nguyễn Trãi"
    letters = {each.recipient: each.body for each in db.session.query(Mail)}
    assert set(letters) == {live.cast.an.email, "gioi@vi-du.example"}
    assert "/activate" in letters["gioi@vi-du.example"]
    assert "/judge" in letters[live.cast.an.email]
    assert db.session.query(OneTimeCode).filter_by(person_id=gioi.id).count() == 1
    page = lan.get(address).get_data(as_text=True)
    assert "không có thư điện tử" in page
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.kind == "judging.jury_list_taken")
    ).one()
    assert event.data["invited"] == 3
    assert lan.post(f"{address}/take", data={"csrf_token": token}).status_code == 409
    assert db.session.query(Juror).count() == 6


def test_a_list_can_be_thrown_away_and_belongs_to_its_contest(live, signed_in):
    lan = signed_in(live.cast.lan)
    address = upload(lan, workbook(*ROWS)).location
    assert signed_in(live.cast.bao).get(address).status_code == 404
    assert signed_in(live.cast.hoa).get(address).status_code == 403
    token = token_of(lan.get(address).get_data(as_text=True))
    assert lan.post(f"{address}/discard", data={"csrf_token": token}).status_code == 302
    assert db.session.query(JuryList).one().rows == []
    assert lan.post(f"{address}/take", data={"csrf_token": token}).status_code == 409


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x00\x01\x02"])
def test_a_file_that_is_none_gets_a_sentence_at_its_field(live, signed_in, content):
    lan = signed_in(live.cast.lan)
    answer = upload(lan, content)
    assert answer.status_code == 422
    assert "field-error" in answer.get_data(as_text=True)


def test_an_invited_newcomer_accepts_and_declares(live, signed_in):
    lan = signed_in(live.cast.lan)
    address = upload(lan, workbook(*ROWS)).location
    token = token_of(lan.get(address).get_data(as_text=True))
    lan.post(f"{address}/take", data={"csrf_token": token})
    gioi = db.session.query(Person).filter_by(email="gioi@vi-du.example").one()
    judge = signed_in(gioi)
    page = judge.get("/judge").get_data(as_text=True)
    round_id = live.round.public_id
    answer = judge.post(
        f"/judge/{round_id}/answer", data={"csrf_token": token_of(page), "answer": "accept"}
    )
    assert answer.location.endswith("/conflicts")
    page = judge.get(answer.location).get_data(as_text=True)
    judge.post(
        answer.location,
        data={"csrf_token": token_of(page), "unit": "", "person_name": "K'Brỏih", "reason": ""},
    )
    assert "K&#39;Brỏih" in lan.get(f"{BASE}/jury").get_data(as_text=True)
