"""Jobs are written with their cause, run at least once, and say how they ended."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from contest.core import jobs
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.jobs import Job, JobState
from contest.core.transactions import unit_of_work

pytestmark = pytest.mark.usefixtures("context")
seen: list[dict[str, int]] = []


@jobs.task("tests.count")
def count(run):
    seen.append(run.payload)
    run.progress(1, 2)
    run.progress(2, 2)
    return {"lines": ["đã đếm"]}


class NotToday(RuleBroken):
    """A refusal inside a job."""

    message = "Hôm nay không đếm."


@jobs.task("tests.refuse")
def refuse(run):
    raise NotToday


@jobs.task("tests.break")
def break_down(run):
    raise ZeroDivisionError


def tell(run):
    seen.append(run.payload)
    raise ZeroDivisionError  # telling fails too: the job is given up all the same


@jobs.task("tests.break_and_tell", given_up=tell)
def break_and_tell(run):
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _nothing_seen():
    seen.clear()


def enqueue(kind="tests.count", **options):
    with unit_of_work():
        job = jobs.enqueue(kind, payload={"n": 1}, actor=None, now=utc_now(), **options)
        return job.id


def read(job_id):
    db.session.commit()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_job_runs_once_and_keeps_its_report():
    job_id = enqueue()
    assert (jobs.run_due_jobs(), jobs.run_due_jobs()) == (1, 0)
    job = read(job_id)
    assert (job.state, job.report, job.steps_done, job.steps_total) == (
        JobState.DONE,
        {"lines": ["đã đếm"]},
        2,
        2,
    )
    assert seen == [{"n": 1}]


def test_a_job_whose_cause_was_rolled_back_does_not_exist():
    with pytest.raises(RuntimeError, match="undone"), unit_of_work():
        jobs.enqueue("tests.count", payload={}, actor=None, now=utc_now())
        raise RuntimeError("undone")
    assert (jobs.run_due_jobs(), seen) == (0, [])


def test_the_same_key_is_queued_once():
    assert enqueue(key="weekly-1") == enqueue(key="weekly-1")
    assert jobs.run_due_jobs() == 1


def test_a_job_waits_for_its_moment():
    enqueue(due_at=utc_now() + timedelta(hours=1))
    assert jobs.run_due_jobs() == 0


def test_a_refusal_is_kept_in_words_and_not_tried_again():
    job_id = enqueue("tests.refuse")
    assert (jobs.run_due_jobs(), jobs.run_due_jobs()) == (1, 0)
    job = read(job_id)
    assert (job.state, job.problem) == (JobState.FAILED, "Hôm nay không đếm.")


def test_a_failure_is_tried_again_later_and_given_up_after_five_tries():
    job_id = enqueue("tests.break")
    for tries in range(1, 6):
        assert jobs.run_due_jobs() == 1
        assert read(job_id).tries == tries
        assert jobs.run_due_jobs() == 0, "it waits longer each time"
        with unit_of_work():
            db.session.execute(update(Job).where(Job.id == job_id).values(due_at=utc_now()))
    job = read(job_id)
    assert (job.state, job.problem.strip()) == (JobState.FAILED, "ZeroDivisionError")


def test_the_last_failure_is_told():
    job_id = enqueue("tests.break_and_tell")
    for tries in range(5):
        assert seen == []
        with unit_of_work():
            db.session.execute(update(Job).where(Job.id == job_id).values(due_at=utc_now()))
        jobs.run_due_jobs()
        assert read(job_id).tries == tries + 1
    assert seen == [{"n": 1}]
    assert read(job_id).state == JobState.FAILED


def test_a_job_whose_runner_died_is_taken_up_again():
    job_id = enqueue()
    with unit_of_work():
        db.session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(state=JobState.RUNNING, tries=1, lease_until=utc_now() - timedelta(seconds=1))
        )
    assert jobs.run_due_jobs() == 1
    assert read(job_id).state == JobState.DONE


def test_a_job_that_another_runner_holds_is_left_alone():
    job_id = enqueue()
    with unit_of_work():
        db.session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(state=JobState.RUNNING, lease_until=utc_now() + timedelta(minutes=1))
        )
    assert jobs.run_due_jobs() == 0


def test_ten_runners_at_once_run_forty_jobs_once_each(app):
    with unit_of_work():
        for number in range(40):
            jobs.enqueue("tests.count", payload={"n": number}, actor=None, now=utc_now())

    def work():
        with app.app_context():
            while jobs.run_due_jobs(most=1):
                pass

    runners = [threading.Thread(target=work) for _ in range(10)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    jobs.run_due_jobs()
    assert sorted(payload["n"] for payload in seen) == list(range(40))


def test_recurring_work_is_made_once_a_turn():
    jobs.run_due_jobs(recurring=True)
    keys = list(db.session.scalars(select(Job.key).where(Job.kind == "core.forget_jobs")))
    jobs.run_due_jobs(recurring=True)
    db.session.commit()
    again = db.session.scalar(
        select(func.count()).select_from(Job).where(Job.kind == "core.forget_jobs")
    )
    assert (len(keys), again) == (1, 1)


def test_old_recurring_jobs_are_forgotten_and_peoples_kept():
    mine, recurring = enqueue(), enqueue(key="turn")
    jobs.run_due_jobs()
    with unit_of_work():
        db.session.execute(update(Job).where(Job.id == mine).values(owner_id=1))
        jobs.forget_old_jobs(now=utc_now() + timedelta(days=3))
    assert list(db.session.scalars(select(Job.id))) == [mine] != [recurring]


def test_two_functions_for_one_kind_are_a_mistake():
    with pytest.raises(ValueError, match=r"two functions for jobs of kind tests\.count"):
        jobs.task("tests.count")(refuse)
