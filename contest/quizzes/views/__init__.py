"""Pages of the quizzes room."""

from flask import Flask

from contest.contests.copying import register_copier
from contest.contests.kinds import register_kind, register_rank_key
from contest.contests.models import Contest, ContestKind, Stage
from contest.contests.steps import WizardStep, register_step
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes import following, keeping, queries
from contest.quizzes.actions import copy_quiz
from contest.quizzes.rank_keys import KEYS
from contest.quizzes.round_kind import QuizKind
from contest.quizzes.views import (
    attempts,
    decisions,
    essays,
    fairness,
    live,
    media,
    organising,
    printed,
    receipts,
    reported,
    saves,
    starts,
    statistics,
    verifications,
)
from contest.quizzes.views.room import blueprint, first_quiz, quiz_numbers
from contest.quizzes.views.save_door import SaveDoor
from question_bank.uses import register_teller

__all__ = [
    "attempts",
    "blueprint",
    "decisions",
    "essays",
    "fairness",
    "live",
    "media",
    "organising",
    "printed",
    "receipts",
    "register",
    "reported",
    "saves",
    "starts",
    "statistics",
    "verifications",
]


def questions_done(contest: Contest) -> bool:
    """Whether every quiz round has a bank and a blueprint that the bank can fill."""
    rounds = [each for each in contest.rounds if each.kind is ContestKind.QUIZ]
    known = queries.quizzes_of(contest.id)
    if contest.rounds and not rounds:  # a contest of essays alone
        return True
    return bool(rounds) and all(
        each.stage is not Stage.PLANNED
        or ((quiz := known.get(each.id)) is not None and quiz.bank_id and quiz.blueprint)
        for each in rounds
    )


def register(app: Flask) -> None:
    """Put the kind of round, its ranking keys, the wizard's step, copier and door in place."""
    app.wsgi_app = SaveDoor(app, app.wsgi_app)  # type: ignore[method-assign, assignment]
    following.register()
    keeping.register()
    reported.register()
    register_teller(queries.question_history)
    register_kind(QuizKind())
    for key in KEYS:
        register_rank_key(key.entry)
    register_copier("quizzes", copy_quiz)
    register_step(
        WizardStep(
            "questions",
            _l("Paper and questions"),
            "quizzes.settings",
            50,
            questions_done,
            first_quiz,
            applies=lambda contest: not contest.rounds or bool(quiz_numbers(contest)),
        )
    )
