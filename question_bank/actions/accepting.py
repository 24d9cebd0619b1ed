"""Accepting an import: the chosen rows become questions and revisions in one unit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, case, delete, insert, literal, null, or_, select, true, update
from sqlalchemy.orm import aliased

from contest.core import audit
from contest.core.access import Actor
from contest.core.db import UtcInstant, db
from contest.core.sql import json_texts
from question_bank import queries
from question_bank.actions.banks import ensure_topic
from question_bank.actions.media import discard_imported_media, keep_imported_media
from question_bank.models import (
    Bank,
    ImportState,
    Question,
    QuestionImport,
    QuestionImportRow,
    QuestionRevision,
    QuestionState,
    QuestionTag,
)
from question_bank.rules import ImportEnded, ImportNotRead, NothingChosen, NotWhole, topic_path

Row: Final = QuestionImportRow
_NAMES: Final = 200


def accept_import(
    *,
    bank: Bank,
    question_import: QuestionImport,
    approve: bool = False,
    actor: Actor | None,
    owner_id: int | None = None,
    now: datetime,
) -> dict[str, int]:
    """Take the chosen rows into the bank, all of them in this unit of work or none.

    New rows become questions; rows whose code is known become new revisions, unless nothing
    differs. ``approve`` puts them into use at once (sample banks, single-person banks), else they
    are drafts. ``owner_id`` is the person for whom a job does it. Returns how many were
    ``created``, ``revised`` and ``unchanged``. Raises
    ``ImportNotRead``, ``ImportEnded``, ``NotWhole`` or ``NothingChosen``.
    """
    counts = queries.row_counts(question_import.id)
    if question_import.state is ImportState.READING:
        raise ImportNotRead
    if (question_import.layout or {}).get("whole") and counts.errors:
        raise NotWhole
    _claim(question_import, (ImportState.READY,), ImportState.TAKEN, now)
    if not counts.chosen:
        raise NothingChosen
    _make_topics(bank, question_import.id)
    state = QuestionState.APPROVED if approve else QuestionState.DRAFT
    person_id = owner_id if actor is None else actor.person_id
    _insert_questions(bank.id, question_import.id, state, person_id, now)
    _insert_revisions(question_import.id, person_id, now)
    _update_questions(question_import.id, state, person_id, now)
    _write_tags(question_import.id)
    _hold_undescribed(question_import.id, state)
    keep_imported_media(import_id=question_import.id)
    report = {
        "created": counts.chosen - counts.updates - counts.unchanged,
        "revised": counts.updates,
        "unchanged": counts.unchanged,
    }
    question_import.accepted = counts.chosen
    question_import.rejected = counts.left
    _record("import_accepted", bank, question_import, actor=actor, now=now, data=report)
    return report


def drop_import(
    *, bank: Bank, question_import: QuestionImport, actor: Actor, now: datetime
) -> None:
    """Leave a file without taking anything from it."""
    _claim(question_import, (ImportState.READY, ImportState.READING), ImportState.DROPPED, now)
    db.session.execute(delete(Row).where(Row.import_id == question_import.id))
    discard_imported_media(import_id=question_import.id, now=now)
    _record("import_dropped", bank, question_import, actor=actor, now=now, data={})


def _claim(
    question_import: QuestionImport,
    from_states: Sequence[ImportState],
    to: ImportState,
    now: datetime,
) -> None:
    """Two people press the button: the row changes once, the second is told."""
    claimed = db.session.execute(
        update(QuestionImport)
        .where(QuestionImport.id == question_import.id, QuestionImport.state.in_(from_states))
        .values(state=to, finished_at=now)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise ImportEnded
    db.session.refresh(question_import)


def _set(conditions: Sequence[Any], **values: Any) -> None:
    db.session.execute(
        update(Row).where(*conditions).values(**values).execution_options(synchronize_session=False)
    )


def _make_topics(bank: Bank, import_id: int) -> None:
    found = {
        name: topic.id
        for name in queries.topic_names_chosen(import_id)
        if (topic := ensure_topic(bank=bank, path=topic_path(name))) is not None
    }
    names = list(found)
    # Each statement passes over all rows of the file: many names at a time.
    for start in range(0, len(names), _NAMES):
        part = names[start : start + _NAMES]
        _set(
            [Row.import_id == import_id, Row.topic_name.in_(part)],
            topic_id=case({name: found[name] for name in part}, value=Row.topic_name),
        )


def _insert_questions(
    bank_id: int, import_id: int, state: QuestionState, person_id: int | None, now: datetime
) -> None:
    """New questions, straight from the staged rows; they find their revision afterwards."""
    approved = state is QuestionState.APPROVED
    columns: dict[Any, Any] = {
        Question.public_id: Row.public_id,
        Question.bank_id: literal(bank_id),
        Question.external_id: Row.external_id,
        Question.name: Row.name,
        Question.kind: Row.kind,
        Question.state: literal(state, Question.state.type),
        Question.topic_id: Row.topic_id,
        Question.difficulty: Row.difficulty,
        Question.search_folded: Row.search_folded,
        Question.stem_digest: Row.stem_digest,
        Question.created_by_id: _id(person_id),
        Question.created_at: literal(now, UtcInstant),
        Question.approved_by_id: _id(person_id) if approved else null(),
        Question.approved_at: literal(now, UtcInstant) if approved else null(),
    }
    _insert_from(
        Question,
        columns,
        [Row.import_id == import_id, Row.is_chosen, Row.target_id.is_(None)],
    )


def _id(person_id: int | None) -> Any:
    return null() if person_id is None else literal(person_id)


def _insert_from(
    table: Any, columns: dict[Any, Any], conditions: Sequence[Any], *joins: tuple[Any, Any]
) -> None:
    statement = select(*columns.values()).select_from(Row)
    for target, on in joins:
        statement = statement.join(target, on)
    statement = statement.where(*conditions).order_by(Row.position)
    db.session.execute(insert(table).from_select([c.key for c in columns], statement))


def _revision_columns(
    question_id: Any, number: Any, person_id: int | None, now: datetime
) -> dict[Any, Any]:
    return {
        QuestionRevision.public_id: Row.revision_public_id,
        QuestionRevision.question_id: question_id,
        QuestionRevision.number: number,
        QuestionRevision.kind: Row.kind,
        QuestionRevision.stem: Row.stem,
        QuestionRevision.body: Row.body,
        QuestionRevision.explanation: Row.explanation,
        QuestionRevision.source: Row.source,
        QuestionRevision.mark: Row.mark,
        QuestionRevision.digest: Row.digest,
        QuestionRevision.created_by_id: _id(person_id),
        QuestionRevision.created_at: literal(now, UtcInstant),
    }


def _insert_revisions(import_id: int, person_id: int | None, now: datetime) -> None:
    """First revisions of new questions, and next revisions where the words changed."""
    chosen = [Row.import_id == import_id, Row.is_chosen]
    _insert_from(
        QuestionRevision,
        _revision_columns(Question.id, literal(1), person_id, now),
        [*chosen, Row.target_id.is_(None)],
        (Question, Question.public_id == Row.public_id),
    )
    current = aliased(QuestionRevision)
    _insert_from(
        QuestionRevision,
        _revision_columns(Question.id, current.number + 1, person_id, now),
        [*chosen, current.digest != Row.digest],
        (Question, Question.id == Row.target_id),
        (current, current.id == Question.revision_id),
    )


def _update_questions(
    import_id: int, state: QuestionState, person_id: int | None, now: datetime
) -> None:
    """Point questions to their new revision, and file the updated ones as the file says."""
    chosen = and_(Row.import_id == import_id, Row.is_chosen)
    filed = select(Row.target_id).where(chosen, Row.target_id.is_not(None))
    source = and_(chosen, Row.target_id == Question.id)
    _update_question(
        Question.id.in_(filed),
        {
            key: select(getattr(Row, key)).where(source).correlate(Question).scalar_subquery()
            for key in ("topic_id", "difficulty", "name", "search_folded", "stem_digest")
        },
    )
    _point_to_newest(import_id, known=False)
    approved = state is QuestionState.APPROVED
    _point_to_newest(
        import_id,
        known=True,
        state=literal(state, Question.state.type),
        checked_by_id=null(),
        checked_at=null(),
        approved_by_id=_id(person_id) if approved else null(),
        approved_at=literal(now, UtcInstant) if approved else null(),
    )


def _point_to_newest(import_id: int, *, known: bool, **values: Any) -> None:
    """Point the new questions, or the known ones that changed, to the revision just written.

    A new question has everything else already: what is not set moves no index and no search word.
    """
    revision = QuestionRevision
    if known:
        values["kind"] = revision.kind
    _update_question(
        and_(
            Question.id == revision.question_id,
            revision.public_id == Row.revision_public_id,
            Row.import_id == import_id,
            Row.is_chosen,
            Row.target_id.is_not(None) if known else Row.target_id.is_(None),
        ),
        {"revision_id": revision.id, **values},
    )


def _hold_undescribed(import_id: int, state: QuestionState) -> None:
    """What has a picture without words for who cannot see it is no more than a draft."""
    if state is not QuestionState.APPROVED:
        return
    revision = aliased(QuestionRevision)
    silent = (
        select(revision.question_id)
        .join(Row, revision.public_id == Row.revision_public_id)
        .where(Row.import_id == import_id, Row.is_chosen, Row.lacks_words)
    )
    _update_question(
        Question.id.in_(silent),
        {"state": QuestionState.DRAFT, "approved_by_id": None, "approved_at": None},
    )


def _update_question(condition: Any, values: dict[str, Any]) -> None:
    db.session.execute(
        update(Question)
        .where(condition)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _write_tags(import_id: int) -> None:
    targets = select(Row.target_id).where(Row.import_id == import_id, Row.is_chosen)
    db.session.execute(
        delete(QuestionTag)
        .where(QuestionTag.question_id.in_(targets))
        .execution_options(synchronize_session=False)
    )
    names = json_texts(Row.tags, db.engine.dialect.name)
    _insert_from(
        QuestionTag,
        {QuestionTag.question_id: Question.id, QuestionTag.name: names.c.value},
        [Row.import_id == import_id, Row.is_chosen, Row.tags.is_not(None)],
        (
            Question,
            or_(
                Question.id == Row.target_id,
                and_(Row.target_id.is_(None), Question.public_id == Row.public_id),
            ),
        ),
        (names, true()),
    )


def _record(
    verb: str,
    bank: Bank,
    question_import: QuestionImport,
    *,
    actor: Actor | None,
    now: datetime,
    data: dict[str, Any],
) -> None:
    audit.record(
        f"question_bank.{verb}",
        actor=actor,
        now=now,
        subject=("question_import", question_import.id),
        scope_id=bank.scope_id,
        data={"file": question_import.file_name, **data},
    )
