"""Calibration before the marking, the reminder of a break, and the dry run of conflicts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from contest.core.transactions import unit_of_work
from contest.judging import actions
from contest.judging.queries.calibration import (
    calibration_essays,
    calibration_results,
    pending_calibration,
)
from contest.judging.queries.rounds import juror_of
from contest.judging.queries.would_conflict import would_conflict
from contest.judging.rules.conflicts import (
    ConflictKind,
    Finding,
    JudgeFacts,
    WorkFacts,
    conflict_of,
)
from contest.judging.rules.pace import minutes_without_break
from contest.judging.rules.refusals import CalibrationMarked, MarksMissing, WrongMark
from tests.judging.test_checks import fourth_judge
from tests.judging.test_pages import BASE, sheet_address, token_of

NOON = datetime(2026, 11, 1, 5, tzinfo=UTC)
REFERENCE = [Decimal(each) for each in ("1.5", "3", "1", "1.25")]


def add(jury, reference=REFERENCE):
    lan = jury.actor(jury.cast.lan)
    with unit_of_work():
        return actions.add_calibration(
            contest_round=jury.round,
            title="Bài của năm trước",
            body_text="Bác bảo vệ trường tôi.\n\nMười năm không một ngày nghỉ.",
            reference=reference,
            words="Việc thật, nhưng văn còn kể lể.",
            actor=lan,
            now=jury.now,
        ).public_id


def mark(jury, person, points):
    actor = jury.actor(person)
    with unit_of_work():
        juror = juror_of(jury.round_id, person.id)
        actions.mark_calibration(
            contest_round=jury.round,
            juror=juror,
            essay=calibration_essays(jury.round_id)[0],
            points=points,
            actor=actor,
            now=jury.now,
        )
        return juror


def test_a_judge_marks_it_once_and_reads_the_reference(marking):
    add(marking)
    hoa = marking.cast.hoa
    juror = juror_of(marking.round_id, hoa.id)
    assert pending_calibration(juror).title == "Bài của năm trước"
    assert calibration_results(juror) == []
    mark(marking, hoa, [Decimal(2), Decimal(3), Decimal(1), Decimal(1)])
    juror = juror_of(marking.round_id, hoa.id)
    assert pending_calibration(juror) is None
    (result,) = calibration_results(juror)
    assert [each.difference for each in result.lines] == [
        Decimal("0.5"),
        Decimal(0),
        Decimal(0),
        Decimal("-0.25"),
    ]
    assert result.difference == Decimal("0.25")
    with pytest.raises(CalibrationMarked):
        mark(marking, hoa, REFERENCE)


@pytest.mark.parametrize(
    ("points", "refusal"),
    [(["1", None, "1", "1"], MarksMissing), (["1", "9", "1", "1"], WrongMark)],
)
def test_reference_marks_fit_the_rubric(marking, points, refusal):
    with pytest.raises(refusal):
        add(marking, [None if each is None else Decimal(each) for each in points])


def test_calibration_comes_before_the_own_works(live, signed_in):
    lan, hoa = signed_in(live.cast.lan), signed_in(live.cast.hoa)
    address = f"{BASE}/jury/calibration"
    form = lan.get(address).get_data(as_text=True)
    data = {
        "csrf_token": token_of(form),
        "title": "Bài của năm trước",
        "body": "Bác bảo vệ trường tôi.",
        "words": "Việc thật.",
    }
    assert lan.post(address, data=data | {"mark-0": "x"}).status_code == 422
    marks = {f"mark-{at}": each for at, each in enumerate(("1,5", "3", "1", "1,25"))}
    assert lan.post(address, data=data | marks).status_code == 302
    sheet = sheet_address(live, live.cast.hoa)
    desk = f"/judge/{live.round.public_id}/calibration"
    assert hoa.get(sheet).location == desk
    page = hoa.get(desk).get_data(as_text=True)
    assert "Bác bảo vệ" in page
    assert "Việc thật." not in page
    public_id = calibration_essays(live.round_id)[0].public_id
    mine = {"csrf_token": token_of(page), "essay": public_id}
    assert hoa.post(desk, data=mine | marks | {"mark-1": "9"}).status_code == 422
    assert hoa.post(desk, data=mine | marks).status_code == 302
    assert "Việc thật." in hoa.get(desk).get_data(as_text=True)
    assert hoa.get(sheet).status_code == 200
    assert hoa.get(address).status_code == 403
    assert signed_in(live.cast.minh).get(desk).status_code == 404
    removed = lan.post(f"{address}/{public_id}/remove", data={"csrf_token": token_of(form)})
    assert removed.status_code == 302
    assert signed_in(live.cast.tu).get(sheet_address(live, live.cast.tu)).status_code == 200


def every(minutes, count):
    return [NOON - timedelta(minutes=minutes * each) for each in range(count)]


@pytest.mark.parametrize(
    ("done", "minutes"),
    [
        ([], 0),
        (every(10, 6), 0),
        (every(10, 7), 60),
        (every(15, 7), 90),
        (every(16, 20), 0),
        ([*every(10, 4), NOON - timedelta(minutes=50), NOON - timedelta(minutes=80)], 0),
    ],
)
def test_a_break_is_called_for_after_an_hour_without_one(done, minutes):
    assert minutes_without_break(done, NOON) == minutes


def test_the_desk_reminds_of_a_break(live, signed_in):
    for at, sheet in enumerate(live.sheets(live.cast.hoa)[:-1]):
        live.now = live.now - timedelta(minutes=14 if at else 1)
        live.finish(live.cast.hoa, sheet.work_id, "7")
    hoa = signed_in(live.cast.hoa)
    page = hoa.get(sheet_address(live, live.cast.hoa)).get_data(as_text=True)
    done = len(live.sheets(live.cast.hoa)) - 1
    assert ("không nghỉ" in page) is (done > 5)


def test_same_telephone_or_mail_address_is_a_conflict():
    judge = JudgeFacts(1, 1001, "giam khao 1", phone="+84900000001", email="nha@vi-du.example")
    for work in (
        WorkFacts(1, frozenset({5}), phones=frozenset({"+84900000001"})),
        WorkFacts(1, frozenset({5}), emails=frozenset({"nha@vi-du.example"})),
    ):
        assert conflict_of(judge, work) is ConflictKind.SAME_CONTACT
    assert conflict_of(judge, WorkFacts(1, frozenset({5}))) is None


def test_a_dry_run_says_how_many_works_somebody_could_mark(live, signed_in):
    free = would_conflict(live.round, fourth_judge(live))
    assert (free.works, free.barred) == (6, 0)
    tu = would_conflict(live.round, live.cast.tu)
    assert dict(tu.by_reason) == {Finding(ConflictKind.AUTHOR_UNIT): tu.barred}
    assert tu.barred
    lan = signed_in(live.cast.lan)
    address = f"{BASE}/jury/dry-run"
    page = lan.get(f"{address}?contact={live.cast.tu.email}").get_data(as_text=True)
    assert live.cast.tu.full_name in page
    assert lan.get(f"{address}?contact=khong@co.example").status_code == 200
    assert signed_in(live.cast.hoa).get(address).status_code == 403
