"""Writing questions: new ones and new revisions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, update

from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import nfc, one_line
from question_bank import queries
from question_bank.actions.media import copy_media
from question_bank.actions.review import set_state
from question_bank.kinds import check_stem, kind_of
from question_bank.kinds.keeping import with_kept_ids
from question_bank.media import without_media
from question_bank.models import (
    Bank,
    Difficulty,
    Question,
    QuestionRevision,
    QuestionState,
    QuestionTag,
)
from question_bank.organising import cited_source
from question_bank.rules import (
    MAX_NAME_LENGTH,
    ExternalIdTaken,
    QuestionChanged,
    clean_tags,
    revision_digest,
    search_text,
    stem_digest,
)


@dataclass(frozen=True, slots=True)
class Content:
    """What an author writes: the revision's words, and how the question is filed.

    ``body`` is the kind's JSON (``question_bank.kinds``), ``mark`` in points.
    """

    kind: str
    stem: str
    body: dict[str, Any]
    difficulty: Difficulty
    topic_id: int | None = None
    explanation: str = ""
    source: str = ""
    tags: Sequence[str] = ()
    external_id: str = ""
    mark: Decimal = Decimal(1)
    name: str = ""


def create_question(
    *,
    bank: Bank,
    content: Content,
    state: QuestionState = QuestionState.DRAFT,
    actor: Actor | None,
    now: datetime,
) -> Question:
    """Write a new question with its first revision.

    Raises ``BodyInvalid`` for a body that its kind refuses, ``ExternalIdTaken`` for a code in use.
    """
    body = _checked_body(content)
    _check_external_id(bank.id, content.external_id, None)
    question = Question(
        bank_id=bank.id,
        kind=content.kind,
        state=state,
        created_by_id=None if actor is None else actor.person_id,
        created_at=now,
        search_folded="",
        stem_digest="",
        difficulty=content.difficulty,
    )
    _file(question, content, body)
    db.session.add(question)
    db.session.flush()
    _write_tags(question, content.tags)
    _write_revision(question, content, body, number=1, actor=actor, now=now)
    _record("question_created", question, bank, actor=actor, now=now, data={"revision": 1})
    return question


def revise_question(
    *,
    bank: Bank,
    question: Question,
    content: Content,
    expected_number: int | None = None,
    actor: Actor | None,
    now: datetime,
) -> QuestionRevision | None:
    """Save a changed question: a new revision when the words changed, else only its filing.

    A new revision goes back to draft, since nobody has reviewed it; papers already drawn keep
    the revision they pinned. ``expected_number`` is the revision that the author had before them.
    Returns the new revision, or None when the words are as they were. Raises ``QuestionChanged``
    when somebody else saved in the meantime, ``BodyInvalid``, ``ExternalIdTaken``.
    """
    current = question.revision
    if current is not None and expected_number not in (None, current.number):
        raise QuestionChanged
    if current is not None and current.kind == content.kind:
        content = replace(content, body=with_kept_ids(content.kind, current.body, content.body))
    body = _checked_body(content)
    _check_external_id(bank.id, content.external_id, question.id)
    _file(question, content, body)
    _write_tags(question, content.tags)
    if current is not None and current.digest == _digest(content, body):
        db.session.flush()
        _record("question_filed", question, bank, actor=actor, now=now, data={})
        return None
    number = 1 if current is None else current.number + 1
    question.kind = content.kind
    set_state(question=question, to=QuestionState.DRAFT, actor=actor, now=now)
    revision = _write_revision(question, content, body, number=number, actor=actor, now=now)
    _record("question_revised", question, bank, actor=actor, now=now, data={"revision": number})
    return revision


def copy_question(*, bank: Bank, question: Question, actor: Actor, now: datetime) -> Question:
    """Write a copy of a question as a new draft, in this bank or another; without its code.

    In another bank the topic is found by its name, and made when it is missing there.
    """
    current = question.revision
    assert current is not None, "a question has a revision"  # noqa: S101
    content = Content(
        kind=current.kind,
        stem=current.stem,
        body=current.body,
        difficulty=question.difficulty,
        topic_id=question.topic_id if question.bank_id == bank.id else None,
        explanation=current.explanation,
        source=current.source,
        tags=queries.tags_of([question.id]).get(question.id, ()),
        mark=current.mark,
        name=question.name,
    )
    copy_media(
        from_bank_id=question.bank_id,
        to_bank_id=bank.id,
        value=[current.stem, current.body, current.explanation],
        now=now,
    )
    return create_question(bank=bank, content=content, actor=actor, now=now)


def _checked_body(content: Content) -> dict[str, Any]:
    kind = kind_of(content.kind)
    parsed = kind.parse(content.body)
    check_stem(content.kind, content.stem, parsed)
    return kind.dump(parsed)


def _check_external_id(bank_id: int, external_id: str, except_id: int | None) -> None:
    code = one_line(external_id)
    if code and queries.external_id_taken(bank_id, code, except_id):
        raise ExternalIdTaken


def _file(question: Question, content: Content, body: dict[str, Any]) -> None:
    """Set what is not part of a revision: topic, difficulty, code, and the search columns."""
    question.topic_id = content.topic_id
    cited = cited_source(content.source, queries.citations(question.bank_id))
    question.source_id = question.source_id if cited is None else cited
    question.difficulty = content.difficulty
    question.external_id = one_line(content.external_id) or None
    question.name = one_line(content.name)[:MAX_NAME_LENGTH]
    question.search_folded = _searched(content, body)
    question.stem_digest = stem_digest(content.stem)


def _digest(content: Content, body: dict[str, Any]) -> str:
    return revision_digest(
        content.kind,
        nfc(content.stem).strip(),
        body,
        explanation=nfc(content.explanation).strip(),
        source=nfc(content.source).strip(),
        mark=content.mark,
    )


def _write_revision(
    question: Question,
    content: Content,
    body: dict[str, Any],
    *,
    number: int,
    actor: Actor | None,
    now: datetime,
) -> QuestionRevision:
    revision = QuestionRevision(
        question_id=question.id,
        number=number,
        kind=content.kind,
        stem=nfc(content.stem).strip(),
        body=body,
        explanation=nfc(content.explanation).strip(),
        source=nfc(content.source).strip(),
        mark=content.mark,
        digest=_digest(content, body),
        created_by_id=None if actor is None else actor.person_id,
        created_at=now,
    )
    db.session.add(revision)
    db.session.flush()
    db.session.execute(
        update(Question).where(Question.id == question.id).values(revision_id=revision.id)
    )
    db.session.refresh(question, ["revision_id", "revision"])
    return revision


def _searched(content: Content, body: dict[str, Any]) -> str:
    """The words in which a question is searched."""
    kind = kind_of(content.kind)
    return search_text(
        *map(without_media, (content.stem, *kind.option_texts(kind.parse(body)))),
        content.name,
        content.external_id,
        without_media(content.explanation),
        content.source,
        *content.tags,
    )


def write_tags(*, question: Question, tags: Sequence[str]) -> None:
    """Give a question other tags; it is searched by them at once."""
    current = question.revision
    assert current is not None, "a question has a revision"  # noqa: S101
    _write_tags(question, tags)
    content = Content(
        kind=current.kind,
        stem=current.stem,
        body=current.body,
        difficulty=question.difficulty,
        explanation=current.explanation,
        source=current.source,
        tags=tags,
        external_id=question.external_id or "",
        name=question.name,
    )
    question.search_folded = _searched(content, current.body)


def _write_tags(question: Question, tags: Sequence[str]) -> None:
    db.session.execute(delete(QuestionTag).where(QuestionTag.question_id == question.id))
    names = clean_tags(tags)
    if names:
        db.session.execute(
            insert(QuestionTag), [{"question_id": question.id, "name": name} for name in names]
        )


def _record(
    verb: str,
    question: Question,
    bank: Bank,
    *,
    actor: Actor | None,
    now: datetime,
    data: dict[str, Any],
) -> None:
    audit.record(
        f"question_bank.{verb}",
        actor=actor,
        now=now,
        subject=("question", question.id),
        scope_id=bank.scope_id,
        data=data,
    )
