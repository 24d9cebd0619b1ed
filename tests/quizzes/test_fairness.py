"""Signs in a round: found after the close, looked at by people, never a decision by themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from contest.accounts.rules import token_digest
from contest.contests.models import Disqualification, Division, Entry, Registration, Stage
from contest.core import jobs
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.mail import Mail
from contest.core.retention import run_retention
from contest.core.transactions import end_read, unit_of_work
from contest.portal.queries import contest_page
from contest.quizzes.actions import fairness as fairness_actions
from contest.quizzes.actions import save_answer
from contest.quizzes.models import (
    Attempt,
    FairnessFinding,
    FairnessReport,
    FairnessSign,
    Verification,
)
from contest.quizzes.queries.fairness import times_away
from contest.quizzes.rules.answers import Saved
from contest.results.actions import make_rank_run
from tests.quizzes.conftest import make_world

HERE = "/organise/contests/tim-hieu/rounds/1/fairness"


@pytest.fixture
def searched(opened):
    """Minh answers everything rightly in a second; all three share a phone; Lan searches."""
    cast = opened.cast
    for person, right, seconds in ((cast.minh, 4, 1), (cast.an, 2, 200), (cast.cuc, 1, 300)):
        attempt = opened.start(person)
        for slot in range(4):
            pick = opened.right if slot < right else opened.wrong
            opened.save(person, attempt, slot + 1, slot, pick(attempt, slot), at=opened.now)
        opened.submit(person, attempt, at=opened.now + timedelta(seconds=seconds))
    with unit_of_work():
        traces = {"device": "Máy riêng", "address": "203.0.113.77"}
        db.session.execute(update(Attempt).values(traces))
        opened.round.stage = Stage.CLOSED
        opened.round.closed_at = opened.now + timedelta(days=7)
    return opened


def entry_of(person):
    end_read()
    return db.session.scalars(
        select(Entry).join(Registration).where(Registration.person_id == person.id)
    ).one()


def signs_of(person):
    entry_id = entry_of(person).id
    return set(
        db.session.scalars(select(FairnessFinding.sign).where(FairnessFinding.entry_id == entry_id))
    )


def test_nobody_is_looked_at_while_people_answer(opened, signed_in):
    lan = signed_in(opened.cast.lan)
    assert "khi vòng thi đã đóng" in lan.page(HERE).text
    assert lan.post(HERE).status_code == 409


def test_lan_searches_looks_notes_and_decides(searched, signed_in):
    """The quick one asks for a look; a shared phone alone does not. Each look is recorded."""
    cast = searched.cast
    lan = signed_in(cast.lan)
    assert "chưa được rà soát" in lan.page(HERE).text
    lan.submit(HERE, {}, action="/fairness")
    page = lan.page(HERE).text
    assert cast.minh.full_name in page
    assert cast.an.full_name not in page
    assert cast.an.full_name in lan.page(HERE + "?hints=y").text
    assert cast.an.full_name not in lan.page(HERE + "?sign=fast").text
    assert signs_of(cast.minh) == {FairnessSign.FAST, FairnessSign.DEVICE}
    assert signs_of(cast.an) == {FairnessSign.DEVICE}

    person = f"{HERE}/{entry_of(cast.minh).public_id}"
    shown = lan.page(person).text
    assert "4/4" in shown
    assert "203.0.113.77" not in shown
    assert "Máy riêng" not in shown
    lan.submit(person, {"body": "Đã gọi điện hỏi."}, action="/notes")
    assert "Đã gọi điện hỏi." in lan.page(person).text

    effect = lan.page(person + "/disqualify").text
    assert "Số người trả lời đúng tất cả" in effect
    end_read()
    fast = db.session.scalars(
        select(FairnessFinding).where(FairnessFinding.sign == FairnessSign.FAST)
    ).one()
    lan.submit(
        person + "/disqualify",
        {"evidence": [fast.public_id], "reason": "Không giải thích được."},
        action="/disqualify",
    )
    end_read()
    decision = db.session.scalars(select(Disqualification)).one()
    assert [each["sign"] for each in decision.evidence] == ["fast"]
    assert decision.told_at is not None
    letter = db.session.scalars(select(Mail).where(Mail.recipient == cast.minh.email)).one()
    assert "Không giải thích được." in letter.body
    assert "khiếu nại" in letter.body
    for other in (cast.an, cast.cuc):
        assert other.full_name not in letter.body
    seen = db.session.scalars(select(AuditEvent.kind)).all()
    assert seen.count("quizzes.signs_seen") >= 4


def test_nothing_is_decided_by_the_search(searched, signed_in):
    signed_in(searched.cast.lan).submit(HERE, {}, action="/fairness")
    end_read()
    assert db.session.scalars(select(Disqualification)).all() == []
    assert db.session.scalars(select(Mail)).all() == []


def test_a_winner_is_invited_and_the_outcome_kept(searched, signed_in):
    cast = searched.cast
    lan = signed_in(cast.lan)
    person = f"{HERE}/{entry_of(cast.minh).public_id}"
    wanted = {"held_at": "2027-01-05T08:30", "words": "Phòng họp tầng 2, mười phút."}
    lan.submit(person, wanted, action="/verification")
    end_read()
    letter = db.session.scalars(select(Mail).where(Mail.recipient == cast.minh.email)).one()
    assert "Phòng họp tầng 2" in letter.body
    wrong = {"outcome": "doubtful", "right_count": "9", "question_count": "4"}
    assert lan.submit(person, wrong, action="/outcome").status_code == 422
    fields = {"outcome": "confirmed", "right_count": "4", "question_count": "4", "note": "Tốt."}
    lan.submit(person, fields, action="/outcome")
    end_read()
    kept = db.session.scalars(select(Verification)).one()
    assert (kept.outcome.value, kept.right_count, kept.question_count) == ("confirmed", 4, 4)
    assert "Tốt." in lan.page(person).text
    assert db.session.scalars(select(Disqualification)).all() == []


FRONT = "/organise/contests/tim-hieu/rounds/1/verifications"


def test_who_stands_in_front_is_invited_together(searched, signed_in):
    """Whoever may win, with a sign or without one; they read it on the contest's page."""
    cast = searched.cast
    lan = signed_in(cast.lan)
    assert "chưa xếp hạng" in lan.page(FRONT).text
    later = searched.now + timedelta(days=8)
    end_read()
    with unit_of_work():
        make_rank_run(round=searched.round, actor=None, now=later)
    page = lan.page(f"{FRONT}?places=2")
    assert page.words("//h:td[@class='main']//h:b") == [cast.minh.full_name, cast.an.full_name]
    chosen = [entry_of(cast.minh).public_id, entry_of(cast.an).public_id]
    end_read()
    wanted = {"entries": chosen, "held_at": "2027-01-05T08:30"}
    for words, status in (("", 422), ("Phòng họp tầng 2.", 302)):
        answer = lan.submit(f"{FRONT}?places=2", wanted | {"words": words}, action="/verifications")
        assert answer.status_code == status
    end_read()
    assert len(db.session.scalars(select(Verification)).all()) == 2
    assert not lan.page(f"{FRONT}?places=2").root.xpath("//*[@name='entries']")
    end_read()
    for person, invited in ((cast.an, True), (cast.cuc, False)):
        actor = searched.actor(person)
        page = contest_page(searched.contest, actor, None, later)
        assert (page.verification is not None) == invited
    end_read()
    fields = {"outcome": "confirmed", "right_count": "2", "question_count": "4", "note": ""}
    lan.submit(f"{HERE}/{entry_of(cast.an).public_id}", fields, action="/outcome")
    assert "Kết quả được xác nhận" in lan.page(FRONT).text


