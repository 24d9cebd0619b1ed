"""Check-marking with the top always in it, what follows a check that lies too far, printed minutes."""

import io
import re
from dataclasses import replace
from decimal import Decimal

import pypdf
import pytest

from contest.accounts.actions import create_person
from contest.contests.models import Stage
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions
from contest.judging.actions import JudgingSettings
from contest.judging.models import (
    ExtraPurpose,
    Juror,
    MarkSheet,
    ResolutionMethod,
    SheetState,
)
from contest.judging.queries.extras import extra_lines
from contest.judging.queries.marks import latest_resolutions
from contest.judging.queries.rounds import judged_round
from contest.judging.rules.adjudication import Limits
from contest.judging.rules.extra_markings import (
    CheckState,
    Placed,
    check_state,
    shortlist,
    works_to_check,
)
from contest.judging.rules.refusals import (
    ChecksOpen,
    NotAllMarked,
    NothingToCheck,
    NotToDecide,
    ReasonNeeded,
    SomebodyIsFree,
)
from contest.judging.rules.wording import resolution_sentences
from tests.judging.conftest import RUBRIC
from tests.judging.test_marking import judges_of
from tests.judging.test_pages import BASE, token_of
from tests.judging.test_queue_pages import preside

TEN = Limits(Decimal(10))


def marks(count):
    return {work: Decimal(work) / 100 for work in range(1, count + 1)}


def test_five_percent_with_the_top_always_in_it():
    chosen = works_to_check(marks(101), share=Decimal("0.05"), top=3, seed="s")
    assert len(chosen) == 6
    assert {99, 100, 101} <= set(chosen)
    assert chosen == works_to_check(marks(101), share=Decimal("0.05"), top=3, seed="s")
    assert chosen != works_to_check(marks(101), share=Decimal("0.05"), top=3, seed="t")


def test_works_that_share_the_last_place_of_the_top_are_all_checked():
    points = dict.fromkeys(range(1, 9), Decimal(9)) | dict.fromkeys(range(9, 21), Decimal(5))
    assert works_to_check(points, share=Decimal("0.05"), top=3, seed="s") == list(range(1, 9))
    assert works_to_check(points, share=Decimal(0), top=3, seed="s") == []
    assert works_to_check({}, share=Decimal(1), top=3, seed="s") == []


@pytest.mark.parametrize(
    ("check", "decided", "state"),
    [
        (None, False, CheckState.WAITING),
        ("8.5", False, CheckState.WITHIN),
        ("8.51", False, CheckState.BEYOND),
        ("8.51", True, CheckState.DECIDED),
    ],
)
def test_a_check_is_looked_at_beyond_the_limit_for_a_third_marking(check, decided, state):
    total = None if check is None else Decimal(check)
    assert check_state(Decimal(7), total, TEN, is_decided=decided) is state


def test_the_band_lies_within_one_standard_error_of_the_cut():
    works = [Placed(at, value, 0.31) for at, value in enumerate((9, 8.2, 8, 7.8, 7.6, 5), start=1)]
    found = shortlist(works, 3)
    assert found.inside == (1, 2, 3)
    assert found.cut == pytest.approx(7.9)
    assert found.band == (2, 3, 4, 5)
    assert shortlist(works, 9).band == ()
    assert shortlist([Placed(1, 8, None), Placed(2, 8, None), Placed(3, 7, None)], 1).inside == (
        1,
        2,
    )


def with_checks(jury, share="0.34"):
    """The same round with a third of its works to be checked."""
    with unit_of_work():
        jury.round.stage = Stage.PLANNED
        db.session.flush()
        actions.save_rubric(
            contest_round=jury.round,
            settings=replace(JudgingSettings(), check_share=Decimal(share), check_top=1),
            criteria=RUBRIC,
            actor=None,
            now=jury.now,
        )
        jury.round.stage = Stage.CLOSED


def fourth_judge(jury):
    """A judge of another unit, free for every work."""
    with unit_of_work():
        person = create_person(
            full_name="Vũ Thị Thảo",
            unit=db.session.merge(jury.cast.province),
            actor=None,
            now=jury.now,
        )
    jury.seat(person)
    return person


def mark_all(jury):
    """Every work gets two equal marks; the last one the best."""
    for at, work_id in enumerate(jury.work_ids):
        for person in judges_of(jury, work_id):
            jury.finish(person, work_id, str(4 + at))


def checked(jury, seed="lot"):
    lan = jury.actor(jury.cast.lan)
    with unit_of_work():
        made = actions.draw_checks(contest_round=jury.round, actor=lan, now=jury.now, seed=seed)
        works = [each.work_id for each in made]
    jury.assign("kiểm tra")
    return works


