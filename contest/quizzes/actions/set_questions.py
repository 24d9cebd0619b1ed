"""Putting information and essay questions into the papers of a planned round, and pinning them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from contest.contests.models import Round, Stage
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.quizzes.models import QuizRound
from contest.quizzes.queries.rounds import quiz_of
from contest.quizzes.rules.blueprints import QuizFrozen
from contest.quizzes.rules.essays import STEPS
from contest.quizzes.rules.set_questions import (
    MOST_SET,
    SetQuestion,
    SetQuestionWrong,
    TooManySet,
    read_set,
    write_set,
)
from question_bank.queries import set_candidates


def set_questions(
    *,
    contest_round: Round,
    questions: Sequence[SetQuestion],
    step: Decimal,
    actor: Actor | None,
    now: datetime,
) -> QuizRound:
    """Say which information and which essay questions stand in every paper.

    Args:
        contest_round: a planned one with a bank.
        questions: in the order in which they stand; without pins.
        step: marks of essay answers are multiples of it.
        actor: who sets them.
        now: the instant of the request.

    Raises:
        QuizFrozen: the round has opened.
        SetQuestionWrong: a question is not of the bank, not usable, or named twice.
        TooManySet: there are too many.
    """
    quiz = quiz_of(contest_round.id)
    if quiz is None or quiz.bank_id is None:
        raise SetQuestionWrong
    if contest_round.stage is not Stage.PLANNED or quiz.frozen_at is not None:
        raise QuizFrozen
    if len(questions) > MOST_SET:
        raise TooManySet
    known = {each.question_id: each for each in set_candidates(quiz.bank_id)}
    named = [each.question_id for each in questions]
    if len(set(named)) < len(named) or not set(named) <= set(known) or step not in STEPS:
        raise SetQuestionWrong
    if any(known[each.question_id].is_essay is not each.is_essay for each in questions):
        raise SetQuestionWrong
    quiz.set_questions = write_set(replace(each, revision_id=None) for each in questions)
    quiz.essay_step = step
    db.session.flush()
    audit.record(
        "quizzes.set_questions_saved",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={"questions": quiz.set_questions, "step": str(step)},
    )
    return quiz


def unfit_questions(quiz: QuizRound) -> list[int]:
    """Ids of the questions put in by hand that cannot be asked as they stand now in the bank."""
    chosen = read_set(quiz.set_questions)
    if not chosen or quiz.bank_id is None:
        return [each.question_id for each in chosen]
    known = {
        each.question_id: each
        for each in set_candidates(quiz.bank_id)
        if each.is_approved or not quiz.approved_only
    }
    return [
        each.question_id
        for each in chosen
        if each.question_id not in known or known[each.question_id].is_essay is not each.is_essay
    ]


def pinned_questions(quiz: QuizRound) -> list[SetQuestion]:
    """What stands in every paper by hand, with the revisions of now or of the opening.

    Raises:
        SetQuestionWrong: one of them cannot be asked any more.
    """
    chosen = list(read_set(quiz.set_questions))
    if quiz.frozen_at is not None or not chosen:
        return chosen
    if quiz.bank_id is None or unfit_questions(quiz):
        raise SetQuestionWrong
    revision = {each.question_id: each.revision_id for each in set_candidates(quiz.bank_id)}
    return [replace(each, revision_id=revision[each.question_id]) for each in chosen]
