"""What a judge wrote and what stands about a judge: in the copy of one's data, at an erasure."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from contest.accounts.models import Person
from contest.accounts.personal_data import ERASED_NAME
from contest.config import RETENTION_DAYS
from contest.core.db import db
from contest.core.retention import run_retention
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions, keeping
from contest.judging.models import Conflict, Juror, JuryList, JuryListState, MarkSheet, Resolution
from contest.judging.queries import desk
from tests.judging.test_marking import judges_of


def talked_about(jury):
    """Tú gives one work back, declares a sister, agrees on another mark and leaves the jury."""
    tu, lan = jury.actor(jury.cast.tu), jury.actor(jury.cast.lan)
    given_back, agreed = (each.work_id for each in jury.sheets(jury.cast.tu)[:2])
    for person, total in zip(judges_of(jury, agreed), ("7", "8"), strict=True):
        jury.finish(person, agreed, total)
    with unit_of_work():
        sheet = desk.own_sheet(jury.cast.tu.id, jury.sheet_for(jury.cast.tu, given_back).public_id)
        actions.abstain(sheet=sheet, reason="Bài của em gái tôi", actor=tu, now=jury.now)
        juror = desk.own_seat(jury.cast.tu.id, jury.round.public_id)
        actions.declare_conflict(
            contest_round=jury.round,
            juror=juror,
            unit=None,
            person_name="Lê Thị Sương",
            reason="Em gái",
            actor=tu,
            now=jury.now,
        )
        actions.decide_work(
            contest_round=jury.round,
            work_id=agreed,
            points=Decimal("7.5"),
            minutes="Đọc lại cùng nhau",
            by_chief=False,
            present=[jury.cast.tu.full_name, "Lê Thị Hoa"],
            actor=lan,
            now=jury.now,
        )
        juror.left_reason = "Phải mổ mắt"
        db.session.add(
            JuryList(
                round_id=jury.round_id,
                file_name="giam-khao.xlsx",
                state=JuryListState.TAKEN,
                taken_at=jury.now,
                created_at=jury.now,
                rows=[
                    {"name": "Tú", "phone": jury.cast.tu.phone, "email": None, "person_id": None},
                    {"name": "Hoa", "phone": "+84900000999", "email": None, "person_id": None},
                ],
            )
        )
    return given_back


def copied(person):
    member = db.session.get_one(Person, person.id)
    return {
        section.code: [{line.code: line.value for line in each.lines} for each in section.records]
        for section in keeping._copy(member)
    }


def erase(jury, person):
    with unit_of_work():
        return keeping._erase(db.session.get_one(Person, person.id), jury.now)


def test_the_copy_of_a_judges_data_holds_their_own_reasons(marking):
    talked_about(marking)
    end_read()
    said = copied(marking.cast.tu)
    assert said["juries"][0]["left_reason"] == "Phải mổ mắt"
    assert said["conflicts"][0]["person_name"] == "Lê Thị Sương"
    assert said["works_given_back"] == [{"reason": "Bài của em gái tôi"}]
    assert copied(marking.cast.cuc)["works_given_back"] == []


def test_an_erasure_takes_what_tells_of_a_judge_and_keeps_the_minutes(marking):
    talked_about(marking)
    done = erase(marking, marking.cast.tu)
    assert done == {"conflicts": 1, "minutes": 1, "jury_rows": 1}
    conflict = db.session.scalars(select(Conflict)).one()
    assert (conflict.person_name, conflict.reason) == (ERASED_NAME, "")
    assert {each.left_reason for each in db.session.scalars(select(Juror))} == {""}
    assert {each.reason for each in db.session.scalars(select(MarkSheet))} == {""}
    [agreed] = db.session.scalars(select(Resolution))
    assert agreed.detail["present"] == [ERASED_NAME, "Lê Thị Hoa"]
    assert agreed.detail["minutes"] == "Đọc lại cùng nhau"
    [kept] = db.session.scalars(select(JuryList))
    assert [row["name"] for row in kept.rows] == ["Hoa"]


def test_an_author_takes_what_judges_said_of_their_kinship(marking):
    work_id = talked_about(marking)
    author = db.session.get_one(MarkSheet, marking.sheets(marking.cast.tu)[0].id).work.person
    assert "Bài của em gái tôi" in set(db.session.scalars(select(MarkSheet.reason)))
    end_read()
    erase(marking, author)
    reasons = db.session.scalars(select(MarkSheet.reason).where(MarkSheet.work_id == work_id))
    assert set(reasons) == {""}
    assert db.session.scalars(select(Conflict.reason)).one() == "Em gái"


def test_rows_of_a_list_of_judges_go_half_a_year_after_it_was_taken(marking):
    talked_about(marking)
    days = timedelta(days=RETENTION_DAYS["jury_lists"])

    def forgotten(at):
        end_read()
        lines = run_retention(now=at, dry_run=False)
        return {each.code: each.found for each in lines}["jury_lists"]

    assert forgotten(marking.now + days - timedelta(microseconds=1)) == 0
    assert forgotten(marking.now + days) == 1
    assert db.session.scalars(select(JuryList)).one().rows == []
    assert forgotten(marking.now + days) == 0
