"""What waits in the marking, through both doors: organisers, and the chief judge by codes alone."""

import re
from datetime import timedelta

from sqlalchemy import select

from contest.accounts.models import Person
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.judging.models import JudgedRound, Juror, LoweredQuorum, MarkSheet
from contest.judging.queries.rounds import round_codes
from tests.judging.conftest import AUTHORS
from tests.judging.test_marking import finish_everything, judges_of
from tests.judging.test_pages import BASE, token_of


def preside(jury, person):
    """Make somebody the chief judge; returns the address of the queue."""
    with unit_of_work():
        seat = db.session.scalars(
            select(Juror).where(Juror.person_id == person.id, Juror.round_id == jury.round_id)
        ).one()
        seat.is_chief = True
    return f"/judge/{jury.round.public_id}/chief"


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def differ(jury, work_id, *totals):
    for person, total in zip(judges_of(jury, work_id), totals, strict=True):
        jury.finish(person, work_id, total)
    return round_codes(jury.round_id)[work_id]


def test_closing_is_refused_with_the_works_that_are_open_and_links_to_them(live, signed_in):
    for work_id in live.work_ids[:4]:
        differ(live, work_id, "7", "7")
    apart = differ(live, live.work_ids[4], "7", "8")
    first, second = judges_of(live, live.work_ids[5])
    live.finish(first, live.work_ids[5], "7")
    half = round_codes(live.round_id)[live.work_ids[5]]
    lan = signed_in(live.cast.lan)
    page = text_of(lan, f"{BASE}/marking")
    answer = lan.post(f"{BASE}/marking/close", data={"csrf_token": token_of(page)})
    assert answer.status_code == 409
    said = answer.get_data(as_text=True)
    assert "Còn 2 bài chưa có điểm" in said
    assert f"{second.full_name} đang chấm" in said
    assert f'{BASE}/marking/works/{apart}"' in said
    assert f'{BASE}/marking/works/{half}/fewer-marks"' in said
    assert "<dt>bài chờ quyết định</dt><dd>1</dd>" in said
    said = text_of(lan, f"{BASE}/marking/open?show=discuss")
    assert apart in said
    assert half not in said


def test_fewer_marks_are_enough_with_a_reason_and_then_it_closes(live, signed_in):
    for work_id in live.work_ids[:5]:
        differ(live, work_id, "7", "7")
    work_id = live.work_ids[5]
    first, second = judges_of(live, work_id)
    live.finish(first, work_id, "7.25")
    address = f"{BASE}/marking/works/{round_codes(live.round_id)[work_id]}/fewer-marks"
    lan = signed_in(live.cast.lan)
    data = {"csrf_token": token_of(text_of(lan, address)), "quorum": "1", "reason": ""}
    assert second.full_name in text_of(lan, address)  # whose sheet would be withdrawn
    assert lan.post(address, data=data).status_code == 422
    assert lan.post(address, data=data | {"quorum": "2", "reason": "x"}).status_code == 422
    assert lan.post(address, data=data | {"reason": "Hết giám khảo"}).status_code == 302
    assert db.session.query(LoweredQuorum).count() == 1
    page = text_of(lan, f"{BASE}/marking")
    assert "Có 1 bài được giảm số lượt chấm" in page
    close = lan.post(f"{BASE}/marking/close", data={"csrf_token": token_of(page)})
    assert close.status_code == 302


def move_form(page):
    names = ("csrf_token", "from", "to", "count", "digest")
    return {name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)[-1] for name in names}


def test_works_are_moved_after_a_preview_with_both_loads(live, signed_in):
    live.seat(live.cast.an)
    lan = signed_in(live.cast.lan)
    seats = {each.person_id: each.public_id for each in db.session.query(Juror)}
    address = f"{BASE}/marking/move"
    page = text_of(lan, address)
    assert "Lê Thị Hoa" in page
    query = f"?from={seats[live.cast.hoa.id]}&to={seats[live.cast.an.id]}&count=1"
    page = text_of(lan, address + query)
    assert "1 bài chuyển từ Lê Thị Hoa sang Đỗ An." in page
    data = move_form(page)
    assert lan.post(address, data=data | {"reason": ""}).status_code == 422
    stale = lan.post(address, data=data | {"reason": "Hoa ốm", "digest": "0"})
    assert stale.status_code == 409
    assert lan.post(address, data=data | {"reason": "Hoa ốm"}).status_code == 302
    assert len(live.sheets(live.cast.an)) == 1
    # A single sheet, chosen by its code.
    moved = live.sheets(live.cast.an)[0]
    back = f"?from={seats[live.cast.an.id]}&to={seats[live.cast.hoa.id]}&sheet={moved.public_id}"
    page = text_of(lan, address + back)
    data = move_form(page) | {"sheet": moved.public_id, "reason": "Hoa đã khỏe"}
    assert lan.post(address, data=data).status_code == 302
    assert live.sheet_for(live.cast.hoa, moved.work_id).state == "todo"


