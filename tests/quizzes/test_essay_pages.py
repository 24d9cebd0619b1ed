"""Essay questions by HTTP: Lan puts them in, Minh writes, Hoa marks, Minh reads the mark."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from contest.accounts.actions import give_grant
from contest.contests.models import Stage
from contest.core.access import Role
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt, EssayAnswer
from question_bank.models import Question
from tests.quizzes.conftest import make_world
from tests.quizzes.test_essays import ASKED, TOLD, WRITTEN, add_to_bank
from tests.quizzes.test_pages import begin, save

ROUND = "/organise/contests/tim-hieu/rounds/1"
SET = f"{ROUND}/set-questions"
LIST = f"{ROUND}/essay-answers"


@pytest.fixture
def now():
    return utc_now()


@pytest.fixture
def planned(app, cast, now):
    """A planned round whose bank also holds information and an essay question; Hoa judges."""
    with app.app_context():
        world = make_world(app, cast, now)
        with unit_of_work():
            add_to_bank(world, "description", TOLD)
            add_to_bank(world, "essay", ASKED, Decimal(5))
            give_grant(
                person=db.session.merge(cast.hoa),
                role=Role.JUDGE,
                scope=world.contest.scope,
                actor=None,
                now=now,
            )
        world.agree(cast.minh)
    return world


def public_id_of(app, kind):
    with app.app_context():
        return db.session.scalars(select(Question.public_id).where(Question.kind == kind)).one()


def lan_lays_out_the_paper(app, planned, lan):
    """Information before question 1 and an essay question at the end, in steps of a half."""
    assert "Đề chỉ gồm những câu được rút ngẫu nhiên" in lan.page(SET).text
    told, asked = public_id_of(app, "description"), public_id_of(app, "essay")
    assert lan.submit(SET, {"question": told, "before": "0"}, action=SET).status_code == 422
    assert lan.submit(SET, {"question": "khác"}, action=SET).status_code == 422
    lan.submit(SET, {"question": told, "before": "2"}, action=SET)
    lan.submit(SET, {"question": asked}, action=SET)
    page = lan.page(SET).text
    assert "trước câu 2" in page
    assert planned.cast.hoa.full_name in page
    gone = lan.submit(SET, {}, action=f"{SET}/{told}/remove")
    assert gone.status_code in {302, 303}
    lan.submit(SET, {"question": told, "before": "1"}, action=SET)
    lan.submit(SET, {"step": "0.5"}, action=f"{SET}/step")
    assert "2 mục có trong mọi đề" in lan.page(f"{ROUND}/questions").text


def minh_writes(minh):
    """By the queue and by the plain form; gives the address of the attempt, handed in."""
    address, epoch = begin(minh), 1
    page = minh.page(address).text
    assert TOLD in page
    assert "<textarea" in page
    answer = save(minh, address, epoch, 1, 4, WRITTEN)
    assert answer.status_code == 200, answer.text
    assert WRITTEN.splitlines()[0] in minh.page(address).text
    assert save(minh, address, epoch, 2, 0, WRITTEN).status_code == 422
    assert save(minh, address, epoch, 3, 4, "x" * 4001).status_code == 422
    typed = {"slot-4": WRITTEN + "\r\nHết."}
    assert minh.submit(address, typed, action=address).status_code in {302, 303}
    minh.submit(f"{address}/check", action=f"{address}/submit")
    return address


def test_from_the_paper_to_the_mark_on_the_result(app, planned, cast, signed_in):
    lan = signed_in(cast.lan)
    lan_lays_out_the_paper(app, planned, lan)
    with app.app_context():
        planned.open()
    minh = signed_in(cast.minh)
    address = minh_writes(minh)
    hoa = signed_in(cast.hoa)
    with app.app_context():
        answer_id, code = db.session.execute(select(EssayAnswer.public_id, EssayAnswer.code)).one()
        attempt = db.session.scalars(select(Attempt)).one()
        hidden = [attempt.receipt_code, attempt.public_id, attempt.entry.public_id]
        points = attempt.points
    sheet = f"{LIST}/{answer_id}"
    assert hoa.submit(sheet, {"points": "1"}, action=sheet).status_code == 422  # still open
    with app.app_context(), unit_of_work():
        planned.round.stage = Stage.CLOSED
    assert LIST in hoa.page("/judge").text
    page = hoa.page(LIST).text
    assert ASKED in page
    shown = hoa.get(f"{LIST}/next", follow_redirects=True).text
    assert code in shown
    assert "Hết." in shown
    hidden += [cast.minh.full_name, cast.school.name, "MINH0001"]
    assert [each for each in hidden if each in shown or each in page] == []
    for wrong in ("5,5", "-1", "1,25", "nhiều", ""):
        assert hoa.submit(sheet, {"points": wrong}, action=sheet).status_code == 422, wrong
    kept = hoa.submit(sheet, {"points": "3,5", "comment": "Thật lòng."}, action=sheet)
    assert kept.location.endswith("/essay-answers")
    stale = hoa.submit(sheet, {"points": "5", "version": "0"}, action=sheet, follow=True)
    assert "vừa được chấm ở thẻ khác" in stale.text
    with app.app_context():
        assert db.session.scalars(select(Attempt.points)).one() == points + Decimal("3.5")

    result = f"{address}/result"
    assert "Thật lòng." not in minh.page(result).text
    with app.app_context(), unit_of_work():
        planned.round.stage = Stage.PUBLISHED
    page = minh.page(result).text
    assert "Thật lòng." in page
    assert "3,5 trên 5 điểm" in page
    assert "Hết." in page
    assert hoa.submit(sheet, {"points": "5"}, action=sheet).status_code == 422
    assert lan.get(f"{LIST}.xlsx").status_code == 200
    assert b"Hoa" in lan.get(f"{LIST}.csv").data


def test_strangers_find_nothing(app, planned, cast, signed_in):
    """Bảo organises elsewhere, An has no role, Minh takes part; what is not theirs is not there."""
    with app.app_context():
        planned.open()
        opened = planned.start(cast.minh)
        for slot in range(4):
            planned.save(cast.minh, opened, slot + 1, slot, planned.right(opened, slot))
        planned.submit(cast.minh, opened)
        with unit_of_work():
            planned.round.stage = Stage.CLOSED
            planned.round.closed_at = planned.now + timedelta(days=7)
    for person in (cast.bao, cast.an, cast.minh):
        stranger = signed_in(person)
        for page in (SET, LIST, f"{LIST}/next", f"{LIST}/abcdefgh", f"{LIST}.csv"):
            assert stranger.get(page).status_code in {403, 404}, page
    hoa = signed_in(cast.hoa)
    assert hoa.get(f"{LIST}/abcdefgh").status_code == 404
    for page in (SET, f"{LIST}.csv"):
        assert hoa.get(page).status_code in {403, 404}, page
