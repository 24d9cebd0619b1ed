"""Attempts a day and delays; pauses, later closes, and late answers that a decision counts."""

from datetime import UTC, datetime, timedelta

import pytest

from contest.accounts.models import Unit
from contest.contests.actions import annul_round
from contest.contests.models import Entry, Registration, Stage
from contest.contests.rules import ReasonMissing
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes import actions, queries
from contest.quizzes.actions.late import NothingLate, TooLateToCount
from contest.quizzes.actions.pauses import CloseNotAhead, PauseSpan, TooLateToMove
from contest.quizzes.models import LateEvidence, LateStart
from contest.quizzes.rules.timing import (
    RoundNotOpen,
    TooSoon,
    UsedUpToday,
    day_begins,
    length_of,
    paused_in,
)
from contest.quizzes.tasks import close_due
from tests.quizzes.conftest import make_world

MINUTE = timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("start", "end", "lost"),
    [
        (0, 15, 5),  # the pause lies inside
        (0, 12, 5),  # the attempt would have ended in the pause: its two minutes are left after it
        (13, 28, 2),  # it began in the pause
        (15, 30, 0),  # it began when the pause ended
        (0, 10, 0),  # it had ended when the pause began
    ],
)
def test_the_clock_of_an_attempt_stands_still_in_the_pause(now, start, end, lost):
    span = (now + 10 * MINUTE, now + 15 * MINUTE)
    assert length_of(paused_in(now + start * MINUTE, now + end * MINUTE, span)) == lost * MINUTE


@pytest.mark.parametrize(
    ("earlier", "lost"),
    [
        ([(10, 20)], 0),  # recorded twice
        ([(10, 15)], 5),  # the power comes back later than was thought
        ([(12, 14), (5, 11), (13, 17)], 4),
        ([(0, 10), (20, 30)], 10),  # they only touch
    ],
)
def test_a_pause_gives_only_what_no_pause_before_gave(now, earlier, lost):
    begun = [(now + start * MINUTE, now + end * MINUTE) for start, end in earlier]
    span = (now + 10 * MINUTE, now + 20 * MINUTE)
    assert length_of(paused_in(now, now + 40 * MINUTE, span, begun)) == lost * MINUTE


def test_a_day_begins_at_local_midnight():
    # 17:00 UTC is midnight in Hà Nội.
    midnight = datetime(2026, 9, 2, 17, 0, tzinfo=UTC)
    assert day_begins(midnight) == midnight
    assert day_begins(midnight - MOMENT) == midnight - timedelta(days=1)


def test_one_attempt_a_day_until_midnight(world):
    world.configure(attempts_allowed=7, attempts_per_day=1)
    world.open()
    minh = world.cast.minh
    first = world.start(minh)
    world.submit(minh, first, world.now + MINUTE)
    midnight = day_begins(world.now) + timedelta(days=1)
    with pytest.raises(UsedUpToday):
        world.start(minh, midnight - MOMENT)
    assert world.start(minh, midnight).is_new


def test_the_delay_runs_from_the_end_of_the_last_attempt(world):
    world.configure(attempts_allowed=None, attempt_delay_seconds=600)
    world.open()
    minh = world.cast.minh
    first = world.start(minh)
    ended = world.now + 3 * MINUTE
    world.submit(minh, first, ended)
    with pytest.raises(TooSoon):
        world.start(minh, ended + 10 * MINUTE - MOMENT)
    assert world.start(minh, ended + 10 * MINUTE).is_new


def pause(world, from_minute, until_minute, reason="Mất điện"):
    actor = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        return actions.pause_unit(
            contest_round=world.round,
            unit=db.session.get(Unit, world.cast.ward.id),
            from_at=world.now + from_minute * MINUTE,
            until_at=world.now + until_minute * MINUTE,
            reason=reason,
            actor=actor,
            now=world.now + 6 * MINUTE,
        ).attempts


def test_a_pause_gives_time_back_in_the_branch_alone(opened):
    mine, other = opened.start(opened.cast.minh), opened.start(opened.cast.an)
    before, foreign = opened.attempt(mine), opened.attempt(other).deadline_at
    deadline, grace = before.deadline_at, before.grace_until
    assert pause(opened, 5, 25) == 1
    after = opened.attempt(mine)
    # Ten minutes were left when the power went, and ten are left when it is back.
    assert after.deadline_at == opened.now + 35 * MINUTE
    assert after.deadline_at - deadline == after.grace_until - grace == 20 * MINUTE
    assert opened.attempt(other).deadline_at == foreign


