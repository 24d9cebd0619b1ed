"""Judges and their chief from calibration to the locked final: no stage tells who wrote.

The same three essays as in `test_leaks`; beside them stand what a unit said about each, a record of
the person written about with a portrait, and a code of the late door, all of which name authors.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import g

from contest.accounts.models import Person
from contest.contests.models import Round
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions as judging
from contest.judging.actions import JudgingSettings
from contest.judging.models import JudgedRound, Juror, MarkSheet, SheetState
from contest.judging.queries.calibration import calibration_essays
from contest.judging.queries.rounds import juror_of, round_codes
from contest.submissions import actions
from contest.submissions.actions.confirmations import confirm_work, demand_confirmation
from contest.submissions.actions.late_codes import issue_late_code
from contest.submissions.models import ConfirmationOutcome, Subject, Work
from tests.judging.test_checks import fourth_judge
from tests.support.cast import sign_in_as
from tests.support.telling import fetched, judged_round, leaks

pytestmark = pytest.mark.sqlite_only

SETTINGS = JudgingSettings(check_share=Decimal(1), check_top=1)
ROOMS = ("/judge", "/blind")


@pytest.fixture
def story(live):
    """The essays with their judges and everything that is said about their authors."""
    settings = replace(SETTINGS, marks_due_at=live.now + timedelta(days=9))
    return judged_round(live, settings, talk_about)


def talk_about(live, told):
    """What units, secretaries and registers hold of each author."""
    lan = live.actor(live.cast.lan)
    with unit_of_work():
        demand_confirmation(
            contest_round=live.round, due_at=live.now + timedelta(days=2), actor=lan, now=live.now
        )
        for each in told:
            work = db.session.get_one(Work, each.work_id)
            author = work.authors[0]
            confirm_work(
                work=work,
                outcome=ConfirmationOutcome.CONFIRMED,
                remark=f"{author.full_name} ({author.phone}) viết đúng việc thật",
                actor=lan,
                now=live.now,
            )
            subject = actions.link_subject(work=work, subject=None, actor=lan, now=live.now)
            subject.portrait_text = f"Ảnh do {author.full_name} chụp"
            work.late_reason = f"{author.full_name} nằm viện"
            issue_late_code(
                contest_round=live.round,
                person=work.person,
                unit=None,
                reason=f"{author.full_name} mất mạng",
                valid_until=live.now + timedelta(days=1),
                actor=lan,
                now=live.now,
            )


class Reader:
    """A judge who opens everything there is at a stage, and what may stand on none of it."""

    def __init__(self, client, told):
        self.client, self.told = client, told

    def opens(self, *wanted):
        """Every page from the desk; some that must be among them (parts of addresses)."""
        end_read()
        pages = fetched(self.client, ("/judge",), ROOMS)
        end_read()
        db.session.expire_all()
        for each in wanted:
            assert [address for address in pages if each in address], (each, sorted(pages))
        assert leaks(pages, self.told) == []
        return pages


@pytest.fixture
def reader(new_client, story):
    """Signs a judge in; what a request keeps in `g` is forgotten before each."""
    told, _judges, _jury = story

    def sign_in(person):
        client = new_client()
        sign_in_as(client, person)
        plain = client.open

        def open_fresh(*arguments, **options):
            for name in list(g):
                g.pop(name)
            return plain(*arguments, **options)

        client.open = open_fresh
        return Reader(client, told)

    return sign_in


def calibrate(jury, judges):
    for person in judges:
        actor = jury.actor(person)
        with unit_of_work():
            judging.mark_calibration(
                contest_round=jury.round,
                juror=juror_of(jury.round_id, person.id),
                essay=calibration_essays(jury.round_id)[0],
                points=[Decimal(each) for each in (2, 3, 1, 1)],
                actor=actor,
                now=jury.now,
            )


def finish_all(jury, total_of):
    """Every sheet that waits is filled; `total_of` tells by work and marking."""
    end_read()
    waiting = [
        (sheet.juror.person_id, sheet.work_id, sheet.marking)
        for sheet in db.session.query(MarkSheet).filter_by(round_id=jury.round_id)
        if sheet.state in {SheetState.TODO, SheetState.OPEN}
    ]
    for person_id, work_id, marking in waiting:
        end_read()
        person = db.session.get_one(Person, person_id)
        jury.finish(person, work_id, total_of(work_id, marking))


def decide(jury, act, work_id, points):
    lan = jury.actor(jury.cast.lan)
    with unit_of_work():
        act(
            contest_round=jury.round,
            work_id=work_id,
            points=Decimal(points),
            minutes="Đã đọc lại",
            by_chief=False,
            actor=lan,
            now=jury.now,
        )


def to_the_final(jury):
    """Two works go on, before another jury; returns shortcuts to its marks."""
    lan = jury.actor(jury.cast.lan)
    with unit_of_work():
        judging.close_marking(contest_round=jury.round, actor=lan, now=jury.now)
    with unit_of_work():
        judging.send_shortlist(contest_round=jury.round, actor=lan, now=jury.now)
    with unit_of_work():
        final = db.session.query(Round).filter_by(contest_id=jury.contest_id, number=2).one()
        final_jury = replace(jury, round_id=final.id, work_ids=[], actors={})
    for person in (jury.cast.an, jury.cast.bao):
        final_jury.seat(person)
    with unit_of_work():
        juror_of(final_jury.round_id, jury.cast.an.id).is_chief = True
    final_jury.assign()
    return final_jury


def test_no_stage_of_the_marking_tells_a_judge_or_the_chief_who_wrote(live, story, reader):
    told, judges, jury = story
    apart, far, near = (each.work_id for each in told)
    with live.app.app_context():
        lan = jury.actor(jury.cast.lan)
        with unit_of_work():
            db.session.query(Juror).filter_by(person_id=live.cast.hoa.id).one().is_chief = True
            judging.add_calibration(
                contest_round=jury.round,
                title="Bài của năm trước",
                body_text="Bác bảo vệ trường tôi.",
                reference=[Decimal(each) for each in (1, 3, 1, 1)],
                words="Việc thật.",
                actor=lan,
                now=jury.now,
            )
            judging.add_final_stage(
                contest_round=jury.round, title="Chung khảo", size=2, actor=None, now=jury.now
            )
        hoa, tu = reader(live.cast.hoa), reader(live.cast.tu)
        hoa.opens("/calibration", "/chief")
        calibrate(jury, judges)
        assert "Việc thật.".encode() in b"".join(tu.opens("/calibration").values())

        totals = {apart: ("7", "8"), far: ("5", "8.5"), near: ("9", "9")}
        finish_all(jury, lambda work_id, marking: totals[work_id][marking - 1])
        codes = round_codes(jury.round_id)
        hoa.opens(f"/chief/works/{codes[apart]}", "/chief/open", "/chief/move")
        tu.opens("/judge/sheets/")
        decide(jury, judging.decide_work, apart, "7.5")
        jury.assign("lần ba")
        finish_all(jury, lambda work_id, marking: "8.5")

        fourth_judge(jury)
        with unit_of_work():
            judging.draw_checks(contest_round=jury.round, actor=lan, now=jury.now)
        hoa.opens("/chief/checks")
        jury.assign("kiểm tra")
        finish_all(jury, lambda work_id, marking: "3")
        checks = [f"/chief/checks/{codes[each]}" for each in (apart, far, near)]
        hoa.opens(*checks)
        for work_id, points in ((apart, "7.5"), (far, "6"), (near, "9")):
            decide(jury, judging.decide_check, work_id, points)
        hoa.opens("/chief/checks")

        final = to_the_final(jury)
        an = reader(live.cast.an)
        pages = an.opens("/chief", "/blind/", "/judge/sheets/")
        said = b"".join(pages.values()).decode("utf-8", "replace")
        assert not [code for code in codes.values() if code in said]
        assert all(code in said for code in round_codes(final.round_id).values())
        finish_all(final, lambda work_id, marking: "9")
        with unit_of_work():
            db.session.get_one(JudgedRound, final.round_id).check_share = Decimal(0)
            judging.close_marking(contest_round=final.round, actor=lan, now=jury.now)
        an.opens("/judge/sheets/")
        hoa.opens("/chief/checks")


def test_pages_that_name_authors_are_closed_to_the_chief_judge(live, story, reader):
    """Confirmations, persons written about, checks as the secretary sees them, the shortlist."""
    told, _judges, jury = story
    with live.app.app_context():
        works = [db.session.get_one(Work, each.work_id) for each in told]
        ids = [work.public_id for work in works]
        subjects = [each.public_id for each in db.session.query(Subject)]
        with unit_of_work():
            db.session.query(Juror).filter_by(person_id=live.cast.hoa.id).one().is_chief = True
        code = round_codes(jury.round_id)[told[0].work_id]
        desk = f"/organise/contests/{live.slug}/rounds/1"
        wanted = ["/confirmations", *(f"/confirmations/{each}" for each in ids)]
        wanted += [f"{desk}/confirmations", f"{desk}/late-codes", f"{desk}/paper"]
        wanted += ["/organise/subjects", "/organise/subjects.xlsx", "/organise/subjects/pairs"]
        wanted += [f"/organise/subjects/{each}{end}" for each in subjects for end in ("", "/edit")]
        wanted += [f"/organise/subjects/{each}/copy.json" for each in subjects]
        wanted += [f"{desk}/marking/{each}" for each in ("checks", "shortlist", "remarks")]
        wanted += [f"{desk}/marking/checks/{code}", f"{desk}/marking/minutes.pdf"]
        wanted += [f"{desk}/jury/calibration", f"{desk}/jury/dry-run", f"{desk}/codes/log"]
        hoa = reader(live.cast.hoa)
        end_read()
        answers = {each: hoa.client.get(each) for each in wanted}
        assert {answer.status_code for answer in answers.values()} == {403}
        said = {
            each: str(answer.headers).encode() + answer.data for each, answer in answers.items()
        }
        # An address that was asked for stands in the page that says it is not there.
        for each, public_id in zip(told, ids, strict=True):
            each.strings.pop(public_id)
        assert leaks(said, told) == []
