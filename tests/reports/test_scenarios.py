"""The figures of five published reports, counted again from rows: lượt and người apart."""

from datetime import date

import pytest

from contest.accounts.queries import unit_by_code
from contest.core.transactions import unit_of_work
from contest.demo.scenarios import SCENARIOS, ScenarioThere, load
from contest.reports.models import Measure
from contest.reports.queries.facts import DatedBy
from contest.reports.queries.rows import rows_behind
from contest.reports.queries.season import Asked
from contest.reports.rules.periods import Period
from contest.reports.tasks import season_report_command

KEYS = [
    "contests",
    "persons",
    "attempts",
    "entries",
    "essays",
    "prizes",
    "subjects_honoured",
    "commendations",
    "leaders",
    "models",
]


def read(name, now, **options):
    load(name, now=now)
    _make, first, last = SCENARIOS[name]
    document = season_report_command(
        name.upper(), first, last, view="then", dated_by="decided", **options
    )
    assert list(document) == KEYS
    return document


def plain(document):
    """Values without qualifiers, which counted figures do not have."""
    assert document["qualifier"] is None
    return document["value"]


def luot(document):
    return {
        level: tuple(plain(kinds[kind]["luot"]) for kind in ("collective", "individual"))
        for level, kinds in document["commendations"].items()
    }


def nguoi(document):
    return {
        level: tuple(plain(kinds[kind]["nguoi"]) for kind in ("collective", "individual"))
        for level, kinds in document["commendations"].items()
    }


def test_s0_1812_essays_by_1500_authors_21_prizes_and_14_honoured_persons(context, now):
    report = read("s0-essays", now)
    counts = {key: plain(report[key]) for key in KEYS if key != "commendations"}
    assert counts == {
        "contests": 1,
        "persons": 1_500,
        "attempts": 0,
        "entries": 1_812,
        "essays": 1_812,
        "prizes": 21,
        "subjects_honoured": 14,
        "leaders": 0,
        "models": 0,
    }
    with pytest.raises(ScenarioThere):
        load("s0-essays", now=now)


def test_s0_commendations_on_three_levels_are_luot_and_persons_are_fewer(context, now):
    report = read("s0-commendations", now)
    counted = luot(report)
    assert counted == {"base": (835, 2_626), "bloc": (338, 433), "city": (25, 33)}
    assert tuple(map(sum, zip(*counted.values(), strict=True))) == (1_198, 3_092)
    # Everybody on the bloc's and the city's lists stands on the base's list too.
    assert nguoi(report) == counted


def test_s0_projects_are_93_by_field(context, now):
    models = read("s0-projects", now)["models"]
    fields = {name: plain(each) for name, each in models["categories"].items()}
    assert plain(models) == 93
    assert fields == {
        "party_building": 15,
        "agency_building": 28,
        "resolution": 15,
        "breakthrough": 17,
        "administrative_reform": 18,
    }


def test_s1_contests_count_entries_and_fewer_persons(context, now):
    report = read("s1-contests", now)
    assert [plain(report[key]) for key in ("contests", "entries", "persons")] == [73, 4_812, 3_640]


def test_s1_commendations_with_43_leaders(context, now):
    report = read("s1-commendations", now)
    assert luot(report) == {"base": (117, 1_130), "district": (114, 150)}
    assert nguoi(report) == luot(report)  # nobody is honoured twice here
    assert plain(report["leaders"]) == 43


def test_s2_models_and_units_are_counted_apart(context, now):
    models = read("s2-models", now)["models"]
    assert (plain(models), plain(models["units"])) == (110, 71)


def test_s2_awards_of_a_period_decided_later_are_found_by_two_filters(context, now):
    report = read("s2-awards", now)
    assert luot(report) == {"city": (2, 1)}

    def by(dated_by, first, last):
        found = season_report_command("S2-AWARDS", first, last, view="then", dated_by=dated_by)
        return luot(found)

    season = (date(2016, 5, 15), date(2021, 5, 15))
    assert by("decided", *season) == {}
    assert by("honoured", *season) == {"city": (2, 1)}
    assert by("honoured", date(2022, 1, 1), date(2022, 12, 31)) == {}
    with unit_of_work():
        unit = unit_by_code("S2-AWARDS")
        for dated_by, rows in ((DatedBy.DECIDED, 0), (DatedBy.HONOURED, 3)):
            asked = Asked(unit, Period(*season), dated_by=dated_by)
            assert len(rows_behind(Measure.COMMENDATIONS, asked).rows) == rows


def test_s4_one_award_goes_to_the_organising_unit_itself(context, now):
    report = read("s4-models", now)
    assert luot(report) == {"district": (103, 175), "city": (1, 0)}
