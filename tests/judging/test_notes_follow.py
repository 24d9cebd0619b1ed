"""Notes in the margin stay on their passages when what is hidden in the text changes."""

from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions
from contest.judging.models import SheetNote
from contest.judging.queries import desk
from contest.submissions import actions as submissions
from contest.submissions.models import BlindCode, Work

PASSAGE = "chưa một lần cổng mở muộn"


def noted(jury, work_id):
    end_read()
    text = db.session.get_one(BlindCode, (jury.round_id, work_id)).body_text
    note = db.session.query(SheetNote).one()
    return text[note.start : note.end]


def test_a_note_stays_on_its_words_when_a_name_before_it_is_unmasked_and_masked(marking):
    sheet = marking.sheets(marking.cast.hoa)[0]
    work_id, public_id = sheet.work_id, sheet.public_id
    text = db.session.get_one(BlindCode, (marking.round_id, work_id)).body_text
    hoa, lan = marking.actor(marking.cast.hoa), marking.actor(marking.cast.lan)
    start = text.index(PASSAGE)
    with unit_of_work():
        actions.add_note(
            sheet=desk.own_sheet(marking.cast.hoa.id, public_id),
            start=start,
            end=start + len(PASSAGE),
            body="Hay",
            criterion="",
            text_length=len(text),
            actor=hoa,
            now=marking.now,
        )
    assert noted(marking, work_id) == PASSAGE
    for places in ([], [0, 1]):
        with unit_of_work():
            row = db.session.get_one(BlindCode, (marking.round_id, work_id))
            submissions.set_masked(
                work=db.session.get_one(Work, work_id),
                row=row,
                places=places,
                actor=lan,
                now=marking.now,
            )
        assert noted(marking, work_id) == PASSAGE
