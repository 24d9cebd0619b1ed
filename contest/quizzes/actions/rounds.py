"""Settings of a quiz round, freezing them at the opening, and settling the round at its end."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from contest.contests.models import Round, Stage
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.closing import BATCH, close_overdue, count_papers
from contest.quizzes.actions.set_questions import pinned_questions
from contest.quizzes.models import (
    BlueprintCell,
    BoardShown,
    CountingRule,
    LateStart,
    PoolQuestion,
    QuestionUse,
    QuizRound,
    ResultShown,
)
from contest.quizzes.queries.counts import attempt_count, open_count
from contest.quizzes.queries.rounds import blueprint_of, live_pool, questions_in_paper, quiz_of
from contest.quizzes.rules.blueprints import QuizFrozen, checked_cells
from contest.quizzes.rules.sections import (
    Section,
    checked_sections,
    questions_of,
    read_sections,
    sum_of,
    write_sections,
)
from contest.quizzes.rules.set_questions import read_set, write_set
from question_bank.drawing import Cell, FrozenPool, PoolItem, shortage
from question_bank.models import Difficulty
from question_bank.queries import revisions, set_pool_items


class PoolShort(RuleBroken):
    """The bank cannot fill the blueprint."""

    message = _l("The bank holds too few approved questions for this paper.")


class SectionsDiffer(RuleBroken):
    """The sections do not hold the questions of a paper."""

    message = _l("The sections hold another number of questions than the paper.")


@dataclass(frozen=True, slots=True)
class QuizSettings:
    """How a quiz is held, as the organiser's page sends it. Times are seconds.

    With `sections` the time limit is the sum of theirs, whatever `time_limit_seconds` says.
    """

    bank_id: int | None
    time_limit_seconds: int = 900
    attempts_allowed: int | None = 1
    attempts_per_day: int | None = None
    attempt_delay_seconds: int = 0
    counting: CountingRule = CountingRule.BEST
    late_start: LateStart = LateStart.FULL_TIME
    grace_seconds: int = 60
    shuffle_questions: bool = True
    shuffle_options: bool = True
    same_paper: bool = False
    one_page: bool = False
    one_way: bool = False
    approved_only: bool = True
    result_shown: ResultShown = ResultShown.NOTHING
    prediction_asked: bool = True
    prediction_per_division: bool = False
    focus_recorded: bool = False
    board_shown: BoardShown = BoardShown.NOTHING
    board_freeze_minutes: int = 60
    most_open: int | None = None
    sections: tuple[Section, ...] = ()


_NAMES = tuple(name for name in QuizSettings.__dataclass_fields__ if name != "sections")


def save_settings(
    *,
    contest_round: Round,
    settings: QuizSettings,
    cells: Iterable[Cell] | None,
    actor: Actor | None,
    now: datetime,
) -> QuizRound:
    """Set how a round is held and what its papers are made of.

    `cells` is the blueprint; None keeps the present one while the bank stays the same.

    Raises:
        QuizFrozen: the round has opened.
        BlueprintEmpty, PaperTooLong: the blueprint cannot be used.
        SectionsWrong: the sections cannot.
    """
    quiz = quiz_of(contest_round.id)
    if quiz is None:
        quiz = QuizRound(round_id=contest_round.id)
        db.session.add(quiz)
    if contest_round.stage is not Stage.PLANNED or quiz.frozen_at is not None:
        raise QuizFrozen
    changed = quiz.bank_id != settings.bank_id
    for name in _NAMES:
        setattr(quiz, name, getattr(settings, name))
    sections = checked_sections(settings.sections)
    quiz.sections = write_sections(sections)
    if sections:
        quiz.time_limit_seconds = sum_of(sections)
    db.session.flush()
    if changed:
        quiz.set_questions = []
    if cells is not None or changed:
        _replace_blueprint(quiz, () if cells is None else checked_cells(cells))
    audit.record(
        "quizzes.settings_saved",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={name: getattr(quiz, name) for name in (*_NAMES, "sections")},
    )
    return quiz


def _replace_blueprint(quiz: QuizRound, cells: tuple[Cell, ...]) -> None:
    quiz.blueprint.clear()
    db.session.flush()
    quiz.blueprint.extend(
        BlueprintCell(
            position=position,
            topic_id=cell.topic_id,
            difficulty=None if cell.difficulty is None else Difficulty(cell.difficulty),
            count=cell.count,
        )
        for position, cell in enumerate(cells, start=1)
    )
    db.session.flush()


def copy_quiz(*, source: Round, target: Round, actor: Actor | None, now: datetime) -> None:
    """Settings and blueprint follow a copied round; pool, seed and attempts do not."""
    quiz = quiz_of(source.id)
    if quiz is None:
        return
    save_settings(
        contest_round=target,
        settings=QuizSettings(
            **{name: getattr(quiz, name) for name in _NAMES}, sections=read_sections(quiz.sections)
        ),
        cells=blueprint_of(quiz) or None,
        actor=actor,
        now=now,
    )
    copied = quiz_of(target.id)
    if copied is not None:
        chosen = [replace(each, revision_id=None) for each in read_set(quiz.set_questions)]
        copied.set_questions = write_set(chosen)
        copied.essay_step = quiz.essay_step


def discard_settings(*, contest_round: Round) -> None:
    """Delete what is kept about a planned round, before the round itself is deleted."""
    quiz = quiz_of(contest_round.id)
    if quiz is not None:
        db.session.delete(quiz)
        db.session.flush()


def freeze_round(*, contest_round: Round, actor: Actor | None, now: datetime) -> None:
    """Freeze what contestants will meet: pool with use ranks and digest, and a secret seed.

    The seed is random and stays secret until the close; its digest is public from now on, so that
    everybody can check afterwards that papers and lots were drawn with it.

    Raises:
        PoolShort: the bank cannot fill the blueprint.
        SectionsDiffer: the sections hold more or fewer questions than a paper.
        SetQuestionWrong: information or an essay question put in by hand cannot be asked.
        QuizFrozen: it was frozen before.
    """
    quiz = quiz_of(contest_round.id)
    if quiz is None or quiz.bank_id is None:
        raise PoolShort
    if quiz.frozen_at is not None:
        raise QuizFrozen
    cells = blueprint_of(quiz)
    pool = FrozenPool(
        item
        for item in live_pool(quiz.bank_id, approved_only=quiz.approved_only)
        if any(item.fits(cell) for cell in cells)
    )
    if not cells or shortage(cells, pool):
        raise PoolShort
    if quiz.sections and questions_of(read_sections(quiz.sections)) != questions_in_paper(quiz):
        raise SectionsDiffer
    pinned = pinned_questions(quiz)
    rows = [_pool_row(quiz, item, is_set=False) for item in pool.items]
    rows += [
        _pool_row(quiz, item, is_set=True)
        for item in set_pool_items([each.question_id for each in pinned if each.is_essay])
    ]
    db.session.execute(insert(PoolQuestion), rows)
    quiz.set_questions = write_set(pinned)
    quiz.pool_digest = pool.digest
    quiz.seed = secrets.token_hex(32)
    quiz.seed_digest = audit.sha256_hex(bytes.fromhex(quiz.seed))
    quiz.frozen_at = now
    db.session.flush()
    audit.record(
        "quizzes.pool_frozen",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={
            "questions": len(pool.items),
            "pool_digest": quiz.pool_digest,
            "seed_digest": quiz.seed_digest,
            "set": quiz.set_questions,
        },
    )


def _pool_row(quiz: QuizRound, item: PoolItem, *, is_set: bool) -> dict[str, Any]:
    return {
        "round_id": quiz.round_id,
        "question_id": item.question_id,
        "revision_id": item.revision_id,
        "topic_id": item.topic_id,
        "difficulty": Difficulty(item.difficulty),
        "use_rank": item.use_rank,
        "enemies": sorted(item.enemies),
        "above": list(item.above),
        "is_set": is_set,
    }


def settle_round(*, contest_round: Round, now: datetime) -> int:
    """Close every overdue attempt of a round; once all have ended, count the use of questions.

    Returns:
        How many attempts still have time.
    """
    while close_overdue(now=now, round_id=contest_round.id) == BATCH:
        pass
    still_open = open_count(contest_round.id)
    if still_open == 0:
        _count_use(contest_round)
    return still_open


def _count_use(contest_round: Round) -> None:
    """Count in how many papers each question stood, unless no attempt has come since."""
    quiz = quiz_of(contest_round.id)
    attempts = attempt_count(contest_round.id)
    if quiz is None or quiz.use_counted == attempts:
        return
    quiz.use_counted = attempts
    counted = count_papers(round_id=contest_round.id)
    known = revisions(counted)
    db.session.execute(delete(QuestionUse).where(QuestionUse.round_id == contest_round.id))
    rows = [
        {
            "round_id": contest_round.id,
            "question_id": known[revision_id].question_id,
            "papers": papers,
        }
        for revision_id, papers in sorted(counted.items())
    ]
    if rows:
        db.session.execute(insert(QuestionUse), rows)
