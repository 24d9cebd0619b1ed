"""How marks become one: chosen in the settings, printed in words, fixed when the round opens."""

from dataclasses import replace
from decimal import Decimal

import pytest

from contest.contests.models import Stage
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions
from contest.judging.actions import JudgingSettings
from contest.judging.models import JudgedRound, Resolution, ResolutionMethod, ResolutionRule
from contest.judging.queries.progress import assignment_problem, progress
from contest.judging.queries.rounds import judged_round
from contest.judging.rules.adjudication import Step
from contest.judging.rules.refusals import (
    FiveMarksNeeded,
    RulesFrozen,
    ThreeMarksNeeded,
    TwoMarksNeeded,
)
from contest.judging.rules.wording import resolution_sentences
from tests.judging.conftest import RUBRIC
from tests.judging.test_marking import judges_of
from tests.judging.test_pages import BASE, token_of

PLAIN = JudgingSettings()


def set_up(jury, settings, *, stage=Stage.PLANNED):
    with unit_of_work():
        jury.round.stage = stage
        db.session.flush()
        actions.save_rubric(
            contest_round=jury.round,
            settings=settings,
            criteria=RUBRIC,
            actor=None,
            now=jury.now,
        )
        jury.round.stage = Stage.CLOSED


def said(jury):
    judged = judged_round(jury.round_id)
    return " ".join(resolution_sentences(judged, Decimal(10)))


def test_the_way_is_fixed_once_the_round_has_opened(jury):
    closest = replace(PLAIN, resolution=ResolutionRule.CLOSEST)
    set_up(jury, closest)
    for other in (
        PLAIN,
        replace(closest, marks_per_work=3),
        replace(closest, third_limit=Decimal("0.2")),
    ):
        with pytest.raises(RulesFrozen):
            set_up(jury, other, stage=Stage.OPEN)
    set_up(jury, replace(closest, marks_due_at=jury.now), stage=Stage.OPEN)
    assert db.session.get_one(JudgedRound, jury.round_id).resolution is ResolutionRule.CLOSEST


@pytest.mark.parametrize("rule", [ResolutionRule.THIRD, ResolutionRule.MEAN_OF_THREE])
def test_a_third_that_decides_needs_two_before_it(jury, rule):
    with pytest.raises(TwoMarksNeeded):
        set_up(jury, replace(PLAIN, resolution=rule, marks_per_work=3))


def test_a_panel_of_four_is_too_small_to_leave_marks_out(jury):
    trimmed = replace(PLAIN, resolution=ResolutionRule.TRIMMED, marks_per_work=4)
    with pytest.raises(FiveMarksNeeded):
        set_up(jury, trimmed)
    set_up(jury, replace(trimmed, marks_per_work=5))


def test_of_two_marks_none_is_farther_from_their_mean(jury):
    two = replace(PLAIN, resolution=ResolutionRule.WITHOUT_FAR, marks_per_work=2)
    with pytest.raises(ThreeMarksNeeded):
        set_up(jury, two)
    set_up(jury, replace(two, marks_per_work=3))


def test_each_way_is_said_in_words_with_limits_in_points(jury):
    assert "dưới 1 điểm" in said(jury)
    assert "trên 1,5 điểm" in said(jury)
    assert "không quá 2,5 điểm" in said(jury)
    set_up(jury, replace(PLAIN, resolution=ResolutionRule.MEAN))
    end_read()
    assert "trung bình của mọi lượt chấm" in said(jury)
    set_up(jury, replace(PLAIN, resolution=ResolutionRule.THIRD))
    end_read()
    assert "không quá 1,5 điểm thì lấy trung bình" in said(jury)
    assert "lấy điểm lần ba" in said(jury)
    set_up(jury, replace(PLAIN, resolution=ResolutionRule.MEDIAN, marks_per_work=3))
    end_read()
    assert "điểm đứng giữa" in said(jury)
    set_up(jury, replace(PLAIN, resolution=ResolutionRule.TRIMMED, marks_per_work=7))
    end_read()
    assert "bỏ điểm cao nhất và điểm thấp nhất" in said(jury).lower()
    set_up(
        jury,
        replace(
            PLAIN,
            resolution=ResolutionRule.WITHOUT_FAR,
            marks_per_work=4,
            spread_limit=Decimal("0.20"),
        ),
    )
    end_read()
    assert "lệch quá 2 điểm" in said(jury)


