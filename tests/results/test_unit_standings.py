"""Units in order: exact keys, shared places, reasons, mergers, and what is published of them."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from contest.accounts.actions import create_unit
from contest.accounts.models import Unit, UnitHeadcount, UnitKind, UnitSuccession, UnitTree
from contest.contests.actions import disqualify
from contest.contests.models import Entry, Round
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.spreadsheets import read_workbook
from contest.core.transactions import unit_of_work
from contest.results import queries
from contest.results.actions import (
    decide_prizes,
    keep_unit_sums,
    make_rank_run,
    publish,
    set_unit_terms,
)
from contest.results.rules.unit_standings import (
    Headcount,
    StandingTerms,
    UnitKey,
    UnitStanding,
    UnitSumLine,
    UnitView,
    Unplaced,
    above_each,
    deciding_key,
    gather_units,
    rank_units,
)
from tests.results.stories import TAKERS, closed_round
from tests.support.cast import sign_in_as

VIETNAMESE = {"Accept-Language": "vi"}
DAY = date(2026, 9, 1)
OWNER = (5, 1)


def unit(number, persons, *, attempts=None, points=0, winners=0, above=(20, 5, 1)):
    """A single unit below a district of the contest's own province."""
    chain = (number, *above)
    return UnitSumLine(
        chain,
        tuple(f"đơn vị {each}" for each in chain),
        persons,
        persons if attempts is None else attempts,
        persons,
        points * 10_000,
        winners,
    )


def standing(number, persons, **others):
    line = UnitStanding(number, (f"đơn vị {number}", "huyện"), persons, persons, persons, 0, 0)
    return replace(line, **others)


def test_single_units_are_gathered_at_the_chosen_level():
    lines = [unit(31, 4), unit(32, 6), unit(41, 5, above=(21, 5, 1))]
    districts = {one.unit_id: one.persons for one in gather_units(lines, OWNER, 1)}
    assert districts == {20: 10, 21: 5}
    communes = gather_units(lines, OWNER, 2)
    assert [one.unit_id for one in communes] == [31, 32, 41]
    assert communes[0].path == ("đơn vị 31", "đơn vị 20", "đơn vị 5", "đơn vị 1")


def test_who_belongs_to_the_district_itself_stands_for_it_among_communes():
    own = UnitSumLine((20, 5, 1), ("huyện", "tỉnh", "nước"), 2, 2, 2, 0)
    found = gather_units([unit(31, 4), own], OWNER, 2)
    assert [(one.unit_id, one.persons) for one in found] == [(31, 4), (20, 2)]


def test_people_of_other_organisations_count_below_their_topmost_unit():
    far = UnitSumLine((93, 92, 91), ("tổ", "phòng", "bộ"), 3, 3, 3, 0)
    assert [one.unit_id for one in gather_units([far], OWNER, 1)] == [92]


def test_equal_units_share_a_place_and_the_next_is_left_out():
    ranked = rank_units(
        [standing(1, 9), standing(2, 7), standing(3, 9), standing(4, 8)],
        StandingTerms((UnitKey.PERSONS,)),
        {},
    )
    assert [(one.unit_id, one.place) for one in ranked] == [(1, 1), (3, 1), (4, 3), (2, 4)]


def test_means_are_compared_as_exact_fractions():
    """Two thirds of a point and 0.6666 look alike, rounded; they are not the same."""
    ranked = rank_units(
        [
            standing(1, 1, entries=10_000, points=66_660_000),
            standing(2, 1, entries=3, points=20_000),
        ],
        StandingTerms((UnitKey.MEAN,)),
        {},
    )
    assert [one.unit_id for one in ranked] == [2, 1]
    assert ranked[0].mean == Fraction(2, 3)
    assert [one.place for one in ranked] == [1, 2]


def test_a_ratio_needs_a_head_count_and_a_minimum_keeps_tiny_units_out():
    heads = {1: Headcount(100, DAY), 2: Headcount(4, DAY)}
    ranked = rank_units(
        [standing(1, 50), standing(2, 4), standing(3, 80), standing(None, 5)],
        StandingTerms((UnitKey.RATIO,), fewest=10),
        heads,
    )
    assert [(one.unit_id, one.place, one.unplaced) for one in ranked] == [
        (1, 1, None),
        (3, None, Unplaced.NO_HEADCOUNT),
        (None, None, Unplaced.NO_UNIT),
        (2, None, Unplaced.TOO_SMALL),
    ]
    assert ranked[0].ratio == Fraction(1, 2)


def test_communes_have_a_place_within_their_district():
    ranked = rank_units(
        [
            standing(1, 9, path=("a", "huyện Đông")),
            standing(2, 8, path=("b", "huyện Tây")),
            standing(3, 7, path=("c", "huyện Tây")),
        ],
        StandingTerms((UnitKey.PERSONS,)),
        {},
    )
    assert [(one.place, one.within) for one in ranked] == [(1, 1), (2, 1), (3, 2)]


def test_the_first_key_that_differs_is_the_reason():
    keys = (UnitKey.PERSONS, UnitKey.ATTEMPTS, UnitKey.WINNERS)
    better, worse = standing(1, 9, attempts=12), standing(2, 9, attempts=11)
    assert deciding_key(worse, better, keys) is UnitKey.ATTEMPTS
    assert deciding_key(better, better, keys) is None
    ranked = rank_units([better, worse], StandingTerms(keys), {})
    assert above_each(ranked)[2].unit_id == 1


@pytest.mark.parametrize("level", [1, 2, 3])
def test_sums_are_the_same_at_every_level(level):
    lines = [unit(30 + number, number, winners=number % 3) for number in range(1, 20)]
    lines += [unit(60 + number, number, above=(21, 5, 1)) for number in range(1, 9)]
    gathered = gather_units(lines, OWNER, level)
    assert sum(one.persons for one in gathered) == sum(line.persons for line in lines)
    assert sum(one.winners for one in gathered) == sum(line.winners for line in lines)


