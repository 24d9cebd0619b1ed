"""What drawing and marking need: the stock of a bank, a pool, and parsed revisions."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, func, select

from contest.core.db import db, to_point_units
from question_bank.drawing import PoolItem
from question_bank.kinds import ASKED, kind_of
from question_bank.kinds.base import Way
from question_bank.marking import ParsedRevision
from question_bank.media import Medium, refs_in
from question_bank.models import (
    Difficulty,
    Question,
    QuestionRevision,
    QuestionState,
    QuestionTag,
    Topic,
)
from question_bank.queries.media import media_of_revisions
from question_bank.rules import enemy_groups

_MOST_KEPT: Final = 20_000
_IN_ONE_QUERY: Final = 500
_parsed: WeakKeyDictionary[Engine, OrderedDict[int, ParsedRevision]] = WeakKeyDictionary()
_lock: Final = Lock()


def _usable(bank_id: int, *, approved_only: bool = True) -> tuple[ColumnElement[bool], ...]:
    """Approved (or at least not retired), and of a kind that a quiz can ask."""
    return (
        Question.bank_id == bank_id,
        Question.state == QuestionState.APPROVED
        if approved_only
        else Question.state != QuestionState.RETIRED,
        Question.kind.in_(ASKED),
    )


@dataclass(frozen=True, slots=True)
class SetCandidate:
    """A piece of information or an essay question that can be put into papers by hand."""

    question_id: int
    public_id: str
    revision_id: int
    is_essay: bool
    is_approved: bool
    stem: str
    mark: Decimal


def set_candidates(bank_id: int) -> list[SetCandidate]:
    """Return the information and essay questions of a bank that are not retired."""
    rows = db.session.execute(
        select(
            Question.id,
            Question.public_id,
            Question.state,
            QuestionRevision.id.label("revision_id"),
            QuestionRevision.kind,
            QuestionRevision.stem,
            QuestionRevision.mark,
        )
        .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
        .where(
            Question.bank_id == bank_id,
            Question.state != QuestionState.RETIRED,
            Question.kind.not_in(ASKED),
        )
        .order_by(Question.kind, Question.id)
    )
    return [
        SetCandidate(
            question_id=row.id,
            public_id=row.public_id,
            revision_id=row.revision_id,
            is_essay=kind_of(row.kind).way is Way.ESSAY,
            is_approved=row.state is QuestionState.APPROVED,
            stem=row.stem,
            mark=row.mark,
        )
        for row in rows
    ]


def public_ids(question_ids: Collection[int]) -> dict[int, str]:
    """Return the ids of questions that stand in addresses, by key."""
    rows = db.session.execute(
        select(Question.id, Question.public_id).where(Question.id.in_(question_ids))
    )
    return {row.id: row.public_id for row in rows}


def set_pool_items(question_ids: Collection[int]) -> list[PoolItem]:
    """Return questions as a frozen pool keeps those that are put into papers by hand."""
    rows = db.session.execute(
        select(Question.id, Question.revision_id, Question.topic_id, Question.difficulty)
        .where(Question.id.in_(question_ids))
        .order_by(Question.id)
    )
    return [PoolItem(row.id, row.revision_id, row.topic_id, row.difficulty.value) for row in rows]


def unasked_count(bank_id: int) -> int:
    """Return how many approved questions no paper is drawn of: essays and descriptions."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Question)
            .where(
                Question.bank_id == bank_id,
                Question.state == QuestionState.APPROVED,
                Question.kind.not_in(ASKED),
            )
        )
        or 0
    )


def stock(bank_id: int) -> dict[tuple[int | None, Difficulty], int]:
    """Return how many approved questions there are by (topic, difficulty)."""
    rows = db.session.execute(
        select(Question.topic_id, Question.difficulty, func.count().label("questions"))
        .where(*_usable(bank_id))
        .group_by(Question.topic_id, Question.difficulty)
    )
    return {(row.topic_id, row.difficulty): row.questions for row in rows}


