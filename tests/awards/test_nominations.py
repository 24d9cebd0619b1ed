"""Nominations: proposed below, passed upwards with opinions, never awarded twice for one thing."""

import io
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from contest.awards.actions.nominations import (
    NominationValues,
    Step,
    approve_nomination,
    move_nomination,
    propose,
)
from contest.awards.models import (
    AwardForm,
    Commendation,
    Level,
    Nomination,
    NominationState,
    RecipientKind,
)
from contest.awards.refusals import AwardedBefore, NominationMoved, OpinionMissing
from contest.core.db import db
from contest.core.mail import Mail
from contest.core.transactions import unit_of_work
from tests.support.cast import actor_of, sign_in_as

DECIDED = date(2026, 8, 31)


def begun(cast, now, **parts):
    given: Any = {
        "unit": db.session.merge(cast.school),
        "recipient_kind": RecipientKind.INDIVIDUAL,
        "recipient_name": "Nguyễn Văn Minh",
        "level": Level.CITY,
        "form": AwardForm.MERIT_CERTIFICATE,
        "achievement": "Dạy chữ miễn phí cho trẻ em làng",
        "person": db.session.merge(cast.minh),
    }
    return propose(
        values=NominationValues(**(given | parts)), actor=actor_of(cast.cuc, now), now=now
    )


def test_a_nomination_climbs_the_tree_and_is_awarded(context, cast, now):
    cuc, lan = actor_of(cast.cuc, now), actor_of(cast.lan, now)
    with unit_of_work():
        made = begun(cast, now)
        move_nomination(nomination=made, step=Step.SUBMIT, opinion="", actor=cuc, now=now)
        assert made.at_unit_id == cast.ward.id
        with pytest.raises(OpinionMissing):
            move_nomination(nomination=made, step=Step.FORWARD, opinion=" ", actor=cuc, now=now)
        move_nomination(
            nomination=made, step=Step.FORWARD, opinion="Đề nghị khen", actor=cuc, now=now
        )
        assert made.at_unit_id == cast.province.id
        move_nomination(nomination=made, step=Step.LIST, opinion="", actor=lan, now=now)
        approve_nomination(
            nomination=made,
            decision_number="125-QĐ/TU",
            decided_on=DECIDED,
            again=False,
            actor=lan,
            now=now,
        )
        with pytest.raises(NominationMoved):
            move_nomination(nomination=made, step=Step.LIST, opinion="", actor=lan, now=now)
    with unit_of_work():
        row = db.session.scalars(select(Commendation)).one()
        assert (row.recipient_key, row.reason) == (
            f"p{cast.minh.id}",
            "Dạy chữ miễn phí cho trẻ em làng",
        )
        made = db.session.scalars(select(Nomination)).one()
        assert [step.verdict.value for step in made.steps] == [
            "submitted",
            "forwarded",
            "listed",
            "approved",
        ]
        assert [mail.recipient for mail in db.session.scalars(select(Mail))] == [cast.minh.email]


def test_what_came_back_is_sent_again(context, cast, now):
    cuc = actor_of(cast.cuc, now)
    with unit_of_work():
        made = begun(cast, now)
        move_nomination(nomination=made, step=Step.SUBMIT, opinion="", actor=cuc, now=now)
        move_nomination(
            nomination=made,
            step=Step.RETURN,
            opinion="Thiếu báo cáo thành tích",
            actor=cuc,
            now=now,
        )
        assert (made.state, made.at_unit_id) == (NominationState.RETURNED, cast.school.id)
        move_nomination(nomination=made, step=Step.SUBMIT, opinion="", actor=cuc, now=now)
        assert made.state is NominationState.SUBMITTED


def test_no_second_award_for_one_achievement_unless_somebody_says_it_is_another(context, cast, now):
    cuc, lan = actor_of(cast.cuc, now), actor_of(cast.lan, now)
    decision = {"decided_on": DECIDED, "actor": lan, "now": now}
    with unit_of_work():
        for number, again in (("1-QĐ", False), ("2-QĐ", False), ("3-QĐ", True)):
            made = begun(cast, now, achievement="Dạy chữ miễn phí, cho trẻ em làng.")
            move_nomination(nomination=made, step=Step.SUBMIT, opinion="", actor=cuc, now=now)
            move_nomination(nomination=made, step=Step.LIST, opinion="", actor=lan, now=now)
            if number == "2-QĐ":
                with pytest.raises(AwardedBefore):
                    approve_nomination(
                        nomination=made, decision_number=number, again=again, **decision
                    )
            else:
                approve_nomination(nomination=made, decision_number=number, again=again, **decision)
        assert db.session.query(Commendation).count() == 2


def token_of(page):
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_cuc_proposes_on_the_page_and_lan_decides(app, cast, new_client):
    cuc, lan, bao = new_client(), new_client(), new_client()
    for client, person in ((cuc, cast.cuc), (lan, cast.lan), (bao, cast.bao)):
        sign_in_as(client, person)
    with app.app_context(), unit_of_work():
        school = db.session.merge(cast.school).public_id
    token = token_of(cuc.get("/organise/nominations/new").get_data(as_text=True))
    sent = {
        "csrf_token": token,
        "unit": school,
        "recipient_kind": "collective",
        "recipient_name": "Tổ Ngữ văn",
        "level": "city",
        "form": "merit_certificate",
        "achievement": "Mười năm tủ sách làng",
        "file": (io.BytesIO(b"%PDF-1.7 ho so"), "hồ sơ.pdf"),
    }
    bad = sent | {"file": (io.BytesIO(b"MZ"), "a.pdf")}
    made = cuc.post("/organise/nominations/new", data=bad, content_type="multipart/form-data")
    assert made.status_code == 422
    made = cuc.post("/organise/nominations/new", data=sent, content_type="multipart/form-data")
    assert made.status_code == 302
    address = made.location
    assert "hồ sơ.pdf" in cuc.get(address).get_data(as_text=True)
    assert bao.get(address).status_code == 404
    assert cuc.post(f"{address}/submit", data={"csrf_token": token}).status_code == 302
    forwarded = cuc.post(f"{address}/forward", data={"csrf_token": token, "opinion": "Đồng ý"})
    assert forwarded.status_code == 302
    assert cuc.post(f"{address}/list", data={"csrf_token": token}).status_code == 404
    token = token_of(lan.get(address).get_data(as_text=True))
    assert lan.post(f"{address}/list", data={"csrf_token": token}).status_code == 302
    assert "Tổ Ngữ văn" in lan.get("/organise/nominations?state=listed").get_data(as_text=True)
    decision = {"csrf_token": token, "decision_number": "QĐ", "decided_on": "31/8/2026"}
    assert lan.post(f"{address}/approve", data=decision).status_code == 422
    assert (
        lan.post(f"{address}/approve", data=decision | {"decision_number": "9-QĐ/TU"}).status_code
        == 302
    )
    assert "Tổ Ngữ văn" in lan.get("/organise/commendations").get_data(as_text=True)
