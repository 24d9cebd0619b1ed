"""Sheets change hands: moved by a person, freed with a lost role, spared by a lowered quorum."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from contest.accounts.actions import end_grant, give_grant
from contest.accounts.models import Grant, Person
from contest.contests.models import Contest
from contest.core.access import Role
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.jobs import JobRun
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions
from contest.judging.models import Juror, JurorState, LoweredQuorum, MarkSheet, SheetState
from contest.judging.queries import desk, moving, progress
from contest.judging.queries.judges import markers
from contest.judging.queries.open_works import Why, open_work, open_works
from contest.judging.rules.moving import KeptBack
from contest.judging.rules.pace import Pace, pace
from contest.judging.rules.refusals import (
    MarkingClosed,
    NothingToMove,
    PreviewStale,
    QuorumNotLower,
    ReasonNeeded,
    SheetGone,
)
from contest.judging.tasks import release_seats_job
from tests.judging.test_marking import finish_everything, judges_of


def seat_of(jury, person):
    return db.session.scalars(
        select(Juror).where(Juror.round_id == jury.round_id, Juror.person_id == person.id)
    ).one()


def plan(jury, giver, taker, **wanted):
    end_read()
    return moving.move_plan(jury.round, seat_of(jury, giver), seat_of(jury, taker), **wanted)


def move(jury, giver, taker, digest, **wanted):
    lan = jury.actor(jury.cast.lan)
    end_read()
    with unit_of_work():
        return actions.move_sheets(
            contest_round=jury.round,
            giver=seat_of(jury, giver),
            taker=seat_of(jury, taker),
            sheets=wanted.get("sheets", ()),
            count=wanted.get("count", 0),
            digest=digest,
            reason=wanted.get("reason", "Cô Hoa nghỉ ốm"),
            actor=lan,
            now=jury.now,
        )


def take_role(jury, person):
    with unit_of_work():
        for grant in db.session.scalars(
            select(Grant).where(Grant.person_id == person.id, Grant.role == Role.JUDGE)
        ):
            end_grant(grant=grant, actor=None, now=jury.now)


@pytest.fixture
def four(jury, cast):
    """Hoa, Tú and Cúc hold the works; An has accepted since and holds nothing yet."""
    jury.assign()
    jury.seat(cast.an)
    return jury


def test_a_move_takes_what_was_shown_and_passes_conflicts_over(four, cast):
    # An belongs to the school of works 2 and 3.
    own = {four.work_ids[2], four.work_ids[3]}
    before = {sheet.work_id for sheet in four.sheets(cast.hoa)}
    shown = plan(four, cast.hoa, cast.an, count=100)
    kept = {sheet.work_id: why for sheet, why in shown.kept_back}
    assert kept == dict.fromkeys(own & before, KeptBack.CONFLICT)
    assert (shown.giver_before, shown.giver_after) == (len(before), len(before & own))
    assert (shown.taker_before, shown.taker_after) == (0, len(before - own))
    move(four, cast.hoa, cast.an, shown.digest(), count=100)
    assert {sheet.work_id for sheet in four.sheets(cast.an)} == before - own
    states = {sheet.work_id: sheet.state for sheet in four.sheets(cast.hoa)}
    assert {work for work, state in states.items() if state is SheetState.MOVED} == before - own
    for work_id in four.work_ids:
        sheets = [s for p in (cast.hoa, cast.tu, cast.cuc, cast.an) for s in four.sheets(p)]
        live = [s for s in sheets if s.work_id == work_id and s.state is SheetState.TODO]
        assert sorted(s.marking for s in live) == [1, 2]
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.kind == "judging.sheets_moved")
    ).one()
    assert event.data["reason"] == "Cô Hoa nghỉ ốm"
    assert event.data["loads"] == [shown.giver_after, shown.taker_after]


def test_finished_sheets_stay_and_begun_ones_go_last_with_their_marks_on_record(four, cast):
    mine = [sheet for sheet in four.sheets(cast.hoa) if sheet.work_id not in four.work_ids[2:4]]
    finished, begun = mine[0], mine[1]
    four.finish(cast.hoa, finished.work_id, "7")
    four.save(cast.hoa, begun, four.marks("1.5"))
    shown = plan(four, cast.hoa, cast.an, count=100)
    assert finished.work_id not in {each.work_id for each in shown.moves}
    assert shown.moves[-1].work_id == begun.work_id
    assert shown.begun == 1
    move(four, cast.hoa, cast.an, shown.digest(), count=100)
    assert four.sheet_for(cast.hoa, finished.work_id).state is SheetState.DONE
    assert four.sheet_for(cast.an, begun.work_id).total is None
    assert four.sheet_for(cast.hoa, begun.work_id).total == Decimal("1.5")
    with pytest.raises(SheetGone):
        four.save(cast.hoa, begun, four.marks("2"), edit=1)
    # It comes back with what stood on it.
    back = plan(four, cast.an, cast.hoa, sheets=[four.sheet_for(cast.an, begun.work_id).public_id])
    digest = back.digest()
    wanted = [four.sheet_for(cast.an, begun.work_id).public_id]
    move(four, cast.an, cast.hoa, digest, sheets=wanted)
    again = four.sheet_for(cast.hoa, begun.work_id)
    assert (again.state, again.total) == (SheetState.OPEN, Decimal("1.5"))
    four.save(cast.hoa, again, four.marks("2"))
    assert four.sheet_for(cast.hoa, begun.work_id).total == 2


def test_a_move_is_refused_when_a_sheet_was_begun_meanwhile(four, cast):
    shown = plan(four, cast.hoa, cast.an, count=2)
    touched = next(s for s in four.sheets(cast.hoa) if s.id == shown.moves[0].sheet_id)
    four.save(cast.hoa, touched, four.marks("1"))
    with pytest.raises(PreviewStale):
        move(four, cast.hoa, cast.an, shown.digest(), count=2)
    assert four.sheets(cast.an) == []


def test_a_move_keeps_to_capacity_needs_a_reason_and_an_open_marking(four, cast):
    with unit_of_work():
        seat_of(four, cast.an).capacity = 1
    shown = plan(four, cast.hoa, cast.an, count=3)
    assert len(shown.moves) == 1
    assert KeptBack.NO_ROOM in {why for _sheet, why in shown.kept_back}
    with pytest.raises(ReasonNeeded):
        move(four, cast.hoa, cast.an, shown.digest(), count=3, reason="  ")
    with pytest.raises(NothingToMove):
        move(four, cast.an, cast.hoa, "", count=3)
    finish_everything(four)
    with unit_of_work():
        lan = four.actor(cast.lan)
    with unit_of_work():
        actions.close_marking(contest_round=four.round, actor=lan, now=four.now)
    with pytest.raises(MarkingClosed):
        move(four, cast.hoa, cast.an, "", count=1)


def test_who_loses_the_role_frees_unfinished_sheets_and_keeps_finished_marks(marking, cast):
    mine = [sheet.work_id for sheet in marking.sheets(cast.hoa)]
    marking.finish(cast.hoa, mine[0], "7")
    take_role(marking, cast.hoa)
    end_read()
    stand = progress.progress(marking.round)
    assert [each.has_role for each in stand.judges if each.juror.person_id == cast.hoa.id] == [
        False
    ]
    release_seats_job(JobRun(0, {}, None, marking.now))
    end_read()
    seat = seat_of(marking, cast.hoa)
    assert seat.state is JurorState.LEFT
    assert seat.left_reason == "Đã thôi vai trò giám khảo."
    states = {each.work_id: each.state for each in marking.sheets(cast.hoa)}
    assert states.pop(mine[0]) is SheetState.DONE
    assert set(states.values()) == {SheetState.MOVED}
    assert progress.progress(marking.round).short == len(mine) - 1
    release_seats_job(JobRun(0, {}, None, marking.now))  # nothing more to free
    marking.seat(cast.an)
    marking.seat(cast.bao)
    marking.assign("hạt hai")
    assert progress.progress(marking.round).short == 0
    for work_id in marking.work_ids:
        people = db.session.scalars(
            select(Juror.person_id)
            .join(MarkSheet, MarkSheet.juror_id == Juror.id)
            .where(MarkSheet.work_id == work_id, MarkSheet.state.in_(("todo", "done")))
        ).all()
        assert len(people) == 2
        assert (cast.hoa.id in people) == (work_id == mine[0])


def test_nothing_is_assigned_to_a_judge_without_the_role(jury, cast):
    jury.seat(cast.an)
    take_role(jury, cast.hoa)
    jury.assign()
    assert jury.sheets(cast.hoa) == []


def test_who_gets_the_role_back_goes_on_where_they_were(marking, cast):
    begun = marking.sheets(cast.hoa)[0]
    marking.save(cast.hoa, begun, marking.marks("1.5"))
    take_role(marking, cast.hoa)
    release_seats_job(JobRun(0, {}, None, marking.now))
    end_read()
    with unit_of_work():
        contest = db.session.get_one(Contest, marking.contest_id)
        hoa = db.session.get_one(Person, cast.hoa.id)
        give_grant(person=hoa, role=Role.JUDGE, scope=contest.scope, actor=None, now=marking.now)
    marking.seat(cast.hoa)
    marking.assign("hạt ba")
    again = marking.sheet_for(cast.hoa, begun.work_id)
    assert (again.state, again.total, again.edit) == (SheetState.OPEN, Decimal("1.5"), 1)


def lower(jury, work_id, quorum=1, reason="Không còn giám khảo nào không vướng"):
    lan = jury.actor(jury.cast.lan)
    end_read()
    with unit_of_work():
        return actions.lower_quorum(
            contest_round=jury.round,
            work_id=work_id,
            quorum=quorum,
            reason=reason,
            actor=lan,
            now=jury.now,
        )


def test_a_lowered_quorum_settles_the_work_and_withdraws_what_nobody_needs(marking, cast):
    work_id = marking.work_ids[2]
    first, second = judges_of(marking, work_id)
    marking.finish(first, work_id, "6.5")
    resolution = lower(marking, work_id)
    assert resolution is not None
    end_read()
    assert desk.is_settled(work_id)
    assert marking.sheet_for(second, work_id).state is SheetState.MOVED
    row = db.session.scalars(select(LoweredQuorum)).one()
    assert (row.quorum, row.decided_by_id, row.reason) == (
        1,
        cast.lan.id,
        "Không còn giám khảo nào không vướng",
    )
    assert progress.progress(marking.round).lowered == 1


def test_a_quorum_is_lowered_with_a_reason_and_never_below_what_is_marked(marking):
    work_id = marking.work_ids[2]
    with pytest.raises(ReasonNeeded):
        lower(marking, work_id, reason=" ")
    for quorum in (0, 2, 3):
        with pytest.raises(QuorumNotLower):
            lower(marking, work_id, quorum=quorum)
    assert lower(marking, work_id) is None  # nobody has marked yet: one sheet is left
    end_read()
    (left,) = judges_of(marking, work_id)
    marking.finish(left, work_id, "8")
    assert desk.is_settled(work_id)


def test_the_list_says_what_each_work_waits_for(marking):
    works = marking.work_ids
    for person, total in zip(judges_of(marking, works[2]), ("6", "8"), strict=True):
        marking.finish(person, works[2], total)
    for person, total in zip(judges_of(marking, works[3]), ("7", "8"), strict=True):
        marking.finish(person, works[3], total)
    first, second = judges_of(marking, works[0])
    marking.finish(first, works[0], "7")
    end_read()
    page, counts = open_works(marking.round)
    found = {each.work_id: each for each in page.items}
    assert found[works[2]].why is Why.THIRD
    assert found[works[3]].why is Why.DISCUSS
    assert found[works[0]].why is Why.MARKING
    assert markers(marking.round.id, [works[0]]) == {works[0]: [second.full_name]}
    assert len(found) == page.total == 6
    assert counts == {"short": 0, "marking": 4, "third": 1, "discuss": 1, "panel": 0}
    for why, count in counts.items():
        part, _counts = open_works(marking.round, show=why)
        assert [each.why for each in part.items] == [why] * count == [why] * part.total
    waiting = {each.work_id for each in progress.progress(marking.round).standing_works}
    assert waiting == {works[2], works[3]}  # what judges are at is counted, not listed
    assert progress.progress(marking.round).without_mark == 6


def test_a_work_without_its_mark_is_found_by_itself(marking):
    one, two, three = marking.work_ids[:3]
    for person in judges_of(marking, one):
        marking.finish(person, one, "7")
    first, _second = judges_of(marking, two)
    marking.finish(first, two, "7")
    lower(marking, three)
    end_read()
    assert open_work(marking.round, one) is None
    assert open_work(marking.round, None) is None
    found = open_work(marking.round, two)
    assert (found.why, found.done, found.quorum) == (Why.MARKING, 1, 2)
    found = open_work(marking.round, three)
    assert (found.why, found.done, found.quorum) == (Why.MARKING, 0, 1)


def test_how_a_judge_stands_against_the_day(now):
    def at(hours, done, load=10):
        return pace(
            done=done,
            load=load,
            begun_at=now,
            due_at=now + timedelta(hours=100),
            now=now + timedelta(hours=hours),
        )

    assert at(1, 0) is Pace.ON_TIME
    assert at(24, 0) is Pace.ON_TIME  # before a quarter of the time
    assert at(26, 0) is Pace.BEHIND
    assert at(50, 2) is Pace.BEHIND
    assert at(50, 3) is Pace.ON_TIME
    assert at(100, 9) is Pace.ON_TIME
    assert at(101, 9) is Pace.LATE
    assert at(101, 10) is Pace.DONE
    assert at(1, 0, load=0) is Pace.NONE
    assert pace(done=0, load=3, begun_at=now, due_at=None, now=now) is Pace.ON_TIME
