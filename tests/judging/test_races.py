"""Two at once: the last two sheets of a work, two tabs, and an organiser who closes meanwhile."""

import threading

from sqlalchemy import func, select

from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.judging import actions
from contest.judging.models import JudgedRound, Resolution, SheetMark
from contest.judging.queries import desk
from tests.judging.test_marking import finish_everything, judges_of


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
