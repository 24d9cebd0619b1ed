"""Changing many questions at once: planned, looked at, carried out, undone."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert, update

from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import from_micros, micros
from contest.core.db import db
from contest.core.errors import RuleBroken
from question_bank import queries
from question_bank.actions.questions import write_tags
from question_bank.actions.review import set_state, standing_of
from question_bank.models import (
    Bank,
    BulkChange,
    BulkChangeRow,
    BulkState,
    Difficulty,
    Question,
    QuestionState,
)
from question_bank.organising import (
    BulkEnded,
    NothingToChange,
    Values,
    changed_values,
    differing,
)
from question_bank.rules import check_step

BATCH: Final = 500
"""Questions that are changed in one unit; a change of more of them is a job."""
_REVIEW: Final = ("checked_by_id", "approved_by_id", "checked_at", "approved_at")


def plan_bulk(
    *, bank: Bank, public_ids: Collection[str], actor: Actor, now: datetime
) -> BulkChange | None:
    """Remember which questions are to be changed; None when there are none of this bank.

    The questions are fixed here: what a filter finds later does not join them.
    """
    ids = queries.question_ids(bank.id, public_ids)
    if not ids:
        return None
    change = BulkChange(
        bank_id=bank.id,
        person_id=actor.person_id,
        state=BulkState.PLANNED,
        wanted={},
        questions=len(ids),
        created_at=now,
    )
    db.session.add(change)
    db.session.flush()
    for start in range(0, len(ids), BATCH):
        db.session.execute(
            insert(BulkChangeRow),
            [
                {"change_id": change.id, "question_id": key, "refusal": ""}
                for key in ids[start : start + BATCH]
            ],
        )
    return change


def set_wanted(*, change: BulkChange, wanted: Mapping[str, Any]) -> None:
    """Say what a planned change is to do. Raises ``NothingToChange`` or ``BulkEnded``."""
    if change.state is not BulkState.PLANNED:
        raise BulkEnded
    if not wanted:
        raise NothingToChange
    change.wanted = dict(wanted)
    db.session.flush()


def begin_bulk(*, change: BulkChange, undo: bool = False) -> None:
    """Claim a change for carrying it out or undoing it. Raises ``BulkEnded``, ``NothingToChange``.

    Two presses of the button claim it once.
    """
    if not change.wanted:
        raise NothingToChange
    before, after = (
        (BulkState.DONE, BulkState.UNDOING) if undo else (BulkState.PLANNED, BulkState.RUNNING)
    )
    claimed = db.session.execute(
        update(BulkChange)
        .where(BulkChange.id == change.id, BulkChange.state == before)
        .values(state=after)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise BulkEnded
    db.session.refresh(change)


def change_batch(*, change: BulkChange, ids: Collection[int], actor: Actor, now: datetime) -> None:
    """Change some questions of a claimed change; what the review forbids stays and says why."""
    questions = queries.questions_by_id(list(ids))
    values = queries.values_of(questions)
    rows = {row.question_id: row for row in queries.bulk_rows(change.id, list(ids))}
    for question in questions:
        before = values[question.id]
        after = changed_values(before, change.wanted)
        changed = differing(before, after)
        row = rows[question.id]
        if not changed or row.before is not None:
            continue
        if "state" in changed:
            try:
                standing = standing_of(change.bank, question)
                check_step(standing, QuestionState(after.state), actor.person_id)
            except RuleBroken as refused:
                row.refusal = refused.words[:300]
                change.refused += 1
                continue
        row.before = before.as_json() | _review_of(question)
        row.after = after.as_json()
        _write(question, before, after, actor, now)
        change.changed += 1
    db.session.flush()


def undo_batch(*, change: BulkChange, ids: Collection[int], actor: Actor, now: datetime) -> None:
    """Give some questions their values before a change; who was changed since keeps its own."""
    questions = queries.questions_by_id(list(ids))
    values = queries.values_of(questions)
    rows = {row.question_id: row for row in queries.bulk_rows(change.id, list(ids))}
    for question in questions:
        row = rows[question.id]
        if row.before is None or row.after is None:
            continue
        if values[question.id] != Values.from_json(row.after):
            change.kept += 1
            continue
        _write(question, values[question.id], Values.from_json(row.before), actor, now)
        for name in _REVIEW:
            kept = row.before.get(name)
            value = from_micros(kept) if kept is not None and name.endswith("_at") else kept
            setattr(question, name, value)
    db.session.flush()


def end_bulk(*, change: BulkChange, undo: bool = False, actor: Actor, now: datetime) -> None:
    """Say that a change, or undoing it, is complete; one event tells what was done."""
    if undo:
        change.state, change.undone_at = BulkState.UNDONE, now
    else:
        change.state, change.done_at = BulkState.DONE, now
    db.session.flush()
    audit.record(
        "question_bank.bulk_undone" if undo else "question_bank.bulk_changed",
        actor=actor,
        now=now,
        subject=("bulk_change", change.id),
        scope_id=change.bank.scope_id,
        data={
            "wanted": change.wanted,
            "questions": change.questions,
            "changed": change.changed,
            "refused": change.refused,
            "kept": change.kept,
        },
    )


def drop_bulk(*, change: BulkChange) -> None:
    """Forget a change that was only planned."""
    if change.state is BulkState.PLANNED:
        db.session.execute(delete(BulkChangeRow).where(BulkChangeRow.change_id == change.id))
        db.session.delete(change)
        db.session.flush()


def _review_of(question: Question) -> dict[str, Any]:
    return {
        name: micros(value) if isinstance(value, datetime) else value
        for name in _REVIEW
        if (value := getattr(question, name)) is not None
    }


def _write(question: Question, before: Values, after: Values, actor: Actor, now: datetime) -> None:
    changed = differing(before, after)
    question.topic_id, question.source_id = after.topic, after.source
    question.difficulty = Difficulty(after.difficulty)
    if "tags" in changed:
        write_tags(question=question, tags=after.tags)
    if "state" in changed:
        to = QuestionState(after.state)
        set_state(question=question, to=to, actor=actor, now=now)
        audit.record(
            "question_bank.question_state_changed",
            actor=actor,
            now=now,
            subject=("question", question.id),
            scope_id=question.bank.scope_id,
            data={"from": before.state, "to": after.state},
        )
