"""The honour roll: names with consent, minors by initials, and searches that give nothing away."""

import io
from datetime import date

import pytest
from PIL import Image
from pypdf import PdfReader

from contest.awards.actions.commendations import (
    CommendationValues,
    add_commendation,
    revoke_commendation,
)
from contest.awards.actions.honours import (
    ProfileValues,
    edit_profile,
    open_profile,
    publish_profile,
)
from contest.awards.models import AwardForm, Commendation, HonourProfile, Level, RecipientKind
from contest.awards.queries.honours import RollFilter, published_profile, roll_page
from contest.awards.rules.honours import names_openly, public_name, searched, shows_portrait
from contest.core.db import db
from contest.core.transactions import unit_of_work
from tests.support.cast import actor_of, sign_in_as


def profile(**parts):
    given = {
        "full_name": "Nguyễn Thị Bạch Tuyết",
        "recipient_kind": "individual",
        "unit_name": "Xã Lạc Đạ",
    }
    return HonourProfile(**(given | {"is_minor": False} | parts))


@pytest.mark.parametrize(
    ("parts", "has_consent", "name"),
    [
        ({}, True, "N.T.B.T."),
        ({"name_agreed_at": 1}, True, "Nguyễn Thị Bạch Tuyết"),
        ({"name_agreed_at": 1}, False, "N.T.B.T."),
        ({"name_agreed_at": 1, "is_minor": True}, True, "N.T.B.T."),
        (
            {"name_agreed_at": 1, "is_minor": True, "guardian_agreed_at": 1},
            True,
            "Nguyễn Thị Bạch Tuyết",
        ),
        ({"recipient_kind": "collective"}, True, "Nguyễn Thị Bạch Tuyết"),
    ],
)
def test_a_name_stands_with_every_consent_it_needs(parts, has_consent, name):
    assert public_name(profile(**parts), has_consent=has_consent) == name


def test_a_portrait_needs_its_own_consent_and_the_name():
    both = profile(name_agreed_at=1, photo_agreed_at=1, portrait_id=5)
    assert shows_portrait(both, has_consent=True)
    assert not shows_portrait(both, has_consent=False)
    assert not shows_portrait(profile(name_agreed_at=1, portrait_id=5), has_consent=True)
    assert not names_openly(profile(photo_agreed_at=1, portrait_id=5), has_consent=True)


def test_nobody_is_found_by_a_name_that_is_not_published():
    assert searched(profile()) == "xa lac da"
    assert "bach tuyet" in searched(profile(name_agreed_at=1))


@pytest.fixture
def rows(app, cast, now):
    """Two recipients of one decision: a teacher who agrees, a pupil without a guardian's word."""
    made = {}
    with app.app_context():
        lan = actor_of(cast.lan, now)
        for key, name in (("teacher", "Nguyễn Thị Bạch Tuyết"), ("pupil", "Trần Gia Hưng")):
            with unit_of_work():
                row = add_commendation(
                    register_unit=cast.province,
                    values=CommendationValues(
                        level=Level.CITY,
                        form=AwardForm.MERIT_CERTIFICATE,
                        recipient_kind=RecipientKind.INDIVIDUAL,
                        recipient_name=name,
                        decision_number="125-QĐ/TU",
                        decided_on=date(2026, 5, 19),
                        unit_id=cast.school.id,
                        reason="Hai mươi năm dạy chữ cho trẻ em làng",
                        theme="Học tập và làm theo Bác",
                    ),
                    actor=lan,
                    now=now,
                )
                found = open_profile(commendation=row, actor=lan, now=now)
                assert open_profile(commendation=row, actor=lan, now=now) is found
                told = ProfileValues(
                    summary="Cô giáo của làng",
                    story="Mỗi tối cô đi mười cây số.",
                    theme="Học tập và làm theo Bác",
                    is_minor=key == "pupil",
                    name_agreed=True,
                    photo_agreed=False,
                    guardian_agreed=False,
                )
                edit_profile(profile=found, values=told, actor=lan, now=now)
                publish_profile(profile=found, published=True, actor=lan, now=now)
                made[key] = (row.public_id, found.public_id)
    return made


def test_the_roll_is_searched_without_marks_and_filtered(context, cast, rows):
    def names(**wanted):
        with unit_of_work():
            return [each.name for each in roll_page(RollFilter(**wanted)).items]

    both = ["T.G.H.", "Nguyễn Thị Bạch Tuyết"]
    assert sorted(names()) == sorted(both)
    assert names(text="bach tuyet") == ["Nguyễn Thị Bạch Tuyết"]
    assert names(text="gia hung") == []
    assert sorted(names(text="nguyen trai", level="city", year=2026)) == sorted(both)
    assert names(level="base") == names(year=2025) == names(theme="Khác") == []
    assert sorted(names(unit_id=cast.ward.id, theme="hoc tap va lam theo bac")) == sorted(both)
    assert names(unit_id=cast.other_province.id) == []


