"""Settings of quiz rounds, their blueprint, and pools: live before the opening, frozen after."""

from collections import OrderedDict
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import joinedload, selectinload

from contest.contests.models import Round
from contest.core.db import db
from contest.quizzes.models import BlueprintCell, PoolQuestion, QuestionUse, QuizRound
from contest.quizzes.rules.blueprints import ranked_by_use
from question_bank.drawing import Blueprint, Cell, FrozenPool, PoolItem
from question_bank.models import Question
from question_bank.queries import pool_items, revisions

_MOST_POOLS: Final = 64
_pools: WeakKeyDictionary[Engine, OrderedDict[tuple[int, str], FrozenPool]] = WeakKeyDictionary()
_lock: Final = Lock()


def quiz_of(round_id: int) -> QuizRound | None:
    """The settings of a round with bank and blueprint, or None while nobody has set any."""
    return db.session.scalar(
        select(QuizRound)
        .where(QuizRound.round_id == round_id)
        .options(
            joinedload(QuizRound.bank),
            selectinload(QuizRound.blueprint).joinedload(BlueprintCell.topic),
        )
    )


def quiz_settings(round_id: int) -> QuizRound | None:
    """The settings of a round alone, for what happens at every start."""
    return db.session.get(QuizRound, round_id)


def blueprint_of(quiz: QuizRound) -> Blueprint:
    """The blueprint as drawing takes it."""
    return tuple(
        Cell(cell.topic_id, None if cell.difficulty is None else cell.difficulty.value, cell.count)
        for cell in quiz.blueprint
    )


def live_pool(bank_id: int) -> list[PoolItem]:
    """The approved questions of a bank, with their rank of former use."""
    return ranked_by_use(pool_items(bank_id), use_counts(bank_id))


def use_counts(bank_id: int) -> dict[int, int]:
    """In how many papers of settled rounds each question of a bank has stood."""
    rows = db.session.execute(
        select(QuestionUse.question_id, func.sum(QuestionUse.papers))
        .join(Question, Question.id == QuestionUse.question_id)
        .where(Question.bank_id == bank_id)
        .group_by(QuestionUse.question_id)
    )
    return {question_id: int(papers) for question_id, papers in rows}


def frozen_pool(quiz: QuizRound) -> FrozenPool:
    """The pool as it was frozen; a worker reads it once and keeps it.

    Raises:
        LookupError: the round has not been frozen.
    """
    if quiz.pool_digest is None:
        raise LookupError("the round has no frozen pool")
    key = (quiz.round_id, quiz.pool_digest)
    with _lock:
        kept = _pools.setdefault(db.engine, OrderedDict())
        known = kept.get(key)
        if known is not None:
            kept.move_to_end(key)
            return known
    pool = FrozenPool(_read_pool(quiz.round_id))
    with _lock:
        kept[key] = pool
        while len(kept) > _MOST_POOLS:
            kept.popitem(last=False)
    return pool


def _read_pool(round_id: int) -> list[PoolItem]:
    rows = db.session.execute(
        select(
            PoolQuestion.question_id,
            PoolQuestion.revision_id,
            PoolQuestion.topic_id,
            PoolQuestion.difficulty,
            PoolQuestion.use_rank,
            PoolQuestion.enemies,
            PoolQuestion.above,
        ).where(PoolQuestion.round_id == round_id)
    ).all()
    parsed = revisions([row.revision_id for row in rows])
    return [
        PoolItem(
            question_id=row.question_id,
            revision_id=row.revision_id,
            topic_id=row.topic_id,
            difficulty=row.difficulty.value,
            use_rank=row.use_rank,
            enemies=frozenset(row.enemies),
            option_ids=parsed[row.revision_id].body.option_ids,
            fixed_last=parsed[row.revision_id].body.fixed_last,
            above=tuple(row.above),
        )
        for row in rows
    ]


def pool_revision_ids(round_id: int) -> list[int]:
    """Revisions of a frozen pool, by question."""
    return list(
        db.session.scalars(
            select(PoolQuestion.revision_id)
            .where(PoolQuestion.round_id == round_id)
            .order_by(PoolQuestion.question_id)
        )
    )


def pool_authors(round_id: int) -> set[int]:
    """Persons who wrote, checked or approved a question of a frozen pool."""
    rows = db.session.execute(
        select(Question.created_by_id, Question.checked_by_id, Question.approved_by_id)
        .join(PoolQuestion, PoolQuestion.question_id == Question.id)
        .where(PoolQuestion.round_id == round_id)
        .distinct()
    )
    return {person_id for row in rows for person_id in row if person_id is not None}


def quizzes_of(contest_id: int) -> dict[int, QuizRound]:
    """Settings of a contest's rounds by round id."""
    rows = db.session.scalars(
        select(QuizRound)
        .join(Round, Round.id == QuizRound.round_id)
        .where(Round.contest_id == contest_id)
        .options(selectinload(QuizRound.blueprint))
    )
    return {quiz.round_id: quiz for quiz in rows}
