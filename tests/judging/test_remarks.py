"""Remarks that reach the authors: chosen, shortened, without a name; and the code table's record."""

from decimal import Decimal

import pytest

from contest.contests.models import Round, Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging.actions import pass_remark
from contest.judging.actions.settling import write_resolution
from contest.judging.models import JudgedRound, MarkSheet, ResolutionMethod
from contest.judging.queries.remarks import passed_remarks
from contest.submissions.actions import read_code_table
from contest.submissions.models import Work
from tests.judging.test_marking import judges_of
from tests.judging.test_pages import BASE, token_of


@pytest.fixture
def remarked(live):
    """The first work is marked by two judges with a remark each; the rules pass remarks on."""
    with unit_of_work():
        db.session.get_one(JudgedRound, live.round_id).gives_comments = True
    work_id = live.work_ids[0]
    for number, person in enumerate(judges_of(live, work_id), start=1):
        given = live.marks("1", "3", "1", "1", comment=f"Nhận xét {number}: viết ấm")
        live.save(person, live.sheet_for(person, work_id), given, done=True)
    end_read()
    return live


def entry_of(jury):
    end_read()
    return db.session.get_one(Work, jury.work_ids[0]).entry_id


def test_only_what_was_chosen_reaches_the_author_and_never_who_wrote_it(remarked, signed_in):
    lan = signed_in(remarked.cast.lan)
    address = f"{BASE}/marking/remarks"
    page = lan.get(address).get_data(as_text=True)
    assert "Nhận xét 1: viết ấm" in page
    for person in judges_of(remarked, remarked.work_ids[0]):
        assert person.full_name not in page.split("<main")[1]
    assert passed_remarks(remarked.round_id, entry_of(remarked)) == []
    sheet = db.session.query(MarkSheet).filter_by(work_id=remarked.work_ids[0], marking=1).one()
    data = {"csrf_token": token_of(page), "body": "Viết ấm, chân thật"}
    public_id = sheet.public_id
    assert lan.post(f"{address}/{public_id}", data=data | {"pass": "1"}).status_code == 302
    assert passed_remarks(remarked.round_id, entry_of(remarked)) == ["Viết ấm, chân thật"]
    end_read()
    assert db.session.get_one(MarkSheet, sheet.id).comment.startswith("Nhận xét")
    assert lan.post(f"{address}/{public_id}", data=data | {"pass": "0"}).status_code == 302
    assert passed_remarks(remarked.round_id, entry_of(remarked)) == []
    assert lan.post(f"{address}/x", data=data).status_code == 404
    assert signed_in(remarked.cast.hoa).get(address).status_code == 403


def test_a_chosen_remark_arrives_though_two_equal_marks_of_three_made_the_mark(remarked):
    """What the organisers chose is read, whichever sheets the mark was made from in the end."""
    work_id, lan = remarked.work_ids[0], remarked.actor(remarked.cast.lan)
    with unit_of_work():
        sheets = db.session.query(MarkSheet).filter_by(work_id=work_id).order_by(MarkSheet.id).all()
        pass_remark(
            contest_round=db.session.get_one(Round, remarked.round_id),
            sheet=sheets[0],
            body="Viết ấm",
            actor=lan,
            now=utc_now(),
        )
        write_resolution(
            round_id=remarked.round_id,
            work_id=work_id,
            method=ResolutionMethod.EQUAL_PAIR,
            points=Decimal(6),
            detail={"sheets": [sheets[1].id]},
            actor=None,
            now=utc_now(),
        )
    assert passed_remarks(remarked.round_id, entry_of(remarked)) == ["Viết ấm"]


def test_without_the_rule_nothing_is_passed_on(remarked, signed_in):
    sheet = db.session.query(MarkSheet).filter_by(work_id=remarked.work_ids[0], marking=1).one()
    public_id = sheet.public_id
    lan = signed_in(remarked.cast.lan)
    address = f"{BASE}/marking/remarks"
    token = token_of(lan.get(address).get_data(as_text=True))
    data = {"csrf_token": token, "body": "Viết ấm", "pass": "1"}
    assert lan.post(f"{address}/{public_id}", data=data).status_code == 302
    with unit_of_work():
        db.session.get_one(JudgedRound, remarked.round_id).gives_comments = False
    assert passed_remarks(remarked.round_id, entry_of(remarked)) == []
    assert lan.post(f"{address}/{public_id}", data=data).status_code == 409


def test_every_look_at_the_code_table_is_shown_to_organisers(live, signed_in):
    actor = live.actor(live.cast.lan)
    with unit_of_work():
        live.round.stage = Stage.MARKING
        read_code_table(contest_round=live.round, actor=actor, now=live.now)
    address = f"{BASE}/codes/log"
    page = signed_in(live.cast.lan).get(address).get_data(as_text=True)
    assert live.cast.lan.full_name in page.split("<main")[1]
    assert signed_in(live.cast.hoa).get(address).status_code == 403
    assert signed_in(live.cast.bao).get(address).status_code == 404


def test_opening_a_work_with_its_author_beside_what_judges_read_is_a_look_at_the_table(
    live, signed_in
):
    said = "mở một bài cùng tên tác giả"
    work = db.session.query(Work).filter_by(round_id=live.round_id).first()
    lan = signed_in(live.cast.lan)
    assert said not in lan.get(f"{BASE}/codes/log").get_data(as_text=True)
    assert lan.get(f"{BASE}/screening/{work.public_id}").status_code == 200
    page = lan.get(f"{BASE}/codes/log").get_data(as_text=True)
    assert page.count(said) == 1
    assert work.public_id not in page
