"""What became of a unit since: said in one line beside what was published as it was then."""

from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from contest.accounts.actions import create_unit
from contest.accounts.actions.units import end_unit, merge_unit
from contest.accounts.models import Unit, UnitKind, UnitTree
from contest.accounts.queries import unit_fates
from contest.accounts.rules.unit_fates import UnitFate
from contest.core.clock import LOCAL_ZONE, utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.results.actions import (
    ExtraValues,
    decide_prizes,
    make_rank_run,
    publish,
    set_extra_prizes,
    set_unit_terms,
)
from contest.results.models import Measure
from contest.results.rules.unit_standings import StandingTerms, UnitKey
from tests.results.stories import TAKERS, closed_round
from tests.support.cast import sign_in_as

VIETNAMESE, ENGLISH = {"Accept-Language": "vi"}, {"Accept-Language": "en"}
RESULTS = "/contests/tim-hieu-2026/results/1"
BOARD = "/organise/contests/tim-hieu-2026/rounds/1/units"
WARD = "Phường Xuân Hương"


def new_unit(name, code, parent, now):
    return create_unit(
        code=code,
        name=name,
        kind=UnitKind.ADMINISTRATIVE,
        tree=UnitTree.ADMINISTRATIVE,
        parent=parent,
        actor=None,
        now=now,
    )


def merge(story, unit, into, on, now):
    merge_unit(
        unit=db.session.get_one(Unit, unit.id),
        into=db.session.get_one(Unit, into.id),
        on=on,
        decision="12-NQ/HĐND",
        actor=story.organiser,
        now=now,
    )


@pytest.fixture
def story(app):
    """The ward has the unit prize; nothing has become of it yet."""
    with app.app_context(), unit_of_work():
        now = utc_now()
        story = closed_round(now, [replace(one, submitted=n) for n, one in enumerate(TAKERS)])
        lan, prize = (
            story.organiser,
            ExtraValues(Measure.PERSONS, "Giải Nhất tập thể", 1, 5_000_000),
        )
        set_extra_prizes(over=story.round, prizes=[prize], actor=lan, now=now)
        terms = StandingTerms((UnitKey.PERSONS, UnitKey.MEAN))
        set_unit_terms(contest=story.contest, terms=terms, actor=lan, now=now)
        make_rank_run(round=story.round, actor=lan, now=now)
        decide_prizes(over=story.round, actor=lan, now=now)
        publish(over=story.round, decision_number="", decided_on=None, actor=lan, now=now)
        return story


def said(client, path, headers=VIETNAMESE):
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_where_the_unit_went_stands_beside_its_prize_its_place_and_on_its_peoples_page(
    app, client, new_client, story
):
    before = client.get(RESULTS, headers=VIETNAMESE)
    assert "nay thuộc" not in before.text
    with app.app_context(), unit_of_work():
        now = utc_now()
        province = db.session.get_one(Unit, story.cast.province.id)
        new = new_unit("Phường Lang Biang – Đà Lạt", "LBDL", province, now)
        merge(
            story, story.cast.ward, new, now.astimezone(LOCAL_ZONE).date() - timedelta(days=2), now
        )
    line = "nay thuộc Phường Lang Biang – Đà Lạt"
    after = client.get(RESULTS, headers=VIETNAMESE | {"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    # The unit prize, and the participation by unit; the publication stands as then.
    page = unescape(after.text)
    assert (page.count(line), page.count(WARD) > 0) == (2, True)
    assert said(client, f"{RESULTS}/units").count(line) == 1
    assert "now part of Phường Lang Biang – Đà Lạt" in said(client, RESULTS, ENGLISH)
    organiser = new_client()
    sign_in_as(organiser, story.cast.lan)
    assert said(organiser, BOARD).count(line) == 1
    assert line not in said(organiser, f"{BOARD}?view=now")
    winner = new_client()
    sign_in_as(winner, story.persons["K'Brỏih"])
    assert f"({WARD}: {line})" in said(winner, f"{RESULTS}/mine")


@pytest.mark.usefixtures("context")
def test_it_is_followed_to_the_end_and_names_are_not_mistaken(now):
    story = closed_round(now)
    today, province = date(2026, 9, 2), story.cast.province
    path = (WARD, province.name)
    assert unit_fates([path, (), ("Không có đơn vị này",)], today) == {}
    second = new_unit("Phường Hai", "P2", province, now)
    third, fourth = (new_unit(f"Phường Mới {n}", f"PM{n}", province, now) for n in (1, 2))
    merge(story, story.cast.ward, second, date(2026, 7, 1), now)
    assert unit_fates([path], today)[path].words == "nay thuộc Phường Hai"
    merge(story, second, third, date(2026, 8, 1), now)
    told = unit_fates([path, ("Trường của phường", *path), ("Phường Mới 1", province.name)], today)
    assert told == {
        one: UnitFate(("Phường Mới 1",), date(2026, 6, 30))
        for one in (path, ("Trường của phường", *path))
    }
    # Another unit that is called so today, elsewhere: only the whole path tells which is meant.
    new_unit(WARD, "XH2", fourth, now)
    assert unit_fates([path], today) == {path: told[path]}
    assert unit_fates([(WARD, "Phường Mới 2", province.name)], today) == {}
    end_unit(
        unit=db.session.get_one(Unit, third.id),
        last_day=date(2026, 8, 31),
        actor=story.organiser,
        now=now,
    )
    gone = ("Phường Mới 1", province.name)
    assert unit_fates([gone], today)[gone].words == "đã kết thúc hoạt động ngày 31/08/2026"


def test_a_divided_unit_names_all_that_follow_it():
    fate = UnitFate(("Phường A", "Phường B"), date(2026, 6, 30))
    assert "Phường A, Phường B" in fate.words