def waiting_count(bank_id: int) -> int:
    """Return how many questions that a quiz could ask wait for the review."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Question)
            .where(
                Question.bank_id == bank_id,
                Question.state.in_((QuestionState.DRAFT, QuestionState.CHECKED)),
                Question.kind.in_(ASKED),
            )
        )
        or 0
    )


def pool_items(bank_id: int, *, approved_only: bool = True) -> list[PoolItem]:
    """Return the questions of a bank at their current revision, by question id.

    Approved ones, or with ``approved_only`` off all that are not retired.
    ``use_rank`` is 0 throughout: how often a question was used is known to the quizzes.
    """
    above = _topics_above(bank_id)
    tags = _tags(bank_id)
    rows = db.session.execute(
        select(
            Question.id,
            Question.topic_id,
            Question.difficulty,
            QuestionRevision.id.label("revision_id"),
            QuestionRevision.kind,
            QuestionRevision.body,
        )
        .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
        .where(*_usable(bank_id, approved_only=approved_only))
        .order_by(Question.id)
    )
    items = []
    for row in rows:
        body = kind_of(row.kind).parse(row.body)
        items.append(
            PoolItem(
                question_id=row.id,
                revision_id=row.revision_id,
                topic_id=row.topic_id,
                difficulty=row.difficulty.value,
                enemies=enemy_groups(tags.get(row.id, ())),
                option_ids=body.option_ids,
                fixed_last=body.fixed_last,
                above=above.get(row.topic_id, ()),
            )
        )
    return items


def _topics_above(bank_id: int) -> dict[int | None, tuple[int, ...]]:
    parents = {
        row.id: row.parent_id
        for row in db.session.execute(
            select(Topic.id, Topic.parent_id).where(Topic.bank_id == bank_id)
        )
    }
    above: dict[int | None, tuple[int, ...]] = {}
    for topic_id, direct_parent in parents.items():
        path: list[int] = []
        parent = direct_parent
        while parent is not None and parent not in path:
            path.append(parent)
            parent = parents.get(parent)
        above[topic_id] = tuple(path)
    return above


def _tags(bank_id: int) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(QuestionTag.question_id, QuestionTag.name)
        .join(Question, Question.id == QuestionTag.question_id)
        .where(Question.bank_id == bank_id, Question.state != QuestionState.RETIRED)
    )
    for row in rows:
        tags.setdefault(row.question_id, []).append(row.name)
    return tags


def revisions(ids: Collection[int]) -> dict[int, ParsedRevision]:
    """Return revisions by id, checked and parsed; unknown ids are left out.

    Revisions never change, so that a worker keeps them in memory (the latest used 20,000): when
    all are known, nothing is asked of the database.
    """
    known = _cache()
    with _lock:
        found = {key: known[key] for key in ids if key in known}
        for key in found:
            known.move_to_end(key)
    missing = [key for key in dict.fromkeys(ids) if key not in found]
    for start in range(0, len(missing), _IN_ONE_QUERY):
        fresh = _read(missing[start : start + _IN_ONE_QUERY])
        found |= fresh
        with _lock:
            known.update(fresh)
            while len(known) > _MOST_KEPT:
                known.popitem(last=False)
    return found


def forget_revisions() -> None:
    """Drop what is kept in memory: for tests that empty the database under a running process."""
    with _lock:
        _parsed.clear()


def _cache() -> OrderedDict[int, ParsedRevision]:
    with _lock:
        return _parsed.setdefault(db.engine, OrderedDict())


def _read(ids: Iterable[int]) -> dict[int, ParsedRevision]:
    rows = db.session.execute(
        select(
            QuestionRevision.id,
            QuestionRevision.question_id,
            QuestionRevision.number,
            QuestionRevision.kind,
            QuestionRevision.stem,
            QuestionRevision.body,
            QuestionRevision.explanation,
            QuestionRevision.source,
            QuestionRevision.mark,
        ).where(QuestionRevision.id.in_(list(ids)))
    ).all()
    named = {
        row.id: refs
        for row in rows
        if (refs := set(refs_in([row.stem, row.body, row.explanation])))
    }
    media = media_of_revisions(named)
    return {row.id: parsed_revision(row, media.get(row.id, {})) for row in rows}


def parsed_revision(row: Any, media: Mapping[str, Medium] | None = None) -> ParsedRevision:
    """Check and parse one revision (an entity, or a row with the same columns)."""
    kind = kind_of(row.kind)
    return ParsedRevision(
        id=row.id,
        question_id=row.question_id,
        number=row.number,
        kind=kind,
        stem=row.stem,
        body=kind.parse(row.body),
        explanation=row.explanation,
        max_units=to_point_units(row.mark),
        source=row.source,
        media=media or {},
    )
