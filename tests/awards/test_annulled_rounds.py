"""Certificates of an annulled round are taken back in one decision, with the annulment or later."""

from html import unescape

import pytest

from contest.awards.actions.annulled_rounds import revoke_of_round
from contest.awards.models import Certificate, CertificateKind
from contest.awards.queries.certificates import certificate_by_code, in_force_of_round
from contest.awards.refusals import NothingToRevoke
from contest.contests.actions import annul_round, disqualify
from contest.contests.models import Round
from contest.contests.rules import ReasonMissing
from contest.contests.rules.refusals import RoundAnnulled
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.results.actions import decide_prizes, make_rank_run, publish
from tests.awards.test_certificates import PART, PRIZE, design, issue, published

PAGE = "/organise/contests/tim-hieu-2026/rounds/1"
CERTIFICATES = "/organise/contests/tim-hieu-2026/certificates"


def issued(now):
    """Four for prizes and six for taking part; one of the four was corrected by a newer one."""
    story = published(now)
    for kind in (PRIZE, PART):
        design(story, now, kind)
        issue(story, now, kind)
    out = story.entries["Trần Ngọc Bảo Trân"]
    disqualify(entry=out, round=story.round, reason="Thi hộ", actor=story.organiser, now=now)
    again = {"reason": "Hủy một kết quả", "actor": story.organiser, "now": now}
    make_rank_run(round=story.round, **again)
    decide_prizes(over=story.round, **again)
    publish(over=story.round, decision_number="48-QĐ/BTC", decided_on=None, **again)
    issue(story, now, PRIZE)
    return story


def states(reason):
    rows = db.session.query(Certificate).order_by(Certificate.number)
    return [
        "corrected"
        if one.replaced_by_id
        else "revoked"
        if one.revoked_reason == reason
        else "valid"
        for one in rows
    ]


@pytest.mark.usefixtures("context")
def test_all_that_stand_are_revoked_at_once_and_corrected_ones_stay_corrected(now):
    story = issued(now)
    stand = in_force_of_round(story.round.id)
    assert stand[CertificateKind.PARTICIPATION] == 6
    count = sum(stand.values())
    before = states("Lộ đề")
    with pytest.raises(ReasonMissing):
        revoke_of_round(round=story.round, reason=" ", actor=story.organiser, now=now)
    told = revoke_of_round(round=story.round, reason=" Lộ đề ", actor=story.organiser, now=now)
    assert told == count
    db.session.expire_all()
    assert states("Lộ đề") == ["revoked" if one == "valid" else one for one in before]
    assert "corrected" in before
    assert in_force_of_round(story.round.id) == {}
    (event,) = db.session.query(AuditEvent).filter_by(kind="awards.certificates_of_round_revoked")
    assert event.data == {"round": 1, "count": count, "reason": "Lộ đề"}
    with pytest.raises(NothingToRevoke):
        revoke_of_round(round=story.round, reason="Lộ đề", actor=story.organiser, now=now)


@pytest.mark.usefixtures("context")
def test_nothing_is_issued_for_an_annulled_round(now):
    story = issued(now)
    annul_round(round=story.round, reason="Lộ đề", actor=story.organiser, now=now)
    with pytest.raises(RoundAnnulled):
        issue(story, now, PART)


def committed(app, now):
    with app.app_context(), unit_of_work():
        story = issued(now)
        code = db.session.query(Certificate).filter_by(full_name="K'Brỏih", kind=PRIZE).first().code
        return story, code, sum(in_force_of_round(story.round.id).values())


@pytest.mark.parametrize("revokes", [True, False])
def test_lan_annuls_a_round_and_its_certificates_with_one_reason(
    app, now, signed_in, new_client, revokes
):
    story, _code, count = committed(app, now)
    lan = signed_in(story.cast.lan)
    page = unescape(lan.get(f"{PAGE}/annul").text)
    assert f"Thu hồi cả {count} giấy chứng nhận đang có giá trị" in page
    typed = {"reason": "Lộ đề trước giờ mở"} | ({"also-certificates": "1"} if revokes else {})
    done = lan.submit(f"{PAGE}/annul", typed, action="/annul")
    assert done.status_code == 302
    told = unescape(lan.get(done.location).text)
    assert (f"Đã thu hồi {count} giấy chứng nhận." in told) == revokes
    with app.app_context():
        assert db.session.get(Round, story.round.id).annulled_at is not None
        left = sum(in_force_of_round(story.round.id).values())
        one = db.session.query(Certificate).filter_by(kind=PART).first().code
        end_read()
    assert left == (0 if revokes else count)
    verified = unescape(new_client().get(f"/verify/{one}").text)
    assert ("Giấy này đã bị thu hồi" in verified) == revokes
    assert ("Lộ đề trước giờ mở" in verified) == revokes


def test_certificates_of_a_round_that_was_annulled_before_are_revoked_from_their_own_page(
    app, now, signed_in
):
    story, _code, count = committed(app, now)
    lan = signed_in(story.cast.lan)
    lan.submit(f"{PAGE}/annul", {"reason": "Lộ đề"}, action="/annul")
    page = unescape(lan.get(CERTIFICATES).text)
    assert f'href="{PAGE}/certificates/revocation"' in page
    assert "đã bị hủy" in page
    seen = unescape(lan.get(f"{PAGE}/certificates/revocation").text)
    assert f"{count} giấy chứng nhận" in seen
    refused = lan.post(f"{PAGE}/certificates/revocation", data={"reason": " "})
    assert refused.status_code == 422
    done = lan.submit(
        f"{PAGE}/certificates/revocation", {"reason": "Tuần thi bị hủy"}, action="/revocation"
    )
    assert done.status_code == 302
    with app.app_context():
        assert in_force_of_round(story.round.id) == {}
        end_read()
    assert lan.post(f"{PAGE}/certificates/revocation", data={"reason": "x"}).status_code == 409
    stranger = signed_in(story.cast.minh)
    assert stranger.get(f"{PAGE}/certificates/revocation").status_code == 403


def test_a_code_of_a_revoked_one_is_told_in_english_too(app, now, signed_in, new_client):
    story, code, _count = committed(app, now)
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        revoke_of_round(round=round, reason="Lộ đề", actor=story.organiser, now=now)
    told = new_client().get(
        f"/verify/{certificate_of(app, code)}", headers={"Accept-Language": "en"}
    )
    assert "This certificate was revoked" in told.text
    assert "Lộ đề" in told.text


def certificate_of(app, code):
    with app.app_context():
        found = certificate_by_code(code)
        newest = found.replaced_by or found
        number = newest.code
        end_read()
    return number
