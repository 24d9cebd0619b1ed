"""Two at once: last sheets, tabs, closing, moves, a lost role, a day that passes meanwhile."""

import threading

from sqlalchemy import func, select

from contest.accounts.actions import end_grant
from contest.accounts.models import Grant
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions
from contest.judging.models import (
    JudgedRound,
    Juror,
    RefusedSave,
    Resolution,
    SheetMark,
    SheetRemark,
    SheetState,
)
from contest.judging.queries import desk
from contest.judging.queries.moving import move_plan
from contest.judging.queries.rounds import juror_in
from tests.judging.test_marking import finish_everything, judges_of
from tests.judging.test_pages import BASE, mark_fields, token_of


def together(app, work):
    """Run functions in threads that begin at the same moment; returns what each gave."""
    results: list[object] = [None] * len(work)
    gate = threading.Barrier(len(work))

    def run(place):
        with app.app_context():
            gate.wait(30)
            try:
                results[place] = work[place]()
            except Exception as error:  # noqa: BLE001  (what it was is looked at)
                results[place] = type(error).__name__
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def writer(jury, person, sheet, *points, act=actions.finish_sheet, edit=0):
    """A function that saves a sheet as its judge does, for a thread."""
    actor, given, public_id = jury.actor(person), jury.marks(*points), sheet.public_id

    def write():
        with unit_of_work():
            mine = desk.own_sheet(person.id, public_id)
            act(sheet=mine, given=given, edit=edit, actor=actor, now=jury.now)
        return "saved"

    return write


def test_the_last_two_sheets_at_once_settle_the_work_once(marking):
    work_id = marking.work_ids[2]
    writers = [
        writer(marking, person, marking.sheet_for(person, work_id), "2", "3", "1", "1")
        for person in judges_of(marking, work_id)
    ]
    db.session.remove()
    assert together(marking.app, writers) == ["saved", "saved"]
    assert db.session.scalar(select(func.count()).select_from(Resolution)) == 1


def test_two_tabs_at_once_save_one_and_tell_the_other(marking):
    hoa = marking.cast.hoa
    sheet = marking.sheets(hoa)[0]
    tabs = [
        writer(marking, hoa, sheet, points, act=actions.save_sheet) for points in ("1", "2", "1.5")
    ]
    db.session.remove()
    assert sorted(together(marking.app, tabs)) == ["StaleSheet", "StaleSheet", "saved"]
    assert db.session.scalar(select(func.count()).select_from(SheetMark)) == 1


def test_closing_while_a_judge_finishes_loses_nothing(marking):
    """Either the close comes after the last mark, or it is refused; never a mark after the close."""
    work_id = marking.work_ids[0]
    last = judges_of(marking, work_id)[0]
    sheet = marking.sheet_for(last, work_id)
    others = [each for each in marking.work_ids if each != work_id]
    for each in others:
        for person in judges_of(marking, each):
            marking.finish(person, each, "7")
    marking.finish(judges_of(marking, work_id)[1], work_id, "7")
    lan = marking.actor(marking.cast.lan)
    finish = writer(marking, last, sheet, "2", "4", "1", "0")
    round_id = marking.round_id

    def close():
        with unit_of_work():
            return actions.close_marking(contest_round=marking.round, actor=lan, now=marking.now)

    db.session.remove()
    finished, closed = together(marking.app, [finish, close])
    assert finished == "saved"
    assert closed in {True, "MarksOpen"}
    closed_at = db.session.get(JudgedRound, round_id).closed_at
    assert (closed_at is not None) == (closed is True)
    assert db.session.scalar(select(func.count()).select_from(Resolution)) == 6


def test_two_organisers_close_once(marking):
    finish_everything(marking)
    lan = marking.actor(marking.cast.lan)

    def close():
        with unit_of_work():
            return actions.close_marking(contest_round=marking.round, actor=lan, now=marking.now)

    db.session.remove()
    assert sorted(together(marking.app, [close, close])) == [False, True]


def kept(jury):
    """What was refused and is kept apart: (reason, marks, remark), in the order of arrival."""
    end_read()
    db.session.expire_all()
    rows = db.session.scalars(select(RefusedSave).order_by(RefusedSave.id))
    return [(row.reason, sorted(row.marks.values()), row.comment) for row in rows]


def sent(page, marks, comment, *, edit, go="stay"):
    """What a tab sends that was opened when the sheet stood at `edit`."""
    data = {"csrf_token": token_of(page), "edit": edit, "comment": comment, "go": go}
    return data | dict(zip(mark_fields(page), marks, strict=False))


JSON = {"Accept": "application/json"}


