"""Two records become one person who wrote an essay, sat in a jury, or both."""

import pytest

from contest.accounts.actions.duplicates import merge_people, preview_merge
from contest.accounts.models import Person, PersonMerge
from contest.accounts.refusals import CannotMerge
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import Juror, MarkSheet, SheetState
from contest.submissions.models import Work, WorkAuthor


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def author_of(jury, place: int) -> int:
    return db.session.get_one(Work, jury.work_ids[place]).person_id


def previewed(jury, kept_id: int, merged_id: int):
    admin = jury.actor(jury.cast.admin)
    end_read()
    with unit_of_work():
        return preview_merge(kept=person(kept_id), merged=person(merged_id), actor=admin)


def merge(jury, kept_id: int, merged_id: int) -> dict[str, int]:
    admin = jury.actor(jury.cast.admin)
    end_read()
    with unit_of_work():
        merge_people(kept=person(kept_id), merged=person(merged_id), actor=admin, now=jury.now)
    return db.session.query(PersonMerge).one().moved


def test_works_go_over_with_their_author_and_keep_the_name_they_were_handed_in_with(jury):
    minh, author = jury.cast.minh.id, author_of(jury, 0)
    preview = previewed(jury, minh, author)
    assert ("Bài viết dự thi", 1) in [(str(line.label), line.count) for line in preview.lines]
    assert preview.warnings == []
    assert merge(jury, minh, author)["works"] == 1
    work = db.session.get_one(Work, jury.work_ids[0])
    assert work.person_id == minh
    (written,) = db.session.query(WorkAuthor).filter_by(work_id=work.id)
    assert (written.person_id, written.full_name) == (minh, "Tôn Nữ Quỳnh Như")


def test_a_seat_in_a_jury_goes_over_with_its_sheets(marking):
    minh, hoa = marking.cast.minh.id, marking.cast.hoa.id
    held = len(marking.sheets(marking.cast.hoa))
    moved = merge(marking, minh, hoa)
    assert moved["seats"] == 1
    assert len(marking.sheets(marking.cast.minh)) == held > 0
    assert marking.sheets(marking.cast.hoa) == []


def test_two_seats_in_one_jury_stand_in_the_way(marking):
    hoa, tu = marking.cast.hoa.id, marking.cast.tu.id
    preview = previewed(marking, hoa, tu)
    assert [str(words) for words in preview.obstacles] == [
        "Cả hai hồ sơ đều ở trong Ban Giám khảo của “Gương sáng làm theo lời Bác 2026”."
    ]
    with pytest.raises(CannotMerge):
        merge(marking, hoa, tu)
    assert db.session.query(Juror).filter_by(person_id=tu).count() == 1


def own_sheet_of_hoa(marking) -> tuple[int, int]:
    """A work that Hoa is to mark, and its author."""
    sheet = marking.sheets(marking.cast.hoa)[0]
    return sheet.work_id, db.session.get_one(Work, sheet.work_id).person_id


def test_who_turns_out_to_be_judge_and_author_does_not_mark_the_own_essay(marking):
    hoa = marking.cast.hoa.id
    work_id, author = own_sheet_of_hoa(marking)
    (warning,) = previewed(marking, hoa, author).warnings
    assert "vừa là giám khảo vừa là tác giả" in str(warning)
    assert "đã chấm bài của chính mình" not in str(warning)
    others = len(marking.sheets(marking.cast.hoa)) - 1
    merge(marking, hoa, author)
    states = {each.work_id: each.state for each in marking.sheets(marking.cast.hoa)}
    assert states.pop(work_id) is SheetState.MOVED
    assert list(states.values()) == [SheetState.TODO] * others


def test_marks_already_given_to_the_own_essay_stay_and_are_said(marking):
    hoa = marking.cast.hoa.id
    work_id, author = own_sheet_of_hoa(marking)
    marking.finish(marking.cast.hoa, work_id, "8")
    (warning,) = previewed(marking, hoa, author).warnings
    assert "đã chấm bài của chính mình" in str(warning)
    merge(marking, hoa, author)
    (sheet,) = db.session.query(MarkSheet).filter_by(work_id=work_id, state=SheetState.DONE)
    assert sheet.juror.person_id == hoa