def lines(jury):
    end_read()
    return {each.work_id: each for each in extra_lines(judged_round(jury.round_id))}


def close(jury):
    lan = jury.actor(jury.cast.lan)
    with unit_of_work():
        return actions.close_marking(contest_round=jury.round, actor=lan, now=jury.now)


def marker_of_check(jury, work_id):
    """Who was given the check."""
    end_read()
    sheet = db.session.get_one(MarkSheet, lines(jury)[work_id].sheet_id)
    return sheet.juror.person


@pytest.fixture
def checking(jury):
    """Marked, with two works out to be checked."""
    with_checks(jury)
    jury.assign()
    mark_all(jury)
    fourth_judge(jury)
    return jury


def test_checks_are_drawn_once_every_work_has_its_mark(jury):
    lan = jury.actor(jury.cast.lan)
    with pytest.raises(NotAllMarked), unit_of_work():
        actions.draw_checks(contest_round=jury.round, actor=lan, now=jury.now)
    jury.assign()
    mark_all(jury)
    with pytest.raises(NothingToCheck), unit_of_work():
        actions.draw_checks(contest_round=jury.round, actor=lan, now=jury.now)
    assert close(jury)


def test_marking_is_closed_after_the_checks_alone_and_they_change_no_mark(checking):
    with pytest.raises(ChecksOpen):
        close(checking)
    works = checked(checking)
    assert checking.work_ids[5] in works
    assert len(works) == 3
    with pytest.raises(ChecksOpen):
        close(checking)
    before = {each.work_id: each.points for each in latest_resolutions(checking.round_id)}
    for work_id in works:
        person = marker_of_check(checking, work_id)
        assert person.id not in {
            each.juror.person_id
            for each in db.session.query(MarkSheet).filter_by(work_id=work_id)
            if each.id != lines(checking)[work_id].sheet_id
        }
        checking.finish(person, work_id, str(before[work_id] - 1))
    assert {each.state for each in lines(checking).values()} == {CheckState.WITHIN}
    after = {each.work_id: each.points for each in latest_resolutions(checking.round_id)}
    assert after == before
    assert close(checking)


def test_a_check_too_far_off_is_decided_with_minutes(checking):
    works = checked(checking)
    for work_id in works:
        checking.finish(marker_of_check(checking, work_id), work_id, "6.5")
    beyond = [each for each in lines(checking).values() if each.state is CheckState.BEYOND]
    top = next(each for each in beyond if each.work_id == checking.work_ids[5])
    with pytest.raises(ChecksOpen):
        close(checking)
    lan = checking.actor(checking.cast.lan)
    for each in beyond:
        with unit_of_work():
            actions.decide_check(
                contest_round=checking.round,
                work_id=each.work_id,
                points=Decimal("8.25"),
                minutes="Đọc lại cùng nhau",
                by_chief=False,
                present=["Hoa", "Cúc"],
                actor=lan,
                now=checking.now,
            )
    marks_now = {each.work_id: each for each in latest_resolutions(checking.round_id)}
    found = marks_now[top.work_id]
    assert (found.points, found.method) == (Decimal("8.25"), ResolutionMethod.AGREED)
    assert found.detail["before"] == "9"
    assert lines(checking)[top.work_id].state is CheckState.DECIDED
    assert close(checking)


def test_a_judge_who_gives_a_check_back_leaves_it_to_another(checking):
    work_id = checked(checking)[0]
    person = marker_of_check(checking, work_id)
    actor = checking.actor(person)
    with unit_of_work():
        sheet = db.session.get_one(MarkSheet, lines(checking)[work_id].sheet_id)
        actions.abstain(sheet=sheet, reason="Quen", actor=actor, now=checking.now)
    assert lines(checking)[work_id].sheet_id is None
    assert lines(checking)[work_id].state is CheckState.WAITING


def without(jury, work_id, reason="Ba giám khảo đã chấm hoặc có xung đột"):
    lan = jury.actor(jury.cast.lan)
    with unit_of_work():
        actions.leave_out(
            contest_round=jury.round,
            work_id=work_id,
            purpose=ExtraPurpose.CHECK,
            reason=reason,
            actor=lan,
            now=jury.now,
        )


def drawn(jury):
    lan = jury.actor(jury.cast.lan)
    with unit_of_work():
        made = actions.draw_checks(contest_round=jury.round, actor=lan, now=jury.now, seed="lot")
        return [each.work_id for each in made]


