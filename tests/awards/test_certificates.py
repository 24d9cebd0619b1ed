"""Certificates: issued over what is published, verified by code, corrected, revoked."""

import io
import zipfile
from datetime import date
from typing import Any

import pypdf
import pytest
from PIL import Image

from contest.awards.actions.certificates import (
    DesignValues,
    issue_certificates,
    revoke_certificate,
    save_design,
)
from contest.awards.models import Certificate, CertificateKind, CertificateLayout
from contest.awards.queries.certificates import certificate_by_code, without_ground
from contest.awards.refusals import (
    CertificateRevoked,
    CertificatesNotReady,
    NobodyToCertify,
)
from contest.awards.rules.certificates import (
    CODE_SIGNS,
    LONGEST_NAME,
    CertificateState,
    filled,
    new_code,
    read_code,
    serial_of,
    shown_code,
    state_of,
)
from contest.contests.actions import disqualify
from contest.contests.models import Round
from contest.contests.rules import ReasonMissing
from contest.core import jobs
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.results.actions import decide_prizes, make_rank_run, publish
from tests.results.stories import closed_round

PRIZE, PART = CertificateKind.PRIZE, CertificateKind.PARTICIPATION
VALUES = DesignValues(
    layout=CertificateLayout.LANDSCAPE,
    style="state",
    heading="Giấy chứng nhận",
    above="Tỉnh Lâm Sơn",
    issuer="Ban Tổ chức cuộc thi",
    lead="Chứng nhận",
    words="Đã đạt {prize} {round}, cuộc thi “{contest}” #panic",
    place="Lâm Sơn",
    signer_role="Trưởng Ban Tổ chức",
    signer_name="Lê Thị Lan",
)


def published(now):
    story = closed_round(now)
    make_rank_run(round=story.round, actor=story.organiser, now=now)
    decide_prizes(over=story.round, actor=story.organiser, now=now)
    publish(
        over=story.round,
        decision_number="47-QĐ/BTC",
        decided_on=date(2026, 9, 2),
        actor=story.organiser,
        now=now,
    )
    return story


def design(story, now, kind=PRIZE):
    save_design(contest=story.contest, kind=kind, values=VALUES, actor=story.organiser, now=now)


def dictionary(inside, *names) -> Any:
    for name in names:
        inside = inside[name]
    return inside


def issue(story, now, kind=PRIZE):
    return issue_certificates(
        over=story.round,
        kind=kind,
        title="Giấy chứng nhận",
        address=lambda batch: f"/{batch}",
        actor=story.organiser,
        now=now,
    )