def test_only_organisers_of_the_contest_reach_the_pages(app, cast, now, signed_in):
    """Bảo organises elsewhere, Minh takes part, An is a stranger, Hoa judges."""
    with app.app_context():
        make_world(app, cast, now).open()
        entry = db.session.scalars(select(Entry.public_id)).first()
    for person in (cast.bao, cast.minh, cast.an, cast.hoa):
        client = signed_in(person)
        for address in (HERE, f"{HERE}/{entry}", f"{HERE}/{entry}/disqualify", FRONT):
            assert client.get(address).status_code in {403, 404}
    lan = signed_in(cast.lan)
    assert lan.get(f"{HERE}/khongcoai").status_code == 404


def test_the_effect_shows_the_n_of_ones_own_division(searched, signed_in):
    """Only Minh is all right; he stands in a division of his own, and N is compared there."""
    cast = searched.cast
    with unit_of_work():
        contest = searched.contest
        contest.divisions.append(Division(position=1, name="Bảng A"))
        db.session.flush()
        registration = db.session.scalars(
            select(Registration).where(Registration.person_id == cast.an.id)
        ).one()
        registration.division_id = contest.divisions[0].id
        searched.quiz.prediction_per_division = True
    lan = signed_in(cast.lan)
    page = lan.page(f"{HERE}/{entry_of(cast.an).public_id}/disqualify")
    cells = page.words("//h:tbody/h:tr[1]/h:td")
    assert (cells[0].endswith("Bảng A"), cells[1:]) == (True, ["0", "0"])


