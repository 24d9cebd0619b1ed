"""Which paper an attempt gets: a pure function of the round's terms, pool and seed. Pure."""

from collections.abc import Collection

from contest.quizzes.rules.terms import Terms
from question_bank.drawing import DrawnPaper, FrozenPool, derive_seed, draw, mixed


def paper_of_attempt(
    terms: Terms, pool: FrozenPool, entry: str, ordinal: int, seen: Collection[int]
) -> DrawnPaper:
    """Draw the paper of an attempt.

    Where everybody gets the same questions, the draw has a seed of the round's own and only the
    order is the attempt's; what somebody has seen then changes nothing.

    Args:
        terms: of the round, with its secret seed.
        pool: as it was frozen.
        entry: public id of who takes part.
        ordinal: of the attempt.
        seen: questions that the person has met.
    """
    seed = bytes.fromhex(terms.seed or "")
    own = derive_seed(seed, entry, ordinal)
    if not terms.same_paper:
        return draw(
            terms.blueprint,
            pool,
            own,
            seen,
            shuffle_questions=terms.shuffle_questions,
            shuffle_options=terms.shuffle_options,
        )
    fixed = draw(
        terms.blueprint,
        pool,
        derive_seed(seed, "same paper"),
        shuffle_questions=False,
        shuffle_options=False,
    )
    return mixed(
        fixed,
        pool,
        own,
        shuffle_questions=terms.shuffle_questions,
        shuffle_options=terms.shuffle_options,
    )
