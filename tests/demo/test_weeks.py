"""At whatever hour the demo is seeded, one week of its quiz is open and stays so for a day."""

from datetime import UTC, datetime, timedelta

import pytest

from contest.core.clock import LOCAL_ZONE
from contest.demo.story import last_opening
from contest.demo.story.weeks import WEEK

MONDAY = datetime(2026, 11, 23, tzinfo=LOCAL_ZONE)


@pytest.mark.parametrize("hours", range(0, 7 * 24, 1))
def test_a_week_is_open_at_every_hour(hours):
    now = (MONDAY + timedelta(hours=hours, minutes=30)).astimezone(UTC)
    opening = last_opening(now)
    assert opening + timedelta(hours=2) <= now <= opening + WEEK - timedelta(hours=25)
    assert opening.astimezone(LOCAL_ZONE).hour == 10


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MONDAY + timedelta(hours=12), MONDAY + timedelta(hours=10)),
        (MONDAY + timedelta(hours=12, microseconds=-1), MONDAY - timedelta(days=4, hours=-10)),
        (MONDAY - timedelta(hours=15), MONDAY - timedelta(days=7, hours=-10)),
        (
            MONDAY + timedelta(hours=9, microseconds=1) - timedelta(days=1),
            MONDAY - timedelta(days=4, hours=-10),
        ),
    ],
    ids=["monday noon", "just before", "sunday nine", "just after"],
)
def test_on_sundays_and_monday_mornings_the_week_began_on_a_thursday(now, expected):
    assert last_opening(now) == expected
