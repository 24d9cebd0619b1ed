"""Prizes in a report: of rounds and totals, of people and units, once, and none before its time."""

from datetime import timedelta

import pytest

from contest.awards.queries.commendations import unit_book
from contest.contests.actions import annul_round
from contest.reports.queries.counting import local_day
from contest.reports.queries.facts import successions
from contest.reports.queries.prizes import prizes
from contest.reports.rules.branches import Branches, TreeView
from contest.reports.rules.periods import Period
from contest.results import queries
from contest.results.actions import ExtraValues, set_extra_prizes
from contest.results.models import Measure
from tests.results.test_overall_prizes import added_up, decide, go_public

DAY = timedelta(days=1)
BESIDE = (
    ExtraValues(Measure.PERSONS, "Giải Nhất tập thể", 1, 5_000_000),
    ExtraValues(Measure.YOUNGEST, "Thí sinh nhỏ tuổi nhất", 1, 500_000),
)


def counted(story, unit, period):
    """Prizes of the contest that a unit's report counts."""
    branches = Branches(unit_book(), successions(), root_id=unit.id, view=TreeView.THEN)
    return prizes(branches, period).get(story.contest.id, 0)


def of_rounds(*rounds):
    return sum(len(queries.awards_of(queries.latest_allocation(each).id)) for each in rounds)


@pytest.mark.usefixtures("context")
def test_prizes_over_totals_count_once_they_are_published_in_the_period_of_the_last_round(now):
    story, second = added_up(now)
    set_extra_prizes(over=story.contest, prizes=BESIDE, actor=story.organiser, now=now)
    opened = [local_day(each.opened_at or each.opens_at) for each in (story.round, second)]
    season = Period(opened[0], opened[1])
    cast = story.cast
    before = counted(story, cast.province, season)
    decide(story, now)
    assert counted(story, cast.province, season) == before  # decided, and nobody knows yet
    go_public(story, now)
    # K'Brỏih first, Tường Vi and Bảo Trân third; a ward's prize and the youngest one's beside.
    assert counted(story, cast.province, season) == before + 5
    assert (
        counted(story, cast.other_province, season) == 1 + of_rounds(story.round, second) - before
    )
    assert counted(story, cast.province, Period(opened[0], opened[1] - DAY)) < before
    # Decided anew: what was published stands until the new decision is.
    decide(story, now, reason="Ghi lại lý do")
    assert counted(story, cast.province, season) == before + 5


@pytest.mark.usefixtures("context")
def test_prizes_of_a_round_that_was_annulled_count_no_longer(now):
    story, second = added_up(now)
    opened = [local_day(each.opened_at or each.opens_at) for each in (story.round, second)]
    season = Period(opened[0], opened[1])
    units = (story.cast.province, story.cast.other_province)

    def told():
        return sum(counted(story, unit, season) for unit in units)

    assert told() == of_rounds(story.round, second)
    annul_round(round=second, reason="Lộ đề", actor=story.organiser, now=now)
    assert told() == of_rounds(story.round)
