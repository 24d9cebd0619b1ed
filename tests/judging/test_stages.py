"""Two stages: the shortlist by the corrected order, its band, and works sent on under new codes."""

from datetime import timedelta
from decimal import Decimal

import pytest

from contest.contests.actions import add_round, create_contest
from contest.contests.models import ContestKind, Stage
from contest.contests.queries import contest_by_slug
from contest.contests.steps import wizard_steps
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.jobs import JobRun
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions
from contest.judging.models import ExtraPurpose, Juror, MarkSheet
from contest.judging.queries.extras import extra_markings
from contest.judging.queries.rounds import (
    judge_facts,
    judged_round,
    jurors,
    round_codes,
    work_facts,
)
from contest.judging.queries.stages import advanced_count, final_stage_of, shortlist_view
from contest.judging.rules.refusals import AlreadyAdvanced, BandDue, MarkingStillOpen
from contest.judging.tasks import call_bands_job
from contest.submissions.actions import EssaySettings, save_settings
from contest.submissions.models import BlindCode, Work
from contest.submissions.queries.marking import blind_work
from contest.submissions.queries.works import own_work, works_of
from tests.judging.test_checks import fourth_judge
from tests.judging.test_marking import finish_everything, judges_of
from tests.judging.test_pages import BASE, token_of


def plan(jury, size=3):
    with unit_of_work():
        final = actions.add_final_stage(
            contest_round=jury.round, title="Chung khảo", size=size, actor=None, now=jury.now
        )
        return final.id


def close(jury):
    lan = jury.actor(jury.cast.lan)
    with unit_of_work():
        actions.close_marking(contest_round=jury.round, actor=lan, now=jury.now)


def send(jury):
    lan = jury.actor(jury.cast.lan)
    with unit_of_work():
        return actions.send_shortlist(contest_round=jury.round, actor=lan, now=jury.now)


def far_apart(jury):
    """Works 4 to 6 are clearly better; their judges agree to the point."""
    for at, work_id in enumerate(jury.work_ids):
        for person in judges_of(jury, work_id):
            jury.finish(person, work_id, str(3 + at if at < 3 else 5 + at))


@pytest.fixture
def sent(marking):
    """The three best went on."""
    plan(marking)
    far_apart(marking)
    close(marking)
    assert send(marking) == 3
    return marking


def test_the_best_go_on_under_new_codes_to_a_round_with_rubric_and_jury_of_its_own(sent):
    final = final_stage_of(sent.round_id)
    assert (final.round.title, final.round.stage, final.shortlist_size) == (
        "Chung khảo",
        Stage.CLOSED,
        3,
    )
    assert [each.name for each in final.criteria] == [
        each.name for each in judged_round(sent.round_id).criteria
    ]
    copies = db.session.query(Work).filter_by(round_id=final.round_id).all()
    assert {each.advanced_from_id for each in copies} == set(sent.work_ids[3:])
    old, new = round_codes(sent.round_id), round_codes(final.round_id)
    assert len(new) == 3
    assert not set(new.values()) & set(old.values())
    for copy in copies:
        before, after = (
            blind_work(round_id, work_id)
            for round_id, work_id in (
                (sent.round_id, copy.advanced_from_id),
                (final.round_id, copy.id),
            )
        )
        assert before.body_text == after.body_text
        assert "Tôi là" in after.body_text
        assert copy.person.full_name not in after.body_text
    with pytest.raises(AlreadyAdvanced):
        send(sent)
    assert advanced_count(final.round_id) == 3


def test_who_marked_a_work_before_does_not_mark_it_again(sent):
    final = final_stage_of(sent.round_id)
    with unit_of_work():
        person = db.session.merge(sent.cast.hoa)
        juror = actions.invite_juror(
            contest_round=final.round, person=person, actor=None, now=sent.now
        )
        actions.answer_invitation(
            contest_round=final.round, juror=juror, accept=True, actor=None, now=sent.now
        )
    marked = {each.work_id for each in sent.sheets(sent.cast.hoa)}
    end_read()
    copies = {
        each.id
        for each in db.session.query(Work).filter_by(round_id=final.round_id)
        if each.advanced_from_id in marked
    }
    facts = judge_facts(final.round, jurors(final.round_id))
    assert facts[0].marked_before == copies
    assert len(work_facts(final.round_id)) == 3


def test_the_author_sees_one_essay_not_two(sent):
    final = final_stage_of(sent.round_id)
    copy = db.session.query(Work).filter_by(round_id=final.round_id).first()
    assert copy.id not in {each.id for each in works_of(copy.person_id)}
    assert own_work(copy.person_id, copy.public_id) is None


