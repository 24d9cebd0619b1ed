"""Notes in the margin follow their passages when the text under them changes."""

from sqlalchemy import select

from contest.core.db import db
from contest.judging.models import MarkSheet, SheetNote
from contest.submissions.rules.passages import moved_range


def follow_text(*, work_id: int, before: str, after: str) -> None:
    """Move the places of notes on a work whose blind text is another one now.

    Args:
        work_id: the work.
        before: the text on which the notes were written.
        after: the text that judges read from now on.
    """
    notes = db.session.scalars(
        select(SheetNote)
        .join(MarkSheet, MarkSheet.id == SheetNote.sheet_id)
        .where(MarkSheet.work_id == work_id)
    )
    for note in notes:
        note.start, note.end = moved_range(note.start, note.end, before, after)
    db.session.flush()