def test_a_check_that_nobody_may_mark_is_left_out_with_a_reason(jury):
    with_checks(jury, "0.05")
    jury.assign()
    mark_all(jury)
    (best,) = drawn(jury)
    assert best == jury.work_ids[5]  # of Tú's school; Hoa and Cúc have marked it
    with pytest.raises(ReasonNeeded):
        without(jury, best, " ")
    with pytest.raises(ChecksOpen):
        close(jury)
    without(jury, best)
    line = lines(jury)[best]
    assert (line.state, line.reason[:11]) == (CheckState.LEFT_OUT, "Ba giám khả")
    with pytest.raises(NotToDecide):
        without(jury, best)
    assert close(jury)


def test_a_check_is_not_left_out_while_a_judge_is_free(checking):
    work_id = drawn(checking)[0]
    with pytest.raises(SomebodyIsFree):
        without(checking, work_id)


def test_the_page_offers_to_leave_out_what_nobody_may_mark(live, signed_in):
    with_checks(live, "0.05")
    with unit_of_work():
        live.round.stage = Stage.MARKING
    mark_all(live)
    drawn(live)
    end_read()
    lan = signed_in(live.cast.lan)
    page = lan.get(f"{BASE}/marking/checks").get_data(as_text=True)
    address = re.search(r'href="([^"]*/leave-out/check)"', page)[1]
    token = token_of(lan.get(address).get_data(as_text=True))
    assert lan.post(address, data={"csrf_token": token, "reason": ""}).status_code == 422
    done = lan.post(address, data={"csrf_token": token, "reason": "Không còn ai"})
    assert done.status_code == 302
    assert "Không còn ai" in lan.get(f"{BASE}/marking/checks").get_data(as_text=True)
    assert signed_in(live.cast.hoa).get(address).status_code == 403
    assert signed_in(live.cast.bao).get(address).status_code == 404


def test_the_rules_print_the_check(checking):
    said = " ".join(resolution_sentences(judged_round(checking.round_id), Decimal(10)))
    assert "34" in said


def test_secretary_and_chief_see_the_checks_and_the_minutes_are_printed(live, signed_in):
    with_checks(live)
    with unit_of_work():
        live.round.stage = Stage.MARKING
    mark_all(live)
    fourth_judge(live)
    address = preside(live, live.cast.hoa)
    lan = signed_in(live.cast.lan)
    page = lan.get(f"{BASE}/marking/checks").get_data(as_text=True)
    answer = lan.post(f"{BASE}/marking/checks", data={"csrf_token": token_of(page)})
    assert answer.location == f"{BASE}/assignment"
    live.assign("kiểm tra")
    for work_id in list(lines(live)):
        live.finish(marker_of_check(live, work_id), work_id, "3")
    page = lan.get(f"{BASE}/marking/checks").get_data(as_text=True)
    codes = re.findall(r'/marking/checks/([^"]+)"', page)
    assert codes
    hoa = signed_in(live.cast.hoa)
    assert hoa.get(f"{address}/checks").status_code == 200
    assert lan.get(f"{BASE}/marking/minutes.pdf").status_code == 404
    assert "minutes.pdf" not in lan.get(f"{BASE}/marking").get_data(as_text=True)
    form = lan.get(f"{BASE}/marking/checks/{codes[0]}").get_data(as_text=True)
    data = {
        "csrf_token": token_of(form),
        "points": "7,5",
        "present": "Phạm Thu Hoa, Đỗ Cúc",
        "minutes": "Hai giám khảo đọc lại và giữ điểm",
    }
    refused = lan.post(f"{BASE}/marking/checks/{codes[0]}", data=data | {"minutes": ""})
    assert refused.status_code == 422
    assert lan.post(f"{BASE}/marking/checks/{codes[0]}", data=data).status_code == 302
    assert lan.get(f"{BASE}/marking/checks/{codes[0]}").status_code == 404
    assert "minutes.pdf" in lan.get(f"{BASE}/marking").get_data(as_text=True)
    for style, words in (("state", "CỘNG HÒA"), ("party", "ĐẢNG CỘNG SẢN")):
        pdf = lan.get(f"{BASE}/marking/minutes.pdf?header={style}").get_data()
        said = words_of(pdf)
        assert words in said
        assert codes[0] in said
        assert "đọc lại và giữ điểm" in said
    seat = db.session.query(Juror).filter_by(person_id=live.cast.hoa.id).one().public_id
    said = words_of(lan.get(f"{BASE}/marking/sheets/{seat}.pdf").get_data())
    assert live.cast.hoa.full_name in said
    assert "Sức lan tỏa" in said
    done = [each for each in live.sheets(live.cast.hoa) if each.state is SheetState.DONE]
    assert said.count("Tổng điểm") >= len(done)
    for name in ("minutes.pdf", f"sheets/{seat}.pdf"):
        assert hoa.get(f"{BASE}/marking/{name}").status_code == 403


def words_of(pdf):
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
