"""The late door: for whom a code opens it, until when, and what stays on record."""

from datetime import timedelta

import pytest

from contest.accounts.models import Person
from contest.contests.models import Registration, Stage
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.submissions import actions, queries
from contest.submissions.models import LateCode, WorkState
from contest.submissions.queries.late_codes import late_blind_codes
from contest.submissions.rules.late_doors import read_late_code
from contest.submissions.rules.refusals import (
    DoorNotNeeded,
    LateCodeOver,
    LateCodeWrong,
    TooLate,
)
from tests.submissions.conftest import World

MICRO = timedelta(microseconds=1)


def test_a_code_is_read_as_people_type_it():
    for typed in ("TR-K7QM-2XRD", "tr k7qm 2xrd", "K7QM2XRD", " k7qm-2xrd "):
        assert read_late_code(typed) == "TR-K7QM-2XRD"


@pytest.fixture
def closed(world: World) -> World:
    """The deadline passed an hour ago, marking has not begun."""
    world.set_round(stage=Stage.CLOSED, closes_at=world.now - timedelta(hours=1))
    return world


def issue(world: World, *, person=None, unit=None, hours: float = 24) -> str:
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        code = actions.issue_late_code(
            contest_round=world.round,
            person=None if person is None else db.session.get(Person, person.id),
            unit=unit,
            reason="Mất điện cả xã từ chiều 22/11",
            valid_until=world.now + timedelta(hours=hours),
            actor=actor,
            now=world.now,
        )
        return code.code


def use(world: World, person, code: str, at=None) -> str:
    actor = world.actor(person)
    with unit_of_work():
        registration = (
            db.session.query(Registration)
            .filter_by(contest_id=world.contest_id, person_id=person.id)
            .one_or_none()
        )
        work = actions.use_late_code(
            contest_round=world.round,
            registration=registration,
            code=code,
            actor=actor,
            now=at or world.now,
        )
        return work.public_id


def test_a_work_comes_in_once_and_is_marked_as_late(closed: World):
    minh, now = closed.cast.minh, closed.now
    with pytest.raises(TooLate):
        closed.begin(minh)
    code = issue(closed, person=minh)
    work = use(closed, minh, code)
    assert queries.still_writing(closed.round, now)
    closed.save(minh, work, closed.draft())
    last = now + timedelta(hours=24)
    with pytest.raises(TooLate):
        closed.submit(minh, work, now=last)
    closed.submit(minh, work, now=last - MICRO)
    found = closed.work(work)
    assert (found.state, found.came_late, found.late_reason) == (
        WorkState.SUBMITTED,
        True,
        "Mất điện cả xã từ chiều 22/11",
    )
    assert not queries.still_writing(closed.round, now)
    with pytest.raises(LateCodeOver):
        use(closed, minh, code)
    kinds = {event.kind for event in db.session.query(AuditEvent)}
    assert {"submissions.late_code_issued", "submissions.late_door_opened"} <= kinds
    closed.screen(work)
    closed.codes()
    assert len(late_blind_codes(closed.round_id)) == 1


def test_a_draft_that_was_begun_in_time_goes_on(world: World):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft())
    code = issue(world, person=minh)
    with pytest.raises(DoorNotNeeded):
        use(world, minh, code)
    # Its end stands at the deadline: the grace belongs to everybody, no code is needed in it.
    end = world.round.closes_at + timedelta(minutes=5)
    with unit_of_work():
        db.session.query(LateCode).one().valid_until = end + timedelta(hours=1)
    with pytest.raises(DoorNotNeeded):
        use(world, minh, code, end - MICRO)
    assert use(world, minh, code, end) == work


def test_a_code_is_for_one_person_or_one_unit(world: World):
    minh, tu, cast = world.cast.minh, world.cast.tu, world.cast
    world.register(tu)
    closed = world
    world.set_round(stage=Stage.CLOSED, closes_at=world.now - timedelta(hours=1))
    code = issue(closed, person=minh)
    for wrong in (code[:-1] + ("A" if code[-1] != "A" else "B"), ""):
        with pytest.raises(LateCodeWrong):
            use(closed, minh, wrong)
    with pytest.raises(LateCodeWrong):
        use(closed, tu, code)
    of_unit = issue(closed, unit=cast.province)
    use(closed, minh, of_unit)
    with pytest.raises(LateCodeOver):
        use(closed, minh, of_unit)


def test_the_validity_ends_and_a_code_can_be_taken_back(closed: World):
    minh, lan = closed.cast.minh, closed.actor(closed.cast.lan)
    with pytest.raises(LateCodeOver):
        issue(closed, person=minh, hours=0)
    code = issue(closed, person=minh, hours=1)
    with pytest.raises(LateCodeOver):
        use(closed, minh, code, closed.now + timedelta(hours=1))
    with unit_of_work():
        actions.withdraw_late_code(
            code=db.session.query(LateCode).one(),
            contest_round=closed.round,
            actor=lan,
            now=closed.now,
        )
    with pytest.raises(LateCodeOver):
        use(closed, minh, code)


def test_marking_closes_the_door(closed: World):
    minh = closed.cast.minh
    code, other = issue(closed, person=minh), issue(closed, person=minh)
    work = use(closed, minh, code)
    closed.save(minh, work, closed.draft())
    closed.set_round(stage=Stage.MARKING)
    with pytest.raises(LateCodeOver):
        use(closed, minh, other)
    with pytest.raises(TooLate):
        closed.submit(minh, work)