def test_a_large_round_is_searched_by_a_job(searched, signed_in, monkeypatch):
    monkeypatch.setattr(fairness_actions, "MOST_IN_REQUEST", 1)
    lan = signed_in(searched.cast.lan)
    answer = lan.submit(HERE, {}, action="/fairness")
    assert "/jobs/" in answer.headers["Location"]
    end_read()
    jobs.run_due_jobs()
    report = db.session.scalars(select(FairnessReport)).one()
    assert (report.attempts, report.people) == (3, 3)
    assert report.figures["signs"] == {
        "fast": 1,
        "alike": 0,
        "device": 3,
        "predictions": 0,
        "focus": 0,
    }


def test_leaving_the_page_travels_with_the_saves(opened):
    """Cumulative under one epoch; a second device begins at nought, the two add up."""
    cast = opened.cast
    attempt = opened.start(cast.minh)
    token = token_digest(opened.actor(cast.minh).token)
    for sequence, away in ((1, 0), (2, 4), (3, 7)):
        saved = Saved(attempt.epoch, sequence, 0, (opened.right(attempt, 0),), away)
        end_read()
        save_answer(public_id=attempt.public_id, token_hash=token, saved=saved, now=opened.now)
    again = opened.start(cast.minh)
    saved = Saved(again.epoch, 1, 0, (opened.right(attempt, 0),), 5)
    end_read()
    save_answer(public_id=attempt.public_id, token_hash=token, saved=saved, now=opened.now)
    entry_id = entry_of(cast.minh).id
    assert [tuple(row) for row in times_away(opened.round_id, 10, 9)] == [(entry_id, 1, 12)]
    assert times_away(opened.round_id, 13, 9) == []


def test_it_is_disclosed_before_the_start_and_asked_of_the_page(world, signed_in):
    world.configure(focus_recorded=True)
    world.open()
    minh = signed_in(world.cast.minh)
    assert (
        "Số đếm này tự nó không dẫn tới hậu quả nào"
        in minh.page("/contests/tim-hieu/rounds/1/start").text
    )


def test_findings_are_forgotten_after_ninety_days(searched, signed_in):
    signed_in(searched.cast.lan).submit(HERE, {}, action="/fairness")
    end_read()
    found_at = db.session.scalars(select(FairnessFinding.found_at)).first()
    run_retention(now=found_at + timedelta(days=89), dry_run=False)
    assert db.session.scalars(select(FairnessFinding.id)).all()
    end_read()
    run_retention(now=found_at + timedelta(days=91), dry_run=False)
    assert db.session.scalars(select(FairnessFinding.id)).all() == []


def test_with_what_a_prediction_is_compared_stands_before_the_start(world, signed_in):
    world.configure(prediction_per_division=True)
    world.open()
    page = signed_in(world.cast.minh).page("/contests/tim-hieu/rounds/1/start")
    assert "so với số người trong bảng của bạn" in page.text
