"""From the assignment to locked marks, through the room's own doors."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from contest.accounts.actions import end_grant
from contest.accounts.models import Grant, Unit
from contest.contests.models import Stage
from contest.core.access import Role
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.judging import actions
from contest.judging.models import MarkSheet, Resolution, ResolutionMethod, SheetMark, SheetState
from contest.judging.queries import desk, progress
from contest.judging.queries.rounds import judge_facts, jurors
from contest.judging.round_kind import EssayKind
from contest.judging.rules.adjudication import Step
from contest.judging.rules.refusals import (
    LeftJury,
    MarkingClosed,
    MarkingStillOpen,
    MarksMissing,
    MarksOpen,
    NotClosedYet,
    PreviewStale,
    ReasonNeeded,
    RoleLost,
    RubricFrozen,
    SheetGone,
    SheetSettled,
    StaleSheet,
    WrongMark,
)
from tests.judging.conftest import RUBRIC


def judges_of(jury, work_id):
    """The people who hold a live sheet of a work, in the order of the markings."""
    people = {each.id: each for each in (jury.cast.hoa, jury.cast.tu, jury.cast.cuc)}
    sheets = db.session.scalars(
        select(MarkSheet)
        .where(MarkSheet.work_id == work_id, MarkSheet.state.in_(("todo", "open", "done")))
        .order_by(MarkSheet.marking)
    )
    return [people[sheet.juror.person_id] for sheet in sheets]


def test_nobody_marks_their_own_unit_and_every_work_has_two_judges(marking):
    for work_id in marking.work_ids:
        assert len(judges_of(marking, work_id)) == 2
    # Tú belongs to the school of works 0 and 5, Cúc to the ward of works 1 and 4.
    own = {each.work_id for each in marking.sheets(marking.cast.tu)}
    assert own.isdisjoint({marking.work_ids[0], marking.work_ids[5]})
    own = {each.work_id for each in marking.sheets(marking.cast.cuc)}
    assert own.isdisjoint({marking.work_ids[1], marking.work_ids[4]})
    assert marking.round.stage is Stage.MARKING


def test_a_preview_is_taken_exactly_as_it_was_shown_or_not_at_all(jury):
    lan = jury.actor(jury.cast.lan)
    _, shown = actions.preview_assignment(contest_round=jury.round, seed="s")
    hoa = desk.own_seat(jury.cast.hoa.id, jury.round.public_id)
    with unit_of_work():
        actions.declare_conflict(
            contest_round=jury.round,
            juror=hoa,
            unit=None,
            person_name="Trần Ngọc Bảo Trân",
            reason="",
            actor=None,
            now=jury.now,
        )
    with pytest.raises(PreviewStale), unit_of_work():
        actions.take_assignment(
            contest_round=jury.round,
            seed="s",
            input_digest=shown.certificate.input_digest,
            actor=lan,
            now=jury.now,
        )
    assert db.session.scalar(select(func.count()).select_from(MarkSheet)) == 0


def test_a_declared_unit_bars_the_units_below_it_too(jury):
    cast = jury.cast
    hoa = desk.own_seat(cast.hoa.id, jury.round.public_id)
    with unit_of_work():
        actions.declare_conflict(
            contest_round=jury.round,
            juror=hoa,
            unit=db.session.get_one(Unit, cast.ward.id),
            person_name="",
            reason="",
            actor=None,
            now=jury.now,
        )
    facts = {each.person_id: each for each in judge_facts(jury.round, jurors(jury.round_id))}
    assert {cast.ward.id, cast.school.id} <= facts[cast.hoa.id].declared_units
    assert facts[cast.tu.id].declared_units == frozenset()


def test_works_are_not_assigned_while_essays_still_come_in(jury):
    with unit_of_work():
        jury.round.stage = Stage.OPEN
    with pytest.raises(NotClosedYet):
        jury.assign()


def test_two_near_marks_settle_a_work_by_their_mean(marking):
    work_id = marking.work_ids[2]
    first, second = judges_of(marking, work_id)
    marking.finish(first, work_id, "7")
    assert not desk.is_settled(work_id)
    marking.finish(second, work_id, "7.75")
    resolution = db.session.scalars(select(Resolution)).one()
    assert resolution.points == Decimal("7.38")
    assert resolution.method is ResolutionMethod.MEAN
    assert resolution.detail["totals"] == ["7", "7.75"]


def test_marks_are_only_added(marking):
    sheet = marking.sheets(marking.cast.hoa)[0]
    marking.save(marking.cast.hoa, sheet, marking.marks("1"))
    sheet = marking.sheets(marking.cast.hoa)[0]
    marking.save(marking.cast.hoa, sheet, marking.marks("1.5", "3"))
    rows = db.session.execute(
        select(SheetMark.edit, SheetMark.points).order_by(SheetMark.edit)
    ).all()
    assert [tuple(row) for row in rows] == [(1, 1), (2, Decimal("1.5")), (2, 3)]
    sheet = marking.sheets(marking.cast.hoa)[0]
    assert (sheet.total, sheet.state, sheet.edit) == (Decimal("4.5"), SheetState.OPEN, 2)


def test_a_second_tab_is_told_and_overwrites_nothing(marking):
    hoa = marking.cast.hoa
    sheet = marking.sheets(hoa)[0]
    marking.save(hoa, sheet, marking.marks("2"), edit=0)
    with pytest.raises(StaleSheet):
        marking.save(hoa, sheet, marking.marks("1"), edit=0)
    assert marking.sheets(hoa)[0].total == 2


@pytest.mark.parametrize("points", ["2.25", "-1", "0.1"])
def test_marks_outside_the_criterion_or_between_steps_are_refused(marking, points):
    with pytest.raises(WrongMark):
        marking.save(marking.cast.hoa, marking.sheets(marking.cast.hoa)[0], marking.marks(points))


def test_a_sheet_is_done_only_with_a_mark_for_each_criterion(marking):
    hoa = marking.cast.hoa
    with pytest.raises(MarksMissing):
        marking.save(hoa, marking.sheets(hoa)[0], marking.marks("1", "1"), done=True)
    assert marking.sheets(hoa)[0].state is SheetState.TODO


def test_a_judge_who_loses_the_role_is_told_and_keeps_what_was_saved(marking):
    hoa = marking.cast.hoa
    sheet = marking.sheets(hoa)[0]
    marking.save(hoa, sheet, marking.marks("2"))
    with unit_of_work():
        for grant in db.session.scalars(
            select(Grant).where(Grant.person_id == hoa.id, Grant.role == Role.JUDGE)
        ):
            end_grant(grant=grant, actor=None, now=marking.now)
    with pytest.raises(RoleLost):
        marking.save(hoa, marking.sheets(hoa)[0], marking.marks("2", "4"))
    assert marking.sheets(hoa)[0].total == 2


def test_abstaining_sends_the_work_back_for_another_judge(marking):
    work_id = marking.work_ids[2]
    first, _second = judges_of(marking, work_id)
    actor = marking.actor(first)
    with pytest.raises(ReasonNeeded), unit_of_work():
        actions.abstain(
            sheet=desk.own_sheet(first.id, marking.sheet_for(first, work_id).public_id),
            reason=" ",
            actor=actor,
            now=marking.now,
        )
    with unit_of_work():
        actions.abstain(
            sheet=desk.own_sheet(first.id, marking.sheet_for(first, work_id).public_id),
            reason="Tôi quen tác giả",
            actor=actor,
            now=marking.now,
        )
    with pytest.raises(SheetGone):
        marking.finish(first, work_id, "7")
    assert progress.progress(marking.round).short == 1
    marking.assign("hạt hai")
    assert first.id not in {each.id for each in judges_of(marking, work_id)}
    assert len(judges_of(marking, work_id)) == 2
    assert progress.progress(marking.round).short == 0


def test_a_judge_who_leaves_keeps_marks_and_gives_up_the_rest(marking):
    hoa = marking.cast.hoa
    mine = [each.work_id for each in marking.sheets(hoa)]
    marking.finish(hoa, mine[0], "7")
    with unit_of_work():
        juror = desk.own_seat(hoa.id, marking.round.public_id)
        moved = actions.leave_jury(
            contest_round=marking.round, juror=juror, reason="Ốm", actor=None, now=marking.now
        )
    assert moved == len(mine) - 1
    states = {each.work_id: each.state for each in marking.sheets(hoa)}
    assert states.pop(mine[0]) is SheetState.DONE
    assert set(states.values()) == {SheetState.MOVED}
    with pytest.raises(LeftJury):
        marking.finish(hoa, mine[1], "7")
    stand = progress.progress(marking.round)
    assert (stand.needed, stand.sheets + stand.lacking) == (12, 12)
    assert stand.lacking > 0


def test_far_marks_go_to_a_third_judge_and_two_equal_of_three_count(marking):
    work_id = marking.work_ids[2]
    first, second = judges_of(marking, work_id)
    marking.finish(first, work_id, "6")
    marking.finish(second, work_id, "7.75")
    waiting = progress.progress(marking.round).waiting_for(Step.THIRD)
    assert [each.work_id for each in waiting] == [work_id]
    marking.assign("lần ba")
    third = judges_of(marking, work_id)[2]
    marking.finish(third, work_id, "7.75")
    resolution = db.session.scalars(select(Resolution)).one()
    assert (resolution.points, resolution.method) == (Decimal("7.75"), ResolutionMethod.EQUAL_PAIR)
    assert len(resolution.detail["sheets"]) == 2
    with pytest.raises(SheetSettled):
        marking.finish(third, work_id, "6")


def test_a_discussed_mark_needs_minutes_and_leaves_sheets_alone(marking):
    work_id = marking.work_ids[3]
    lan = marking.actor(marking.cast.lan)
    for person, total in zip(judges_of(marking, work_id), ("7", "8"), strict=True):
        marking.finish(person, work_id, total)
    decide = {
        "contest_round": marking.round,
        "work_id": work_id,
        "points": Decimal("7.5"),
        "by_chief": False,
        "actor": lan,
        "now": marking.now,
    }
    with pytest.raises(ReasonNeeded), unit_of_work():
        actions.decide_work(**decide, minutes="")
    with unit_of_work():
        actions.decide_work(
            **(decide | {"contest_round": marking.round}), minutes="Hai giám khảo thống nhất."
        )
    resolution = db.session.scalars(select(Resolution)).one()
    assert (resolution.points, resolution.method) == (Decimal("7.5"), ResolutionMethod.AGREED)
    assert sorted(
        each.total
        for each in db.session.scalars(select(MarkSheet).where(MarkSheet.work_id == work_id))
    ) == [7, 8]


def finish_everything(jury):
    for work_id in jury.work_ids:
        for person in judges_of(jury, work_id):
            jury.finish(person, work_id, str(5 + jury.work_ids.index(work_id) / 2))


def test_marking_is_closed_only_when_every_work_has_its_mark_and_then_ranks(marking):
    lan = marking.actor(marking.cast.lan)
    kind = EssayKind()
    with pytest.raises(MarksOpen), unit_of_work():
        actions.close_marking(contest_round=marking.round, actor=lan, now=marking.now)
    with pytest.raises(MarkingStillOpen):
        kind.facts(marking.round, set())
    finish_everything(marking)
    with unit_of_work():
        assert actions.close_marking(contest_round=marking.round, actor=lan, now=marking.now)
    with unit_of_work():
        assert not actions.close_marking(contest_round=marking.round, actor=lan, now=marking.now)
    with pytest.raises((MarkingClosed, SheetSettled)):
        marking.finish(marking.cast.hoa, marking.sheets(marking.cast.hoa)[0].work_id, "1")
    codes = ("essay_total", "essay_main", "essay_bands", "essay_places", "essay_lot")
    rows = list(kind.score_rows(marking.round, kind.facts(marking.round, set()), codes))
    assert sorted(row.points for row in rows) == [Decimal(5) + Decimal(at) / 2 for at in range(6)]
    best = max(rows, key=lambda row: row.points)
    assert best.keys[:3] == (-75_000, -40_000, -2)
    assert best.keys[3] == 0  # judges marked different works
    assert best.max_points == 10
    assert kind.shown("essay_total", -75_000) == "7,5"
    assert kind.counts(marking.round).attempts == 6
    assert sum(each.attempts for each in kind.unit_counts(marking.round)) == 6
    assert kind.insiders(marking.round) == {
        marking.cast.hoa.id,
        marking.cast.tu.id,
        marking.cast.cuc.id,
    }


def test_the_rubric_stays_once_somebody_has_marked(marking):
    marking.save(marking.cast.hoa, marking.sheets(marking.cast.hoa)[0], marking.marks("2"))
    with pytest.raises(RubricFrozen), unit_of_work():
        actions.save_rubric(
            contest_round=marking.round,
            settings=actions.JudgingSettings(),
            criteria=RUBRIC[:2],
            actor=None,
            now=marking.now,
        )
    with unit_of_work():  # the due day still moves
        actions.save_rubric(
            contest_round=marking.round,
            settings=actions.JudgingSettings(),
            criteria=RUBRIC,
            actor=None,
            now=marking.now,
        )
