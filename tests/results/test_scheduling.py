"""Results that appear at an instant: as they were looked at, or not at all."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from contest.accounts.actions import withdraw_consent
from contest.accounts.models import Consent, ConsentPurpose, Grant
from contest.contests.actions import annul_round, disqualify
from contest.contests.models import Entry, Round, Stage
from contest.contests.rules import ReasonMissing, RoundAnnulled
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.jobs import Job, run_due_jobs
from contest.core.mail import Mail
from contest.core.transactions import unit_of_work
from contest.results import queries
from contest.results.actions import decide_prizes, make_rank_run, preview_publication, publish
from contest.results.actions.scheduling import cancel_scheduled, schedule_publication
from contest.results.models import Allocation, Publication, ScheduledPublication, ScheduleState
from contest.results.queries.scheduling import stopped_publication, waiting_publication
from contest.results.rules.refusals import (
    PreviewOutdated,
    PublishedMeanwhile,
    ScheduledMeanwhile,
    ScheduleGone,
    ScheduleTimeWrong,
)
from contest.results.rules.scheduling import FURTHEST, may_appear_at
from contest.results.tasks import publish_due
from tests.results.stories import closed_round
from tests.support.cast import sign_in_as
from tests.support.pages import alerts

MOMENT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
PUBLISH = "/organise/contests/tim-hieu-2026/rounds/1/publication"
RESULTS = "/contests/tim-hieu-2026/results/1"


@pytest.fixture
def story(app):
    with app.app_context(), unit_of_work():
        now = utc_now()
        made = closed_round(now)
        make_rank_run(round=made.round, actor=made.organiser, now=now)
        decide_prizes(over=made.round, actor=made.organiser, now=now)
        return made


def round_of(story):
    return db.session.get_one(Round, story.round.id)


def plan(story, now, *, due_at=None, body=None, number=None):
    looked_at = preview_publication(round_of(story), now=now)
    return schedule_publication(
        over=round_of(story),
        due_at=due_at or now + HOUR,
        decision_number="47-QĐ/BTC",
        decided_on=None,
        address="https://example.org/publication",
        actor=story.organiser,
        now=now,
        expected_body=body or looked_at.body,
        expected_number=number or looked_at.number,
    ).id


def state_of(app, scheduled_id):
    with app.app_context():
        return db.session.get_one(ScheduledPublication, scheduled_id).state


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def test_it_lies_after_now_and_within_a_year(now):
    assert not may_appear_at(now, now)
    assert may_appear_at(now + MOMENT, now)
    assert may_appear_at(now + FURTHEST, now)
    assert not may_appear_at(now + FURTHEST + MOMENT, now)


def test_it_appears_once_as_it_was_looked_at(app, client, story):
    now = utc_now()
    with app.app_context(), unit_of_work():
        planned = plan(story, now)
    with app.app_context():
        assert queries.latest_publication(story.round.id) is None
        job = db.session.scalars(select(Job).where(Job.kind == "results.publish_scheduled")).one()
        assert job.due_at == now + HOUR
    assert client.get(RESULTS).status_code == 404
    with app.app_context():
        assert publish_due(planned, address="", now=now + HOUR)
        assert not publish_due(planned, address="", now=now + HOUR)
        head = queries.latest_publication(story.round.id)
        assert (head.number, head.decision_number) == (1, "47-QĐ/BTC")
        assert head.published_at == now + HOUR
        assert round_of(story).stage is Stage.PUBLISHED
    assert state_of(app, planned) is ScheduleState.PUBLISHED
    assert count(app, Publication) == 1


def test_the_runner_waits_for_the_instant(app, story):
    with app.app_context(), unit_of_work():
        plan(story, utc_now())
    with app.app_context():
        run_due_jobs()
    assert count(app, Publication) == 0
    with app.app_context(), unit_of_work():
        db.session.execute(
            update(Job).where(Job.kind == "results.publish_scheduled").values(due_at=utc_now())
        )
    with app.app_context():
        run_due_jobs()
    assert count(app, Publication) == 1


def decide_otherwise(story, now):
    entry = db.session.get_one(Entry, story.entries["Phan Nguyễn Hoàng Tường Vi"].id)
    disqualify(
        entry=entry,
        round=round_of(story),
        reason="Dùng hai tài khoản.",
        actor=story.organiser,
        now=now,
    )
    make_rank_run(round=round_of(story), reason="Loại", actor=story.organiser, now=now)
    decide_prizes(over=round_of(story), reason="Loại", actor=story.organiser, now=now)


def withdraw(story, now):
    person = story.persons["Phan Nguyễn Hoàng Tường Vi"]
    consent = db.session.scalars(
        select(Consent).where(
            Consent.person_id == person.id, Consent.purpose == ConsentPurpose.PUBLISH_NAME
        )
    ).one()
    withdraw_consent(consent=consent, actor=story.organiser, now=now)


def rank_again(story, now):
    make_rank_run(round=round_of(story), reason="Kiểm tra", actor=story.organiser, now=now)


def lose_the_right(story, now):
    db.session.execute(
        update(Grant).where(Grant.person_id == story.organiser.person_id).values(ended_at=now)
    )


def annul(story, now):
    annul_round(round=round_of(story), reason="Lộ đề", actor=story.organiser, now=now)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (annul, "This round was annulled, so nothing more happens in it."),
        (decide_otherwise, "The page has changed since your preview. Please look at it again."),
        (withdraw, "The page has changed since your preview. Please look at it again."),
        (
            rank_again,
            "There is a newer ranking than the one the prizes were decided on. Decide again.",
        ),
        (
            lose_the_right,
            "Who scheduled this publication may not publish results here any more.",
        ),
    ],
)
def test_another_list_is_stopped_in_words_and_nothing_appears(app, story, change, words):
    now = utc_now()
    with app.app_context(), unit_of_work():
        story.cast.lan.locale = "en"
        db.session.merge(story.cast.lan)
        planned = plan(story, now)
    with app.app_context(), unit_of_work():
        change(story, now)
    with app.app_context():
        assert not publish_due(planned, address="https://example.org/p", now=now + HOUR)
        assert not publish_due(planned, address="https://example.org/p", now=now + HOUR)
        assert stopped_publication(story.round).problem == words
        key = f"results.schedule_stopped/{planned}"
        (letter,) = db.session.scalars(select(Mail).where(Mail.key == key))
        assert words in letter.body
        assert round_of(story).stage is not Stage.PUBLISHED
    assert count(app, Publication) == 0


def test_a_changed_time_replaces_the_first(app, story):
    now = utc_now()
    with app.app_context(), unit_of_work():
        first = plan(story, now)
    with app.app_context(), unit_of_work():
        second = plan(story, now, due_at=now + 2 * HOUR)
    with app.app_context():
        assert waiting_publication(story.round).id == second
        assert not publish_due(first, address="", now=now + HOUR)
        assert publish_due(second, address="", now=now + 2 * HOUR)
    assert (state_of(app, first), state_of(app, second)) == (
        ScheduleState.CANCELLED,
        ScheduleState.PUBLISHED,
    )


def test_what_is_cancelled_or_published_by_hand_does_not_appear_again(app, story):
    now = utc_now()
    with app.app_context(), unit_of_work():
        first = plan(story, now)
        public_id = waiting_publication(story.round).public_id
        cancel_scheduled(over=round_of(story), public_id=public_id, actor=story.organiser, now=now)
        with pytest.raises(ScheduleGone):
            cancel_scheduled(
                over=round_of(story), public_id=public_id, actor=story.organiser, now=now
            )
    with app.app_context(), unit_of_work():
        second = plan(story, now)
        publish(
            over=round_of(story),
            decision_number="",
            decided_on=None,
            actor=story.organiser,
            now=now,
        )
    with app.app_context():
        assert not publish_due(first, address="", now=now + HOUR)
        assert not publish_due(second, address="", now=now + HOUR)
        assert stopped_publication(story.round) is None
    assert count(app, Publication) == 1


@pytest.mark.usefixtures("context")
def test_only_what_was_looked_at_is_scheduled(story):
    now = utc_now()
    for due_at in (now, now - MOMENT):
        with pytest.raises(ScheduleTimeWrong):
            plan(story, now, due_at=due_at)
    with pytest.raises(PreviewOutdated):
        plan(story, now, body="0" * 64)
    with pytest.raises(PublishedMeanwhile):
        plan(story, now, number=2)
    publish(
        over=round_of(story), decision_number="", decided_on=None, actor=story.organiser, now=now
    )
    with pytest.raises(ReasonMissing):
        plan(story, now)
    annul(story, now)
    with pytest.raises(RoundAnnulled):
        plan(story, now)


def at_once(app, *works):
    start, outcomes = threading.Barrier(len(works)), []

    def one(work):
        with app.app_context():
            start.wait()
            try:
                outcomes.append(work())
            except (ScheduleGone, ScheduledMeanwhile) as refused:
                outcomes.append(type(refused).__name__)

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_the_job_twice_at_once_publishes_once(app, story):
    now = utc_now()
    with app.app_context(), unit_of_work():
        planned = plan(story, now)

    def work():
        return publish_due(planned, address="", now=now + HOUR)

    assert sorted(at_once(app, work, work)) == [False, True]
    assert count(app, Publication) == 1
    assert state_of(app, planned) is ScheduleState.PUBLISHED


def test_cancelled_at_the_same_moment_is_one_or_the_other(app, story):
    now = utc_now()
    with app.app_context(), unit_of_work():
        planned = plan(story, now)
        public_id = waiting_publication(story.round).public_id

    def cancel():
        with unit_of_work():
            cancel_scheduled(
                over=round_of(story), public_id=public_id, actor=story.organiser, now=now
            )
        return "cancelled"

    def work():
        return publish_due(planned, address="", now=now + HOUR)

    outcomes = at_once(app, cancel, work)
    if "cancelled" in outcomes:
        assert False in outcomes
        assert count(app, Publication) == 0
    else:
        assert sorted(map(str, outcomes)) == ["ScheduleGone", "True"]
        assert count(app, Publication) == 1


def test_an_error_of_the_server_stops_it_and_lan_learns_it(app, story):
    with app.app_context(), unit_of_work():
        story.cast.lan.locale = "en"
        db.session.merge(story.cast.lan)
        planned = plan(story, utc_now())
        db.session.execute(update(Allocation).values(extras=[0]))  # what no rule foresees
        job = db.session.scalars(select(Job).where(Job.kind == "results.publish_scheduled")).one()
        job.tries, job.due_at = 3, utc_now()
    with app.app_context():
        run_due_jobs()
    assert state_of(app, planned) is ScheduleState.WAITING  # it is tried once more
    with app.app_context(), unit_of_work():
        db.session.execute(
            update(Job).where(Job.kind == "results.publish_scheduled").values(due_at=utc_now())
        )
    with app.app_context():
        run_due_jobs()
        words = "The server failed while it published; nothing appeared. Tell the administrators."
        assert stopped_publication(story.round).problem == words
        (letter,) = db.session.scalars(
            select(Mail).where(Mail.key == f"results.schedule_stopped/{planned}")
        )
        assert words in letter.body
    assert count(app, Publication) == 0


def test_two_organisers_schedule_at_once_and_one_row_waits(app, story):
    def work():
        with unit_of_work():
            return plan(story, utc_now()) > 0

    outcomes = at_once(app, work, work)
    assert True in outcomes
    with app.app_context():
        states = db.session.scalars(select(ScheduledPublication.state)).all()
    assert states.count(ScheduleState.WAITING) == 1


def test_lan_schedules_looks_and_cancels_on_the_page(app, client, new_client, story):
    sign_in_as(client, story.cast.lan)
    wrong = client.submit(PUBLISH, {"appears_at": "2031-01-01T08:00"}, action="/publication")
    assert wrong.status_code == 422
    assert count(app, Publication) == 0
    sent = {
        field.get("name"): field.get("value", "")
        for field in client.page(PUBLISH).form("/publication").iter()
        if isinstance(field.tag, str) and field.get("type") == "hidden"
    }
    past = client.post(f"{PUBLISH}/schedule", data=sent | {"appears_at": "2020-01-01T08:00"})
    assert past.status_code == 422
    later = (utc_now() + 48 * HOUR).strftime("%Y-%m-%dT%H:%M")
    done = client.post(f"{PUBLISH}/schedule", data=sent | {"appears_at": later})
    assert done.status_code == 302, alerts(done)
    page = client.get(PUBLISH, headers={"Accept-Language": "en"}).text
    assert "This result appears" in page
    assert client.get(f"{PUBLISH}/preview?scheduled=1").status_code == 200
    assert new_client().get(RESULTS).status_code == 404
    stranger = new_client()
    sign_in_as(stranger, story.cast.bao)
    assert stranger.get(PUBLISH).status_code == 404
    assert stranger.get(f"{PUBLISH}/preview?scheduled=1").status_code == 404
    cancelled = client.submit(PUBLISH, {}, action="/publication/cancel")
    assert cancelled.status_code == 302, alerts(cancelled)
    assert client.get(f"{PUBLISH}/preview?scheduled=1").status_code == 404
    with app.app_context():
        assert waiting_publication(story.round) is None


def test_a_correction_that_waits_keeps_what_was_written_for_it(app, client, story):
    with app.app_context(), unit_of_work():
        now, round = utc_now(), round_of(story)
        publish(over=round, decision_number="47", decided_on=None, actor=story.organiser, now=now)
    sign_in_as(client, story.cast.lan)
    later = (utc_now() + 48 * HOUR).strftime("%Y-%m-%dT%H:%M")
    sent = {
        field.get("name"): field.get("value", "")
        for field in client.page(PUBLISH).form("/publication").iter()
        if isinstance(field.tag, str) and field.get("type") == "hidden"
    }
    written = {"decision_number": "81-QĐ/BTC", "reason": "Bổ sung số quyết định", "decided_on": ""}
    looked = client.post(f"{PUBLISH}/schedule", data=sent | written | {"appears_at": later})
    assert looked.status_code == 302, alerts(looked)
    page = client.get(PUBLISH, headers={"Accept-Language": "vi"}).text
    assert "mọi người vẫn đọc bản công bố 1" in page
    assert 'value="81-QĐ/BTC"' in page
    assert page.count("Bổ sung số quyết định") == 2
