"""Sections with a time limit of their own, as the server keeps them."""

from datetime import timedelta

import pytest

from contest.contests.rules import ReasonMissing
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes import actions, queries
from contest.quizzes.actions import SaveCode
from contest.quizzes.actions.rounds import SectionsDiffer
from contest.quizzes.actions.sections import NoSuchSection
from contest.quizzes.models import Attempt, LateEvidence, LateStart, LedgerLine
from contest.quizzes.readiness import quiz_readiness
from contest.quizzes.rules.sections import read_spans
from contest.quizzes.rules.timing import AttemptEnded

TICK = timedelta(microseconds=1)
TWO = [{"q": 2, "s": 120}, {"q": 2, "s": 180}]


@pytest.fixture
def divided(world):
    """Two sections of two questions: two minutes and three; the prediction is in the second."""
    world.configure(sections=TWO, time_limit_seconds=300, grace_seconds=60)
    world.open()
    return world


def after(world, minutes):
    return world.now + timedelta(minutes=minutes)


def ends(world, opened):
    spans = read_spans(world.attempt(opened).sections)
    return [(each.ends_at - world.now) / timedelta(minutes=1) for each in spans]


def go_on(world, person, opened, onto, at):
    actor = world.actor(person)
    end_read()
    with unit_of_work():
        sitting = queries.own_sitting(person.id, opened.public_id)
        return actions.go_on(sitting=sitting, onto=onto, actor=actor, now=at)


def send(world, person, opened, sequence, slot, at):
    answer = [world.right(opened, slot)]
    return world.save(person, opened, sequence, slot, answer, at=at).code


def evidence():
    return [line.slot for line in db.session.query(LateEvidence).order_by(LateEvidence.id)]


def test_each_section_takes_answers_in_its_time_and_grace(divided):
    minh = divided.cast.minh
    opened = divided.start(minh)
    assert ends(divided, opened) == [2, 5]
    first_over, second_on = after(divided, 2), after(divided, 2)

    assert send(divided, minh, opened, 1, 0, divided.now) is SaveCode.RECEIVED
    assert send(divided, minh, opened, 2, 2, second_on - TICK) is SaveCode.SECTION_AHEAD
    assert send(divided, minh, opened, 3, 2, second_on) is SaveCode.RECEIVED
    grace = first_over + timedelta(seconds=60)
    assert send(divided, minh, opened, 4, 1, grace) is SaveCode.RECEIVED  # a queue brings it
    assert send(divided, minh, opened, 5, 1, grace + TICK) is SaveCode.SECTION_OVER
    # What was received before is acknowledged again whenever it is asked for.
    assert send(divided, minh, opened, 4, 1, after(divided, 4)) is SaveCode.RECEIVED
    end = after(divided, 5) + timedelta(seconds=60)
    assert send(divided, minh, opened, 6, 3, end) is SaveCode.RECEIVED
    assert send(divided, minh, opened, 7, 3, end + TICK) is SaveCode.TOO_LATE
    assert evidence() == [1, 3]
    assert divided.save(minh, opened, 8, 4, 12, at=end).code is SaveCode.RECEIVED  # prediction

    divided.submit(minh, opened, at=end)
    attempt = divided.attempt(opened)
    assert sorted(attempt.answers) == ["0", "1", "2", "3"]
    assert (attempt.correct_count, attempt.prediction) == (4, 12)


def test_another_slot_or_a_left_section_gives_no_evidence(divided):
    minh = divided.cast.minh
    opened = divided.start(minh)
    assert send(divided, minh, opened, 1, 0, after(divided, 0.5)) is SaveCode.RECEIVED
    assert go_on(divided, minh, opened, 1, after(divided, 1)) is True
    assert ends(divided, opened) == [1, 4]
    attempt = divided.attempt(opened)
    assert attempt.deadline_at == after(divided, 4)
    assert attempt.grace_until == after(divided, 5)

    assert send(divided, minh, opened, 2, 1, after(divided, 1)) is SaveCode.PASSED
    assert send(divided, minh, opened, 3, 1, after(divided, 1.5)) is SaveCode.PASSED
    assert send(divided, minh, opened, 4, 2, after(divided, 1)) is SaveCode.RECEIVED
    assert divided.save(minh, opened, 5, 40, [], at=divided.now).code is SaveCode.REFUSED
    assert evidence() == []


def test_a_second_press_goes_nowhere_and_nobody_leaps(divided):
    minh = divided.cast.minh
    opened = divided.start(minh)
    for wrong in (-1, 2, 7):
        with pytest.raises(NoSuchSection):
            go_on(divided, minh, opened, wrong, after(divided, 1))
    assert go_on(divided, minh, opened, 0, after(divided, 1)) is False
    assert go_on(divided, minh, opened, 1, after(divided, 1)) is True
    assert go_on(divided, minh, opened, 1, after(divided, 1.5)) is False
    assert ends(divided, opened) == [1, 4]
    # The time of the first is over: the press comes too late and changes nothing.
    other = divided.start(divided.cast.an)
    assert go_on(divided, divided.cast.an, other, 1, after(divided, 2)) is False
    assert ends(divided, other) == [2, 5]
    with pytest.raises(AttemptEnded):
        go_on(divided, minh, opened, 1, after(divided, 5) + TICK)


def test_two_presses_at_the_same_moment_leave_it_once(divided):
    """Both have read the attempt; the claim looks at the end that the first one moved."""
    minh = divided.cast.minh
    opened = divided.start(minh)
    actor = divided.actor(minh)
    end_read()
    with unit_of_work():
        sitting = queries.own_sitting(minh.id, opened.public_id)
        now = after(divided, 1)
        assert actions.go_on(sitting=sitting, onto=1, actor=actor, now=now) is True
        later = now + timedelta(seconds=3)
        assert actions.go_on(sitting=sitting, onto=1, actor=actor, now=later) is False
    assert ends(divided, opened) == [1, 4]


