"""A judge's sheet: saving, finishing, giving up, notes. Marks are only ever added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.engine import CursorResult

from contest.contests.models import Contest, Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.actions.settling import settle_work
from contest.judging.models import (
    Criterion,
    JudgedRound,
    MarkSheet,
    SheetMark,
    SheetNote,
    SheetRemark,
    SheetState,
)
from contest.judging.queries.desk import is_settled, marks_of
from contest.judging.queries.extras import is_extra
from contest.judging.queries.rounds import criteria_of
from contest.judging.rules.refusals import (
    MarkingClosed,
    NoteOutside,
    ReasonNeeded,
    StaleSheet,
)
from contest.judging.rules.sheets import (
    UNDONE,
    check_marks,
    check_may_write,
    check_role,
    total_of,
)

LONGEST: Final = 5_000


@dataclass(frozen=True, slots=True)
class MarkInput:
    """What a page sends: marks by public id of the criterion, and the comment."""

    marks: Mapping[str, Decimal]
    comment: str


@dataclass(frozen=True, slots=True)
class _Held:
    """A sheet whose work is held until the end of the transaction."""

    sheet: MarkSheet
    criteria: Sequence[Criterion]
    scope_id: int


def _hold(sheet: MarkSheet, actor: Actor) -> _Held:
    """Check role, round and sheet, and hold the work.

    The round is held shared, so that it is not closed in between; then all sheets of the work, in
    order, so that of two judges who finish it together one sees that both are done.
    """
    judged = db.session.scalar(
        select(JudgedRound)
        .where(JudgedRound.round_id == sheet.round_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    contest_round, contest = db.session.execute(
        select(Round, Contest)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Round.id == sheet.round_id)
    ).one()
    if judged is None:
        raise MarkingClosed
    check_role(actor=actor, juror=sheet.juror, scope_path=contest.scope.path)
    db.session.scalars(
        select(MarkSheet)
        .where(MarkSheet.work_id == sheet.work_id)
        .order_by(MarkSheet.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    check_may_write(
        judged=judged,
        stage=contest_round.stage,
        sheet=sheet,
        is_settled=is_settled(sheet.work_id) and not is_extra(sheet),
    )
    return _Held(sheet, criteria_of(sheet.round_id), contest.scope_id)


def _claim_edit(sheet: MarkSheet, edit: int) -> int:
    """Raise the sheet's edit if it still stands where the page saw it.

    Raises:
        StaleSheet: another tab or device was here.
    """
    result = db.session.execute(
        update(MarkSheet)
        .where(MarkSheet.id == sheet.id, MarkSheet.edit == edit)
        .values(edit=edit + 1)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101  (what an UPDATE gives)
    if result.rowcount != 1:
        raise StaleSheet
    db.session.refresh(sheet, ["edit"])
    return edit + 1


def save_sheet(
    *, sheet: MarkSheet, given: MarkInput, edit: int, actor: Actor, now: datetime
) -> MarkSheet:
    """Save marks and comment of a sheet, finished or not; earlier ones stay in their tables.

    Args:
        sheet: of the judge who asks.
        given: marks that are set (others stay as they are) and the comment.
        edit: the sheet's edit as the page saw it.
        actor: the judge.
        now: the instant of the request.

    Raises:
        RoleLost, LeftJury, MarkingClosed, MarkingNotOpen, SheetGone, SheetSettled: see the rules.
        StaleSheet: another tab saved in between.
        WrongMark: a mark does not fit its criterion.
    """
    held = _hold(sheet, actor)
    by_public_id = {each.public_id: each.id for each in held.criteria}
    marks = {by_public_id.get(public_id, 0): points for public_id, points in given.marks.items()}
    check_marks(held.criteria, marks)
    before = marks_of(sheet.id)
    changed = {key: points for key, points in marks.items() if before.get(key) != points}
    comment = given.comment[:LONGEST]
    if not changed and comment == sheet.comment:
        if sheet.edit != edit:
            raise StaleSheet
        return sheet
    new_edit = _claim_edit(sheet, edit)
    if changed:
        db.session.execute(
            insert(SheetMark),
            [
                {
                    "sheet_id": sheet.id,
                    "criterion_id": criterion_id,
                    "edit": new_edit,
                    "points": points,
                    "marked_at": now,
                }
                for criterion_id, points in changed.items()
            ],
        )
    if comment != sheet.comment:
        db.session.add(SheetRemark(sheet_id=sheet.id, edit=new_edit, body=comment, written_at=now))
    sheet.comment = comment
    sheet.total = total_of(held.criteria, before | marks, whole=sheet.state is SheetState.DONE)
    if sheet.state is SheetState.TODO:
        sheet.state = SheetState.OPEN
    db.session.flush()
    return sheet


def finish_sheet(
    *, sheet: MarkSheet, given: MarkInput, edit: int, actor: Actor, now: datetime
) -> MarkSheet:
    """Save, and say that the sheet is done; the last sheet of a work settles it or lists it.

    Raises:
        MarksMissing: a criterion has no mark.
        and as `save_sheet`.
    """
    save_sheet(sheet=sheet, given=given, edit=edit, actor=actor, now=now)
    held = _hold(sheet, actor)
    sheet.total = total_of(held.criteria, marks_of(sheet.id), whole=True)
    was_done = sheet.state is SheetState.DONE
    sheet.state, sheet.done_at = SheetState.DONE, now
    db.session.flush()
    if not was_done:
        _record("sheet_done", held, actor=actor, now=now, data={"edit": sheet.edit})
    settle_work(round_id=sheet.round_id, work_id=sheet.work_id, scope_id=held.scope_id, now=now)
    return sheet


def abstain(*, sheet: MarkSheet, reason: str, actor: Actor, now: datetime) -> None:
    """Give a work back with a reason: it waits for another judge.

    Raises:
        ReasonNeeded: no reason is given.
        SheetGone: it is finished, or was given up before.
        and as `save_sheet`.
    """
    if not reason.strip():
        raise ReasonNeeded
    held = _hold(sheet, actor)
    result = db.session.execute(
        update(MarkSheet)
        .where(MarkSheet.id == sheet.id, MarkSheet.state.in_((*UNDONE, SheetState.DONE)))
        .values(state=SheetState.ABSTAINED, reason=reason.strip(), done_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101  (what an UPDATE gives)
    db.session.refresh(sheet)
    _record("sheet_abstained", held, actor=actor, now=now, data={"reason": reason.strip()})


def add_note(
    *,
    sheet: MarkSheet,
    start: int,
    end: int,
    body: str,
    criterion: str,
    text_length: int,
    actor: Actor,
    now: datetime,
) -> SheetNote:
    """Write a note on a passage, given as places in the blind plain text.

    Raises:
        NoteOutside: the passage is empty or outside, or the note is.
        and as `save_sheet`.
    """
    held = _hold(sheet, actor)
    if not (0 <= start < end <= text_length) or not body.strip():
        raise NoteOutside
    by_public_id = {each.public_id: each.id for each in held.criteria}
    note = SheetNote(
        sheet_id=sheet.id,
        start=start,
        end=end,
        body=body.strip()[:LONGEST],
        criterion_id=by_public_id.get(criterion),
        written_at=now,
    )
    db.session.add(note)
    db.session.flush()
    return note


def remove_note(*, sheet: MarkSheet, public_id: str, actor: Actor, now: datetime) -> None:
    """Take a note away; the row stays."""
    _hold(sheet, actor)
    db.session.execute(
        update(SheetNote)
        .where(
            SheetNote.sheet_id == sheet.id,
            SheetNote.public_id == public_id,
            SheetNote.removed_at.is_(None),
        )
        .values(removed_at=now)
        .execution_options(synchronize_session=False)
    )


def _record(
    what: str, held: _Held, *, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    audit.record(
        f"judging.{what}",
        actor=actor,
        now=now,
        subject=("mark_sheet", held.sheet.id),
        scope_id=held.scope_id,
        data=data,
    )
