"""Units confirm that person and deeds are real: by right, by letter, in time, seen by no judge."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from contest.accounts.actions import give_grant
from contest.accounts.models import Person, Unit
from contest.config import PROJECT_ROOT
from contest.contests.models import Stage
from contest.core.access import Role
from contest.core.db import db
from contest.core.jobs import run_due_jobs
from contest.core.mail import latest_mail
from contest.core.transactions import unit_of_work
from contest.submissions import actions, queries
from contest.submissions.actions.confirmations import (
    confirm_work,
    demand_confirmation,
    issue_letter,
    renew_letter,
)
from contest.submissions.confirmation_papers import letter_pdf
from contest.submissions.models import ConfirmationLetter, ConfirmationOutcome, UnitConfirmation
from contest.submissions.queries.confirmations import confirmation_counts, letter_in, said_about
from contest.submissions.rules.refusals import (
    ConfirmationOver,
    LetterTakenBack,
    OwnWork,
    ReasonsMissing,
    SignatureMissing,
)
from tests.submissions.conftest import World
from tests.support.pages import Page

MICRO = timedelta(microseconds=1)


def demand(world: World, hours: int = 48) -> None:
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        demand_confirmation(
            contest_round=world.round,
            due_at=world.now + timedelta(hours=hours),
            actor=lan,
            now=world.now,
        )


def say(world: World, work: str, outcome=ConfirmationOutcome.CONFIRMED, **others) -> None:
    values = {"remark": "", "signed_as": "Phó Chủ tịch Nguyễn Thị Lành", "now": world.now}
    with unit_of_work():
        confirm_work(work=world.work(work), outcome=outcome, **{**values, **others})


def test_a_word_of_the_unit_has_its_borders(world: World):
    work = world.handed_in(world.cast.minh)
    with pytest.raises(ConfirmationOver):
        say(world, work)
    demand(world)
    end = world.now + timedelta(hours=48)
    with pytest.raises(ConfirmationOver):
        say(world, work, now=end)
    with pytest.raises(OwnWork):
        say(world, work, actor=world.actor(world.cast.minh))
    with pytest.raises(ReasonsMissing):
        say(world, work, ConfirmationOutcome.RETURNED)
    with pytest.raises(SignatureMissing):
        say(world, work, signed_as="")
    say(world, work, ConfirmationOutcome.RETURNED, remark="Sai năm công tác", now=end - MICRO)
    say(world, work, now=end - MICRO)
    assert said_about(world.work(work)).outcome is ConfirmationOutcome.CONFIRMED
    assert db.session.query(UnitConfirmation).count() == 2
    assert confirmation_counts(world.round_id) == {"confirmed": 1}
    # A new version waits again.
    world.save(world.cast.minh, work, world.draft("Bản khác"))
    world.submit(world.cast.minh, work)
    assert said_about(world.work(work)) is None
    world.set_round(stage=Stage.MARKING)
    with pytest.raises(ConfirmationOver):
        say(world, work)


def test_judges_see_nothing_of_it(world: World):
    work = world.handed_in(world.cast.minh)
    demand(world)
    say(world, work, remark="Đơn vị Hòa Bình xác nhận")
    world.screen(work)
    world.codes()
    assert "Hòa Bình" not in repr(queries.blind_work(world.round_id, world.work(work).id))


def test_a_coordinator_and_a_letter_reach_their_own_units_only(live: World, signed_in):
    with live.app.app_context():
        work = live.handed_in(live.cast.minh)
        demand(live)
        lan = live.actor(live.cast.lan)
        with unit_of_work():
            known = db.session.get(Person, live.cast.an.id)
            unit = db.session.get(Unit, live.cast.province.id)
            letter = issue_letter(contest_round=live.round, unit=unit, actor=lan, now=live.now)
            code = letter.code
            give_grant(
                person=known,
                role=Role.UNIT_COORDINATOR,
                scope=unit.scope,
                actor=lan,
                now=live.now,
            )
    an, bao, lan_client = (signed_in(each) for each in (live.cast.an, live.cast.bao, live.cast.lan))
    page = an.page("/confirmations")
    assert "Tiếng chổi đầu ngày" in page.text
    assert "Tiếng chổi đầu ngày" not in bao.get("/confirmations").text
    assert bao.get(f"/confirmations/{work}").status_code in {403, 404}
    address = f"/confirmations/{work}"
    refused = an.submit(address, {"outcome": "returned"}, action=address)
    assert refused.status_code == 422
    said = Page(refused.text).words("//h:p[@id='remark-error']")
    assert said == ["Bạn ghi rõ lý do để tác giả biết phải làm gì."]
    values = {"outcome": "returned", "remark": "Ghi rõ năm"}
    assert an.submit(address, values, action=address).status_code == 302
    assert an.get(f"/confirm/{'x' * 24}").status_code == 404
    by_letter = f"/confirm/{code}/{work}"
    an.page(f"/confirm/{code}")
    signed = {"outcome": "confirmed", "signed_as": "Chủ tịch xã"}
    assert an.submit(by_letter, signed, action=by_letter).status_code == 302
    desk = f"/organise/contests/{live.slug}/rounds/1"
    lan_client.page(f"{desk}/confirmations")
    page = lan_client.page(f"{desk}/screening/{work}")
    assert "Chủ tịch xã" in page.text
    with live.app.app_context(), unit_of_work():
        db.session.query(ConfirmationLetter).one().withdrawn_at = live.now
    assert an.get(f"/confirm/{code}").status_code == 404


def test_coordinators_are_reminded_once(live: World):
    with live.app.app_context():
        live.handed_in(live.cast.minh)
        lan = live.actor(live.cast.lan)
        with unit_of_work():
            known = db.session.get(Person, live.cast.an.id)
            unit = db.session.get(Unit, live.cast.province.id)
            give_grant(
                person=known, role=Role.UNIT_COORDINATOR, scope=unit.scope, actor=lan, now=live.now
            )
        demand(live)
        for _turn in range(2):
            run_due_jobs(recurring=True)
        letters = [mail.recipient for mail in latest_mail()]
        assert letters.count(live.cast.an.email) == 1


PICTURE = (PROJECT_ROOT / "docs" / "pictures" / "receipt.png").read_bytes()


def with_pictures(world: World) -> str:
    """A work with a picture that judges see and one for the secretary alone."""
    public_id = world.begin(world.cast.minh)
    world.save(world.cast.minh, public_id, world.draft())
    minh = world.actor(world.cast.minh)
    with unit_of_work():
        for caption in ("Sân trường", "Giấy khen"):
            actions.add_picture(
                work=world.work(public_id),
                content=PICTURE,
                caption=caption,
                alternative_text="",
                actor=minh,
                now=world.now,
            )
        world.work(public_id).files[1].shown = False
    world.submit(world.cast.minh, public_id)
    return public_id


def a_letter(world: World) -> str:
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        unit = db.session.get(Unit, world.cast.province.id)
        return issue_letter(
            contest_round=world.round, unit=unit, actor=lan, now=world.now
        ).public_id


def code_of(world: World, public_id: str) -> str:
    letter = letter_in(world.round_id, public_id)
    assert letter is not None
    return letter.code


def test_the_unit_sees_the_pictures_that_judges_see_and_no_others(live: World, signed_in):
    with live.app.app_context():
        work = with_pictures(live)
        demand(live)
        code = code_of(live, a_letter(live))
        shown, hidden = (file.public_id for file in live.work(work).files)
    unit, bao = signed_in(live.cast.an), signed_in(live.cast.bao)
    page = unit.page(f"/confirm/{code}/{work}")
    address = f"/confirm/{code}/{work}/pictures/{shown}"
    assert address in page.text
    assert "Sân trường" in page.text
    assert hidden not in page.text
    assert "Giấy khen" not in page.text
    picture = unit.get(address)
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert picture.data != PICTURE
    assert unit.get(f"/confirm/{code}/{work}/pictures/{hidden}").status_code == 404
    assert unit.get(f"/confirm/{'x' * 24}/{work}/pictures/{shown}").status_code == 404
    assert bao.get(f"/confirmations/{work}/pictures/{shown}").status_code in {403, 404}


def test_a_letter_that_went_astray_gets_a_new_link_and_can_be_taken_back(live: World, signed_in):
    with live.app.app_context():
        live.handed_in(live.cast.minh)
        demand(live)
        first = a_letter(live)
        old = code_of(live, first)
    lan, stranger = signed_in(live.cast.lan), signed_in(live.cast.tu)
    desk = f"/organise/contests/{live.slug}/rounds/1/confirmations"
    pdf = lan.get(f"{desk}/letters/{first}.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert old in lan.page(desk).text
    assert stranger.get(f"{desk}/letters/{first}.pdf").status_code in {403, 404}
    assert lan.submit(desk, {}, action=f"{desk}/letters/{first}/renew").status_code == 302
    with live.app.app_context():
        [letter] = db.session.query(ConfirmationLetter).filter_by(withdrawn_at=None)
        second, new = letter.public_id, letter.code
    assert new != old
    assert stranger.get(f"/confirm/{old}").status_code == 404
    assert stranger.get(f"/confirm/{new}").status_code == 200
    assert lan.get(f"{desk}/letters/{first}.pdf").status_code == 404
    page = lan.page(desk).text
    assert old not in page
    assert new in page
    assert lan.submit(desk, {}, action=f"{desk}/letters/{second}/withdraw").status_code == 302
    assert stranger.get(f"/confirm/{new}").status_code == 404
    with live.app.app_context():
        assert db.session.query(ConfirmationLetter).filter_by(withdrawn_at=None).count() == 0
        organiser = live.actor(live.cast.lan)
        with pytest.raises(LetterTakenBack), unit_of_work():
            renew_letter(letter=letter_in(live.round_id, first), actor=organiser, now=live.now)


def test_a_letter_opens_nothing_once_the_time_to_answer_is_over(live: World, signed_in):
    with live.app.app_context():
        work = live.handed_in(live.cast.minh)
        demand(live, hours=-1)
        code = code_of(live, a_letter(live))
    holder = signed_in(live.cast.an)
    for address in (f"/confirm/{code}", f"/confirm/{code}/{work}"):
        answer = holder.get(address)
        assert answer.status_code == 409
        assert "hết thời gian" in answer.text.lower()
        assert "Tiếng chổi đầu ngày" not in answer.text


def test_the_printed_letter_carries_the_link_and_names_nobody(world: World, tmp_path):
    world.handed_in(world.cast.minh)
    demand(world)
    letter = letter_in(world.round_id, a_letter(world))
    made = letter_pdf(
        letter,
        link=f"https://thi.example.vn/confirm/{letter.code}",
        until=world.now + timedelta(hours=48),
        instance=tmp_path,
    )
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    squeezed = "".join(words.split())
    assert f"https://thi.example.vn/confirm/{letter.code}" in squeezed
    assert "".join(letter.unit.name.split()) in squeezed
    assert "NguyễnVănMinh" not in squeezed
    assert "Tiếngchổiđầungày" not in squeezed
