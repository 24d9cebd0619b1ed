"""Weekly rounds from one template: their windows, before anything is written."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from contest.contests.models import Round
from contest.contests.rules.hours import instant_of
from contest.contests.rules.refusals import SeriesOverlaps, SeriesTooLong

MOST_WEEKS: Final = 60
WEEK: Final = timedelta(days=7)
_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class SeriesWindow:
    """The window of one round of a series.

    Attributes:
        number: of the round within the series, from 1.
        opens_at: first instant that belongs to it.
        closes_at: first instant that no longer does.
        marked_by: the end of its marking hour, when the next week's round may open.
    """

    number: int
    opens_at: datetime
    closes_at: datetime
    marked_by: datetime


def first_weekday(day: date, weekday: int) -> date:
    """The first day on or after `day` with a weekday (0 = Monday)."""
    return day + timedelta(days=(weekday - day.weekday()) % _DAYS)


def weekly_windows(
    *,
    first_day: date,
    weeks: int,
    opens_minute: int,
    closes_minute: int,
    weekday: int = 0,
    without: Collection[date] = (),
) -> list[SeriesWindow]:
    """Windows of weekly rounds: each opens on a weekday and closes a week later.

    Local time has no summer time, so that seven days are always a week. Between the close and the
    next opening lies the marking hour.

    Args:
        first_day: the first round opens on the first such weekday on or after it.
        weeks: how many rounds.
        opens_minute: minutes after local midnight at which each opens.
        closes_minute: minutes after local midnight of the day a week later at which it closes.
        weekday: 0 = Monday.
        without: days; a week that holds one of them is left out (Tết), and the series goes on
            after it with as many rounds.

    Raises:
        SeriesTooLong: fewer than 1 or more than 60 weeks.
        SeriesOverlaps: a round would close after the next one opens.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise SeriesTooLong
    if closes_minute > opens_minute:
        raise SeriesOverlaps
    monday = first_weekday(first_day, weekday)
    found: list[SeriesWindow] = []
    for _turn in range(weeks + len(without)):
        if len(found) == weeks:
            break
        following = monday + WEEK
        if not any(monday <= each < following for each in without):
            found.append(
                SeriesWindow(
                    len(found) + 1,
                    instant_of(monday, opens_minute),
                    instant_of(following, closes_minute),
                    instant_of(following, opens_minute),
                )
            )
        monday = following
    return found


def later_overlaps(round: Round) -> list[Round]:
    """The ranked rounds of its contest that open while this one still runs, by number.

    An extension may pass the opening of the next week; both then run side by side.
    """
    if round.opens_at is None or round.closes_at is None:
        return []
    return [
        each
        for each in round.contest.rounds
        if each.id != round.id
        and not each.is_practice
        and each.annulled_at is None
        and each.opens_at is not None
        and round.opens_at <= each.opens_at < round.closes_at
    ]
