"""Works on paper: the postmark decides, pages reach judges only when a secretary says so."""

from datetime import date, timedelta

import pytest

from contest.contests.models import Registration, Stage
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.errors import BadFile
from contest.core.transactions import unit_of_work
from contest.submissions import actions, queries
from contest.submissions.models import BlindCode, WorkState
from contest.submissions.rules.answers import SCAN, missing_in
from contest.submissions.rules.entry_forms import entry_form
from contest.submissions.rules.refusals import (
    EnteredFromPaper,
    PostmarkInFuture,
    PostmarkLate,
    ScreeningOver,
)
from tests.submissions.conftest import WORDS, World
from tests.submissions.test_files import picture
from tests.support.pages import Page


def today(world: World) -> date:
    return world.now.astimezone(LOCAL_ZONE).date()


def enter(world: World, day: date, text: str = "", **others) -> str:
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        registration = (
            db.session.query(Registration)
            .filter_by(contest_id=world.contest_id, person_id=world.cast.minh.id)
            .one()
        )
        work = actions.enter_paper(
            contest_round=world.round,
            registration=registration,
            paper=actions.Paper(
                draft=world.draft(text),
                postmarked_on=day,
                pledged=True,
                kept_where="Cặp 3, tủ 2",
                **others,
            ),
            actor=actor,
            now=world.now,
        )
        return work.public_id


def scan(world: World, work: str, content: bytes, *, shown: bool, name: str = "minh.jpg") -> str:
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        file = actions.add_scan(
            work=world.work(work),
            content=content,
            name=name,
            shown=shown,
            actor=actor,
            now=world.now,
        )
        return file.public_id


def test_a_work_comes_in_on_paper_after_the_close_by_its_postmark(world: World):
    last_day = today(world)
    world.set_round(stage=Stage.CLOSED, closes_at=world.now)
    with pytest.raises(PostmarkInFuture):
        enter(world, last_day + timedelta(days=1))
    work = world.work(enter(world, last_day, WORDS))
    assert (work.state, work.came_late, work.entered_by.full_name) == (
        WorkState.SUBMITTED,
        False,
        world.cast.lan.full_name,
    )
    assert work.receipt_code
    assert work.receipt_digest
    essay = queries.essay_round(world.round_id)
    assert missing_in(essay, entry_form(essay), work, work.version) == []


def test_a_late_postmark_needs_a_reason_that_stays(world: World):
    before = world.now - timedelta(days=2)
    world.set_round(stage=Stage.CLOSED, opens_at=before - timedelta(days=9), closes_at=before)
    with pytest.raises(PostmarkLate):
        enter(world, today(world))
    work = world.work(enter(world, today(world), late_reason="Bưu điện chậm"))
    assert (work.came_late, work.late_reason) == (True, "Bưu điện chậm")


def test_a_close_at_midnight_leaves_the_day_before(world: World):
    midnight = world.now.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    world.set_round(stage=Stage.CLOSED, closes_at=midnight)
    enter(world, today(world) - timedelta(days=1))
    with pytest.raises(PostmarkLate):
        enter(world, today(world))


def test_judges_read_the_pages_that_are_shown_and_no_other(world: World):
    work = enter(world, today(world))
    head = scan(world, work, picture(), shown=False)
    page = scan(world, work, picture(size=(80, 50)), shown=True)
    first = world.work(work).receipt_digest
    found = world.work(work)
    assert [file.field_key for file in found.files] == [SCAN, SCAN]
    essay = queries.essay_round(world.round_id)
    # The text may stay empty where the pages hold it.
    assert missing_in(essay, entry_form(essay), found, found.version) == []
    world.screen(work)
    world.codes()
    row = db.session.query(BlindCode).one()
    blind = queries.blind_work(world.round_id, row.work_id)
    assert [file.public_id for file in blind.files] == [page]
    assert page in blind.body_html
    assert head not in blind.body_html
    assert queries.blind_file(head) is None
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        live = world.work(work)
        file = next(each for each in live.files if each.public_id == page)
        actions.show_scan(work=live, file=file, shown=False, actor=actor, now=world.now)
    assert queries.blind_file(page) is None
    assert world.work(work).receipt_digest != first


def test_the_author_sees_it_and_leaves_it_to_the_secretary(world: World):
    work, minh = enter(world, today(world), WORDS), world.cast.minh
    with pytest.raises(EnteredFromPaper):
        world.save(minh, work, world.draft("Khác"))
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        actions.correct_paper(
            work=world.work(work),
            paper=actions.Paper(draft=world.draft("Đã sửa"), postmarked_on=today(world)),
            actor=actor,
            now=world.now,
        )
    found = world.work(work)
    assert (found.submitted_version.body_text, found.pledged_at) == ("Đã sửa", None)
    essay = queries.essay_round(world.round_id)
    missing = missing_in(essay, entry_form(essay), found, found.version)
    assert [each.code for each in missing] == ["pledge"]


def test_bad_pages_and_a_begun_marking(world: World):
    work = enter(world, today(world), WORDS)
    for content in (b"", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"PK\x03\x04"):
        with pytest.raises(BadFile):
            scan(world, work, content, shown=True)
    world.set_round(stage=Stage.MARKING)
    with pytest.raises(ScreeningOver):
        scan(world, work, picture(), shown=True)
    with pytest.raises(ScreeningOver):
        enter(world, today(world))


def test_the_secretary_enters_a_new_author(live: World, signed_in):
    lan = signed_in(live.cast.lan)
    paper = f"/organise/contests/{live.slug}/rounds/1/paper"
    wrong = {"full_name": "Trần Thị Hậu", "postmarked_on": "2026-01-05", "title": "Bác bảo vệ"}
    refused = lan.submit(paper, {**wrong, "postmarked_on": ""}, action="/paper")
    assert refused.status_code == 422
    # Author and paper are two forms on one page; what is wrong with both stands in one place.
    (banner,) = Page(refused.text).all("//h:div[@class='banner warn']")
    assert [each.get("href") for each in banner.iter("{*}a")] == ["#agreed", "#postmarked_on"]
    assert lan.submit(paper, wrong, action="/paper").status_code == 422
    answer = lan.submit(paper, {**wrong, "agreed": "y", "pledged": "y"}, action="/paper")
    assert answer.status_code == 302
    address = answer.headers["Location"]
    page = lan.page(address)
    assert "Trần Thị Hậu" in page.text
    assert "05/01/2026" in page.text
    lan.page(f"{address}/text")
    with live.app.app_context():
        registered = db.session.query(Registration).filter_by(full_name="Trần Thị Hậu").one()
        code = registered.code
    an = signed_in(live.cast.an)
    assert an.get(paper).status_code in {403, 404}
    assert an.get(address).status_code in {403, 404}
    again = {**wrong, "full_name": "", "known": code, "agreed": "y"}
    # One essay for each author by the rules of this round.
    assert lan.submit(paper, again, action="/paper").status_code == 409
