"""Signatures over a decision: in order, over exactly this list, before anything is final."""

import io

import pypdf
import pytest
from sqlalchemy import select

from contest.accounts.actions import end_grant
from contest.accounts.models import Grant
from contest.contests.actions import disqualify
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.results.actions import (
    ExtraValues,
    decide_prizes,
    make_rank_run,
    publish,
    set_extra_prizes,
)
from contest.results.actions.signing import set_signatories, sign_decision
from contest.results.models import Measure, Signature, SignRole
from contest.results.queries.signing import sign_state
from contest.results.rules.refusals import (
    AlreadySigned,
    ListChanged,
    NotSignedYet,
    NotYourTurn,
    RoleLost,
    SecondFactorNeeded,
    SignatoriesWrong,
    SignedAlready,
)
from contest.results.rules.signing import is_final, may_be_signatories, next_role
from tests.results.stories import closed_round
from tests.support.cast import actor_of
from tests.support.pages import Page

S, J, C = SignRole.SECRETARY, SignRole.CHIEF_JUDGE, SignRole.CHAIR


def decided(now):
    story = closed_round(now)
    make_rank_run(round=story.round, actor=story.organiser, now=now)
    decide_prizes(over=story.round, actor=story.organiser, now=now)
    return story


def ask(story, now, **people):
    chosen = {SignRole(role): person for role, person in people.items()}
    set_signatories(over=story.round, people=chosen, actor=story.organiser, now=now)


def sign(story, person, now, *, second_factor=True, expected=None):
    state = sign_state(story.round)
    return sign_decision(
        over=story.round,
        expected=state.allocation.digest if expected is None else expected,
        actor=actor_of(person, now, second_factor=second_factor),
        now=now,
    )


def go_public(story, now):
    return publish(
        over=story.round, decision_number="", decided_on=None, actor=story.organiser, now=now
    )


def test_the_secretary_begins_and_the_chair_is_last():
    assert next_role([C, S, J], []) is S
    assert next_role([C, S, J], [S]) is J
    assert next_role([C, S, J], [S, J]) is C
    assert next_role([C], []) is C
    assert is_final([C, S], [S, C])
    assert is_final([], [])
    assert not is_final([C], [])


def test_nobody_signs_twice_and_a_chair_is_among_them():
    assert may_be_signatories([])
    assert may_be_signatories([(S, 1), (C, 2)])
    assert not may_be_signatories([(S, 1)])
    assert not may_be_signatories([(S, 1), (C, 1)])


@pytest.mark.usefixtures("context")
def test_without_signatories_a_small_contest_publishes_as_it_is(now):
    story = decided(now)
    assert sign_state(story.round).is_final
    assert go_public(story, now).number == 1


@pytest.mark.usefixtures("context")
def test_nothing_is_published_before_everybody_has_signed(now):
    story = decided(now)
    ask(story, now, secretary=story.cast.lan, chief_judge=story.cast.hoa, chair=story.cast.tu)
    with pytest.raises(NotSignedYet):
        go_public(story, now)
    with pytest.raises(NotYourTurn):
        sign(story, story.cast.tu, now)
    sign(story, story.cast.lan, now)
    sign(story, story.cast.hoa, now)
    with pytest.raises(NotSignedYet):
        go_public(story, now)
    sign(story, story.cast.tu, now)
    assert sign_state(story.round).is_final
    assert go_public(story, now).number == 1


@pytest.mark.usefixtures("context")
def test_a_signature_needs_the_second_step_and_its_own_person(now):
    story = decided(now)
    ask(story, now, chair=story.cast.tu)
    with pytest.raises(SecondFactorNeeded):
        sign(story, story.cast.tu, now, second_factor=False)
    with pytest.raises(NotYourTurn):
        sign(story, story.cast.minh, now)
    sign(story, story.cast.tu, now)
    with pytest.raises(AlreadySigned):
        sign(story, story.cast.tu, now)
    with pytest.raises(SignedAlready):
        ask(story, now, chair=story.cast.hoa)


def test_who_lost_every_role_neither_reads_nor_signs_and_the_organiser_is_told(app, now, signed_in):
    with app.app_context(), unit_of_work():
        story = decided(now)
        tu, lan = story.cast.tu, story.cast.lan
        ask(story, now, chair=tu)
        round_id, digest = story.round.public_id, sign_state(story.round).allocation.digest
        for grant in db.session.scalars(select(Grant).where(Grant.person_id == tu.id)):
            end_grant(grant=grant, actor=story.organiser, now=now)
        with pytest.raises(RoleLost):
            sign(story, tu, now)
        for person in (tu, lan):
            db.session.refresh(person)
    client = signed_in(tu)
    asked = (
        client.get(f"/signing/{round_id}"),
        client.post(f"/signing/{round_id}", data={"expected": digest}),
    )
    for answer in asked:
        assert answer.status_code == 409
        assert "không còn giữ vai trò nào" in answer.text
        assert "Phan Nguyễn Hoàng Tường Vi" not in answer.text
    page = signed_in(lan).get("/organise/contests/tim-hieu-2026/rounds/1/sign-off")
    assert "hãy chọn người khác" in page.text