def test_everybody_reads_the_roll_and_no_name_leaks(client, rows):
    page = client.get("/honour-roll").get_data(as_text=True)
    assert "Nguyễn Thị Bạch Tuyết" in page
    assert "T.G.H." in page
    assert "Gia Hưng" not in page
    teacher, pupil = rows["teacher"][1], rows["pupil"][1]
    assert "mười cây số" in client.get(f"/honour-roll/{teacher}").get_data(as_text=True)
    hidden = client.get(f"/honour-roll/{pupil}").get_data(as_text=True)
    assert "Gia Hưng" not in hidden
    assert "cây số" not in hidden
    assert "dạy chữ" not in hidden
    sheet = PdfReader(io.BytesIO(client.get(f"/honour-roll/{pupil}/sheet.pdf").data))
    assert "Hưng" not in sheet.pages[0].extract_text()
    picture = client.get(f"/honour-roll/{teacher}/share.png")
    assert Image.open(io.BytesIO(picture.data)).size == (1200, 630)
    assert client.get(f"/honour-roll/{teacher}/portrait").status_code == 404


def token_of(page):
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (300, 300), (160, 30, 30)).save(buffer, "PNG")
    return buffer.getvalue()


def test_lan_adds_a_portrait_and_takes_somebody_off(client, cast, new_client, rows):
    lan, bao = new_client(), new_client()
    sign_in_as(lan, cast.lan)
    sign_in_as(bao, cast.bao)
    row_id, profile_id = rows["teacher"]
    address = f"/organise/honours/{profile_id}"
    token = token_of(lan.get(address).get_data(as_text=True))
    sent = {"csrf_token": token, "summary": "Cô giáo", "name_agreed": "y", "photo_agreed": "y"}
    bad = sent | {"portrait": (io.BytesIO(b"<svg onload=alert(1)>"), "a.png")}
    assert lan.post(address, data=bad, content_type="multipart/form-data").status_code == 422
    good = sent | {
        "portrait": (io.BytesIO(picture()), "a.png"),
        "portrait_text": "Cô giáo trước lớp",
    }
    assert lan.post(address, data=good, content_type="multipart/form-data").status_code == 302
    assert client.get(f"/honour-roll/{profile_id}/portrait").status_code == 200
    assert bao.get(address).status_code == 404
    assert (
        bao.post(
            f"/organise/commendations/{row_id}/honour",
            data={"csrf_token": token_of(bao.get("/organise").get_data(as_text=True))},
        ).status_code
        == 404
    )
    assert (
        lan.post(f"{address}/publish", data={"csrf_token": token, "published": "0"}).status_code
        == 302
    )
    assert client.get(f"/honour-roll/{profile_id}").status_code == 404
    assert client.get(f"/honour-roll/{profile_id}/portrait").status_code == 404
    with lan.application.app_context():
        assert db.session.query(HonourProfile).count() == 2


def test_a_revoked_commendation_leaves_the_roll_and_a_later_one_joins_it(context, cast, rows, now):
    lan = actor_of(cast.lan, now)

    def standing():
        return [(each.year, each.level) for each in roll_page(RollFilter(text="bach tuyet")).items]

    def commend(level, day):
        return add_commendation(
            register_unit=cast.province,
            values=CommendationValues(
                level=level,
                form=AwardForm.MERIT_CERTIFICATE,
                recipient_kind=RecipientKind.INDIVIDUAL,
                recipient_name="Nguyễn Thị Bạch Tuyết",
                decision_number=f"{day.year}-QĐ/TTg",
                decided_on=day,
                unit_id=cast.school.id,
            ),
            actor=lan,
            now=now,
        )

    with unit_of_work():
        first = db.session.query(Commendation).filter_by(public_id=rows["teacher"][0]).one()
        second = commend(Level.MINISTRY, date(2025, 9, 2))
        assert standing() == [(2026, "ministry")]
        revoke_commendation(commendation=second, reason="Nhầm người", actor=lan, now=now)
        assert standing() == [(2026, "city")]
        revoke_commendation(commendation=first, reason="Nhầm người", actor=lan, now=now)
        assert standing() == []
        assert published_profile(rows["teacher"][1]) is None