def test_nothing_goes_on_before_the_marks_are_locked(marking):
    plan(marking)
    finish_everything(marking)
    with pytest.raises(MarkingStillOpen):
        send(marking)


def test_works_near_the_cut_get_one_more_mark_by_themselves(marking):
    plan(marking)
    fourth_judge(marking)
    for at, work_id in enumerate(marking.work_ids):
        for number, person in enumerate(judges_of(marking, work_id)):
            marking.finish(person, work_id, str(Decimal(6) + at / Decimal(2) + number / Decimal(2)))
    end_read()
    band = shortlist_view(marking.round_id, 3).found.band
    assert band
    with pytest.raises(BandDue):
        close(marking)
    end_read()
    call_bands_job(JobRun(0, {}, None, marking.now))
    end_read()
    assert {each.work_id for each in extra_markings(marking.round_id, ExtraPurpose.BAND)} == set(
        band
    )
    marking.assign("sát ngưỡng")
    count = db.session.query(MarkSheet).filter_by(round_id=marking.round_id).count()
    assert count == 12 + len(band)


def test_a_band_that_nobody_may_mark_once_more_does_not_keep_the_marking_open(marking):
    plan(marking)
    for at, work_id in enumerate(marking.work_ids):
        for number, person in enumerate(judges_of(marking, work_id)):
            marking.finish(person, work_id, str(Decimal(6) + at / Decimal(2) + number / Decimal(2)))
    end_read()
    assert shortlist_view(marking.round_id, 3).found.band
    with unit_of_work():
        for juror in db.session.query(Juror).filter_by(round_id=marking.round_id):
            juror.capacity = 4  # what each has marked
    lan = marking.actor(marking.cast.lan)
    with unit_of_work():
        assert not actions.call_band(contest_round=marking.round, actor=lan, now=marking.now)
    close(marking)
    assert send(marking) == 3


def test_the_page_plans_sizes_and_sends(live, signed_in):
    lan = signed_in(live.cast.lan)
    address = f"{BASE}/marking/shortlist"
    page = lan.get(address).get_data(as_text=True)
    data = {"csrf_token": token_of(page), "title": "Chung khảo", "size": "2"}
    assert lan.post(address, data=data | {"size": "0"}).status_code == 422
    assert lan.post(address, data=data).status_code == 302
    assert lan.post(address, data=data | {"size": "3"}).status_code == 302
    far_apart(live)
    codes = round_codes(live.round_id)
    page = lan.get(address).get_data(as_text=True)
    assert codes[live.work_ids[5]] in page
    assert lan.post(f"{address}/send", data=data).status_code == 409
    close(live)
    assert lan.post(f"{address}/send", data=data).status_code == 302
    assert lan.get(address).status_code == 200
    assert lan.get("/organise/contests/guong-sang").status_code == 200
    assert lan.get("/contests/guong-sang").status_code == 200
    end_read()
    assert db.session.query(BlindCode).count() == 9
    assert signed_in(live.cast.hoa).get(address).status_code == 403


def test_the_wizard_plans_two_stages_with_the_rubric(context, app, cast, signed_in):
    now = utc_now()
    with unit_of_work():
        contest = create_contest(
            title="Người tốt, việc tốt",
            unit=db.session.merge(cast.province),
            actor=None,
            now=now,
            slug="hai-vong",
            kind=ContestKind.ESSAY,
        )
        first = add_round(
            contest=contest,
            title="Sơ khảo",
            actor=None,
            now=now,
            kind=ContestKind.ESSAY,
            opens_at=now + timedelta(days=1),
            closes_at=now + timedelta(days=20),
        )
        save_settings(contest_round=first, settings=EssaySettings(), actor=None, now=now)
    lan = signed_in(cast.lan)
    base = "/organise/contests/hai-vong/rounds"
    rubric = {"name-0": "Nội dung", "max-0": "10", "step-0": "0,25", "main": "0"}
    first_stage = f"{base}/1/rubric"
    asked = {**rubric, "with_final": "y", "final_size": "30"}
    answer = lan.submit(first_stage, asked, action=first_stage)
    assert answer.headers["Location"] == f"{base}/2/rubric"
    page = lan.page(f"{base}/2/rubric")
    assert "Nội dung" in page.all("//h:input[@name='name-0']/@value")
    assert page.all("//h:input[@name='with_final']") == []
    end_read()
    found = contest_by_slug("hai-vong")
    assert final_stage_of(found.rounds[0].id).shortlist_size == 30
    (rounds,) = [each for each in wizard_steps() if each.code == "rounds"]
    assert rounds.is_done(found)
