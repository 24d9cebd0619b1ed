"""Every border of time in the rules: at the instant itself, and a microsecond to either side."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from contest.contests.models import Stage
from contest.contests.rules import Phase
from contest.quizzes.models import LateStart
from contest.quizzes.queries.offers import own_phase
from contest.quizzes.rules.timing import (
    AttemptPhase,
    AttemptsUsedUp,
    Held,
    Limits,
    NoTimeLeft,
    RoundNotOpen,
    TooSoon,
    UsedUpToday,
    check_pace,
    check_start,
    day_begins,
    length_of,
    limits,
    next_start_at,
    paused_in,
    phase_at,
    working_ms,
)

TICK = timedelta(microseconds=1)
NONE = timedelta(0)
MINUTE = timedelta(minutes=1)
OPENS = datetime(2026, 11, 23, 3, tzinfo=UTC)  # Monday 10:00 in Vietnam
CLOSES = datetime(2026, 11, 30, 2, tzinfo=UTC)  # Monday 9:00
MIDNIGHT = datetime(2026, 11, 23, 17, tzinfo=UTC)  # the local one that ends the Monday
FULL, CUT = LateStart.FULL_TIME, LateStart.CUT_AT_CLOSE


def terms(**changes):
    """The terms that a start looks at."""
    usual = {"attempts_allowed": None, "attempts_per_day": None, "attempt_delay_seconds": 0}
    return SimpleNamespace(**{**usual, "frozen_at": OPENS, **changes})


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (OPENS - TICK, Phase.BEFORE),
        (CLOSES - TICK, Phase.OPEN),
        (CLOSES, Phase.OVER),
        (CLOSES + TICK, Phase.OVER),
    ],
)
def test_the_window_of_everybody(now, phase):
    stage = Stage.PLANNED if now < OPENS else Stage.OPEN
    assert own_phase(stage, OPENS, CLOSES, None, now) is phase


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.CLOSED])
@pytest.mark.parametrize(
    ("moved", "now", "phase"),
    [
        (CLOSES + MINUTE, CLOSES, Phase.OPEN),
        (CLOSES + MINUTE, CLOSES + MINUTE - TICK, Phase.OPEN),
        (CLOSES + MINUTE, CLOSES + MINUTE, Phase.OVER),
        (CLOSES - MINUTE, CLOSES - MINUTE - TICK, Phase.OPEN),
        (CLOSES - MINUTE, CLOSES - MINUTE, Phase.OVER),
    ],
)
def test_a_close_of_ones_own(stage, moved, now, phase):
    assert own_phase(stage, OPENS, CLOSES, moved, now) is phase


@pytest.mark.parametrize("stage", [Stage.MARKING, Stage.DECIDED, Stage.PUBLISHED])
def test_a_close_of_ones_own_ends_with_the_marking(stage):
    assert own_phase(stage, OPENS, CLOSES, CLOSES + MINUTE, CLOSES) is Phase.OVER


def end(started_at, late_start, *, extra=NONE):
    return limits(
        started_at=started_at,
        time_limit=15 * MINUTE,
        extra=extra,
        grace=MINUTE,
        late_start=late_start,
        closes_at=CLOSES,
    )


@pytest.mark.parametrize(
    ("before", "late_start", "available", "is_cut"),
    [
        (15 * MINUTE + TICK, CUT, 15 * MINUTE, False),
        (15 * MINUTE, CUT, 15 * MINUTE, False),
        (15 * MINUTE - TICK, CUT, 15 * MINUTE - TICK, True),
        (TICK, CUT, TICK, True),
        (NONE, CUT, NONE, True),
        (TICK, FULL, 15 * MINUTE, False),
        (NONE, FULL, 15 * MINUTE, False),
    ],
)
def test_the_time_really_available_before_the_close(before, late_start, available, is_cut):
    started = CLOSES - before
    found = end(started, late_start)
    assert found.available(started) == available
    assert found.is_cut is is_cut
    assert found.grace_until - found.deadline_at == MINUTE


def test_extra_time_comes_after_the_cut():
    found = end(CLOSES - MINUTE, CUT, extra=5 * MINUTE)
    assert found.deadline_at == CLOSES + 5 * MINUTE
    assert found.available(CLOSES - MINUTE) == 6 * MINUTE
    assert found.available(CLOSES + 6 * MINUTE) == NONE


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (CLOSES - TICK, AttemptPhase.RUNNING),
        (CLOSES, AttemptPhase.RUNNING),
        (CLOSES + TICK, AttemptPhase.GRACE),
        (CLOSES + MINUTE, AttemptPhase.GRACE),
        (CLOSES + MINUTE + TICK, AttemptPhase.OVERDUE),
    ],
)
def test_deadline_and_grace_belong_to_the_attempt(now, phase):
    assert phase_at(None, CLOSES, CLOSES + MINUTE, now) is phase
    assert phase_at(now, CLOSES, CLOSES + MINUTE, now) is AttemptPhase.ENDED


def test_without_grace_the_deadline_is_the_last_instant():
    assert phase_at(None, CLOSES, CLOSES, CLOSES) is AttemptPhase.RUNNING
    assert phase_at(None, CLOSES, CLOSES, CLOSES + TICK) is AttemptPhase.OVERDUE


def test_a_day_begins_at_the_local_midnight():
    assert day_begins(MIDNIGHT) == MIDNIGHT
    assert day_begins(MIDNIGHT - TICK) == MIDNIGHT - timedelta(days=1)
    assert day_begins(MIDNIGHT + timedelta(days=1) - TICK) == MIDNIGHT


@pytest.mark.parametrize(
    ("started", "now", "refusal"),
    [
        (MIDNIGHT - TICK, MIDNIGHT, None),  # yesterday's last microsecond
        (MIDNIGHT - 2 * TICK, MIDNIGHT - TICK, UsedUpToday),
        (MIDNIGHT, MIDNIGHT, UsedUpToday),
        (MIDNIGHT, MIDNIGHT + timedelta(days=1) - TICK, UsedUpToday),
        (MIDNIGHT, MIDNIGHT + timedelta(days=1), None),
    ],
)
def test_attempts_of_a_day_count_by_their_start(started, now, refusal):
    once = terms(attempts_per_day=1)
    held = [Held(started, started + 20 * MINUTE)]  # it may end on the next day
    if refusal is None:
        check_pace(once, held, now)
    else:
        with pytest.raises(refusal):
            check_pace(once, held, now)


def test_the_delay_runs_from_the_last_end_and_its_end_is_free():
    slow = terms(attempt_delay_seconds=3_600)
    held = [Held(OPENS, OPENS + MINUTE), Held(OPENS + 2 * MINUTE, OPENS + 9 * MINUTE)]
    at = OPENS + 69 * MINUTE
    assert next_start_at(slow, held) == at
    with pytest.raises(TooSoon):
        check_pace(slow, held, at - TICK)
    check_pace(slow, held, at)
    assert next_start_at(slow, []) is None
    assert next_start_at(slow, [Held(OPENS, None)]) is None
    assert next_start_at(terms(), held) is None


def start(changes, *, phase=Phase.OPEN, held=(), left=MINUTE):
    found = Limits(OPENS + left, OPENS + left + MINUTE, is_cut=False)
    check_start(terms(**changes), phase, held=held, found=found, now=OPENS)


def test_what_refuses_a_start():
    past = [Held(OPENS - 2 * MINUTE, OPENS - MINUTE)]
    start({"attempts_allowed": 2}, held=past)
    start({}, held=past * 500)  # unlimited
    with pytest.raises(AttemptsUsedUp):
        start({"attempts_allowed": 1}, held=past)
    for phase in set(Phase) - {Phase.OPEN}:
        with pytest.raises(RoundNotOpen):
            start({}, phase=phase)
    with pytest.raises(RoundNotOpen):
        start({"frozen_at": None})
    start({}, left=TICK)
    with pytest.raises(NoTimeLeft):
        start({}, left=NONE)


@pytest.mark.parametrize(
    ("pause", "lost"),
    [
        ((-9, 0), 0),  # it ended when the attempt began
        ((15, 20), 0),  # it began when the attempt ended
        ((0, 15), 15),
        ((-5, 30), 30),  # all fifteen minutes are left after it
        ((5, 7), 2),
        ((14, 99), 85),  # one minute is left after it
    ],
)
def test_what_was_left_before_a_pause_is_left_after_it(pause, lost):
    from_at, until_at = (OPENS + each * MINUTE for each in pause)
    ends = OPENS + 15 * MINUTE
    assert length_of(paused_in(OPENS, ends, (from_at, until_at))) == lost * MINUTE
    if lost:
        assert length_of(paused_in(OPENS, ends, (from_at, until_at + TICK))) == lost * MINUTE + TICK
        assert ends + lost * MINUTE - until_at == ends - max(OPENS, from_at)


@pytest.mark.parametrize(("micros", "ms"), [(0, 0), (999, 0), (1_000, 1), (1_999, 1)])
def test_working_time_is_cut_to_whole_milliseconds(micros, ms):
    assert working_ms(OPENS, OPENS + timedelta(microseconds=micros)) == ms