def test_a_code_is_read_however_it_is_typed():
    code = new_code()
    assert len(code) == 12
    assert set(code) <= set(CODE_SIGNS)
    assert read_code(f" {shown_code(code).lower()} ") == code
    assert shown_code("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"


def test_a_contest_that_says_itself_what_it_is_is_not_called_so_twice():
    words = "Đã đạt giải, cuộc thi “{contest}”"
    assert filled(words, {"contest": "Tìm hiểu Di chúc"}) == (
        "Đã đạt giải, cuộc thi “Tìm hiểu Di chúc”"
    )
    assert filled(words, {"contest": "Cuộc thi viết “Người tốt”"}) == (
        "Đã đạt giải, cuộc thi viết “Người tốt”"
    )


def test_words_are_filled_and_nothing_else_in_them_is_more_than_text():
    facts = {"prize": "giải Nhất", "contest": "Gương sáng {round}"}
    assert filled("Đạt {prize}  cuộc thi {contest} {other}", facts) == (
        "Đạt giải Nhất cuộc thi Gương sáng {round} {other}"
    )
    assert serial_of(42, date(2026, 9, 2)) == "2026/00042"
    assert len(LONGEST_NAME) <= 120


@pytest.mark.usefixtures("context")
def test_winners_get_theirs_once(now):
    story = published(now)
    with pytest.raises(CertificatesNotReady):
        issue(story, now)
    design(story, now)
    batch = issue(story, now)
    assert batch.count == 4
    made = db.session.query(Certificate).order_by(Certificate.number).all()
    assert [one.full_name for one in made][:2] == ["Phan Nguyễn Hoàng Tường Vi", "K'Brỏih"]
    assert made[0].words.startswith("Đã đạt giải Nhất tuần 1") or made[0].words
    assert made[0].decision == "Quyết định số 47-QĐ/BTC ngày 02/09/2026"
    assert len({one.code for one in made}) == 4
    with pytest.raises(NobodyToCertify):
        issue(story, now)


@pytest.mark.usefixtures("context")
def test_everybody_who_was_ranked_took_part(now):
    story = published(now)
    design(story, now, PART)
    assert issue(story, now, PART).count == 6


@pytest.mark.usefixtures("context")
def test_before_publication_nothing_is_certified(now):
    story = closed_round(now)
    design(story, now)
    with pytest.raises(CertificatesNotReady):
        issue(story, now)


@pytest.mark.usefixtures("context")
def test_a_corrected_result_corrects_its_certificates(now):
    story = published(now)
    design(story, now)
    issue(story, now)
    before = {one.full_name: one for one in db.session.query(Certificate)}
    disqualify(
        entry=story.entries["Phan Nguyễn Hoàng Tường Vi"],
        round=story.round,
        reason="Hai tài khoản",
        actor=story.organiser,
        now=now,
    )
    make_rank_run(round=story.round, reason="Loại một người", actor=story.organiser, now=now)
    decide_prizes(over=story.round, reason="Xếp hạng mới", actor=story.organiser, now=now)
    publish(
        over=story.round,
        decision_number="47-QĐ/BTC",
        decided_on=date(2026, 9, 2),
        reason="Loại một người",
        actor=story.organiser,
        now=now,
    )
    issue(story, now)
    db.session.expire_all()
    assert state_of(before["K'Brỏih"]) is CertificateState.CORRECTED
    assert before["K'Brỏih"].replaced_by.full_name == "K'Brỏih"
    gone = before["Phan Nguyễn Hoàng Tường Vi"]
    with pytest.raises(ReasonMissing):
        revoke_certificate(certificate=gone, reason=" ", actor=story.organiser, now=now)
    revoke_certificate(certificate=gone, reason="Bị loại", actor=story.organiser, now=now)
    assert state_of(gone) is CertificateState.REVOKED
    with pytest.raises(CertificateRevoked):
        revoke_certificate(certificate=gone, reason="Bị loại", actor=story.organiser, now=now)


def test_the_pages_from_design_to_verification(app, now, signed_in):
    with app.app_context(), unit_of_work():
        story = published(now)
        lan = story.cast.lan
    client = signed_in(lan)
    page = "/organise/contests/tim-hieu-2026/certificates"
    assert client.get(page).status_code == 200
    assert client.get(f"{page}/prize").status_code == 200
    form = {name: getattr(VALUES, name) for name in VALUES.__slots__ if name != "layout"} | {
        "layout": "portrait"
    }
    assert client.post(f"{page}/prize", data=form).status_code == 302
    longest = client.get(f"{page}/prize/preview.pdf")
    words = " ".join(pypdf.PdfReader(io.BytesIO(longest.data)).pages[-1].extract_text().split())
    assert LONGEST_NAME in words
    assert client.get(f"{page}/prize/preview.png").mimetype == "image/png"
    issued = client.post(
        "/organise/contests/tim-hieu-2026/rounds/1/certificates", data={"kind": "prize"}
    )
    assert issued.status_code == 302
    with app.app_context():
        jobs.run_due_jobs()
        end_read()
        batch = db.session.query(Certificate).first().batch.public_id
        mine = db.session.query(Certificate).filter_by(full_name="K'Brỏih").one()
        code = mine.code
        end_read()
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{page}/batches/{batch}.zip").data))
    assert len(archive.namelist()) == 4
    single = pypdf.PdfReader(io.BytesIO(archive.read("2026-00002.pdf")))
    text = " ".join(single.pages[0].extract_text().split())
    assert "K'Brỏih" in text
    assert "#panic" in text
    assert shown_code(code) in text
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[1].split("-")[0]
        for font in dictionary(single.pages[0], "/Resources", "/Font").values()
    }
    assert fonts == {"BeVietnamPro"}
    assert b"pdfaid:part" in dictionary(single.trailer, "/Root", "/Metadata").get_data()
    whole = pypdf.PdfReader(io.BytesIO(client.get(f"{page}/batches/{batch}.pdf").data))
    assert len(whole.pages) == 4