def test_an_older_tab_overwrites_nothing_and_what_it_said_is_kept(live, signed_in):
    """Both texts stand in tables to which rows are only added."""
    hoa = signed_in(live.cast.hoa)
    address = f"/judge/sheets/{live.sheets(live.cast.hoa)[0].public_id}"
    page = hoa.get(address).get_data(as_text=True)
    newer = hoa.post(address, data=sent(page, ["2"], "Bài ấm áp", edit="0"), headers=JSON)
    assert newer.status_code == 200
    older = sent(page, ["0,5", "1"], "Bài còn khô", edit="0")
    refused = hoa.post(address, data=older, headers=JSON)
    assert refused.status_code == 409
    assert "ở thẻ khác" in refused.get_json()["message"]
    hoa.post(address, data=older, headers=JSON)  # tried again by itself: kept once
    assert kept(live) == [("stale", ["0.5", "1"], "Bài còn khô")]
    sheet = live.sheets(live.cast.hoa)[0]
    assert (sheet.total, sheet.comment, sheet.edit) == (2, "Bài ấm áp", 1)
    page = hoa.get(address).get_data(as_text=True)
    assert "Đã giữ lại nhưng không tính" in page
    assert "Bài còn khô" in page
    later = sent(page, ["2"], "Bài ấm áp, nên rút gọn", edit="1")
    assert hoa.post(address, data=later, headers=JSON).status_code == 200
    end_read()
    remarks = db.session.execute(select(SheetRemark.edit, SheetRemark.body)).all()
    assert sorted(map(tuple, remarks)) == [(1, "Bài ấm áp"), (2, "Bài ấm áp, nên rút gọn")]


def test_an_older_tab_without_javascript_gets_the_sheet_that_stands(live, signed_in):
    hoa = signed_in(live.cast.hoa)
    address = f"/judge/sheets/{live.sheets(live.cast.hoa)[0].public_id}"
    page = hoa.get(address).get_data(as_text=True)
    hoa.post(address, data=sent(page, ["2"], "Mới", edit="0"))
    answer = hoa.post(address, data=sent(page, ["1"], "Cũ", edit="0"))
    assert answer.status_code == 409
    said = answer.get_data(as_text=True)
    assert 'value="2"' in said
    assert 'name="edit" value="1"' in said
    assert kept(live) == [("stale", ["1"], "Cũ")]


def test_marks_that_come_after_the_close_get_a_sentence_and_are_kept(live, signed_in):
    hoa, lan = signed_in(live.cast.hoa), signed_in(live.cast.lan)
    address = f"/judge/sheets/{live.sheets(live.cast.hoa)[0].public_id}"
    page = hoa.get(address).get_data(as_text=True)
    finish_everything(live)
    token = token_of(lan.get(f"{BASE}/marking").get_data(as_text=True))
    assert lan.post(f"{BASE}/marking/close", data={"csrf_token": token}).status_code == 302
    late = sent(page, ["2", "4", "2", "2"], "Xuất sắc", edit="0", go="next")
    answer = hoa.post(address, data=late, headers=JSON)
    assert answer.status_code == 409
    assert "đã khóa" in answer.get_json()["message"].lower()
    assert kept(live) == [("closed", ["2", "2", "2", "4"], "Xuất sắc")]
    assert "Xuất sắc" in hoa.get(address).get_data(as_text=True)
    assert hoa.post(address, data=late).status_code == 409


def test_marks_of_a_judge_who_lost_the_role_are_kept_and_do_not_count(live, signed_in):
    hoa = signed_in(live.cast.hoa)
    first, second = live.sheets(live.cast.hoa)[:2]
    live.finish(live.cast.hoa, first.work_id, "7")
    address = f"/judge/sheets/{second.public_id}"
    page = hoa.get(address).get_data(as_text=True)
    with unit_of_work():
        for grant in db.session.query(Grant).filter_by(person_id=live.cast.hoa.id):
            end_grant(grant=grant, actor=None, now=utc_now())
    typed = sent(page, ["2", "3", "1", "1"], "Chân thật", edit="0", go="next")
    answer = hoa.post(address, data=typed, headers=JSON)
    assert answer.status_code == 403
    assert "không còn là giám khảo" in answer.get_json()["message"]
    assert kept(live) == [("role_lost", ["1", "1", "2", "3"], "Chân thật")]
    lan = signed_in(live.cast.lan)
    token = token_of(lan.get(f"{BASE}/marking").get_data(as_text=True))
    lan.post(f"{BASE}/assignment/draw", data={"csrf_token": token})
    assert live.sheet_for(live.cast.hoa, first.work_id).state is SheetState.DONE
    assert live.sheet_for(live.cast.hoa, second.work_id).state is SheetState.MOVED
    assert hoa.post(address, data=typed, headers=JSON).status_code == 403


