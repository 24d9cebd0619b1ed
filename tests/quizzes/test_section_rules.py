"""Sections with times of their own: how an attempt is divided, and what moves its parts. Pure."""

from datetime import UTC, datetime, timedelta

import pytest

from contest.quizzes.rules.sections import (
    Section,
    SectionsWrong,
    after_pause,
    checked_sections,
    left_behind,
    place_at,
    read_sections,
    read_spans,
    shares,
    spans_of,
    with_more,
    write_sections,
    write_spans,
)

START = datetime(2026, 11, 23, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)
GRACE = timedelta(seconds=60)
SECTIONS = (Section(2, 120), Section(1, 60), Section(3, 300))


def at(minutes):
    return START + minutes * MINUTE


def spans(*, available=8, sections=SECTIONS, slots=7):
    return spans_of(sections, slots, started_at=START, deadline_at=at(available), grace=GRACE)


def ends(found):
    return [(each.ends_at - START) / MINUTE for each in found]


def begins(found):
    return [(each.begins_at - START) / MINUTE for each in found]


def test_the_last_section_takes_the_prediction_too():
    found = spans()
    assert [(each.first, each.last) for each in found] == [(0, 1), (2, 2), (3, 6)]
    assert begins(found) == [0, 2, 3]
    assert ends(found) == [2, 3, 8]
    assert [each.until - each.ends_at for each in found] == [GRACE] * 3


def test_less_time_and_more_time_are_shared_by_all():
    """A close that cuts, and extra time known before the start."""
    assert ends(spans(available=4)) == [1, 1.5, 4]
    assert ends(spans(available=16)) == [4, 6, 16]


@pytest.mark.parametrize("whole", [0, 1, 7, 480_000_001])
def test_no_microsecond_is_lost_in_sharing(whole):
    parts = shares(timedelta(microseconds=whole), [120, 60, 300])
    assert sum(parts, timedelta()) == timedelta(microseconds=whole)
    assert all(part >= timedelta() for part in parts)


def test_at_the_end_of_a_section_the_next_has_begun():
    found = spans()
    assert place_at(found, START) == 0
    assert place_at(found, at(2) - TICK) == 0
    assert place_at(found, at(2)) == 1
    assert place_at(found, at(3)) == 2
    assert place_at(found, at(8) - TICK) == 2
    assert place_at(found, at(8)) == 2  # the grace belongs to the last
    assert place_at(found, at(99)) == 2


def test_going_on_begins_the_next_at_once_and_loses_what_was_left_over():
    found = left_behind(spans(), at(0.5))
    assert begins(found) == [0, 0.5, 1.5]
    assert ends(found) == [0.5, 1.5, 6.5]
    assert found[0].until == at(0.5) - TICK  # an answer at that very instant comes too late
    assert found[0].is_left
    assert place_at(found, at(0.5)) == 1
    assert found[2].until == found[2].ends_at + GRACE


def test_the_last_section_is_not_left():
    found = spans()
    assert left_behind(found, at(5)) == found


def test_extra_time_reaches_the_sections_that_have_not_ended():
    found = with_more(spans(), 6 * MINUTE, at(2.5))
    assert ends(found) == [2, 4, 14]  # one and five of six minutes
    assert begins(found) == [0, 2, 4]
    assert [each.until - each.ends_at for each in found] == [GRACE] * 3


def test_extra_time_in_the_grace_opens_the_last_section_again():
    found = with_more(spans(), 2 * MINUTE, at(8.5))
    assert ends(found) == [2, 3, 10]
    assert place_at(found, at(8.5)) == 2


def test_a_pause_opens_what_it_swallowed():
    """The power went in the first section and came back in the third."""
    found = after_pause(spans(), at(1), 4 * MINUTE)
    assert begins(found) == [0, 6, 7]
    assert ends(found) == [6, 7, 12]
    assert place_at(found, at(5)) == 0


def test_a_pause_of_the_present_section_leaves_the_earlier_ones():
    found = after_pause(spans(), at(2), MINUTE)
    assert begins(found) == [0, 2, 4]
    assert ends(found) == [2, 4, 9]


def test_what_was_left_stays_left_in_a_pause():
    found = after_pause(left_behind(spans(), at(1.5)), at(1), 2 * MINUTE)
    assert begins(found) == [0, 1.5, 4.5]
    assert ends(found) == [1.5, 4.5, 9.5]
    assert place_at(found, at(4)) == 1


def test_they_are_kept_as_json_to_the_microsecond():
    found = left_behind(spans(), at(0.5) + TICK)
    assert read_spans(write_spans(found)) == found
    assert read_spans(None) == ()
    assert read_sections(write_sections(SECTIONS)) == SECTIONS
    assert write_sections(()) is None


@pytest.mark.parametrize(
    "wrong",
    [
        (Section(5, 300),),
        (Section(0, 300), Section(5, 300)),
        (Section(1, 29), Section(5, 300)),
        (Section(1, 86_400), Section(1, 30)),
        (Section(1, 60),) * 9,
    ],
)
def test_one_an_empty_a_short_a_day_long_or_nine_sections_are_none(wrong):
    with pytest.raises(SectionsWrong):
        checked_sections(wrong)


def test_none_or_two_are_right():
    assert checked_sections(()) == ()
    two = (Section(1, 30), Section(1, 86_370))
    assert checked_sections(two) == two