def test_a_third_judge_decides_where_the_rules_say_so(jury):
    set_up(jury, replace(PLAIN, resolution=ResolutionRule.THIRD))
    jury.seat(jury.cast.bao)
    jury.assign()
    work_id = jury.work_ids[2]
    first, second = judges_of(jury, work_id)[:2]
    jury.finish(first, work_id, "5")
    jury.finish(second, work_id, "8")
    jury.assign("hạt hai")
    people = (jury.cast.hoa, jury.cast.tu, jury.cast.cuc, jury.cast.bao)
    held = {
        person: [each for each in jury.sheets(person) if each.work_id == work_id]
        for person in people
    }
    third = next(p for p, sheets in held.items() if sheets and sheets[0].state == "todo")
    jury.finish(third, work_id, "7.25")
    resolution = db.session.query(Resolution).filter_by(work_id=work_id).one()
    assert (resolution.points, resolution.method) == (Decimal("7.25"), ResolutionMethod.THIRD)


@pytest.mark.parametrize(
    ("second", "step"),
    [
        (("2", "3.25", "1", "1"), None),
        (("1.75", "3.25", "1", "1"), Step.DISCUSS),
        (("1.5", "3.5", "1", "1"), Step.THIRD),
    ],
)
def test_each_criterion_is_looked_at_where_the_rules_say_so(jury, second, step):
    """The criteria have 2, 4, 2 and 2 points; the totals lie 0.25 apart at the most."""
    set_up(jury, replace(PLAIN, by_criterion=True))
    end_read()
    assert "ở từng tiêu chí" in said(jury)
    jury.assign()
    work_id = jury.work_ids[2]
    for person, points in zip(
        judges_of(jury, work_id), (("2", "3", "1", "1"), second), strict=True
    ):
        jury.save(person, jury.sheet_for(person, work_id), jury.marks(*points), done=True)
    end_read()
    found = [each.step for each in progress(jury.round).waiting if each.work_id == work_id]
    assert found == ([] if step is None else [step])
    given = db.session.query(Resolution).filter_by(work_id=work_id).all()
    assert [each.points for each in given] == ([Decimal("7.13")] if step is None else [])
    end_read()
    due = assignment_problem(jury.round).wanted.get(work_id)
    assert due == {None: 0, Step.DISCUSS: None, Step.THIRD: 3}[step]


def test_the_mean_stands_whatever_the_difference_where_the_rules_say_so(jury):
    set_up(jury, replace(PLAIN, resolution=ResolutionRule.MEAN))
    jury.assign()
    work_id = jury.work_ids[3]
    for person, total in zip(judges_of(jury, work_id), ("2", "9"), strict=True):
        jury.finish(person, work_id, total)
    assert db.session.query(Resolution).one().points == Decimal("5.5")


def test_the_page_offers_the_ways_and_says_what_stands(live, signed_in):
    lan = signed_in(live.cast.lan)
    page = lan.get(f"{BASE}/rubric").get_data(as_text=True)
    for rule in ResolutionRule:
        assert f'value="{rule.value}"' in page
    assert "Hai lượt lệch nhau dưới 1 điểm thì lấy trung bình." in page
    data = {
        "csrf_token": token_of(page),
        "marks_per_work": "2",
        "resolution": "mean",
        "agree": "10",
        "third": "15",
        "spread": "25",
        "name-0": "Nội dung",
        "max-0": "10",
        "step-0": "0,25",
        "bands-0": "",
    }
    answer = lan.post(f"{BASE}/rubric", data=data)
    assert answer.status_code == 422
    assert "không đổi được nữa" in answer.get_data(as_text=True)
    hoa = signed_in(live.cast.hoa)
    page = hoa.get(f"/judge/{live.round.public_id}").get_data(as_text=True)
    assert "Cách tính điểm của vòng này" in page
