"""Pure rules: stages, windows, ages, divisions, codes, hours, words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.contests import rules
from contest.contests.models import Contest, ContestUnit, Division, Round, Stage
from contest.core.vietnamese import DatePrecision, PartialDate

OPENS = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CLOSES = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def a_round(number=1, stage=Stage.PLANNED, opens=OPENS, closes=CLOSES, practice=False):
    return Round(
        number=number,
        stage=stage,
        opens_at=opens,
        closes_at=closes,
        is_practice=practice,
        title=f"Tuần {number}",
        rank_keys=[],
    )


@pytest.mark.parametrize(
    ("stage", "at", "phase"),
    [
        (Stage.PLANNED, OPENS - TICK, rules.Phase.BEFORE),
        (Stage.PLANNED, OPENS, rules.Phase.WAITING),
        (Stage.PLANNED, CLOSES - TICK, rules.Phase.WAITING),
        (Stage.PLANNED, CLOSES, rules.Phase.OVER),
        (Stage.OPEN, OPENS, rules.Phase.OPEN),
        (Stage.OPEN, CLOSES - TICK, rules.Phase.OPEN),
        (Stage.OPEN, CLOSES, rules.Phase.OVER),
        (Stage.CLOSED, OPENS, rules.Phase.OVER),
        (Stage.PUBLISHED, CLOSES + TICK, rules.Phase.OVER),
    ],
)
def test_the_window_belongs_to_its_opening_and_not_to_its_close(stage, at, phase):
    assert rules.round_window(a_round(stage=stage), at).phase is phase


def test_a_round_without_times_has_no_window():
    assert rules.round_window(a_round(closes=None), OPENS).phase is rules.Phase.UNSET


def test_seconds_left_are_rounded_up_so_that_zero_means_over():
    window = rules.round_window(a_round(stage=Stage.OPEN), CLOSES - TICK)
    assert (window.until, window.seconds) == (CLOSES, 1)


def test_an_open_round_past_its_close_is_closed_before_the_job_has_come_by():
    assert rules.stage_at(a_round(stage=Stage.OPEN), CLOSES) is Stage.CLOSED
    assert rules.stage_at(a_round(stage=Stage.OPEN), CLOSES - TICK) is Stage.OPEN


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ([], Stage.PLANNED),
        ([Stage.PLANNED], Stage.PLANNED),
        ([Stage.PUBLISHED, Stage.PLANNED], Stage.PLANNED),
        ([Stage.MARKING, Stage.OPEN], Stage.OPEN),
        ([Stage.MARKING, Stage.PLANNED], Stage.MARKING),
        ([Stage.DECIDED, Stage.CLOSED], Stage.DECIDED),
        ([Stage.PUBLISHED, Stage.PUBLISHED], Stage.PUBLISHED),
    ],
)
def test_a_contest_stands_where_the_round_it_is_about_stands(stages, expected):
    rounds = [a_round(number, stage) for number, stage in enumerate(stages, start=1)]
    assert rules.contest_stage(rounds, OPENS) is expected


def test_practice_never_leads_a_contest():
    rounds = [a_round(1, Stage.OPEN, practice=True), a_round(2, Stage.PLANNED)]
    assert rules.contest_stage(rounds, OPENS) is Stage.PLANNED


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("to", list(Stage))
def test_only_the_steps_of_the_life_cycle_are_allowed(stage, to):
    steps = {
        ("planned", "open"),
        ("open", "closed"),
        ("closed", "marking"),
        ("marking", "decided"),
        ("decided", "marking"),
        ("decided", "published"),
    }
    if (stage.value, to.value) in steps:
        rules.check_move(stage, to)
    else:
        with pytest.raises(rules.MoveNotAllowed):
            rules.check_move(stage, to)


def born(text, precision=DatePrecision.DAY):
    return PartialDate(date.fromisoformat(text), precision)


FIRST = date(2026, 9, 7)


@pytest.mark.parametrize(
    ("birth", "ages"),
    [
        (born("2008-09-07"), (18, 18)),
        (born("2008-09-08"), (17, 17)),
        (born("2008-02-29"), (18, 18)),
        (born("2008-01-01", DatePrecision.YEAR), (17, 18)),
        (born("2008-09-01", DatePrecision.MONTH), (17, 18)),
        (born("2008-08-01", DatePrecision.MONTH), (18, 18)),
        (born("2008-12-01", DatePrecision.MONTH), (17, 17)),
    ],
)
def test_what_is_known_of_a_birth_leaves_a_range_of_ages(birth, ages):
    assert rules.age_range(birth, FIRST) == ages


def test_somebody_born_on_29_february_comes_of_age_on_1_march():
    assert rules.age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert rules.age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def a_contest(least=None, greatest=None, units=None, divisions=()):
    return Contest(
        min_age=least,
        max_age=greatest,
        open_to_all_units=units is None,
        rounds=[],
        divisions=list(divisions),
        starts_on=FIRST,
        eligible_units=[ContestUnit(unit_id=unit_id) for unit_id in units or ()],
    )


@pytest.mark.parametrize(
    ("birth", "refusal", "certain"),
    [
        (born("2008-09-07"), None, True),
        (born("2008-09-08"), rules.TooYoung, True),
        (born("2008-01-01", DatePrecision.YEAR), None, False),
        (born("2009-01-01", DatePrecision.YEAR), rules.TooYoung, True),
        (born("1996-09-07"), None, True),
        (born("1995-09-07"), rules.TooOld, True),
        (born("1995-01-01", DatePrecision.YEAR), None, False),
        (born("1994-01-01", DatePrecision.YEAR), rules.TooOld, True),
        (None, None, False),
    ],
)
def test_only_who_is_certainly_outside_the_ages_is_refused(birth, refusal, certain):
    answer = rules.eligibility(a_contest(18, 30), birth, [], FIRST)
    assert (answer.refusal, answer.is_certain) == (refusal, certain)


def test_a_branch_takes_everybody_below_it():
    contest = a_contest(units=[5])
    assert rules.eligibility(contest, None, rules.ids_of_path("/12/5/1/"), FIRST).is_eligible
    assert (
        rules.eligibility(contest, None, rules.ids_of_path("/1/"), FIRST).refusal is rules.OtherUnit
    )
    assert rules.eligibility(contest, None, [], FIRST).refusal is rules.OtherUnit


A = Division(position=1, name="A", max_age=30)
B = Division(position=2, name="B", min_age=31)


def test_the_first_possible_division_takes_who_may_belong_to_two():
    assert rules.division_for([B, A], born("1995-06-01"), FIRST).division is B
    year_only = rules.division_for([A, B], born("1995-01-01", DatePrecision.YEAR), FIRST)
    assert (year_only.division, year_only.is_certain) == (A, False)
    assert rules.division_for([A, B], None, FIRST).division is None
    assert rules.division_for([], None, FIRST).is_certain


@given(
    st.dates(date(1920, 1, 1), date(2020, 12, 31)),
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from(list(DatePrecision)),
)
def test_less_knowledge_never_refuses_who_more_knowledge_accepts(day, least, span, precision):
    contest = a_contest(least, least + span)
    known = {
        DatePrecision.DAY: day,
        DatePrecision.MONTH: day.replace(day=1),
        DatePrecision.YEAR: day.replace(month=1, day=1),
    }[precision]
    whole = rules.eligibility(contest, PartialDate(day, DatePrecision.DAY), [], FIRST)
    part = rules.eligibility(contest, PartialDate(known, precision), [], FIRST)
    assert not whole.is_eligible or part.is_eligible
    assert part.is_eligible or not whole.is_eligible
    if part.is_certain and part.is_eligible:
        assert whole.is_eligible


@given(st.dates(date(1920, 1, 1), date(2020, 12, 31)), st.integers(10, 70))
def test_two_divisions_that_meet_hold_every_age_once(day, border):
    pair = [
        Division(position=1, name="A", max_age=border),
        Division(position=2, name="B", min_age=border + 1),
    ]
    choice = rules.division_for(pair, PartialDate(day, DatePrecision.DAY), FIRST)
    expected = pair[0] if rules.age_on(day, FIRST) <= border else pair[1]
    assert (choice.division, choice.is_certain) == (expected, True)
    assert not rules.divisions_overlap(pair)


def test_divisions_that_share_an_age_overlap():
    assert rules.divisions_overlap([Division(max_age=30), Division(min_age=30)])


def test_codes_have_no_signs_that_look_alike_and_are_read_as_people_type_them():
    codes = {rules.new_registration_code() for _time in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("ILO01")
    one = codes.pop()
    assert rules.read_registration_code(f" {one.lower().replace('-', ' ')} ") == one
    assert rules.read_registration_code("Nguyễn An") is None
    assert rules.read_registration_code("K7QM-2XR0") is None


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        (
            "Cuộc thi tìm hiểu tư tưởng, đạo đức, phong cách Hồ Chí Minh",
            "cuoc-thi-tim-hieu-tu-tuong-dao-duc-phong-cach-ho-chi-minh",
        ),
        ("Đường Kách mệnh 05-CT/TW", "duong-kach-menh-05-ct-tw"),
        ("«!?»", "contest"),
    ],
)
def test_the_address_is_made_from_the_title(title, slug):
    assert rules.slug_of(title) == slug


def test_a_taken_address_gets_a_number():
    assert rules.free_slug("gs", {"gs", "gs-2"}) == "gs-3"


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("10:00", 600),
        ("9h", 540),
        ("9h30", 570),
        ("9 giờ", 540),
        ("9 giờ rưỡi", 570),
        ("10g15", 615),
        ("24 giờ", 1440),
        ("24:00", 1440),
        ("0h", 0),
        ("lúc 8 giờ 05 phút", 485),
        ("23.59", 1439),
    ],
)
def test_hours_are_read_as_people_write_them(typed, minutes):
    assert rules.read_hour(typed) == minutes


@pytest.mark.parametrize("typed", ["", "25h", "24:01", "10:60", "sáng", "10-11"])
def test_what_is_no_hour_is_refused(typed):
    with pytest.raises(rules.BadHour):
        rules.read_hour(typed)


def test_24_gio_is_midnight_of_the_next_day_and_is_shown_as_24_gio_again():
    instant = rules.instant_of(date(2026, 11, 29), rules.read_hour("24 giờ"))
    assert instant == datetime(2026, 11, 29, 17, 0, tzinfo=UTC)
    assert rules.closing_parts(instant) == (date(2026, 11, 29), "24:00")
    assert rules.opening_parts(instant) == (date(2026, 11, 30), "0:00")


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 1440))
def test_a_close_is_read_back_as_it_was_written(day, minutes):
    shown_day, shown_hour = rules.closing_parts(rules.instant_of(day, minutes))
    assert (shown_day, rules.read_hour(shown_hour)) == (day, minutes)


def test_nothing_in_the_rules_text_runs_in_a_browser():
    html = rules.prose("# Điều 1\nMột\nhai <script>\n\n- một\n- hai & ba")
    assert html == (
        "<h3>Điều 1</h3>\n<p>Một<br>hai &lt;script&gt;</p>\n<ul><li>một</li><li>hai &amp; ba</li></ul>"
    )