def test_only_the_chief_judge_has_the_second_door(live, signed_in):
    address = preside(live, live.cast.hoa)
    assert signed_in(live.cast.tu).get(address).status_code == 404
    assert signed_in(live.cast.lan).get(address).status_code == 404
    hoa = signed_in(live.cast.hoa)
    assert address in text_of(hoa, "/judge")
    for page in ("", "/open", "/move"):
        text_of(hoa, address + page)


def test_the_chief_judge_sees_codes_and_no_marks_that_may_still_come_to_them(live, signed_in):
    address = preside(live, live.cast.hoa)
    third = differ(live, live.work_ids[2], "5.25", "8.5")
    hoa = signed_in(live.cast.hoa)
    page = text_of(hoa, address)
    assert third in page
    assert "8,5" not in page
    told = [name for name, _unit in AUTHORS] + ["tacgia", "Trường THCS", "Phường Xuân Hương"]
    for each in (address, f"{address}/open", f"{address}/move"):
        page = text_of(hoa, each)
        assert [secret for secret in told if secret in page] == []
    assert text_of(signed_in(live.cast.lan), f"{BASE}/marking").count("8,5") == 1


def test_the_chief_judge_decides_with_minutes_but_not_where_they_have_a_conflict(live, signed_in):
    # Tú belongs to the school of works 0 and 5.
    address = preside(live, live.cast.tu)
    theirs = differ(live, live.work_ids[0], "7", "8")
    free = differ(live, live.work_ids[3], "7", "8")
    tu = signed_in(live.cast.tu)
    page = text_of(tu, address)
    assert f"{address}/works/{free}" in page
    assert f"{address}/works/{theirs}" not in page
    assert tu.get(f"{address}/works/{theirs}").status_code == 403
    data = {
        "csrf_token": token_of(text_of(tu, f"{address}/works/{free}")),
        "points": "7,5",
        "by_chief": "y",
        "minutes": "Hai bên không thống nhất",
    }
    assert tu.post(f"{address}/works/{theirs}", data=data).status_code == 403
    assert tu.post(f"{address}/works/{free}", data=data).status_code == 302


def test_the_chief_judge_moves_by_number_and_takes_no_single_works(live, signed_in):
    """Which work a judge must not have would tell about its author."""
    address = preside(live, live.cast.hoa)
    live.seat(live.cast.an)
    seats = {each.person_id: each.public_id for each in db.session.query(Juror)}
    hoa = signed_in(live.cast.hoa)
    one = live.sheets(live.cast.tu)[0].public_id
    base = f"{address}/move?from={seats[live.cast.tu.id]}&to={seats[live.cast.an.id]}"
    page = text_of(hoa, f"{base}&sheet={one}")
    assert "Kết quả nếu chuyển" not in page
    assert 'name="sheet"' not in page
    page = text_of(hoa, f"{base}&count=1")
    data = move_form(page) | {"reason": "Tú bận"}
    assert hoa.post(f"{address}/move", data=data).status_code == 302
    assert len(live.sheets(live.cast.an)) == 1


def test_late_judges_are_named_and_late_marks_are_taken_with_words(live, signed_in):
    with unit_of_work():
        judged = db.session.get_one(JudgedRound, live.round_id)
        judged.marks_due_at = utc_now() - timedelta(hours=1)
        db.session.query(MarkSheet).update({"assigned_at": utc_now() - timedelta(days=3)})
    page = text_of(signed_in(live.cast.lan), f"{BASE}/marking")
    assert "3 giám khảo quá hạn hoặc chậm" in page
    hoa = signed_in(live.cast.hoa)
    address = f"/judge/sheets/{live.sheets(live.cast.hoa)[0].public_id}"
    page = text_of(hoa, address)
    assert "Hạn chấm đã qua" in page
    field = re.search(r'name="(mark-[^"]+)"', page)[1]
    data = {"csrf_token": token_of(page), "edit": "0", "comment": "", "go": "stay", field: "1"}
    saved = hoa.post(address, data=data, headers={"Accept": "application/json"}).get_json()
    assert saved["edit"] == 1
    assert "sau hạn chấm" in saved["words"]


def test_judges_without_the_role_are_named(live, signed_in):
    with unit_of_work():
        db.session.get_one(Person, live.cast.hoa.id).disabled_at = utc_now()
    lan = signed_in(live.cast.lan)
    page = text_of(lan, f"{BASE}/marking")
    assert "Người đã thôi vai trò giám khảo" in page
    drawn = lan.post(f"{BASE}/assignment/draw", data={"csrf_token": token_of(page)})
    assert drawn.status_code == 302  # which freed the sheets beforehand
    assert {each.state.value for each in live.sheets(live.cast.hoa)} == {"moved"}


def test_everything_marked_closes(live, signed_in):
    finish_everything(live)
    lan = signed_in(live.cast.lan)
    page = text_of(lan, f"{BASE}/marking")
    assert "Mọi bài đã có điểm" in page
    assert lan.post(f"{BASE}/marking/close", data={"csrf_token": token_of(page)}).status_code == 302
    assert "Bài chưa có điểm" not in text_of(lan, f"{BASE}/marking")
