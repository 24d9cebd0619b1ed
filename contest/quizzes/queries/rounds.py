"""Settings of quiz rounds, their blueprint, and pools: live before the opening, frozen after."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Engine, Integer, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.models import Scope
from contest.contests.models import RankKey, Round
from contest.core.db import db
from contest.quizzes.models import BlueprintCell, PoolQuestion, QuestionUse, QuizRound
from contest.quizzes.rules.blueprints import question_count, ranked_by_use
from contest.quizzes.rules.sections import read_sections
from contest.quizzes.rules.set_questions import SetQuestion, essay_count, read_set
from contest.quizzes.rules.terms import Terms
from question_bank.drawing import Blueprint, Cell, FrozenPool, PoolItem
from question_bank.models import Bank, Question
from question_bank.queries import pool_items, revisions

Kept = TypeVar("Kept")
Held: TypeAlias = WeakKeyDictionary[Engine, OrderedDict[tuple[int, str], Kept]]

_MOST_ROUNDS: Final = 64
_pools: Final[Held[FrozenPool]] = WeakKeyDictionary()
_terms: Final[Held[Terms]] = WeakKeyDictionary()
_lock: Final = Lock()


_SETTINGS: Final = (
    "round_id",
    "time_limit_seconds",
    "attempts_allowed",
    "attempts_per_day",
    "attempt_delay_seconds",
    "counting",
    "late_start",
    "grace_seconds",
    "shuffle_questions",
    "shuffle_options",
    "result_shown",
    "prediction_asked",
    "same_paper",
    "focus_recorded",
    "prediction_per_division",
    "one_way",
    "most_open",
    "board_shown",
    "pool_digest",
    "seed",
    "frozen_at",
)
_round_id: Final[BindParameter[int]] = bindparam("round_id", type_=Integer)
_TERMS: Final = select(
    *(getattr(QuizRound, name) for name in _SETTINGS),
    QuizRound.set_questions,
    QuizRound.sections,
).where(QuizRound.round_id == _round_id)
_CELLS: Final = (
    select(BlueprintCell.topic_id, BlueprintCell.difficulty, BlueprintCell.count.label("wanted"))
    .where(BlueprintCell.round_id == _round_id)
    .order_by(BlueprintCell.position)
)
_KEYS: Final = select(RankKey.code).where(RankKey.round_id == _round_id).order_by(RankKey.position)


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


def bank_path(round_id: int) -> str | None:
    """The path of the scope of a round's bank, or None while it has none."""
    return db.session.scalar(
        select(Scope.path)
        .join(Bank, Bank.scope_id == Scope.id)
        .join(QuizRound, QuizRound.bank_id == Bank.id)
        .where(QuizRound.round_id == round_id)
    )


def blueprint_of(quiz: QuizRound) -> Blueprint:
    """The blueprint as drawing takes it."""
    return tuple(
        Cell(cell.topic_id, None if cell.difficulty is None else cell.difficulty.value, cell.count)
        for cell in quiz.blueprint
    )


def live_pool(bank_id: int, *, approved_only: bool = True) -> list[PoolItem]:
    """The questions of a bank that a paper may take, with their rank of former use."""
    return ranked_by_use(pool_items(bank_id, approved_only=approved_only), use_counts(bank_id))


def use_counts(bank_id: int) -> dict[int, int]:
    """In how many settled rounds each question of a bank has stood in a paper.

    Rounds, not papers: chance gives every question another number of papers, and a rank for each
    would let the next round draw nearly the same paper for everybody.
    """
    rows = db.session.execute(
        select(QuestionUse.question_id, func.count())
        .join(Question, Question.id == QuestionUse.question_id)
        .where(Question.bank_id == bank_id)
        .group_by(QuestionUse.question_id)
    )
    return {question_id: int(rounds) for question_id, rounds in rows}


def terms_of(quiz: QuizRound) -> Terms:
    """The terms of a round whose settings and blueprint were loaded; without its ranking keys."""
    return Terms(
        **{name: getattr(quiz, name) for name in _SETTINGS},
        set_questions=set_questions_of(quiz),
        sections=read_sections(quiz.sections),
        blueprint=blueprint_of(quiz),
    )


def set_questions_of(quiz: QuizRound) -> tuple[SetQuestion, ...]:
    """What stands in every paper of a round by hand."""
    return read_set(quiz.set_questions)


def questions_in_paper(quiz: QuizRound) -> int:
    """How many questions a paper of a round has, drawn ones and essay questions."""
    return question_count(blueprint_of(quiz)) + essay_count(set_questions_of(quiz))


def round_terms(round_id: int, pool_digest: str | None) -> Terms | None:
    """The terms of a round; a worker reads those of an opened round once and keeps them.

    Args:
        round_id: of the round.
        pool_digest: as it stands in the database now; None while the round is planned. With it
            the terms are frozen, and nothing that can change is ever kept.
    """
    if pool_digest is None:
        return _read_terms(round_id)
    return _held(_terms, (round_id, pool_digest), lambda: _read_terms(round_id))


def _read_terms(round_id: int) -> Terms | None:
    row = db.session.execute(_TERMS, {"round_id": round_id}).one_or_none()
    if row is None:
        return None
    cells = db.session.execute(_CELLS, {"round_id": round_id})
    blueprint = tuple(
        Cell(topic_id, None if difficulty is None else difficulty.value, count)
        for topic_id, difficulty, count in cells
    )
    rank_keys = tuple(db.session.scalars(_KEYS, {"round_id": round_id}))
    *settings, stored, sections = row
    return Terms(
        **dict(zip(_SETTINGS, settings, strict=True)),
        set_questions=read_set(stored),
        sections=read_sections(sections),
        blueprint=blueprint,
        rank_keys=rank_keys,
    )


def frozen_pool(round_id: int, pool_digest: str | None) -> FrozenPool:
    """The pool as it was frozen; a worker reads it once and keeps it.

    Raises:
        LookupError: the round has not been frozen.
    """
    if pool_digest is None:
        raise LookupError("the round has no frozen pool")
    pool = _held(_pools, (round_id, pool_digest), lambda: FrozenPool(_read_pool(round_id)))
    assert pool is not None  # noqa: S101  (for the types: it was just read)
    return pool


def _held(held: Held[Kept], key: tuple[int, str], read: Callable[[], Kept | None]) -> Kept | None:
    """What this worker keeps of an opened round, else what `read` finds; the latest used stay."""
    with _lock:
        kept = held.setdefault(db.engine, OrderedDict())
        known = kept.get(key)
        if known is not None:
            kept.move_to_end(key)
            return known
    found = read()
    if found is not None:
        with _lock:
            kept[key] = found
            while len(kept) > _MOST_ROUNDS:
                kept.popitem(last=False)
    return found


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
        ).where(PoolQuestion.round_id == round_id, PoolQuestion.is_set.is_(False))
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
    """Revisions of a frozen pool by question, with the essay questions of every paper."""
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