def test_the_clock_stands_for_who_was_at_work_and_runs_for_who_begins_in_the_pause(opened):
    minh, cuc = opened.cast.minh, opened.cast.cuc
    mine = opened.start(minh)
    assert pause(opened, 5, 25) == 1
    later = opened.start(cuc, opened.now + 8 * MINUTE)
    moment = opened.now + 9 * MINUTE
    stands, runs = (
        queries.own_sitting(person.id, each.public_id).clock_at(moment)
        for person, each in ((minh, mine), (cuc, later))
    )
    assert stands == opened.now + 25 * MINUTE
    assert runs == moment


def test_a_pause_that_lasts_longer_is_recorded_again_and_gives_the_rest(opened):
    mine = opened.start(opened.cast.minh)
    assert [pause(opened, 5, until) for until in (25, 40, 40)] == [1, 1, 0]
    assert opened.attempt(mine).deadline_at == opened.now + 50 * MINUTE


@pytest.mark.parametrize(
    ("ends_of_pauses", "submitted", "worked"),
    [
        ((25,), 30, 10),  # five minutes before the power went, five after it
        ((25, 40), 45, 10),  # the pause was recorded again with a later end
        ((25,), 12, 5),  # handed in on what was left of the battery: its clock stood already
        ((25,), 5, 5),
        ((25,), 90, 15),  # closed by the server at the end that the pause has moved
    ],
)
def test_a_pause_is_no_working_time(opened, ends_of_pauses, submitted, worked):
    minh = opened.cast.minh
    mine = opened.start(minh)
    for until in ends_of_pauses:
        pause(opened, 5, until)
    opened.submit(minh, mine, opened.now + submitted * MINUTE)
    assert opened.attempt(mine).working_ms == worked * 60_000


def test_who_was_paused_does_not_stand_behind_who_was_as_fast(opened):
    """Both worked ten minutes; An of another ward had light all the time."""
    minh, an = opened.cast.minh, opened.cast.an
    mine, other = opened.start(minh), opened.start(an)
    pause(opened, 5, 25)
    opened.submit(an, other, opened.now + 10 * MINUTE)
    opened.submit(minh, mine, opened.now + 30 * MINUTE)
    assert opened.attempt(mine).working_ms == opened.attempt(other).working_ms == 10 * 60_000


def test_a_pause_backwards_or_without_a_reason_is_refused(opened):
    with pytest.raises(PauseSpan):
        pause(opened, 5, 5)
    with pytest.raises(PauseSpan):
        pause(opened, 0, 24 * 60 + 1)
    with pytest.raises(ReasonMissing):
        pause(opened, 0, 5, " ")


def move(world, closes_at):
    actor = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        entry = queries.entry_by_code(world.contest_id, "MINH0001")
        actions.move_close(
            contest_round=world.round,
            entry=entry,
            closes_at=closes_at,
            reason="Đi công tác biển đảo",
            actor=actor,
            now=world.now,
        )


def test_a_later_close_lets_one_person_in_when_the_round_has_closed(opened):
    close = opened.round.closes_at
    with pytest.raises(CloseNotAhead):
        move(opened, close)
    with pytest.raises(CloseNotAhead):
        move(opened, opened.now)
    move(opened, close + timedelta(days=1))
    with unit_of_work():
        opened.round.stage = Stage.CLOSED
    with pytest.raises(RoundNotOpen):
        opened.start(opened.cast.an, close + MINUTE)
    assert opened.start(opened.cast.minh, close + MINUTE).is_new


def test_the_later_close_is_a_border_like_every_close(opened):
    later = opened.round.closes_at + timedelta(days=1)
    move(opened, later)
    with pytest.raises(RoundNotOpen):
        opened.start(opened.cast.minh, later)
    assert opened.start(opened.cast.minh, later - MOMENT).is_new


def offer(world, person, at):
    registration = db.session.query(Registration).filter_by(person_id=person.id).one()
    return queries.start_offer(world.quiz, world.round, registration, at)


def test_an_earlier_close_holds_for_starts_alone(opened):
    """The attempt that runs keeps its time; the next one is refused to Minh, not to An."""
    minh = opened.cast.minh
    running = opened.start(minh)
    deadline = opened.attempt(running).deadline_at
    earlier = opened.now + 10 * MINUTE
    move(opened, earlier)
    assert opened.attempt(running).deadline_at == deadline
    opened.submit(minh, running, at=earlier - MINUTE)
    with pytest.raises(RoundNotOpen):
        opened.start(minh, earlier)
    assert opened.start(opened.cast.an, earlier).is_new
    assert offer(opened, minh, earlier).refusal == RoundNotOpen.message
    assert offer(opened, minh, earlier).moved_close == earlier


