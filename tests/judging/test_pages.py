"""Pages of judges, secretary and organisers: blind, theirs alone, and useful without JavaScript."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from contest.accounts.models import Grant
from contest.core.access import Role
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.jobs import run_due_jobs
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import MarkSheet, SheetNote, SheetState
from contest.judging.queries import desk
from contest.submissions.actions.blind_codes import AT_ONCE
from contest.submissions.models import BlindCode, FieldSort, FormField
from tests.judging.conftest import AUTHORS, make_jury
from tests.judging.test_marking import finish_everything, judges_of

BASE = "/organise/contests/guong-sang/rounds/1"


def sheet_address(jury, person):
    sheet = next(each for each in jury.sheets(person) if each.state is SheetState.TODO)
    return f"/judge/sheets/{sheet.public_id}"


def mark_fields(page):
    return re.findall(r'name="(mark-[^"]+)"', page)


def token_of(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def post_marks(client, address, values, go="stay", **others):
    page = client.get(address).get_data(as_text=True)
    edit = re.search(r'name="edit" value="(\d+)"', page)[1]
    data = dict(zip(mark_fields(page), values, strict=False))
    data |= {"csrf_token": token_of(page), "edit": edit, "comment": "", "go": go, **others}
    return client.post(address, data=data)


def test_no_byte_of_a_judges_pages_names_an_author(live, signed_in):
    """Names, mail, phone, units and typed identity exist in the data and stand on no page."""
    hoa = signed_in(live.cast.hoa)
    round_id = live.round.public_id
    secrets = [name for name, _ in AUTHORS] + [
        "tacgia",
        "+8490001",
        "Trường THCS",
        "Phường Xuân Hương",
        "Trường THPT",
    ]
    addresses = [
        "/judge",
        f"/judge/{round_id}",
        *(f"/judge/sheets/{each.public_id}" for each in live.sheets(live.cast.hoa)),
    ]
    for address in addresses:
        page = hoa.get(address).get_data(as_text=True)
        found = [secret for secret in secrets if secret in page]
        assert found == [], address
    page = hoa.get(addresses[-1]).get_data(as_text=True)
    assert "Sáng nào cũng vậy" in page


def test_the_desk_shows_code_rubric_and_saves_without_javascript(live, signed_in):
    hoa = signed_in(live.cast.hoa)
    address = sheet_address(live, live.cast.hoa)
    answer = post_marks(hoa, address, ["1,75", "3,25"], comment="Bài viết ấm")
    assert answer.status_code == 302
    sheet = desk.own_sheet(live.cast.hoa.id, address.rsplit("/", 1)[1])
    assert (sheet.total, sheet.comment, sheet.state) == (Decimal(5), "Bài viết ấm", SheetState.OPEN)
    page = hoa.get(address).get_data(as_text=True)
    assert "1,75" in page
    assert "Việc làm cụ thể, bền bỉ" in page


def test_save_and_next_goes_on_and_what_is_missing_is_said(live, signed_in):
    hoa = signed_in(live.cast.hoa)
    address = sheet_address(live, live.cast.hoa)
    refused = post_marks(hoa, address, ["1"], go="next")
    assert refused.status_code == 422
    assert 'value="1"' in refused.get_data(as_text=True)
    answer = post_marks(hoa, address, ["1", "2", "1", "1"], go="next")
    assert answer.status_code == 302
    assert answer.location.startswith("/judge/sheets/")
    assert not answer.location.endswith(address)


def test_a_stale_tab_gets_words_and_json_for_the_script(live, signed_in):
    hoa = signed_in(live.cast.hoa)
    address = sheet_address(live, live.cast.hoa)
    page = hoa.get(address).get_data(as_text=True)
    fields = mark_fields(page)
    data = {"csrf_token": token_of(page), "edit": "0", "comment": "", "go": "stay", fields[0]: "1"}
    headers = {"Accept": "application/json"}
    first = hoa.post(address, data=data, headers=headers)
    assert first.get_json()["edit"] == 1
    second = hoa.post(address, data=data | {fields[0]: "2"}, headers=headers)
    assert second.status_code == 409
    assert second.get_json()["message"]


def test_who_loses_the_role_reads_why(live, signed_in):
    hoa = signed_in(live.cast.hoa)
    address = sheet_address(live, live.cast.hoa)
    page = hoa.get(address).get_data(as_text=True)
    with unit_of_work():
        for grant in db.session.query(Grant).filter_by(person_id=live.cast.hoa.id, role=Role.JUDGE):
            grant.ended_at = utc_now() - timedelta(seconds=1)
    data = {
        "csrf_token": token_of(page),
        "edit": "0",
        "comment": "",
        "go": "stay",
        mark_fields(page)[0]: "1",
    }
    answer = hoa.post(address, data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert "giám khảo" in answer.get_json()["message"]
    assert hoa.get(address).status_code == 403


def test_a_sheet_of_another_judge_is_404(live, signed_in):
    address = sheet_address(live, live.cast.hoa)
    for person in (live.cast.tu, live.cast.an, live.cast.lan):
        assert signed_in(person).get(address).status_code == 404
    assert signed_in(live.cast.an).get(f"/judge/{live.round.public_id}").status_code == 404


@pytest.mark.parametrize("page", ["jury", "assignment", "marking", "marking/fairness", "rubric"])
def test_organisers_reach_their_pages_and_nobody_else(live, signed_in, page):
    address = f"{BASE}/{page}"
    assert signed_in(live.cast.lan).get(address).status_code == 200
    assert signed_in(live.cast.bao).get(address).status_code == 404
    for person in (live.cast.hoa, live.cast.an):
        assert signed_in(person).get(address).status_code == 403


def test_abstaining_asks_for_a_reason_and_goes_to_the_next_work(live, signed_in):
    hoa = signed_in(live.cast.hoa)
    address = sheet_address(live, live.cast.hoa)
    page = hoa.get(f"{address}/abstain").get_data(as_text=True)
    assert (
        hoa.post(
            f"{address}/abstain", data={"csrf_token": token_of(page), "reason": ""}
        ).status_code
        == 422
    )
    answer = hoa.post(
        f"{address}/abstain", data={"csrf_token": token_of(page), "reason": "Quen tác giả"}
    )
    assert answer.status_code == 302
    assert hoa.get(address).status_code == 404
    page = signed_in(live.cast.lan).get(f"{BASE}/marking").get_data(as_text=True)
    assert "Quen tác giả" in page


def test_a_note_stands_on_its_passage_and_can_be_removed(live, signed_in):
    hoa = signed_in(live.cast.hoa)
    address = sheet_address(live, live.cast.hoa)
    page = hoa.get(address).get_data(as_text=True)
    blind = desk.blind_sheet(desk.own_sheet(live.cast.hoa.id, address.rsplit("/", 1)[1]))
    passage = "Mười chín năm, chưa một lần cổng mở muộn."
    start = blind.work.body_text.index(passage)
    data = {
        "csrf_token": token_of(page),
        "passage": f"{start}-{start + len(passage)}",
        "body": "Câu rất đắt",
        "criterion": "",
    }
    assert hoa.post(f"{address}/notes", data=data).status_code == 302
    page = hoa.get(address).get_data(as_text=True)
    assert f'<mark data-note="1">{passage}</mark>' in page
    assert "Câu rất đắt" in page
    note = db.session.query(SheetNote).one()
    hoa.post(f"{address}/notes/{note.public_id}/remove", data={"csrf_token": token_of(page)})
    assert "<mark" not in hoa.get(address).get_data(as_text=True)


def test_an_invited_judge_accepts_and_declares_a_conflict(live, signed_in):
    lan, an = signed_in(live.cast.lan), signed_in(live.cast.an)
    page = lan.get(f"{BASE}/jury").get_data(as_text=True)
    lan.post(
        f"{BASE}/jury", data={"csrf_token": token_of(page), "person": "", "contact": "0900000006"}
    )
    page = an.get("/judge").get_data(as_text=True)
    assert "Gương sáng làm theo lời Bác 2026" in page
    round_id = live.round.public_id
    answer = an.post(
        f"/judge/{round_id}/answer", data={"csrf_token": token_of(page), "answer": "accept"}
    )
    assert answer.location.endswith("/conflicts")
    page = an.get(answer.location).get_data(as_text=True)
    an.post(
        answer.location,
        data={
            "csrf_token": token_of(page),
            "unit": "",
            "person_name": "Trần Ngọc Bảo Trân",
            "reason": "Đồng nghiệp cũ",
        },
    )
    assert "Trần Ngọc Bảo Trân" in an.get(answer.location).get_data(as_text=True)


def test_an_assignment_is_previewed_then_taken(context, app, cast, signed_in):
    jury = make_jury(app, cast, utc_now())
    for person in (cast.hoa, cast.tu, cast.cuc):
        jury.seat(person)
    lan = signed_in(cast.lan)
    page = lan.get(f"{BASE}/assignment").get_data(as_text=True)
    shown = lan.post(f"{BASE}/assignment/draw", data={"csrf_token": token_of(page)}).location
    page = lan.get(shown).get_data(as_text=True)
    seed = re.search(r'name="seed" value="([^"]+)"', page)[1]
    digest = re.search(r'name="digest" value="([^"]+)"', page)[1]
    data = {"csrf_token": token_of(page), "seed": seed, "digest": digest}
    assert lan.post(f"{BASE}/assignment", data=data | {"digest": "0"}).status_code == 409
    assert lan.post(f"{BASE}/assignment", data=data).status_code == 302
    assert db.session.query(MarkSheet).count() == 12


def test_many_codes_are_made_by_a_job_while_the_proposal_is_looked_at(
    context, app, cast, signed_in
):
    jury = make_jury(app, cast, utc_now(), works=AT_ONCE + 3)
    for person in (cast.hoa, cast.tu, cast.cuc):
        jury.seat(person)
    with unit_of_work():
        db.session.query(BlindCode).delete()
    lan = signed_in(cast.lan)
    page = lan.get(f"{BASE}/assignment").get_data(as_text=True)
    shown = lan.post(f"{BASE}/assignment/draw", data={"csrf_token": token_of(page)}).location
    page = lan.get(shown).get_data(as_text=True)
    data = {
        "csrf_token": token_of(page),
        "seed": re.search(r'name="seed" value="([^"]+)"', page)[1],
        "digest": re.search(r'name="digest" value="([^"]+)"', page)[1],
    }
    early = lan.post(f"{BASE}/assignment", data=data)
    assert early.location == shown
    assert "Mã phách đang được tạo" in lan.get(shown).get_data(as_text=True)
    assert db.session.query(MarkSheet).count() == 0
    end_read()
    run_due_jobs()
    assert db.session.query(BlindCode).count() == AT_ONCE + 3
    assert lan.post(f"{BASE}/assignment", data=data).location == f"{BASE}/marking"
    assert db.session.query(MarkSheet).count() == 2 * (AT_ONCE + 3)


def test_few_codes_are_made_when_the_proposal_is_taken(context, app, cast):
    jury = make_jury(app, cast, utc_now())
    for person in (cast.hoa, cast.tu, cast.cuc):
        jury.seat(person)
    with unit_of_work():
        db.session.query(BlindCode).delete()
    jury.assign()
    assert db.session.query(BlindCode).count() == len(jury.work_ids)


def test_marking_is_closed_by_an_organiser_once_every_work_has_its_mark(live, signed_in):
    lan = signed_in(live.cast.lan)
    page = lan.get(f"{BASE}/marking").get_data(as_text=True)
    assert lan.post(f"{BASE}/marking/close", data={"csrf_token": token_of(page)}).status_code == 409
    finish_everything(live)
    assert lan.post(f"{BASE}/marking/close", data={"csrf_token": token_of(page)}).status_code == 302
    assert lan.get(f"{BASE}/marking/fairness").status_code == 200
    address = f"/judge/sheets/{live.sheets(live.cast.hoa)[0].public_id}"
    assert "disabled" in signed_in(live.cast.hoa).get(address).get_data(as_text=True)


def test_marks_that_differ_are_listed_by_code_and_decided_with_minutes(live, signed_in):
    work_id = live.work_ids[3]
    for person, total in zip(judges_of(live, work_id), ("7", "8"), strict=True):
        live.finish(person, work_id, total)
    lan = signed_in(live.cast.lan)
    page = lan.get(f"{BASE}/marking").get_data(as_text=True)
    code = re.search(r'/marking/works/([^"]+)"', page)[1]
    page = lan.get(f"{BASE}/marking/works/{code}").get_data(as_text=True)
    data = {"csrf_token": token_of(page), "points": "7,5", "minutes": "Hai giám khảo thống nhất"}
    assert lan.post(f"{BASE}/marking/works/{code}", data=data | {"minutes": ""}).status_code == 422
    assert lan.post(f"{BASE}/marking/works/{code}", data=data).status_code == 302
    assert lan.get(f"{BASE}/marking/works/{code}").status_code == 404


def test_the_rubric_says_what_is_wrong_in_which_cell(context, app, cast, signed_in):
    make_jury(app, cast, utc_now())
    lan = signed_in(cast.lan)
    page = lan.get(f"{BASE}/rubric").get_data(as_text=True)
    data = {
        "csrf_token": token_of(page),
        "marks_per_work": "2",
        "agree": "10",
        "third": "15",
        "spread": "25",
        "name-0": "Nội dung",
        "max-0": "x",
        "step-0": "0,25",
        "bands-0": "",
        "name-1": "",
        "max-1": "",
        "step-1": "",
    }
    answer = lan.post(f"{BASE}/rubric", data=data)
    assert answer.status_code == 422
    assert 'aria-describedby="max-0-error"' in answer.get_data(as_text=True)
    answer = lan.post(
        f"{BASE}/rubric", data=data | {"max-0": "10", "bands-0": "8–10: rất tốt\n5-7,75: khá"}
    )
    assert answer.status_code == 302
    assert "8–10: rất tốt" in lan.get(f"{BASE}/rubric").get_data(as_text=True)


def test_the_organisers_home_leads_to_what_the_round_waits_for(live, signed_in):
    """To the marking while it is open; to the decision on prizes once marks are locked."""
    lan = signed_in(live.cast.lan)
    for address in ("/organise", "/organise/contests/guong-sang"):
        page = lan.get(address).get_data(as_text=True)
        assert f'href="{BASE}/marking"' in page
        assert f'href="{BASE}/prizes"' not in page
    finish_everything(live)
    answer = lan.submit(f"{BASE}/marking", action="/marking/close")
    assert answer.status_code == 302
    for address in ("/organise", "/organise/contests/guong-sang"):
        page = lan.get(address).get_data(as_text=True)
        assert f'href="{BASE}/prizes"' in page


def test_a_judge_reads_no_limit_beside_words_that_it_does_not_count(live, signed_in):
    hoa, address = signed_in(live.cast.hoa), sheet_address(live, live.cast.hoa)
    assert "(tối đa 1.200)" in hoa.get(address).text
    with unit_of_work():
        db.session.add(
            FormField(
                round_id=live.round_id,
                key="f1",
                position=9,
                sort=FieldSort.LONG_TEXT,
                label="Mục tiêu",
            )
        )
    assert "(tối đa" not in hoa.get(address).text
