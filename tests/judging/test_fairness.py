"""The report of fairness: both orders, drift, distribution, prizes; the page and its files."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.judging.fairness_words import fairness_sentences
from contest.judging.models import ResolutionMethod
from contest.judging.queries.fairness import fairness_report
from contest.judging.rules.fairness import (
    Scored,
    TimedMark,
    both_orders,
    corrected_points,
    distribution,
    drift,
    kappa_of_two,
)
from contest.judging.rules.mark_tables import read_marks
from contest.judging.rules.reliability import Mark, reliability, severity
from contest.results.models import PrizeCode, PrizeLevel
from contest.results.rules.words import prize_name
from tests.judging.test_marking import finish_everything
from tests.judging.test_pages import BASE

NOON = datetime(2026, 11, 1, 5, tzinfo=UTC)
MEAN = ResolutionMethod.MEAN


def scored(work, points, *judges, method=MEAN, division=None):
    return Scored(work, Decimal(points), judges, method, division)


def test_the_corrected_mark_takes_off_what_counts_and_nothing_from_an_agreed_mark():
    bias = {"J1": 0.5, "J2": -0.3}
    assert corrected_points(scored("P", "7.5", "J1", "J2"), bias) == pytest.approx(7.4)
    assert corrected_points(scored("P", "7.5", "J1", "J9"), bias) == pytest.approx(7.25)
    agreed = scored("P", "7.5", "J1", "J2", method=ResolutionMethod.AGREED)
    assert corrected_points(agreed, bias) == 7.5


def test_both_orders_stand_side_by_side_with_the_prizes_that_would_change():
    works = [
        scored("P", "9", "J1"),
        scored("Q", "8.75", "J2"),
        scored("R", "8.75", "J2"),
        scored("S", "5", "J2"),
    ]
    lines = both_orders(works, {"J1": 0.5}, [1, 1])
    assert [(each.work, each.place, each.prize) for each in lines] == [
        ("P", 1, 0),
        ("Q", 2, 1),
        ("R", 2, 1),
        ("S", 4, None),
    ]
    assert {each.work: (each.corrected_place, each.corrected_prize) for each in lines} == {
        "P": (3, None),
        "Q": (1, 0),
        "R": (1, 0),
        "S": (4, None),
    }
    assert [each.work for each in lines if each.is_moved] == ["P", "Q", "R"]


def test_each_division_has_its_own_places():
    works = [scored("P", "9", division=1), scored("Q", "8", division=2)]
    assert [each.place for each in both_orders(works, {}, [1])] == [1, 1]


def test_drift_is_the_later_half_less_the_earlier_half_without_work_and_judge():
    quality = [5, 7, 6, 8, 4, 9, 5, 7, 6, 8, 5, 6]
    marks = [
        TimedMark(f"W{at}", judge, mark + tired, NOON + timedelta(minutes=20 * at))
        for at, mark in enumerate(quality)
        for judge, tired in (("A", 0.0), ("B", 1.0 if at >= 6 else 0.02 * (at % 2)))
    ]
    found = severity([Mark(each.work, each.judge, each.points) for each in marks])
    moved = drift(marks, found)
    assert moved["B"].change == pytest.approx(0.495, abs=0.01)
    assert moved["A"].change == pytest.approx(-0.495, abs=0.01)
    assert moved["B"].is_sure
    assert drift(marks[:6], severity([Mark(m.work, m.judge, m.points) for m in marks[:6]])) == {}


def test_marks_fall_into_twenty_parts_of_the_scale():
    bins = distribution([Decimal(0), Decimal("0.5"), Decimal("9.99"), Decimal(10)], Decimal(10))
    assert [each.count for each in bins] == [1, 1, *[0] * 17, 2]
    assert distribution([], Decimal(0)) == []


def test_kappa_compares_first_and_second_markings_over_the_full_scale():
    pairs = [(1, 1), (2, 3), (3, 3), (4, 4), (3, 2), (2, 2)]
    marks = [
        TimedMark(str(at), f"J{number}", points, NOON, number)
        for at, pair in enumerate(pairs)
        for number, points in enumerate(pair, start=1)
    ]
    marks.append(TimedMark("lone", "J1", 3, NOON))
    kappa, works = kappa_of_two(marks, Decimal(4), Decimal(1))
    assert works == 6
    assert kappa == pytest.approx(9 / 11)


def test_the_report_of_a_marked_round_says_it_in_words(live):
    finish_everything(live)
    with unit_of_work():
        db.session.add(
            PrizeLevel(round_id=live.round_id, position=1, code=PrizeCode.FIRST, name="", quota=1)
        )
    report = fairness_report(live.round_id)
    assert (report.works, report.marks, len(report.orders)) == (6, 12, 6)
    assert [line.name for line in report.prizes] == [prize_name(PrizeCode.FIRST)]
    said = " ".join(fairness_sentences(report))
    assert "12" in said
    assert "{" not in said


def test_the_file_of_marks_gives_the_same_figures_to_anybody(live, signed_in):
    finish_everything(live)
    lan = signed_in(live.cast.lan)
    page = lan.get(f"{BASE}/marking/fairness").get_data(as_text=True)
    assert "<svg" in page
    answer = lan.get(f"{BASE}/marking/fairness/marks.csv")
    again = reliability(read_marks(answer.get_data()))
    figures = fairness_report(live.round_id).figures
    assert again.krippendorff_alpha == figures.krippendorff_alpha
    assert sorted(again.severity.bias.values()) == sorted(figures.severity.bias.values())
    assert live.cast.hoa.full_name not in answer.get_data(as_text=True)
    for kind, status in (("csv", 200), ("xlsx", 200), ("pdf", 404)):
        assert lan.get(f"{BASE}/marking/fairness/orders.{kind}").status_code == status


def test_the_report_is_the_organisers_alone(live, signed_in):
    finish_everything(live)
    hoa = signed_in(live.cast.hoa)
    for page in ("", "/marks.csv", "/orders.csv"):
        assert hoa.get(f"{BASE}/marking/fairness{page}").status_code == 403


def test_without_marks_there_is_nothing_to_say(live, signed_in):
    assert fairness_sentences(fairness_report(live.round_id)) == []
    assert signed_in(live.cast.lan).get(f"{BASE}/marking/fairness").status_code == 200
