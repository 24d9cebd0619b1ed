"""Essays and marks as a file: by codes until the table is opened, and never a formula."""

import io
import zipfile

import pytest
from sqlalchemy import select, update

from contest.accounts.models import Person
from contest.core.audit import AuditEvent
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.jobs import Job, run_due_jobs
from contest.core.spreadsheets import read_workbook
from contest.core.transactions import end_read, unit_of_work
from contest.judging.exporting import write_export
from contest.judging.models import Juror
from contest.judging.queries.records import finished_sheets
from contest.judging.queries.rounds import round_codes
from contest.submissions.models import BlindCode, FieldSort, FormField, Unsealing, WorkVersion
from tests.judging.conftest import AUTHORS
from tests.judging.test_marking import finish_everything, judges_of
from tests.judging.test_pages import BASE, token_of


def tables(content):
    """Sheets by name, as lists of lines of text."""
    book = read_workbook(content)
    return {
        sheet.name: [
            [row.cells[at].text if at in row.cells else "" for at in range(max(row.cells) + 1)]
            for row in sheet.rows()
        ]
        for sheet in book.sheets
    }


def written(jury, tell=lambda done, total: None):
    target = io.BytesIO()
    end_read()
    made = write_export(jury.round_id, target, tell)
    return made, target.getvalue()


def all_text(content):
    """Every byte of the file, unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_the_file_holds_works_sheets_and_the_way_of_marking(marking):
    finish_everything(marking)
    sheet = marking.sheets(marking.cast.hoa)[0]
    end_read()
    code = round_codes(marking.round_id)[marking.work_ids[4]]
    made, content = written(marking)
    assert (made.works, made.sheets, made.with_authors) == (6, 12, False)
    found = tables(content)
    assert list(found) == ["Bài dự thi", "Phiếu chấm", "Ghi chú", "Cách chấm"]
    head, *rows = found["Bài dự thi"]
    assert [row[0] for row in rows] == sorted(round_codes(marking.round_id).values())
    mine = dict(zip(head, next(row for row in rows if row[0] == code), strict=True))
    assert mine["Điểm"] == "7"
    assert mine["Cách có điểm"] == "trung bình các lượt chấm"
    assert "Sáng nào cũng vậy" in mine["Bài viết"]
    assert len(found["Phiếu chấm"]) == 13
    assert sheet.total is not None
    assert any("Nội dung, chiều sâu" in line for line in found["Cách chấm"])


def test_codes_alone_before_the_table_is_opened_and_names_after(marking):
    _made, content = written(marking)
    said = all_text(content)
    names = [name for name, _unit in AUTHORS]
    units = ["Trường THCS Nguyễn Trãi", "Phường Xuân Hương", "Trường THPT Sông Trà"]
    # Judges have units of their own; these are nobody's but the authors'.
    assert [each for each in [*names, *units, "tacgia", "+8490001"] if each in said] == []
    with unit_of_work():
        db.session.add(
            Unsealing(
                round_id=marking.round_id,
                unsealed_by_id=marking.cast.lan.id,
                unsealed_at=marking.now,
            )
        )
    made, content = written(marking)
    assert made.with_authors
    said = all_text(content)
    assert [
        each for each in names if each.replace("'", "&#x27;") not in said and each not in said
    ] == []
    assert "Trường THPT Sông Trà" in said


def test_fields_hidden_from_judges_stand_in_the_file_once_names_do(marking):
    end_read()
    with unit_of_work():
        for key, label, sort, shown in (
            ("whom", "Hỏi ai về mô hình", FieldSort.TEXT, False),
            ("people", "Số người được giúp", FieldSort.NUMBER, False),
            ("since", "Làm từ ngày", FieldSort.DATE, True),
        ):
            db.session.add(
                FormField(
                    round_id=marking.round_id,
                    key=key,
                    position=9,
                    sort=sort,
                    label=label,
                    shown=shown,
                )
            )
        db.session.execute(
            update(WorkVersion).values(
                private_answers={"whom": "=Bà Tươi 0912 000 345", "people": "12500"}
            )
        )
    _made, content = written(marking)
    assert "Bà Tươi" not in all_text(content)
    assert "Hỏi ai về mô hình" not in all_text(content)
    with unit_of_work():
        db.session.add(
            Unsealing(
                round_id=marking.round_id,
                unsealed_by_id=marking.cast.lan.id,
                unsealed_at=marking.now,
            )
        )
    _made, content = written(marking)
    head, *rows = tables(content)["Bài dự thi"]
    assert "Làm từ ngày" not in head
    for row in rows:
        told = dict(zip(head, row, strict=True))
        assert told["Hỏi ai về mô hình"] == "=Bà Tươi 0912 000 345"
        assert told["Số người được giúp"] == "12.500"
        assert "Sáng nào cũng vậy" in told["Bài viết"]


@pytest.mark.parametrize("typed", ["=HYPERLINK(1)", "+1+1", "-2", "@SUM(A1)", "\t=1", "{=1}"])
def test_no_text_becomes_a_formula(marking, typed):
    end_read()
    with unit_of_work():
        db.session.execute(update(BlindCode).values(title=typed, body_text=typed))
    _made, content = written(marking)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        pages = [
            archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
    assert [page for page in pages if "<f>" in page or "<f " in page] == []
    assert typed.strip() in all_text(content)


def test_a_text_longer_than_a_cell_goes_on_in_the_next(marking):
    end_read()
    with unit_of_work():
        db.session.execute(update(BlindCode).values(body_text="Đ" * 40_000))
    _made, content = written(marking)
    for row in tables(content)["Bài dự thi"][1:]:
        assert "".join(row[-2:]) == "Đ" * 40_000


def test_progress_ends_at_its_total(marking):
    told = []
    written(marking, lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_file_is_made_by_a_job_and_fetched_by_who_asked_alone(live, signed_in):
    work_id = live.work_ids[2]
    for person in judges_of(live, work_id):
        live.finish(person, work_id, "7")
    lan = signed_in(live.cast.lan)
    page = lan.get(f"{BASE}/marking").get_data(as_text=True)
    asked = lan.post(f"{BASE}/marking/file", data={"csrf_token": token_of(page)})
    assert asked.status_code == 302
    end_read()
    run_due_jobs()
    end_read()
    job = db.session.query(Job).filter_by(kind="judging.export").one()
    assert job.state == "done"
    page = lan.get(asked.location).get_data(as_text=True)
    assert job.report["download"] in page
    answer = lan.get(job.report["download"])
    assert answer.status_code == 200
    assert len(tables(answer.get_data())["Bài dự thi"]) == 7
    for person, status in ((live.cast.bao, 404), (live.cast.hoa, 403), (live.cast.admin, 404)):
        assert signed_in(person).get(job.report["download"]).status_code == status
    kinds = set(
        db.session.scalars(
            select(AuditEvent.kind).where(AuditEvent.kind.startswith("judging.export"))
        )
    )
    assert kinds == {"judging.export_asked", "judging.export_fetched"}
    assert job.created_at <= utc_now()


def test_the_sheets_of_a_judge_are_theirs_alone_though_another_has_the_same_name(marking):
    finish_everything(marking)
    with unit_of_work():
        db.session.execute(update(Person).values(full_name="Nguyễn Thị Hoa"))
    end_read()
    hoa = marking.cast.hoa
    seat = db.session.scalars(select(Juror).where(Juror.person_id == hoa.id)).one()
    codes = round_codes(marking.round_id)
    mine = sorted(codes[each.work_id] for each in marking.sheets(hoa))
    assert [each.code for each in finished_sheets(seat)] == mine
