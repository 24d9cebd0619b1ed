"""How many papers a round's blueprint gives, how alike they are, and how equal in difficulty."""

from contest.core.db import POINT_UNITS
from contest.quizzes.models import QuizRound
from contest.quizzes.queries.rounds import blueprint_of, frozen_pool, live_pool
from contest.quizzes.queries.statistics import known_facilities
from question_bank.drawing import FrozenPool, PoolTooSmall
from question_bank.paper_estimates import Equality, Variety, equality, variety
from question_bank.queries import revisions


def _pool(quiz: QuizRound) -> FrozenPool | None:
    if quiz.bank_id is None:
        return None
    if quiz.pool_digest is not None:
        return frozen_pool(quiz.round_id, quiz.pool_digest)
    return FrozenPool(live_pool(quiz.bank_id, approved_only=quiz.approved_only))


def paper_variety(quiz: QuizRound) -> Variety | None:
    """The number of papers and their mean overlap; None without a blueprint that can be filled."""
    pool, blueprint = _pool(quiz), blueprint_of(quiz)
    if pool is None or not blueprint:
        return None
    found = variety(blueprint, pool.items)
    return found if found.papers else None


def paper_equality(quiz: QuizRound) -> Equality | None:
    """How equal drawn papers are in difficulty; None while the bank cannot fill the blueprint."""
    pool, blueprint = _pool(quiz), blueprint_of(quiz)
    if pool is None or not blueprint:
        return None
    fitting = [item for item in pool.items if any(item.fits(cell) for cell in blueprint)]
    parsed = revisions([item.revision_id for item in fitting])
    weights = {
        item.question_id: parsed[item.revision_id].max_units / POINT_UNITS for item in fitting
    }
    known = known_facilities([item.question_id for item in fitting])
    try:
        return equality(blueprint, FrozenPool(fitting), known, weights)
    except PoolTooSmall:
        return None