def test_the_day_passes_between_opening_and_saving(live, signed_in):
    """The day is one by which marks are due, not a lock: the mark counts, and is seen to be late."""
    hoa = signed_in(live.cast.hoa)
    address = f"/judge/sheets/{live.sheets(live.cast.hoa)[0].public_id}"
    page = hoa.get(address).get_data(as_text=True)
    assert "Hạn chấm đã qua" not in page
    with unit_of_work():
        db.session.get_one(JudgedRound, live.round_id).marks_due_at = utc_now()
    typed = sent(page, ["2", "3", "1", "1"], "", edit="0", go="next")
    answer = hoa.post(address, data=typed)
    assert answer.status_code == 302
    assert "Trưởng Ban Giám khảo thấy phiếu này nộp sau hạn" in hoa.get(answer.location).get_data(
        as_text=True
    )
    assert live.sheets(live.cast.hoa)[0].state is SheetState.DONE
    assert kept(live) == []


def test_moving_a_sheet_while_its_judge_finishes_it(marking):
    """Either the mark is in and the sheet stays, or it went first and the judge is told."""
    cast = marking.cast
    marking.seat(cast.an)
    sheet = next(
        each for each in marking.sheets(cast.hoa) if each.work_id not in marking.work_ids[2:4]
    )
    lan = marking.actor(cast.lan)
    end_read()
    seats = {each.person_id: each.public_id for each in db.session.query(Juror)}
    giver, taker = (juror_in(marking.round_id, seats[p.id]) for p in (cast.hoa, cast.an))
    digest = move_plan(marking.round, giver, taker, sheets=[sheet.public_id]).digest()
    finish = writer(marking, cast.hoa, sheet, "2", "3", "1", "1")

    def move():
        with unit_of_work():
            actions.move_sheets(
                contest_round=marking.round,
                giver=juror_in(marking.round_id, seats[cast.hoa.id]),
                taker=juror_in(marking.round_id, seats[cast.an.id]),
                sheets=[sheet.public_id],
                count=0,
                digest=digest,
                reason="Hoa bận",
                actor=lan,
                now=marking.now,
            )
        return "moved"

    db.session.remove()
    outcome = together(marking.app, [finish, move])
    assert outcome in (["saved", "NothingToMove"], ["SheetGone", "moved"])
    mine = marking.sheet_for(cast.hoa, sheet.work_id)
    theirs = [each for each in marking.sheets(cast.an) if each.work_id == sheet.work_id]
    if outcome[0] == "saved":
        assert (mine.state, theirs) == (SheetState.DONE, [])
    else:
        assert (mine.state, len(theirs)) == (SheetState.MOVED, 1)


def test_two_organisers_move_the_same_sheets_once(marking):
    cast = marking.cast
    marking.seat(cast.an)
    lan = marking.actor(cast.lan)
    end_read()
    seats = {each.person_id: each.public_id for each in db.session.query(Juror)}
    giver, taker = (juror_in(marking.round_id, seats[p.id]) for p in (cast.hoa, cast.an))
    shown = move_plan(marking.round, giver, taker, count=1)

    def move():
        with unit_of_work():
            actions.move_sheets(
                contest_round=marking.round,
                giver=juror_in(marking.round_id, seats[cast.hoa.id]),
                taker=juror_in(marking.round_id, seats[cast.an.id]),
                sheets=(),
                count=1,
                digest=shown.digest(),
                reason="Hoa bận",
                actor=lan,
                now=marking.now,
            )
        return "moved"

    db.session.remove()
    assert sorted(together(marking.app, [move, move])) == ["PreviewStale", "moved"]
    assert len(marking.sheets(cast.an)) == 1


def test_the_role_is_lost_while_the_last_sheet_is_finished(marking):
    """The finish counts whole or not at all; the freed sheet is never done as well."""
    cast = marking.cast
    work_id = marking.work_ids[2]
    first, second = judges_of(marking, work_id)
    marking.finish(first, work_id, "7")
    finish = writer(marking, second, marking.sheet_for(second, work_id), "2", "3", "1", "1")
    lan = marking.actor(cast.lan)
    with unit_of_work():
        for grant in db.session.query(Grant).filter_by(person_id=second.id):
            end_grant(grant=grant, actor=None, now=marking.now)

    def release():
        with unit_of_work():
            return actions.release_seats(contest_round=marking.round, actor=lan, now=marking.now)

    db.session.remove()
    finished, freed = together(marking.app, [finish, release])
    assert freed == 1
    sheet = marking.sheet_for(second, work_id)
    settled = db.session.scalar(select(func.count()).select_from(Resolution))
    if finished == "saved":
        assert (sheet.state, settled) == (SheetState.DONE, 1)
    else:
        assert finished in {"SheetGone", "LeftJury"}
        assert (sheet.state, settled) == (SheetState.MOVED, 0)