def test_a_later_close_gives_a_cut_attempt_its_time_back(world):
    world.configure(late_start=LateStart.CUT_AT_CLOSE)
    world.open()
    close = world.round.closes_at
    mine = world.start(world.cast.minh, close - 5 * MINUTE)
    other = world.start(world.cast.an, close - 5 * MINUTE)
    assert world.attempt(mine).deadline_at == close
    move(world, close + 4 * MINUTE)
    assert world.attempt(mine).deadline_at == close + 4 * MINUTE
    move(world, close + timedelta(days=1))
    assert world.attempt(mine).deadline_at == close + 10 * MINUTE  # the whole 15 minutes
    assert world.attempt(other).deadline_at == close
    told = offer(world, world.cast.minh, close + MINUTE)
    assert (told.moved_close, told.is_cut) == (close + timedelta(days=1), False)


def late_story(world):
    """Minh's first answer came in time, two right ones after the grace."""
    minh = world.cast.minh
    attempt = world.start(minh)
    world.save(minh, attempt, 1, 0, [world.right(attempt, 0)])
    over = world.attempt(attempt).grace_until + MINUTE
    for slot in (1, 2):
        outcome = world.save(minh, attempt, slot + 1, slot, [world.right(attempt, slot)], at=over)
        assert outcome.code is actions.SaveCode.TOO_LATE
    end_read()
    close_due(over)
    return attempt


def count(world, reason="Đường truyền đứt"):
    actor = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        entry = queries.entry_by_code(world.contest_id, "MINH0001")
        return actions.count_late(
            contest_round=world.round, entry=entry, reason=reason, actor=actor, now=world.now
        ).changed


def test_late_answers_count_by_a_decision_whose_effect_is_shown_first(opened):
    attempt = late_story(opened)
    before = opened.attempt(attempt)
    digest = before.answers_digest
    assert before.correct_count == 1
    unit = db.session.get(Unit, opened.cast.school.id)
    (effect,) = actions.late_effects(contest_round=opened.round, unit=unit)
    assert (effect.lines, effect.old_correct, effect.new_correct) == (2, 1, 3)
    assert opened.attempt(attempt).correct_count == 1  # looking changes nothing
    assert count(opened) == 1
    after = opened.attempt(attempt)
    assert (after.correct_count, len(after.answers)) == (3, 3)
    assert after.answers_digest != digest
    assert all(each.ruling_id for each in db.session.query(LateEvidence))
    with pytest.raises(NothingLate):
        count(opened)


def test_late_answers_of_another_unit_stay_uncounted(opened):
    late_story(opened)
    unit = db.session.get(Unit, opened.cast.other_school.id)
    assert actions.late_effects(contest_round=opened.round, unit=unit) == []


def test_a_decided_round_takes_no_late_answers(opened):
    late_story(opened)
    with unit_of_work():
        opened.round.stage = Stage.DECIDED
    with pytest.raises(TooLateToCount):
        count(opened)


def test_the_organiser_counts_late_answers_on_the_page(app, cast, signed_in):
    with app.app_context():
        world = make_world(app, cast, utc_now() - timedelta(hours=1))
        world.open()
        late_story(world)
    lan = signed_in(cast.lan)
    here = "/organise/contests/tim-hieu/rounds/1/late-answers"
    school = world.cast.school.public_id
    fields = {"whose": "unit", "unit": school, "reason": "Đường truyền đứt"}
    looked = lan.submit(here, fields | {"go": "look"}, action="/late-answers")
    assert looked.status_code == 200
    assert "MINH0001" in looked.text
    done = lan.submit(here, fields | {"go": "count"}, action="/late-answers")
    assert done.status_code in {302, 303}
    assert "Đường truyền đứt" in lan.get(here).text
    for page in ("pause", "later-close"):
        assert lan.get(here.replace("late-answers", page)).status_code == 200
    with app.app_context():
        assert db.session.query(Entry).count() == 3


def test_in_an_annulled_round_nobody_begins_whatever_was_decided_before(opened):
    minh, lan = opened.cast.minh, opened.actor(opened.cast.lan)
    end_read()
    with unit_of_work():
        actions.move_close(
            contest_round=opened.round,
            entry=queries.entry_by_code(opened.contest_id, "MINH0001"),
            closes_at=opened.round.closes_at + timedelta(days=1),
            reason="Mất mạng",
            actor=lan,
            now=opened.now,
        )
    end_read()
    with unit_of_work():
        annul_round(round=opened.round, reason="Lộ đề", actor=lan, now=opened.now)
    with pytest.raises(RoundNotOpen):
        opened.start(minh)
    with unit_of_work(), pytest.raises(TooLateToMove):
        actions.move_close(
            contest_round=opened.round,
            unit=db.session.merge(opened.cast.school),
            closes_at=opened.round.closes_at + timedelta(days=2),
            reason="Mất mạng",
            actor=lan,
            now=opened.now,
        )