def test_whoever_never_goes_on_is_closed_at_the_end_of_the_last(divided):
    minh = divided.cast.minh
    opened = divided.start(minh)
    send(divided, minh, opened, 1, 0, divided.now)
    end_read()
    with unit_of_work():
        assert actions.close_overdue(now=after(divided, 6)) == 0
    with unit_of_work():
        assert actions.close_overdue(now=after(divided, 6) + TICK) == 1
    attempt = divided.attempt(opened)
    assert attempt.submitted_at == after(divided, 5)
    assert list(attempt.answers) == ["0"]


def test_extra_time_before_and_in_the_middle(divided):
    minh, an = divided.cast.minh, divided.cast.an
    opened = divided.start(minh)
    other = divided.start(an)
    lan = divided.actor(divided.cast.lan)

    def give(seconds, code, at):
        end_read()
        with unit_of_work():
            actions.give_extra_time(
                contest_round=divided.round,
                seconds=seconds,
                reason="Máy hỏng",
                entry=queries.entry_by_code(divided.contest_id, code),
                actor=lan,
                now=at,
            )

    give(300, "MINH0001", after(divided, 1))  # both sections: two and three of five minutes
    assert ends(divided, opened) == [4, 10]
    give(60, "MINH0001", after(divided, 4))  # only the second is left
    assert ends(divided, opened) == [4, 11]
    assert divided.attempt(opened).deadline_at == after(divided, 11)
    assert ends(divided, other) == [2, 5]
    divided.submit(minh, opened, at=after(divided, 5))
    again = divided.start(minh, at=after(divided, 20))  # six minutes more from the start
    assert ends(divided, again) == [20 + 2 * 11 / 5, 31]


def test_a_pause_of_the_unit_gives_the_section_back(divided):
    minh = divided.cast.minh
    opened = divided.start(minh)
    lan = divided.actor(divided.cast.lan)
    end_read()
    with unit_of_work():
        actions.pause_unit(
            contest_round=divided.round,
            unit=db.session.merge(divided.cast.school),
            from_at=after(divided, 1),
            until_at=after(divided, 4),
            reason="Mất điện",
            actor=lan,
            now=after(divided, 4),
        )
    assert ends(divided, opened) == [5, 8]
    assert send(divided, minh, opened, 1, 1, after(divided, 4)) is SaveCode.RECEIVED
    assert send(divided, minh, opened, 2, 2, after(divided, 4)) is SaveCode.SECTION_AHEAD


def test_a_close_that_cuts_shortens_every_section_and_a_later_one_gives_back(world):
    world.configure(sections=TWO, time_limit_seconds=300, late_start=LateStart.CUT_AT_CLOSE)
    world.open()
    minh = world.cast.minh
    closes = world.round.closes_at
    begun = closes - timedelta(minutes=2.5)
    opened = world.start(minh, at=begun)

    def spans():
        found = read_spans(world.attempt(opened).sections)
        return [(each.ends_at - begun) / timedelta(minutes=1) for each in found]

    assert spans() == [1, 2.5]
    lan = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        actions.move_close(
            contest_round=world.round,
            closes_at=closes + timedelta(hours=1),
            reason="Đường truyền của xã hỏng",
            entry=queries.entry_by_code(world.contest_id, "MINH0001"),
            actor=lan,
            now=begun,
        )
    assert spans() == [2, 5]


def test_a_decision_can_count_what_came_after_a_section(divided):
    minh = divided.cast.minh
    opened = divided.start(minh)
    assert send(divided, minh, opened, 1, 1, after(divided, 4)) is SaveCode.SECTION_OVER
    divided.submit(minh, opened, at=after(divided, 4.5))
    assert divided.attempt(opened).correct_count == 0
    lan = divided.actor(divided.cast.lan)
    end_read()
    entry = queries.entry_by_code(divided.contest_id, "MINH0001")
    effects = actions.late_effects(contest_round=divided.round, entry=entry)
    assert [(each.old_correct, each.new_correct) for each in effects] == [(0, 1)]
    end_read()
    with unit_of_work(), pytest.raises(ReasonMissing):
        actions.count_late(
            contest_round=divided.round, entry=entry, reason=" ", actor=lan, now=divided.now
        )
    with unit_of_work():
        actions.count_late(
            contest_round=divided.round, entry=entry, reason="Mất điện", actor=lan, now=divided.now
        )
    assert divided.attempt(opened).correct_count == 1


def test_sections_that_do_not_hold_the_paper_keep_the_round_shut(world):
    world.configure(sections=[{"q": 2, "s": 120}, {"q": 3, "s": 180}], time_limit_seconds=300)
    items = {item.code: item for item in quiz_readiness(world.round, world.now)}
    assert not items["quiz_sections"].ok
    with pytest.raises(SectionsDiffer):
        world.open()
    world.configure(sections=TWO)
    items = {item.code: item for item in quiz_readiness(world.round, world.now)}
    assert items["quiz_sections"].ok


def test_a_round_without_sections_keeps_none(opened):
    attempt = opened.start(opened.cast.minh)
    assert opened.attempt(attempt).sections is None
    assert db.session.query(Attempt).filter(Attempt.sections.is_not(None)).count() == 0
    assert send(opened, opened.cast.minh, attempt, 1, 3, opened.now) is SaveCode.RECEIVED
    assert db.session.query(LedgerLine).count() == 1
