"""How questions of a closed round count after corrections."""

from sqlalchemy import select

from contest.core.db import db
from contest.quizzes.models import QuizRound
from contest.quizzes.rules.rulings import Ruling, parse_rulings
from question_bank.queries import revisions


def rulings_of(round_id: int) -> dict[int, Ruling]:
    """How the questions of a round count after corrections, by revision; empty without any."""
    stored = db.session.scalar(select(QuizRound.rulings).where(QuizRound.round_id == round_id))
    if not stored:
        return {}
    return parse_rulings(stored, revisions([int(each) for each in stored]))


def regrade_number(round_id: int) -> int:
    """How many corrections a round has had."""
    return (
        db.session.scalar(select(QuizRound.regrade_number).where(QuizRound.round_id == round_id))
        or 0
    )