@pytest.mark.usefixtures("context")
def test_a_changed_list_wants_new_signatures(now):
    story = decided(now)
    ask(story, now, secretary=story.cast.lan, chair=story.cast.tu)
    before = sign_state(story.round).allocation.digest
    sign(story, story.cast.lan, now)
    disqualify(
        entry=story.entries["K'Brỏih"],
        round=story.round,
        reason="Hai tài khoản",
        actor=story.organiser,
        now=now,
    )
    make_rank_run(round=story.round, reason="Xếp hạng lại", actor=story.organiser, now=now)
    decide_prizes(over=story.round, reason="Có xếp hạng mới", actor=story.organiser, now=now)
    assert [line.signature for line in sign_state(story.round).lines] == [None, None]
    with pytest.raises(ListChanged):
        sign(story, story.cast.lan, now, expected=before)
    assert db.session.query(Signature).count() == 1
    sign(story, story.cast.lan, now)
    sign(story, story.cast.tu, now)
    assert sign_state(story.round).is_final


@pytest.mark.usefixtures("context")
def test_the_same_person_cannot_sign_in_two_roles(now):
    story = decided(now)
    with pytest.raises(SignatoriesWrong):
        ask(story, now, secretary=story.cast.lan, chair=story.cast.lan)


def test_on_the_pages_lan_asks_hoa_and_tu_who_sign_and_the_decision_is_no_draft_any_more(
    app, now, signed_in
):
    with app.app_context(), unit_of_work():
        story = decided(now)
        people = {name: getattr(story.cast, name) for name in ("lan", "hoa", "tu", "an", "bao")}
        ids = {name: person.public_id for name, person in people.items()}
        round_id = story.round.public_id
    lan = signed_in(people["lan"])
    page = "/organise/contests/tim-hieu-2026/rounds/1"
    pdf = lan.get(f"{page}/documents/decision.pdf?number=47-QĐ/BTC&place=Lâm+Sơn&day=2026-09-02")
    words = pypdf.PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text()
    assert "Số: 47-QĐ/BTC" in words
    assert "Lâm Sơn, ngày 02 tháng 09 năm 2026" in words
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert "DỰ THẢO" not in words
    for paper in ("decision", "minutes"):
        early = lan.get(f"{page}/documents/{paper}.pdf?day=2020-01-01")
        assert (early.status_code, early.mimetype) == (422, "text/html")
    asked = lan.post(
        f"{page}/sign-off", data={"secretary": "", "chief_judge": ids["hoa"], "chair": ids["tu"]}
    )
    assert asked.status_code == 302
    draft = lan.get(f"{page}/documents/minutes.pdf?style=party")
    words = pypdf.PdfReader(io.BytesIO(draft.data)).pages[0].extract_text()
    assert "DỰ THẢO" in words
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in words
    assert lan.get(f"{page}/prize-list.csv").status_code == 409
    assert signed_in(people["an"]).get(f"/signing/{round_id}").status_code == 404
    waits = f"/signing/{round_id}"
    assert waits not in signed_in(people["tu"]).get("/organise").text  # Hoa is before him
    for name in ("hoa", "tu"):
        client = signed_in(people[name])
        desk = Page(client.get("/organise", headers={"Accept-Language": "vi"}).text)
        assert waits in [link.get("href") for link in desk.all("//h:main//h:a")]
        assert "Quyết định về tuần 1 đang chờ bạn ký" in desk.words("//h:main")[0]
        shown = client.get(f"/signing/{round_id}")
        assert shown.status_code == 200
        digest = shown.text.split('name="expected"')[1].split('value="')[1].split('"')[0]
        assert client.post(f"/signing/{round_id}", data={"expected": digest}).status_code == 302
        assert waits not in client.get("/organise").text
    final = lan.get(f"{page}/documents/decision.pdf")
    words = pypdf.PdfReader(io.BytesIO(final.data)).pages[0].extract_text()
    assert "DỰ THẢO" not in words
    listed = lan.get(f"{page}/prize-list.csv")
    assert "Phan Nguyễn Hoàng Tường Vi" in listed.text
    assert signed_in(people["bao"]).get(f"{page}/sign-off").status_code == 404


def test_unit_prizes_side_prizes_and_honoured_persons_stand_on_the_list_that_is_signed(
    app, now, signed_in
):
    prizes = [
        ExtraValues(Measure.PERSONS, "Tập thể đông nhất", 1, 2_000_000),
        ExtraValues(Measure.YOUNGEST, "Thí sinh nhỏ tuổi nhất", 1, 500_000),
    ]
    with app.app_context(), unit_of_work():
        story = closed_round(now)
        lan = story.organiser
        set_extra_prizes(over=story.round, prizes=prizes, actor=lan, now=now)
        make_rank_run(round=story.round, actor=lan, now=now)
        decide_prizes(over=story.round, actor=lan, now=now)
        ask(story, now, secretary=story.cast.hoa, chair=story.cast.tu)
        address, people = f"/signing/{story.round.public_id}", (story.cast.hoa, story.cast.lan)
        for person in people:
            db.session.refresh(person)
    for person, page in (
        (people[0], address),
        (people[1], "/organise/contests/tim-hieu-2026/rounds/1/sign-off"),
    ):
        text = signed_in(person).get(page).text
        told = ("Tập thể đông nhất", "2.000.000", "Thí sinh nhỏ tuổi nhất", "Tôn Nữ Quỳnh Như")
        assert [words for words in told if words not in text] == []
