"""Corrections of closed rounds: which there are, and the questions that can be corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from contest.core.db import db
from contest.quizzes.models import Attempt, PoolQuestion, Regrade, RegradeMark, RegradeState
from contest.quizzes.queries.rulings import rulings_of
from contest.quizzes.rules.rulings import Ruling, parse_rulings
from question_bank.kinds.base import UNDRAWN
from question_bank.marking import ParsedRevision
from question_bank.models import Question
from question_bank.queries import revisions


def regrades(round_id: int) -> list[Regrade]:
    """The corrections of a round, the latest first."""
    return list(
        db.session.scalars(
            select(Regrade).where(Regrade.round_id == round_id).order_by(Regrade.number.desc())
        )
    )


def regrade_in_round(round_id: int, public_id: str) -> Regrade | None:
    """One correction of a round, or None."""
    return db.session.scalar(
        select(Regrade).where(Regrade.round_id == round_id, Regrade.public_id == public_id)
    )


def regrade_by_id(regrade_id: int) -> Regrade | None:
    """A correction, for a job."""
    return db.session.get(Regrade, regrade_id)


def open_regrade(round_id: int) -> Regrade | None:
    """The correction of a round that is neither applied nor given up."""
    return db.session.scalar(
        select(Regrade).where(
            Regrade.round_id == round_id,
            Regrade.state.in_((RegradeState.MARKING, RegradeState.READY)),
        )
    )


def changed_attempts(regrade_id: int) -> int:
    """How many attempts count otherwise under a correction."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(RegradeMark)
            .where(RegradeMark.regrade_id == regrade_id)
        )
        or 0
    )


def finished_attempts(round_id: int, after: int, limit: int) -> Sequence[Any]:
    """A stretch of ended attempts by id, with paper, answers and marks."""
    return db.session.execute(
        select(
            Attempt.id,
            Attempt.paper,
            Attempt.answers,
            Attempt.points,
            Attempt.max_points,
            Attempt.correct_count,
            Attempt.dropped_count,
        )
        .where(Attempt.round_id == round_id, Attempt.id > after, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.id)
        .limit(limit)
    ).all()


def finished_count(round_id: int) -> int:
    """How many attempts of a round have ended."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(Attempt.round_id == round_id, Attempt.submitted_at.is_not(None))
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class PooledQuestion:
    """A question of a closed round's pool, with how it counts now."""

    number: int
    public_id: str
    revision: ParsedRevision
    ruling: Ruling | None

    @property
    def stem(self) -> str:
        """Its words."""
        return self.revision.in_words(self.revision.stem)

    @property
    def takes_keys(self) -> bool:
        """Whether another key can be said: what a person marks has none."""
        return self.revision.kind.way not in UNDRAWN


def pooled_questions(round_id: int) -> list[PooledQuestion]:
    """Every question of a round's frozen pool, in the order of the answer key."""
    rows = db.session.execute(
        select(PoolQuestion.revision_id, Question.public_id)
        .join(Question, Question.id == PoolQuestion.question_id)
        .where(PoolQuestion.round_id == round_id)
        .order_by(PoolQuestion.question_id)
    ).all()
    known = revisions([row.revision_id for row in rows])
    rulings = rulings_of(round_id)
    return [
        PooledQuestion(number, public_id, known[revision_id], rulings.get(revision_id))
        for number, (revision_id, public_id) in enumerate(rows, start=1)
    ]


def regraded_questions(regrade: Regrade) -> list[PooledQuestion]:
    """The questions on which a correction rules, with its own rulings."""
    known = revisions([int(each) for each in regrade.rulings])
    rulings = parse_rulings(regrade.rulings, known)
    return [
        PooledQuestion(each.number, each.public_id, each.revision, rulings[each.revision.id])
        for each in pooled_questions(regrade.round_id)
        if each.revision.id in rulings
    ]