def issued_code(app, now):
    with app.app_context(), unit_of_work():
        story = published(now)
        design(story, now)
        issue(story, now)
        people = {"lan": story.cast.lan, "an": story.cast.an, "winner": story.persons["K'Brỏih"]}
        mine = db.session.query(Certificate).filter_by(full_name="K'Brỏih").one()
        return people, mine.code, mine.public_id


def test_everybody_may_verify_and_reads_why_a_certificate_was_revoked(
    app, now, signed_in, new_client
):
    people, code, public_id = issued_code(app, now)
    page = "/organise/contests/tim-hieu-2026/certificates"
    anybody = new_client()
    assert anybody.get("/verify").status_code == 200
    valid = anybody.get(f"/verify/{code.lower()}")
    assert valid.status_code == 200
    assert "K&#39;Brỏih" in valid.text
    unknown = anybody.get("/verify/AAAABBBBCCCC")
    assert unknown.status_code == 404
    assert "<form" in unknown.text
    own = signed_in(people["winner"])
    assert own.get(f"/my-certificates/{public_id}.pdf").mimetype == "application/pdf"
    assert own.get("/my-certificates").status_code == 200
    assert signed_in(people["an"]).get(f"/my-certificates/{public_id}.pdf").status_code == 404
    revoked = signed_in(people["lan"]).post(
        f"{page}/issued/{public_id}/revocation", data={"reason": "In nhầm tên"}
    )
    assert revoked.status_code == 302
    assert "In nhầm tên" in anybody.get(f"/verify/{code}").text
    with app.app_context():
        assert certificate_by_code(code).revoked_reason == "In nhầm tên"
        end_read()


def a_picture():
    made = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(made, "PNG")
    return made.getvalue()


def test_a_first_design_may_come_with_its_pictures(app, now, signed_in):
    with app.app_context(), unit_of_work():
        lan = published(now).cast.lan
    form = {name: getattr(VALUES, name) for name in VALUES.__slots__ if name != "layout"}
    client = signed_in(lan)
    page = "/organise/contests/tim-hieu-2026/certificates"
    for kind, layout in (("participation", "portrait"), ("prize", "landscape")):
        pictures = {
            name: (io.BytesIO(a_picture()), f"{name}.png") for name in ("logo", "signature")
        }
        saved = client.post(f"{page}/{kind}", data=form | {"layout": layout} | pictures)
        assert saved.status_code == 302
        assert client.get(f"{page}/{kind}/preview.png").mimetype == "image/png"


def test_who_lost_a_prize_by_a_correction_is_named_until_the_certificate_is_revoked(
    app, now, signed_in
):
    with app.app_context(), unit_of_work():
        story = published(now)
        design(story, now)
        issue(story, now)
        out = story.entries["K'Brỏih"]
        again = {"reason": "Thi hộ", "actor": story.organiser, "now": now}
        disqualify(entry=out, round=story.round, **again)
        make_rank_run(round=story.round, **again)
        decide_prizes(over=story.round, **again)
        lan = story.cast.lan
    client = signed_in(lan)
    page = "/organise/contests/tim-hieu-2026/certificates"
    told = "không còn giải tương ứng"
    assert told not in client.get(page).text  # decided anew, not published yet
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        publish(over=round, decision_number="48", decided_on=None, **again)
        (lost,) = without_ground(round)
        assert lost.full_name == "K'Brỏih"
        address = f"{page}/issued/{lost.public_id}/revocation"
    seen = client.get(page).text
    assert told in seen
    assert f'href="{address}"' in seen
    assert client.post(address, data={"reason": "Không còn giải"}).status_code == 302
    assert told not in client.get(page).text