# ── Stories on the database ────────────────────────────────────────────────────────────────────


ADDRESS = "/organise/contests/tim-hieu-2026/rounds/1/units"
KEYS = (UnitKey.PERSONS, UnitKey.MEAN)
FORM = {
    "first": "ratio",
    "second": "persons",
    "third": "",
    "fourth": "",
    "level": "1",
    "fewest": "",
    "with_staff": "y",
}


@pytest.fixture
def story(app):
    with app.app_context(), unit_of_work():
        return closed_round(utc_now())


def ranked(app, story, *, disqualified=None, terms=None):
    with app.app_context(), unit_of_work():
        now = utc_now()
        round = db.session.get_one(Round, story.round.id)
        if disqualified:
            entry = db.session.get_one(Entry, story.entries[disqualified].id)
            disqualify(round=round, entry=entry, reason="Thi hộ", actor=story.organiser, now=now)
        if terms:
            set_unit_terms(contest=round.contest, terms=terms, actor=None, now=now)
        make_rank_run(round=round, actor=story.organiser, now=now)


def table_of_round(story, **options):
    run = queries.latest_run(story.round.id)
    terms = queries.unit_terms(story.contest.id) or StandingTerms(KEYS)
    return queries.round_table(run, terms, **options)


def told(table):
    return [(one.path[:1], one.place, one.persons, one.points) for one in table.lines]


def test_the_disqualified_are_not_counted_and_kept_sums_say_the_same(app, story):
    ranked(app, story, disqualified="K'Brỏih", terms=StandingTerms(KEYS, level=2))
    with app.app_context(), unit_of_work():
        counted = told(table_of_round(story))
        keep_unit_sums(run=queries.latest_run(story.round.id))
    with app.app_context(), unit_of_work():
        assert told(table_of_round(story)) == counted
        keep_unit_sums(run=queries.latest_run(story.round.id))
        assert sum(persons for _path, _place, persons, _points in counted) == len(TAKERS) - 1
        assert ("Trường THCS Nguyễn Trãi",) in [path for path, *_rest in counted]


def test_units_that_merged_are_counted_as_now_in_the_new_one(app, story):
    ranked(app, story, terms=StandingTerms(KEYS))
    with app.app_context(), unit_of_work():
        cast = story.cast
        heir = create_unit(
            code="LS-MOI",
            name="Phường Lâm Viên",
            kind=UnitKind.ADMINISTRATIVE,
            tree=UnitTree.ADMINISTRATIVE,
            parent=db.session.get_one(Unit, cast.province.id),
            actor=None,
            now=utc_now(),
        )
        for old in (cast.ward, cast.school):
            db.session.add(UnitSuccession(from_unit_id=old.id, to_unit_id=heir.id, happened_on=DAY))
    with app.app_context(), unit_of_work():
        then = {one.path[0]: one.persons for one in table_of_round(story).lines}
        now = {one.path[0]: one.persons for one in table_of_round(story, view=UnitView.NOW).lines}
    assert now["Phường Lâm Viên"] == then["Phường Xuân Hương"]
    assert "Phường Xuân Hương" not in now
    assert sum(now.values()) == sum(then.values()) == len(TAKERS)


def test_a_ratio_uses_the_newest_head_count_before_the_day(app, story):
    ranked(app, story, terms=StandingTerms((UnitKey.RATIO,), counted_on=DAY))
    with app.app_context(), unit_of_work():
        ward = story.cast.ward.id
        for day, persons in ((date(2025, 1, 1), 40), (DAY, 50), (date(2026, 9, 2), 999)):
            db.session.add(UnitHeadcount(unit_id=ward, counted_on=day, persons=persons))
    with app.app_context(), unit_of_work():
        first = table_of_round(story).lines[0]
    assert (first.path[0], first.headcount, first.counted_on) == ("Phường Xuân Hương", 50, DAY)


def test_lan_chooses_the_rules_and_everybody_reads_the_published_order(app, client, story):
    ranked(app, story)
    sign_in_as(client, story.cast.lan)
    before = client.get(ADDRESS, headers=VIETNAMESE).text
    assert "Bạn chưa chọn cách xếp hạng" in before
    wrong = client.post(ADDRESS, data=FORM | {"second": "ratio"})
    assert wrong.status_code == 422
    kept = client.post(ADDRESS, data=FORM | {"first": "persons", "second": "mean"})
    assert kept.status_code == 302
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        now = utc_now()
        decide_prizes(over=round, actor=story.organiser, now=now)
        publish(
            over=round,
            decision_number="47-QĐ/BTC",
            decided_on=None,
            actor=story.organiser,
            now=now,
        )
    page = client.get("/contests/tim-hieu-2026/results/1/units", headers=VIETNAMESE).text
    assert "Đơn vị được xếp hạng theo" in page
    assert "Phường Xuân Hương" in page
    assert "; hạng 1: " in page
    book = client.get("/contests/tim-hieu-2026/results/1.xlsx")
    sheets = [sheet.name for sheet in read_workbook(book.data).sheets]
    assert "Xếp hạng đơn vị" in sheets
    lines = client.get(f"{ADDRESS}.csv").text.splitlines()
    assert lines[1].startswith("1,1,Phường Xuân Hương")


def test_others_find_nothing(client, story):
    sign_in_as(client, story.cast.bao)
    assert client.get(ADDRESS).status_code == 404
    sign_in_as(client, story.cast.minh)
    assert client.get(ADDRESS).status_code == 403
